"""What senders tell of a person, as attributes of the directory."""

from collections.abc import Mapping
from typing import Any, Final

from functions.ingest.sent_rows import SentPerson

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("email", "$email"),
    "name": ("name", "$name", "fullName", "full_name"),
    "language": ("language", "$language", "locale", "lang"),
    "country": ("country", "$country", "country_code", "countryCode", "$country_code"),
    "time_zone": ("time_zone", "timezone", "timeZone", "$timezone"),
    "account_status": ("account_status", "accountStatus"),
    "role": ("role", "position", "title"),
    "team": ("team", "department"),
    "manager": ("manager",),
    "licence": ("licence", "license"),
    "is_integration": ("is_integration", "isIntegration"),
}
"""What each attribute of the directory is called by senders; the first that is given counts."""

_FIRST_NAMES: Final = ("firstName", "first_name", "$first_name")
_LAST_NAMES: Final = ("lastName", "last_name", "$last_name")
_ADDRESS: Final = "address"

SAME_AS: Final = "same_as"
"""The attribute that names another id of the same person."""


def attributes(*sources: Mapping[str, Any] | None) -> dict[str, str]:
    """The attributes that are in the traits of a person; the first source that has one counts.

    A null unsets an attribute (`""`); what is neither text, number nor truth value says nothing.
    """
    found: dict[str, str] = {}
    for traits in sources:
        if traits:
            for name, value in _attributes(traits).items():
                found.setdefault(name, value)
    return found


def directory_of(person: SentPerson, stated: Mapping[str, str]) -> Mapping[str, str] | None:
    """What a row states of a person; None if only a browser or device is known, of which there is
    nothing to be kept in a directory.
    """
    return stated if person.user_id or not person.anonymous_id else None


def joined(person: SentPerson) -> dict[str, str]:
    """What is stated where a sender says in so many words that two ids are one person's.

    Only then: that somebody is identified in a browser says nothing of who used it before.
    """
    other = person.anonymous_id
    return {SAME_AS: other} if other and other != person.user_id else {}


def unset(names: object) -> dict[str, str]:
    """The attributes that a list (or the keys of an object) of traits unsets."""
    if not names or not isinstance(names, list | dict):
        return {}
    named = {str(name) for name in names}
    return {
        attribute: "" for attribute, spellings in NAMES.items() if not named.isdisjoint(spellings)
    }


def as_text(value: object) -> str | None:
    """A value as text: `""` for null, None for what has none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | float) else None


def _attributes(traits: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute, spellings in NAMES.items():
        text = _first(traits, spellings)
        if text is not None:
            found[attribute] = text
    if "name" not in found:
        parts = [_first(traits, _FIRST_NAMES), _first(traits, _LAST_NAMES)]
        if full := " ".join(part for part in parts if part):
            found["name"] = full
    address = traits.get(_ADDRESS)
    if "country" not in found and isinstance(address, Mapping):
        country = as_text(address.get("country"))
        if country:
            found["country"] = country
    return found


def _first(traits: Mapping[str, Any], spellings: tuple[str, ...]) -> str | None:
    for spelling in spellings:
        if spelling in traits:
            text = as_text(traits[spelling])
            if text is not None:
                return text
    return None
