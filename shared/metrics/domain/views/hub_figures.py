"""Computes the hub (definitions §4) from tables of hits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.buckets import ZERO, Bucket, buckets_of
from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.hub import (
    FrequencyAnswer,
    FrequencyByFeatureAnswer,
    FrequencyGroups,
    GroupNames,
    PopularityAnswer,
    PopularityGroups,
)
from shared.metrics.domain.views.measures import incomplete, measure


@dataclass(frozen=True, slots=True)
class Use:
    """A window's use by row: distinct people and hits of each, and how many people were active; and
    of which rows no hits may be missing, on days without data.
    """

    window: Window
    people: NDArray[np.int64]
    hits: NDArray[np.int64]
    active_users: int
    is_complete: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class GroupedUse:
    """A window's use by group: people and hits as groups × rows."""

    groups: GroupNames
    people: NDArray[np.int64]
    hits: NDArray[np.int64]


def bucket_of(hits: NDArray[np.integer[Any]], edges: Sequence[int]) -> NDArray[np.int64]:
    """The place in `buckets_of` of each number of hits, which is at least 1."""
    return np.searchsorted(np.array(edges, np.int64), hits, side="left").astype(np.int64)


def in_bucket(hits: NDArray[np.integer[Any]], bucket: Bucket) -> NDArray[np.bool_]:
    """Which of the numbers fall into a bucket."""
    most = np.iinfo(np.int64).max if bucket.to_hits is None else bucket.to_hits
    return (hits >= bucket.from_hits) & (hits <= most)


def popularity(
    names: Sequence[str],
    categories: Sequence[Category | None],
    now: Use,
    then: Use,
    *,
    grouped: GroupedUse | None,
    kept: Collection[str],
    top: int,
    proof: Proof,
) -> PopularityAnswer:
    """Compute Popularity. `names` and `categories` are those of the rows of both uses; rows that
    nobody used are left out unless they are `kept`.
    """
    used = ((now.people > 0) | (then.people > 0)).tolist()
    users = now.people.tolist()
    rows = [at for at, name in enumerate(names) if used[at] or name in kept]
    rows.sort(key=lambda at: (-users[at], names[at]))
    ranked = _ranks(now.people[rows])
    shown = rows[:top]
    people, previous = now.people[shown].tolist(), then.people[shown].tolist()
    is_complete = (now.is_complete & then.is_complete)[shown].tolist()
    changes = [
        measure(one, other) if is_whole else incomplete(one, other, None, None)
        for one, other, is_whole in zip(people, previous, is_complete, strict=True)
    ]
    return PopularityAnswer(
        proof=proof,
        compared=then.window,
        active_users=now.active_users,
        compared_active_users=then.active_users,
        row_count=len(rows),
        names=[names[at] for at in shown],
        categories=[categories[at] for at in shown],
        ranks=ranked[:top],
        people=people,
        shares=[_share(value, now.active_users) for value in people],
        hits=now.hits[shown].tolist(),
        previous_people=previous,
        previous_shares=[_share(value, then.active_users) for value in previous],
        previous_hits=then.hits[shown].tolist(),
        change_percents=[change.change_percent for change in changes],
        change_reasons=[change.reason for change in changes],
        groups=_popularity_groups(grouped, shown, now.active_users) if grouped else None,
    )


def _popularity_groups(
    grouped: GroupedUse, shown: Sequence[int], active_users: int
) -> PopularityGroups:
    return PopularityGroups(
        groups=grouped.groups,
        people=grouped.people[:, shown].tolist(),
        hits=grouped.hits[:, shown].tolist(),
        overlaps=sum(grouped.groups.active_users) > active_users,
    )


def bucket_counts(hits: NDArray[np.integer[Any]], edges: Sequence[int]) -> list[int]:
    """How many of the numbers fall into each bucket; 0 into none."""
    found = bucket_of(hits[hits > 0], edges)
    counts: list[int] = np.bincount(found, minlength=len(edges) + 1).tolist()
    return counts


def frequency(
    hits: NDArray[np.integer[Any]],
    edges: Sequence[int],
    *,
    without: int | None,
    groups: FrequencyGroups | None,
    no_data_days: list[date],
    proof: Proof,
) -> FrequencyAnswer:
    """Compute Frequency from the hits of each person, or of each pair. `without` is how many of
    the roster have none, for a bucket of 0.
    """
    counts = bucket_counts(hits, edges)
    total = sum(counts)
    buckets = buckets_of(edges)
    if without is not None:
        counts, buckets = [without, *counts], [ZERO, *buckets]
    return FrequencyAnswer(
        proof=proof,
        from_hits=[bucket.from_hits for bucket in buckets],
        to_hits=[bucket.to_hits for bucket in buckets],
        counts=counts,
        total=total,
        groups=groups,
        no_data_days=no_data_days,
    )


def frequency_by_feature(
    features: Sequence[str],
    hits: NDArray[np.uint32],
    edges: Sequence[int],
    *,
    roster: int | None,
    missing: Collection[str] | None,
    proof: Proof,
) -> FrequencyByFeatureAnswer:
    """Compute Frequency of every feature from hits as features × people, features by name.
    `roster` is the number of people in it, for a bucket of 0; of the features `missing` (None: of
    all) hits may be missing.
    """
    row, person = np.nonzero(hits)
    width = len(edges) + 1
    cells = row * width + bucket_of(hits[row, person], edges)
    table = np.bincount(cells, minlength=len(features) * width).reshape(-1, width)
    used: NDArray[np.bool_] = np.logical_or.reduce(table, axis=1)
    buckets = buckets_of(edges)
    if roster is not None:
        table = np.column_stack((roster - table.sum(axis=1), table))
        buckets = [ZERO, *buckets]
    listed = [name for name, is_used in zip(features, used, strict=True) if is_used]
    return FrequencyByFeatureAnswer(
        proof=proof,
        from_hits=[bucket.from_hits for bucket in buckets],
        to_hits=[bucket.to_hits for bucket in buckets],
        features=listed,
        counts=table[used].tolist(),
        no_data=[missing is None or name in missing for name in listed],
    )


def _share(people: int, active: int) -> float | None:
    return people / active if active else None


def _ranks(descending: NDArray[np.int64]) -> list[int]:
    """One more than the number of larger values, for each."""
    ranks: list[int] = (np.searchsorted(-descending, -descending, side="left") + 1).tolist()
    return ranks
