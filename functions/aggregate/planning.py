"""Which units to fold and in which order: pure decisions, no storage."""

from collections.abc import Iterable, Mapping
from datetime import date

from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import NO_CARRY, Manifest, digest_of
from shared.metrics.storage.units import Mark, StoredPack


def dirty_units(marks: Iterable[Mark]) -> list[tuple[str, str, int]]:
    """The units that are marked, each once: tenant, unit, generation.

    Days in order, so that a day is usually folded after the one that hands its sessions over.
    """
    return sorted({(mark.tenant, mark.unit, mark.generation) for mark in marks})


def fence_for(now_minute: int, marks: Iterable[Mark]) -> int:
    """How far a fold lists: this minute, or a later one that a mark speaks of.

    A mark from the future means that the clock of whoever wrote it is ahead of ours; what it
    marks must be folded all the same.
    """
    minutes = [mark.minute for mark in marks if mark.minute is not None]
    return max(now_minute, *minutes) if minutes else now_minute


def inputs_of(packs: Iterable[StoredPack]) -> bytes:
    """A digest of packs, whatever their order and the minutes they were put in."""
    return digest_of(sorted(pack.name.encode() for pack in packs))


def handed_over(calendar: LocalCalendar, unit: str, manifests: Mapping[str, Manifest]) -> bytes:
    """The digest of the open sessions that the day before a unit hands over to it."""
    if unit == DIRECTORY:
        return NO_CARRY
    before = manifests.get(calendar.previous_day(date.fromisoformat(unit)).isoformat())
    return NO_CARRY if before is None else before.carry_out
