"""The serializers keep up with the models."""

import pytest

from accounts.role_serializer import RoleSerializer
from accounts.serializers import UserSerializer
from applications.scope_serializer import ScopeSerializer
from applications.serializers import ApplicationSerializer
from connections.sections import ModelSection
from connections.serializers import CertificateSerializer, ConnectionSerializer

ALL = pytest.mark.parametrize(
    "serializer",
    [
        ConnectionSerializer,
        ApplicationSerializer,
        ScopeSerializer,
        RoleSerializer,
        UserSerializer,
    ],
)


@ALL
def test_every_rule_of_the_database_is_shown_at_a_key(serializer: type[ModelSection]):
    rules = {constraint.name for constraint in serializer.model._meta.constraints}

    assert rules == set(serializer.constraint_paths)


@ALL
def test_every_such_key_exists(serializer: type[ModelSection]):
    for path in serializer.constraint_paths.values():
        section = serializer()
        for key in path.split("."):
            section = section.fields[key]


def test_a_file_of_the_server_cannot_be_named_over_the_network():
    serializer = CertificateSerializer(data={"file": "/etc/passwd"})

    assert not serializer.is_valid()
    assert serializer.errors == {"file": ["Send the certificate as “pem”."]}
