"""
How names, e-mail addresses and phone numbers are compared.

Two people must never be taken for one because two spellings look alike (CVE-2019-19844): a key
finds candidates, and equality is then confirmed on the stricter canonical form.
"""

import unicodedata

import phonenumbers


def canonical(text: str) -> str:
    """Return the form that two spellings of one name share: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text.strip()).lower()


def search_key(text: str) -> str:
    """Return a coarser form for finding candidates: NFKC, case-folded (`ß` meets `ss`)."""
    return unicodedata.normalize("NFKC", text.strip()).casefold()


def e164(text: str, *, region: str = "") -> str | None:
    """
    Return a phone number as E.164 (`+4930123456`), or None where it is not one.

    The number must be in international form, since a national one could belong to any country;
    unless `region` says which (two letters, `DE`), for what a person types themselves.
    """
    if not text.isascii() or not (region or text.strip().startswith("+")):
        return None
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number)
    if number.extension or possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
