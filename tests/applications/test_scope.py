"""What the registry of scopes takes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from applications.models import Scope


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "two words", 'a"quote', "back\\slash", "größe", "a\tb"])
def test_a_scope_is_one_word_of_the_grammar(name):
    with pytest.raises(ValidationError) as refusal:
        Scope(name=name).full_clean()

    assert "name" in refusal.value.error_dict


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "two words"])
def test_the_database_takes_no_scope_that_is_no_word(name):
    with pytest.raises(IntegrityError), transaction.atomic():
        Scope.objects.create(name=name)


@pytest.mark.django_db
def test_a_scope_has_one_entry_and_case_matters():
    Scope.objects.create(name="orders.read")
    Scope.objects.create(name="Orders.read")

    with pytest.raises(IntegrityError), transaction.atomic():
        Scope.objects.create(name="orders.read")
