"""Pages of people in the order of a metric: whoever comes or goes between two pages moves nobody
else.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.people_answers import Position


@dataclass(frozen=True, slots=True)
class Order:
    """People by a metric, either way; equal values stand by user id, null ones at the end.

    `values` is the metric by person number, nan for null. None orders by user id alone, which
    `descending` then is about.
    """

    values: NDArray[Any] | None
    descending: bool = False

    def position(self, person: int, user_id: str) -> Position:
        """The place of a person."""
        value = 0.0 if self.values is None else float(self.values[person])
        return Position(None if np.isnan(value) else value, user_id)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The person numbers of a page in their order; `before` people come before it."""

    people: list[int]
    before: int


def people_page(
    members: NDArray[np.bool_],
    user_ids: list[str],
    order: Order,
    first: int | None,
    after: Position | None,
) -> PeoplePage:
    """The first people of the members that come after a place; all of them if `first` is None."""
    found = np.flatnonzero(members)
    by_id = order.values is None and order.descending
    keys = _keys(order, found)
    if after is not None:
        keys, found = _behind(keys, found, user_ids, after, order)
    before = int(np.count_nonzero(members)) - len(found)
    if first is not None and first < len(found) and order.values is not None:
        # Only those up to the last of the page need to be put in order, and whoever equals it.
        near = keys <= np.partition(keys, first - 1)[first - 1]
        keys, found = keys[near], found[near]
    if order.values is None:
        ordered = sorted(found.tolist(), key=user_ids.__getitem__, reverse=by_id)
    else:
        pairs = zip(keys.tolist(), found.tolist(), strict=True)
        ordered = [at for _, _, at in sorted((key, user_ids[at], at) for key, at in pairs)]
    return PeoplePage(ordered[:first], before)


def _keys(order: Order, found: NDArray[np.intp]) -> NDArray[np.float64]:
    """What to sort by, ascending; null last."""
    if order.values is None:
        return np.zeros(len(found))
    values = order.values[found].astype(np.float64)
    return np.where(np.isnan(values), np.inf, -values if order.descending else values)


def _behind(
    keys: NDArray[np.float64],
    found: NDArray[np.intp],
    user_ids: list[str],
    after: Position,
    order: Order,
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    key = np.inf
    if after.value is not None:
        key = -after.value if order.descending and order.values is not None else after.value
    is_behind = keys > key
    for at in np.flatnonzero(keys == key).tolist():
        user_id = user_ids[found[at]]
        if order.values is None and order.descending:
            is_behind[at] = user_id < after.user_id
        else:
            is_behind[at] = user_id > after.user_id
    return keys[is_behind], found[is_behind]
