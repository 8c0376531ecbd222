"""Which ids are whose by now, and which days were folded when that was not known yet."""

from collections.abc import Mapping
from datetime import date

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.people_blocks import DayPeople, read_aliases, read_day_people
from shared.metrics.domain.aliases import NO_ALIASES, Aliases
from shared.metrics.storage.blocks import Blocks
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import Manifest
from shared.metrics.storage.month_index import PublishedDay
from shared.metrics.storage.names import NameDictionary


def aliases_in(blocks: Blocks, directory: Manifest | None) -> Aliases:
    """The aliases of a folded directory. MissingBlockError if it has been folded again."""
    if directory is None or not directory.aliases:
        return NO_ALIASES
    attempts = {DIRECTORY: (directory.attempt, directory.parts[BlockKind.ALIASES.value])}
    return Aliases.of(read_aliases(blocks.read(BlockKind.ALIASES, attempts)[DIRECTORY]))


def days_of_other_people(
    blocks: Blocks, people: NameDictionary, days: Mapping[date, PublishedDay], aliases: Aliases
) -> set[date]:
    """The days on which someone counts under another id than these aliases say. Those that were
    folded with the same aliases need not be looked at.
    """
    stale = {day: each for day, each in days.items() if each.aliases != aliases.digest}
    kind = BlockKind.PEOPLE
    attempts = {
        day.isoformat(): (each.attempt, each.parts_of(kind))
        for day, each in stale.items()
        if each.has(kind)
    }
    if not stale:
        return set()
    people.names(max(manifest.people for manifest in stale.values()))
    known = people.known()
    joined = {known[user_id] for user_id in aliases.person_of if user_id in known}
    bodies = blocks.read(kind, attempts)
    found = {date.fromisoformat(unit): read_day_people(body) for unit, body in bodies.items()}
    return {day for day in stale if day not in found or _are_others(found[day], joined, aliases)}


def _are_others(day: DayPeople, joined: set[int], aliases: Aliases) -> bool:
    return any(aliases.person(user_id) != person for user_id, person in day.joined.items()) or any(
        day.has(number) for number in joined
    )
