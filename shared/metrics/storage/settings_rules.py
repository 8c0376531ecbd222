"""What a tenant's settings may be, and what becomes of them when some are changed."""

from typing import Final

from msgspec.structs import asdict, replace

from shared.metrics.domain.buckets import check_edges
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.events import Signal
from shared.metrics.domain.periods import time_zone
from shared.metrics.domain.quotas import MAX_EVENTS_PER_MINUTE
from shared.metrics.storage.generations import Refold, Retired, SignalSince
from shared.metrics.storage.tenants import MAX_NOTED_CHARACTERS, SettingsChange, Tenant

MAX_NAME_LENGTH: Final = 100
MAX_TIMEOUT_MINUTES: Final = 12 * 60
"""So that a session can be handed over only to the very next day that has any length."""

MAX_LATENESS_DAYS: Final = 366
MAX_PACK_SHARDS: Final = 32
"""Each of them has to be asked for the packs of a day."""

MAX_RETIRED: Final = 1_000
"""Generations whose blocks are not yet deleted; the settings are one item, and name them all."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def checked(tenant: Tenant) -> Tenant:
    """The same tenant; BadInputError names the setting that cannot be."""
    if not tenant.name or len(tenant.name) > MAX_NAME_LENGTH or not tenant.name.isprintable():
        message = f"a tenant's name has 1 to {MAX_NAME_LENGTH} printable characters"
        raise BadInputError(message, field="tenant")
    _check_rules(tenant.time_zone, tenant.session_timeout_minutes)
    if not 0 <= tenant.first_weekday < len(WEEKDAYS):
        message = "the first weekday is 0 for Monday to 6 for Sunday"
        raise BadInputError(message, field="firstWeekday")
    if not 0 <= tenant.lateness_days <= MAX_LATENESS_DAYS:
        message = f"late events are waited for 0 to {MAX_LATENESS_DAYS} days"
        raise BadInputError(message, field="latenessDays")
    check_edges(tenant.bucket_edges, "bucketEdges")
    check_quota(tenant.events_per_minute)
    if not 1 <= tenant.pack_shards <= MAX_PACK_SHARDS:
        message = f"packs are spread over 1 to {MAX_PACK_SHARDS} partitions"
        raise BadInputError(message, field="packShards")
    return tenant


def changed(tenant: Tenant, change: SettingsChange, now_ms: int) -> Tenant:
    """The settings after a change; BadInputError names the setting that cannot be.

    Another time zone, session timeout or counting signal is that of a new generation. What is asked
    for is compared with the generation being built, if there is one: asking for the rules that are
    served gives it up, and asking for others begins anew.
    """
    given = {name: value for name, value in asdict(change).items() if value is not None}
    wanted = tenant.next or tenant
    zone = given.pop("time_zone", wanted.time_zone)
    minutes = given.pop("session_timeout_minutes", wanted.session_timeout_minutes)
    signals = given.pop("counting_signals", wanted.counting_signals)
    _check_rules(zone, minutes)
    _check_signals(signals)
    rules = (zone, minutes, signals)
    after = checked(replace(tenant, **given))
    if rules == _rules(wanted):
        return after
    if after.next is not None:
        given_up = Retired(after.next.generation, now_ms)
        after = replace(after, next=None, retired=(*after.retired, given_up))
    if rules == _rules(after):
        return after
    if len(after.retired) >= MAX_RETIRED:
        message = (
            f"history was folded again {MAX_RETIRED:,} times, and the blocks of none of them are "
            "deleted yet; wait for the next sweep"
        )
        raise BadInputError(message, field="timeZone")
    # Never a number that there was before: someone may still be writing under it.
    number = after.last_generation + 1
    refold = Refold(
        generation=number,
        time_zone=zone,
        session_timeout_minutes=minutes,
        counting_signals=signals,
        started_at_ms=now_ms,
    )
    return replace(after, next=refold, last_generation=number)


def check_quota(events_per_minute: int) -> None:
    """BadInputError for a quota that cannot be."""
    if not 0 <= events_per_minute <= MAX_EVENTS_PER_MINUTE:
        message = f"a quota has 1 to {MAX_EVENTS_PER_MINUTE:,} events a minute; 0 is none"
        raise BadInputError(message, field="eventsPerMinute")


def _rules(settings: Tenant | Refold) -> tuple[str, int, dict[str, tuple[SignalSince, ...]]]:
    return settings.time_zone, settings.session_timeout_minutes, settings.counting_signals


def _check_signals(signals: dict[str, tuple[SignalSince, ...]]) -> None:
    rules = [rule for of_feature in signals.values() for rule in of_feature]
    size = sum(map(len, signals)) + 20 * len(rules)
    if size > MAX_NOTED_CHARACTERS:
        message = "too many counting signals are set; leave out the features that need no rule"
        raise BadInputError(message, field="countingSignals")
    for feature, of_feature in signals.items():
        days = [rule.since for rule in of_feature]
        if not feature or not of_feature or days != sorted(set(days)):
            message = f"the signals of {feature!r} need one rule for each first day, by day"
            raise BadInputError(message, field="countingSignals")
        if Signal.SYSTEM in [rule.signal for rule in of_feature]:
            message = f"what a system does never counts; give {feature!r} ACTION or CHANGE"
            raise BadInputError(message, field="countingSignals")


def _check_rules(zone: str, minutes: int) -> None:
    time_zone(zone)
    if not 1 <= minutes <= MAX_TIMEOUT_MINUTES:
        message = f"a session timeout has 1 to {MAX_TIMEOUT_MINUTES} minutes"
        raise BadInputError(message, field="sessionTimeoutMinutes")
