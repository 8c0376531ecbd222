"""The hub (definitions §4): how many people use what, and how often they do."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import ChangeReason, Proof

MAX_ROWS: Final = 2_000
"""As many as a tenant can have features."""


class Unit(Enum):
    """What buckets count: people, or pairs of a person and a feature."""

    PEOPLE = "PEOPLE"
    PAIRS = "PAIRS"


@dataclass(frozen=True, slots=True)
class GroupNames:
    """The groups of people that an answer has, and how many were active in each. The last stands
    for several if it `has_others`. `is_backfilled`: a value that was known only later told
    someone's group.
    """

    names: list[str]
    active_users: list[int]
    has_others: bool
    is_backfilled: bool


@dataclass(frozen=True, slots=True)
class PopularityGroups:
    """`people[g][r]` and `hits[g][r]` of group `g` and row `r` of the answer. `overlaps`: someone
    was in several groups, so that their people sum to more than there were.
    """

    groups: GroupNames
    people: list[list[int]]
    hits: list[list[int]]
    overlaps: bool


@dataclass(frozen=True, slots=True)
class FrequencyGroups:
    """`counts[g][b]` of group `g` and bucket `b` of the answer: by the hits made in the group."""

    groups: GroupNames
    counts: list[list[int]]
    overlaps: bool


@dataclass(frozen=True, slots=True)
class PopularityAnswer:
    """Distinct people by feature, or by another part, as parallel lists: most people first, then
    by name. Equal numbers share a rank. `previous…` is over the compared window.

    `shares` are people / active people; None when nobody was active. `row_count` is the number of
    rows there are, of which the lists have the first.
    """

    proof: Proof
    compared: Window
    active_users: int
    compared_active_users: int
    row_count: int
    names: list[str]
    categories: list[Category | None]
    ranks: list[int]
    people: list[int]
    shares: list[float | None]
    hits: list[int]
    previous_people: list[int]
    previous_shares: list[float | None]
    previous_hits: list[int]
    change_percents: list[float | None]
    change_reasons: list[ChangeReason | None]
    groups: PopularityGroups | None


@dataclass(frozen=True, slots=True)
class FrequencyAnswer:
    """People, or pairs of a person and a feature, by number of hits, as parallel lists.

    A bucket goes from `from_hits` to `to_hits`, both included; None: any number more. `total` is
    the number of those with any hit, which is the sum of all buckets but that of 0. On
    `no_data_days` there may have been more hits, and people with a first one.
    """

    proof: Proof
    from_hits: list[int]
    to_hits: list[int | None]
    counts: list[int]
    total: int
    groups: FrequencyGroups | None
    no_data_days: list[date]


@dataclass(frozen=True, slots=True)
class FrequencyByFeatureAnswer:
    """People by number of hits for each feature that was used: `counts[f][b]` of feature `f` and
    bucket `b`; features by name. `no_data` says of which of them hits may be missing.
    """

    proof: Proof
    from_hits: list[int]
    to_hits: list[int | None]
    features: list[str]
    counts: list[list[int]]
    no_data: list[bool]
