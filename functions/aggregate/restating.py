"""What folds and new generations change of days that were final, for the restatement log."""

from datetime import date

from msgspec.structs import replace

from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.domain.restatements import Cause, RestatedMeasure, is_final
from shared.metrics.storage import keys
from shared.metrics.storage.generations import Refold
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import DaySums, Manifest, read_manifest
from shared.metrics.storage.restatements import RestatedDay
from shared.metrics.storage.tenant_data import TenantData

_NOTHING = DaySums()


def restating(
    data: TenantData, unit: str, before: Manifest | None, manifest: Manifest, now_ms: int
) -> Manifest:
    """A manifest that is about to be published, with what it changes of a final day.

    While a generation is being built, nobody has been told anything of it.
    """
    if unit == DIRECTORY or not data.is_served:
        return manifest
    day = date.fromisoformat(unit)
    if not _is_final(data, day, now_ms) or (before is None and not _was_stated(data, day)):
        return manifest
    measures = _changed(before.sums if before else _NOTHING, manifest.sums)
    if not measures:
        return manifest
    restated = RestatedDay(at_ms=now_ms, cause=_cause_of_fold(before, manifest), measures=measures)
    return replace(manifest, restated=restated)


def _cause_of_fold(before: Manifest | None, manifest: Manifest) -> Cause:
    """Why a day comes out differently: the same events can do so only by other rules."""
    if before is not None and before.definition_version != DEFINITION_VERSION:
        return Cause.DEFINITION
    if before is None or (before.inputs, before.carry_in) != (manifest.inputs, manifest.carry_in):
        return Cause.LATE
    return Cause.ROSTER if before.aliases != manifest.aliases else Cause.MAPPING


def enter_restated(data: TenantData, unit: str, manifest: Manifest | None) -> None:
    """Copy what a published manifest restates into the log. Done before it is replaced, and before
    the marks that led to it are cleared, so that no crash loses it.
    """
    if manifest is not None and manifest.restated is not None:
        data.restatements.enter(date.fromisoformat(unit), manifest.attempt, manifest.restated)


def enter_changed_days(old: TenantData, new: TenantData, refold: Refold) -> None:
    """Enter the final days that come out differently in a generation about to be served.

    The entries are the same whenever this is repeated, and are not shown before it is served.
    """
    cause = _cause(old, new)
    sums_before, sums_after = _sums(old), _sums(new)
    name = f"{refold.settled_at_ms:013d}-g{refold.generation}"
    for unit in sorted(sums_before.keys() | sums_after.keys()):
        day = date.fromisoformat(unit)
        if not _is_final(old, day, refold.settled_at_ms):
            continue
        measures = _changed(sums_before.get(unit, _NOTHING), sums_after.get(unit, _NOTHING))
        if measures:
            entry = RestatedDay(
                at_ms=refold.settled_at_ms,
                cause=cause,
                measures=measures,
                generation=refold.generation,
            )
            new.restatements.enter(day, name, entry)


def _cause(old: TenantData, new: TenantData) -> Cause:
    if old.settings.time_zone != new.settings.time_zone:
        return Cause.ZONE
    if old.settings.session_timeout_minutes != new.settings.session_timeout_minutes:
        return Cause.TIMEOUT
    return Cause.MAPPING


def _is_final(data: TenantData, day: date, at_ms: int) -> bool:
    return is_final(data.calendar, day, data.settings.lateness_days, at_ms)


def _was_stated(data: TenantData, day: date) -> bool:
    """Whether the tenant was there when a day without any event became final: it was 0 then. The
    days of a history that was imported afterwards were never stated.
    """
    created_at_ms = data.settings.created_at_ms
    return created_at_ms > 0 and not _is_final(data, day, created_at_ms)


def _changed(before: DaySums, after: DaySums) -> dict[RestatedMeasure, tuple[int, int]]:
    values = {
        RestatedMeasure.HITS: (before.hits, after.hits),
        RestatedMeasure.LOGINS: (before.logins, after.logins),
        RestatedMeasure.ACTIVE: (before.active, after.active),
        RestatedMeasure.SESSIONS: (before.sessions, after.sessions),
        RestatedMeasure.SESSION_MILLISECONDS: (before.session_ms, after.session_ms),
    }
    return {measure: (was, now) for measure, (was, now) in values.items() if was != now}


def _sums(data: TenantData) -> dict[str, DaySums]:
    """The sums of every folded day."""
    return {
        unit: read_manifest(body).sums
        for unit, body in data.manifests.bodies("", keys.up_to("")).items()
        if unit != DIRECTORY
    }
