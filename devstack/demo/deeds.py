"""What people do with features: the deeds that a hit is drawn from."""

from functools import cache
from itertools import accumulate
from typing import Final, NamedTuple

from devstack.demo.chance import Question, one_of
from devstack.demo.features import NICHE, signal_of
from devstack.demo.roles import INTERESTS, Role
from shared.metrics.domain.catalogue import RECORDS_ADDED, VIEWS, Category, category_of


class Deed(NamedTuple):
    """One use of a feature. A `record_id` that ends with ANY_RECORD stands for one to be drawn."""

    feature: str
    property: str = ""
    attribute: str = ""
    action: str = "use"
    record_id: str = ""
    account_id: str = ""
    signal: str = "ACTION"


ANY_RECORD: Final = "?"
_FAVOURITES: Final = 4
_SHARE_OF_FAVOURITES: Final = 4

_WITH_A_MODULE: Final = (
    (30, VIEWS, "List View", "view", False),
    (8, VIEWS, "Kanban View", "view", False),
    (5, VIEWS, "Canvas View", "view", False),
    (9, "Calls", "", "call", True),
    (4, "Create Meeting", "", "create", True),
    (10, "Buttons", "", "click", True),
    (3, "Macros", "", "run", True),
    (6, "Task Creation", "", "create", True),
    (25, "", "", "edit", True),
)
"""Percent of the deeds in a module. Records are added by plan (leads.py, workday.py)."""


class Repertoire(NamedTuple):
    """Deeds to draw from, with the running totals of their weights."""

    deeds: list[Deed]
    cumulative_weights: list[int]


def used(feature: str) -> Deed:
    """A plain use of a feature."""
    signal = signal_of(feature)
    return Deed(feature, action="use" if signal == "ACTION" else "change", signal=signal)


def added(feature: str, record_id: str, account_id: str = "") -> Deed:
    """A record added to a module."""
    return Deed(feature, RECORDS_ADDED, "", "create", record_id, account_id)


def repertoire(person: int, role: Role) -> Repertoire:
    """What a person draws from: the role's deeds, and a few niche features of their own."""
    favourites = sorted(
        {NICHE[one_of(len(NICHE), Question.FAVOURITE, person, at)] for at in range(_FAVOURITES)}
    )
    weighted = [
        *_of_role(role),
        *((_SHARE_OF_FAVOURITES * 100 // _FAVOURITES, used(name)) for name in favourites),
    ]
    return Repertoire(
        [deed for _, deed in weighted], list(accumulate(weight for weight, _ in weighted))
    )


@cache
def _of_role(role: Role) -> list[tuple[int, Deed]]:
    return [
        (percent * share, deed)
        for feature, percent in INTERESTS[role].items()
        for share, deed in _deeds(feature)
    ]


def _deeds(feature: str) -> list[tuple[int, Deed]]:
    """The deeds with a feature, with their share in percent."""
    if category_of(feature) is not Category.MODULES:
        return [(100, used(feature))]
    records = f"{feature.lower().replace(' ', '-')}-{ANY_RECORD}"
    return [
        (share, Deed(feature, property_, attribute, action, records if has_record else ""))
        for share, property_, attribute, action, has_record in _WITH_A_MODULE
    ]
