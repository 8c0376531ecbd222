"""Deals that are made, moved and deleted over 25 months: the same for all sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.packs import write_pack
from shared.metrics.domain.events import ActorKind, Event, Signal, event_id_from_sender

FIRST_DAY: Final = date(2024, 11, 1)
DAYS: Final = 760
FIELDS: Final = ("stage", "owner", "amount", "close_date")
UPDATES: Final = 9
STAGES: Final = 8
CREATE: Final = 0
UPDATE: Final = 1
DELETE: Final = 2

_DAY_MS: Final = 86_400_000
_FIRST_MS: Final = int(datetime(2024, 11, 1, tzinfo=UTC).timestamp()) * 1000
_SHARES: Final = (0.4, 0.05, 0.25, 0.3)
_MOST_DAYS_OPEN: Final = 90
_DELETED: Final = 0.01
_OWNERS: Final = 100
_AMOUNTS: Final = 1_000
_DELIVERY: Final = 200


@dataclass(frozen=True, slots=True)
class DealChanges:
    """Changes in order of time: which deal, what, and of an update which field. `value` is the
    number of the value, of a creation that of the stage; the other three follow from it.
    """

    deals: int
    deal: NDArray[np.int64]
    at_ms: NDArray[np.int64]
    op: NDArray[np.int64]
    field: NDArray[np.int64]
    value: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of changes."""
        return len(self.deal)


def deal_changes(deals: int) -> DealChanges:
    """About ten changes a deal."""
    rng = np.random.default_rng(5)
    span_ms = DAYS * _DAY_MS
    made_ms = np.sort(rng.integers(0, span_ms - _DAY_MS, deals))
    open_ms = np.minimum(span_ms - made_ms - 1, _MOST_DAYS_OPEN * _DAY_MS)
    later_ms = made_ms[:, None] + 1 + (rng.random((deals, UPDATES)) * open_ms[:, None]).astype(int)
    field = rng.choice(len(FIELDS), (deals, UPDATES), p=_SHARES)
    limits = np.array([STAGES, _OWNERS, _AMOUNTS, _MOST_DAYS_OPEN])
    value = (rng.random((deals, UPDATES)) * limits[field]).astype(int)
    gone = np.flatnonzero(rng.random(deals) < _DELETED)
    number = np.arange(deals)
    deal = np.concatenate((number, np.repeat(number, UPDATES), gone))
    at_ms = np.concatenate((made_ms, later_ms.reshape(-1), later_ms[gone].max(axis=1) + 1))
    op = np.repeat((CREATE, UPDATE, DELETE), (deals, deals * UPDATES, len(gone)))
    nothing = np.zeros(len(gone), int)
    fields = np.concatenate((np.zeros(deals, int), field.reshape(-1), nothing))
    values = np.concatenate((np.zeros(deals, int), value.reshape(-1), nothing))
    # No two changes of one deal at one instant, so that their order is no question of ids.
    order = np.lexsort((op, at_ms, deal))
    same = (np.diff(deal[order]) == 0) & (np.diff(at_ms[order]) == 0)
    order = np.delete(order, np.flatnonzero(same) + 1)
    order = order[np.argsort(at_ms[order], kind="stable")]
    return DealChanges(
        deals, deal[order], at_ms[order] + _FIRST_MS, op[order], fields[order], values[order]
    )


def deal_id(number: int) -> str:
    """The id of a deal, as Salesforce makes them."""
    return f"006Qw{number:010d}AAA"


def value_text(field: int, value: int) -> str:
    """A value as JSON."""
    if FIELDS[field] == "amount":
        return str(1000 + 100 * value)
    if FIELDS[field] == "close_date":
        return f'"{FIRST_DAY + timedelta(days=8 * value)}"'
    return f'"{FIELDS[field]}-{value}"'


def days_of(changes: DealChanges) -> Iterator[tuple[date, list[bytes]]]:
    """The packs of every day."""
    day = (changes.at_ms - _FIRST_MS) // _DAY_MS
    bounds = np.searchsorted(day, np.arange(DAYS + 1))
    for number, (first, last) in enumerate(pairwise(bounds.tolist())):
        events = [_event(changes, row) for row in range(first, last)]
        packs = [write_pack(events[at : at + _DELIVERY]) for at in range(0, len(events), _DELIVERY)]
        yield FIRST_DAY + timedelta(days=number), packs


def _event(changes: DealChanges, row: int) -> Event:
    number, at_ms = int(changes.deal[row]), int(changes.at_ms[row])
    return Event(
        event_id=event_id_from_sender("crm", str(row)),
        user_id=f"person-{number % _OWNERS}",
        occurred_at_ms=at_ms,
        # A delivery is received when its last change has happened, or soon after.
        received_at_ms=int(changes.at_ms[min(row // _DELIVERY * _DELIVERY, len(changes) - 1)]),
        feature="",
        property="",
        attribute="",
        action="use",
        record_id=deal_id(number),
        account_id="",
        signal=Signal.SYSTEM,
        actor_kind=ActorKind.API,
        source="crm",
        context="",
        change=_change(changes, row),
    )


def _change(changes: DealChanges, row: int) -> str:
    op = int(changes.op[row])
    if op == DELETE:
        return '{"object":"deal","op":"DELETE"}'
    cells = created_values(int(changes.deal[row]))
    if op == UPDATE:
        cells = {int(changes.field[row]): int(changes.value[row])}
    fields = ",".join(f'"{FIELDS[at]}":{value_text(at, value)}' for at, value in cells.items())
    return f'{{"object":"deal","op":"{"CREATE" if op == CREATE else "UPDATE"}","set":{{{fields}}}}}'


def created_values(deal: int) -> dict[int, int]:
    """The values of a deal when it is made, by field."""
    return {0: 0, 1: deal % _OWNERS, 2: deal % _AMOUNTS, 3: deal % _MOST_DAYS_OPEN}
