"""The fold of one unit, from its packs to a published manifest.

Idempotent, and safe to run twice at once: blocks are written under an attempt of their own, and
only the conditional write of the manifest makes them visible. The order of the steps matters;
docs/architecture.md says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from msgspec.structs import replace

from functions.aggregate.joined_people import mark_if_other_people, mark_other_people
from functions.aggregate.planning import fence_for, inputs_of
from functions.aggregate.restating import enter_restated, restating
from shared.metrics.columns.arrivals_block import arrivals_of_packs, write_arrivals
from shared.metrics.columns.blocks import BlockKind, write_block
from shared.metrics.columns.change_blocks import changes_of, write_changes
from shared.metrics.columns.day_arrays import day_arrays, read_carry, write_carry
from shared.metrics.columns.day_events import by_path, write_names, write_segments
from shared.metrics.columns.fold import count_rows, distinct_events, fold_day
from shared.metrics.columns.packs import text_of
from shared.metrics.columns.people_blocks import write_aliases, write_anonymous, write_day_people
from shared.metrics.columns.roster_block import write_roster
from shared.metrics.domain.aliases import NO_ALIASES, Aliases
from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.domain.roster import roster_of
from shared.metrics.storage.joined_people import aliases_in
from shared.metrics.storage.keys import DIRECTORY, LAST_DAY
from shared.metrics.storage.manifests import (
    LAYOUT,
    NO_CARRY,
    Manifest,
    bits_of,
    day_sums,
    digest_of,
    features_by_source,
    read_manifest,
)
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.units import MILLISECONDS_A_MINUTE, StoredPack

PUBLISH_WITHIN_MS: Final = 10 * 60_000
"""A fold older than this may not publish: its blocks may be about to be deleted."""


class FoldOutcome(Enum):
    """How a fold ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    OVERTAKEN = "overtaken"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _CarryIn:
    """The sessions that the day before left open, and the digest of them in its manifest."""

    digest: bytes
    open_until_ms: dict[str, int]


def fold_unit(data: TenantData, unit: str, attempt: str, clock: Callable[[], int]) -> FoldOutcome:
    """Fold a unit and publish it. `attempt` is unique; StorageUnavailableError if the store is."""
    started_ms = clock()
    marks = data.units.marks(unit)
    # Read before the fence moves: whoever published since has listed at least as far as we will,
    # and our conditional write must then fail.
    before, version = data.manifests.get(unit)
    enter_restated(data, unit, before)
    now_minute = started_ms // MILLISECONDS_A_MINUTE
    fence = data.units.move_fence(unit, fence_for(now_minute, marks))
    carry = _carry_in(data, unit)
    aliases = NO_ALIASES if unit == DIRECTORY else _aliases(data)
    packs = data.units.packs(unit, through=fence)
    inputs = inputs_of(packs)
    if not packs:
        data.units.clear(marks)
        return FoldOutcome.NOTHING
    is_over = (
        unit == DIRECTORY or started_ms >= data.calendar.bounds(date.fromisoformat(unit)).end_ms
    )
    is_right = before is not None and _is_still_right(before, inputs, carry.digest, is_over=is_over)
    if before is not None and is_right and not _is_outdated(data, unit, before, aliases):
        outcome, manifest = FoldOutcome.UNCHANGED, before
    else:
        data.blocks.begin(unit, attempt)
        blank = Manifest(
            attempt=attempt,
            folded_through=fence,
            inputs=inputs,
            carry_in=carry.digest,
            layout=LAYOUT,
            aliases=aliases.digest,
        )
        manifest = _write(data, unit, blank, packs, carry, aliases, is_over=is_over)
        manifest = restating(data, unit, before, manifest, clock())
        on_time = clock() - started_ms < PUBLISH_WITHIN_MS
        if not on_time or not data.manifests.publish(unit, manifest, expected_version=version):
            data.blocks.delete(unit, attempt)
            return FoldOutcome.OVERTAKEN
        outcome = FoldOutcome.PUBLISHED
        enter_restated(data, unit, manifest)
    if unit == DIRECTORY:
        mark_other_people(data, manifest)
    else:
        _check_carries(data, unit, manifest)
        mark_if_other_people(data, unit, manifest)
    data.units.clear(marks)
    return outcome


