"""Names of applications and of people read as they are: no character turns others around."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from tests.fixtures import change

HIDING = ["Orders\u202esredrO", "Ord\u200bers", "Orders\u0007", "\u2067Orders", "Or\u00adders"]


@pytest.mark.parametrize("name", HIDING)
def test_an_application_has_no_name_that_hides_something(application, name):
    with pytest.raises(ValidationError, match="Remove the invisible characters"):
        change(application, name=name)


@pytest.mark.parametrize("name", ["Bestellungen für Ärzte", "注文", "طلبات", "Orders (EU) – 2"])
def test_an_application_has_a_name_in_any_script(application, name):
    change(application, name=name)


@pytest.mark.django_db
@pytest.mark.parametrize("name", HIDING)
def test_a_username_hides_nothing_either(name):
    with pytest.raises(ValidationError, match="Enter a valid username"):
        User(username=name, password="!").full_clean()
