"""What a check found."""

from enum import Enum
from typing import NamedTuple


class Level(Enum):
    """How it stands. Only WRONG means that something does not work."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


class Finding(NamedTuple):
    """What was found, and what to do about it."""

    level: Level
    what: str
    advice: str = ""


def ok(what: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, what)


def note(what: str, advice: str = "") -> Finding:
    """Nothing is broken, but there is something to do or to know."""
    return Finding(Level.NOTE, what, advice)


def wrong(what: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(Level.WRONG, what, advice)
