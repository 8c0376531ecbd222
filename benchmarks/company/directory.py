"""Who the people are, as directory events: everyone when they join, again when something changes.

A tenth move to another country, and one in twelve leaves. Some have no language.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.company.rows import Staff
from benchmarks.company.size import DAY_MS, FIRST_MS, Size
from shared.metrics.domain.roster import ACTIVE, INACTIVE

_CHOICES: Final = {
    "country": (
        *("AR", "AU", "AT", "BR", "CA", "CH", "CN", "DE", "ES", "FR"),
        *("GB", "IN", "IT", "JP", "MX", "NL", "PL", "SE", "US", "ZA"),
    ),
    "language": ("de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh"),
    "time_zone": (
        *("Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo"),
        *("Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney"),
    ),
    "role": ("admin", "manager", "rep", "support", "marketing"),
    "team": tuple(f"team {n:02d}" for n in range(1, 25)),
}
ATTRIBUTES: Final = (*_CHOICES, "account_status")
_HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Upsert:
    """All attributes of a person from an instant on; an absent one is not in it."""

    user: int
    at_ms: int
    attributes: dict[str, str]


def directory(size: Size, staff: Staff) -> list[Upsert]:
    """The directory events, by time."""
    random = np.random.default_rng([19, size.people])
    codes = {name: _skewed(random, len(of), size.people) for name, of in _CHOICES.items()}
    no_language = random.random(size.people) < 0.05
    moves = random.random(size.people) < 0.1
    moved = random.integers(0, size.days * DAY_MS, size.people)
    moved_to = random.integers(0, len(_CHOICES["country"]), size.people)
    found = []
    for user in range(size.people):
        known = {name: values[codes[name][user]] for name, values in _CHOICES.items()}
        known["account_status"] = ACTIVE
        if no_language[user]:
            del known["language"]
        joined_ms = int(staff.joined[user]) * DAY_MS
        changes = [(joined_ms, known)]
        if moves[user] and moved[user] > joined_ms:
            known = known | {"country": _CHOICES["country"][moved_to[user]]}
            changes.append((int(moved[user]), known))
        left_ms = int(staff.left[user]) * DAY_MS - 2 * _HOUR_MS
        if staff.left[user] < size.days and left_ms > changes[-1][0]:
            changes.append((left_ms, known | {"account_status": INACTIVE}))
        found += [Upsert(user, FIRST_MS + at_ms, of) for at_ms, of in changes]
    return sorted(found, key=lambda upsert: (upsert.at_ms, upsert.user))


def user_id(number: int) -> str:
    """A user id as CRMs have them; the order of ids is that of numbers."""
    return f"person-{number:06d}@example.com"


def person_number(user: str) -> int:
    """The number in a user id."""
    return int(user.removeprefix("person-").removesuffix("@example.com"))


def _skewed(random: np.random.Generator, values: int, people: int) -> NDArray[np.int64]:
    """Codes of which the first are more common."""
    weight = 1 / np.arange(1, values + 1)
    return random.choice(values, people, p=weight / weight.sum())
