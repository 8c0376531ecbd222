"""Packs before they are put: named, and by unit.

Events and rules alone decide about names and bodies. Whoever splits a pack again, and however
often, comes to the same packs, and a pack of the same name is the same pack wherever it was put.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

from shared.metrics.columns.packs import read_events, time_span, write_packs
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.keys import DIRECTORY, pack_name
from shared.metrics.storage.ports import MAX_ITEM_BYTES


class NamedPack(NamedTuple):
    """A pack and its name."""

    name: str
    body: bytes


UnitPacks: TypeAlias = Mapping[str, list[NamedPack]]
"""Packs by unit."""


def packs_of(events: Sequence[Event], request_id: str) -> list[NamedPack]:
    """The packs of the events that one delivery has for one unit."""
    bodies = write_packs(events, MAX_ITEM_BYTES)
    return [NamedPack(pack_name(_content(body), request_id), body) for body in bodies]


def split_again(packs: UnitPacks, calendar: LocalCalendar) -> dict[str, list[NamedPack]]:
    """The same events by the days of another calendar; directory events have no day."""
    found: defaultdict[str, list[NamedPack]] = defaultdict(list)
    for unit, of_unit in packs.items():
        for pack in of_unit:
            if unit == DIRECTORY:
                found[unit].append(pack)
                continue
            for day, parts in _by_day(pack, calendar).items():
                found[day] += parts
    return dict(found)


def _by_day(pack: NamedPack, calendar: LocalCalendar) -> dict[str, list[NamedPack]]:
    first_ms, last_ms = time_span(pack.body)
    day = calendar.day_of(first_ms)
    if last_ms < calendar.bounds(day).end_ms:
        return {day.isoformat(): [pack]}  # like most packs, which need not be written anew
    days: defaultdict[str, list[Event]] = defaultdict(list)
    for event in read_events(pack.body):
        days[calendar.day_of(event.occurred_at_ms).isoformat()].append(event)
    _, _, request = pack.name.partition("#")
    return {
        unit: [
            NamedPack(f"{_content(body)}#{request}", body)
            for body in write_packs(events, MAX_ITEM_BYTES)
        ]
        for unit, events in days.items()
    }


def _content(body: bytes) -> str:
    return blake2b(body, digest_size=12).hexdigest()