def _write(
    data: TenantData,
    unit: str,
    blank: Manifest,
    packs: list[StoredPack],
    carry: _CarryIn,
    aliases: Aliases,
    *,
    is_over: bool,
) -> Manifest:
    """Write the blocks of an attempt; answers the manifest that would publish them."""
    bodies = [pack.body for pack in packs]
    if unit == DIRECTORY:
        return _write_directory(data, blank, bodies)
    day = date.fromisoformat(unit)
    return _write_day(data, blank, day, bodies, carry, aliases, is_over=is_over)


def _write_directory(data: TenantData, blank: Manifest, bodies: list[bytes]) -> Manifest:
    events = distinct_events(bodies)
    roster = roster_of(events)
    numbers = data.people.numbers(roster.user_ids)
    blocks = {
        BlockKind.ROSTER: write_roster(roster, numbers),
        BlockKind.ARRIVALS: write_arrivals(arrivals_of_packs(bodies)),
    }
    if roster.aliases.digest:
        blocks[BlockKind.ALIASES] = write_aliases(roster.aliases.person_of)
    return replace(
        blank,
        parts=data.blocks.write(DIRECTORY, blank.attempt, blocks),
        rows=len(events),
        duplicates=count_rows(bodies) - len(events),
        people=max(numbers, default=-1) + 1,
        has_integrations=roster.has_integrations,
        aliases=roster.aliases.digest,
    )


def _write_day(
    data: TenantData,
    blank: Manifest,
    day: date,
    bodies: list[bytes],
    carry: _CarryIn,
    aliases: Aliases,
    *,
    is_over: bool,
) -> Manifest:
    """Write the blocks of a day; its hits one by one only when it is over, for that costs most."""
    bounds = data.calendar.bounds(day)
    folded = fold_day(
        bodies,
        bounds,
        carried_ms=carry.open_until_ms,
        timeout_ms=data.timeout_ms,
        signals=data.counting.on(day),
        aliases=aliases,
        with_events=is_over,
    )
    rollup = folded.rollup
    _mark_overruled(data, day, data.note_first_actions(rollup.first_actions), blank)
    person_numbers = data.people.numbers(rollup.user_ids)
    feature_numbers = data.features.numbers(rollup.features)
    number_of = dict(zip(rollup.features, feature_numbers, strict=True))
    path_numbers = data.paths.numbers([text_of(path) for path in rollup.paths])
    arrays = day_arrays(rollup, person_numbers, feature_numbers, path_numbers, bounds.start_ms)
    blocks = {kind: write_block(columns) for kind, columns in arrays.items()}
    blocks[BlockKind.ARRIVALS] = write_arrivals(folded.arrivals)
    blocks[BlockKind.PEOPLE] = write_day_people(person_numbers, folded.joined)
    if folded.anonymous.ids:
        blocks[BlockKind.ANONYMOUS] = write_anonymous(folded.anonymous.ids)
    if folded.events is not None:
        found = by_path(folded.events, person_numbers, path_numbers)
        index, blocks[BlockKind.EVENTS] = write_segments(found, bounds.start_ms)
        blocks[BlockKind.EVENT_INDEX] = write_block(index)
        blocks[BlockKind.RECORDS] = write_names(folded.events.names)
    changes = changes_of(bodies) if folded.has_changes else None
    if changes is not None:
        blocks[BlockKind.CHANGES] = write_changes(changes)
    carry_out = NO_CARRY
    if rollup.open_until_ms:
        blocks[BlockKind.CARRY] = write_carry(rollup.open_until_ms)
        carry_out = digest_of([blocks[BlockKind.CARRY]])
    return replace(
        blank,
        parts=data.blocks.write(day.isoformat(), blank.attempt, blocks),
        rows=folded.rows,
        duplicates=folded.duplicates,
        late=folded.late,
        rows_by_source=folded.rows_by_source,
        features_by_source=features_by_source(rollup, feature_numbers),
        unattributed_changes=rollup.unattributed_changes,
        shadowed=rollup.shadowed,
        anonymous_hits=folded.anonymous.hits,
        changes_counted=bits_of([number_of[name] for name in rollup.changes_counted]),
        people=max(person_numbers, default=-1) + 1,
        features=max(feature_numbers, default=-1) + 1,
        paths=max(path_numbers, default=-1) + 1,
        carry_out=carry_out,
        sums=day_sums(rollup, feature_numbers),
    )


def _mark_overruled(
    data: TenantData, day: date, first_action_ms: Mapping[str, int], blank: Manifest
) -> None:
    """Mark the later days on which changes were counted of features that this day has had the first
    actions of. Whoever folds them reads the settings, in which these are noted, anew.
    """
    if not first_action_ms:
        return
    counting = data.counting.with_first_actions(data.first_days(first_action_ms))
    bodies = data.manifests.bodies(data.calendar.next_day(day).isoformat(), LAST_DAY)
    for unit, body in bodies.items():
        if data.is_overruled(date.fromisoformat(unit), read_manifest(body), counting):
            data.units.mark_minute(unit, blank.folded_through)


def _is_still_right(manifest: Manifest, inputs: bytes, carry: bytes, *, is_over: bool) -> bool:
    """Whether a fold now would come to the same blocks."""
    made_from = (manifest.inputs, manifest.carry_in, manifest.definition_version, manifest.layout)
    is_whole = manifest.is_compacted or not is_over or BlockKind.ROSTER.value in manifest.parts
    return is_whole and made_from == (inputs, carry, DEFINITION_VERSION, LAYOUT)


def _is_outdated(data: TenantData, unit: str, manifest: Manifest, aliases: Aliases) -> bool:
    """Whether a day was folded by other rules: of which signal counts, or of which id is whose."""
    if unit == DIRECTORY:
        return False
    is_overruled = data.is_overruled(date.fromisoformat(unit), manifest)
    return is_overruled or manifest.aliases != aliases.digest


def _aliases(data: TenantData) -> Aliases:
    directory, _ = data.manifests.get(DIRECTORY)
    return aliases_in(data.blocks, directory)


def _carry_in(data: TenantData, unit: str) -> _CarryIn:
    if unit == DIRECTORY:
        return _CarryIn(NO_CARRY, {})
    earlier = data.calendar.previous_day(date.fromisoformat(unit)).isoformat()
    manifest, _ = data.manifests.get(earlier)
    if manifest is None or manifest.carry_out == NO_CARRY:
        return _CarryIn(NO_CARRY, {})
    attempts = {earlier: (manifest.attempt, manifest.parts[BlockKind.CARRY.value])}
    body = data.blocks.read(BlockKind.CARRY, attempts)[earlier]
    return _CarryIn(manifest.carry_out, read_carry(body))


def _check_carries(data: TenantData, unit: str, manifest: Manifest) -> None:
    """Mark the next day if it was folded with other sessions than this one hands over, and this
    day if the one before hands over others by now.
    """
    day = date.fromisoformat(unit)
    following = data.calendar.next_day(day).isoformat()
    after, _ = data.manifests.get(following)
    if after is not None and after.carry_in != manifest.carry_out:
        data.units.mark_carry(following, manifest.attempt)
    before, _ = data.manifests.get(data.calendar.previous_day(day).isoformat())
    if before is not None and before.carry_out != manifest.carry_in:
        data.units.mark_carry(unit, before.attempt)
