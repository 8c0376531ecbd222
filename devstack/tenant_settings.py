"""A tenant's settings as options say them, and as they are shown."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from devstack.expectations import expectations_of
from devstack.options import day_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.events import Signal
from shared.metrics.services import Services
from shared.metrics.storage.generations import Refold, SignalSince
from shared.metrics.storage.settings_rules import WEEKDAYS
from shared.metrics.storage.stored_settings import StoredSettings
from shared.metrics.storage.tenants import SettingsChange


def change_of(
    time_zone: str | None,
    session_timeout: int | None,
    first_weekday: str | None,
    lateness_days: int | None,
    bucket_edges: str | None,
    counting_signals: Sequence[str],
    events_per_minute: int | None,
) -> SettingsChange:
    """The change that options ask for; BadInputError if they ask for none, or make no sense."""
    change = SettingsChange(
        time_zone=time_zone,
        session_timeout_minutes=session_timeout,
        first_weekday=None if first_weekday is None else _weekday(first_weekday),
        lateness_days=lateness_days,
        bucket_edges=None if bucket_edges is None else _edges(bucket_edges),
        counting_signals=_signals(counting_signals) if counting_signals else None,
        events_per_minute=events_per_minute,
    )
    if change == SettingsChange():
        message = "say what to set, such as --time-zone Europe/Berlin or --first-weekday sunday"
        raise BadInputError(message)
    return change


def described(services: Services, name: str) -> dict[str, Any]:
    """A tenant's settings, which generation is served, and how far a refold is."""
    settings = StoredSettings(services.store, name, services.clock)
    tenant, version = settings.read()
    return {
        "name": tenant.name,
        "time_zone": tenant.time_zone,
        "session_timeout_minutes": tenant.session_timeout_minutes,
        "first_weekday": WEEKDAYS[tenant.first_weekday],
        "lateness_days": tenant.lateness_days,
        "bucket_edges": list(tenant.bucket_edges),
        "counting_signals": {
            feature: [
                {
                    "signal": rule.signal.name,
                    "since": None if rule.since == date.min else rule.since.isoformat(),
                }
                for rule in rules
            ]
            for feature, rules in tenant.counting_signals.items()
        },
        "expectations": expectations_of(tenant),
        "events_per_minute": tenant.events_per_minute,
        "source_quotas": tenant.source_quotas,
        "pack_shards": tenant.pack_shards,
        "version": version,
        "generation": tenant.generation,
        "refold": None if tenant.next is None else _refold(settings, tenant.next),
    }


def _refold(settings: StoredSettings, refold: Refold) -> dict[str, Any]:
    return {
        "generation": refold.generation,
        "time_zone": refold.time_zone,
        "session_timeout_minutes": refold.session_timeout_minutes,
        "state": refold.state.value,
        **settings.progress(refold)._asdict(),
    }


def _weekday(text: str) -> int:
    name = text.strip().lower()
    if name not in WEEKDAYS:
        message = (
            f"--first-weekday {text!r} is no day of the week; give one of {', '.join(WEEKDAYS)}"
        )
        raise BadInputError(message, field="firstWeekday")
    return WEEKDAYS.index(name)


def _signals(texts: Sequence[str]) -> dict[str, tuple[SignalSince, ...]]:
    """The rules that `FEATURE=SIGNAL@DAY` texts state, by feature and day; NONE states none."""
    rules: dict[str, tuple[SignalSince, ...]] = {}
    if list(texts) == ["NONE"]:
        return rules
    for text in texts:
        feature, _, rest = text.rpartition("=")
        name, _, day = rest.partition("@")
        if not feature or name not in (Signal.ACTION.name, Signal.CHANGE.name):
            message = (
                f"--counting-signal {text!r} is not FEATURE=ACTION or FEATURE=CHANGE, with @DAY if "
                "it holds from a day on; or NONE"
            )
            raise BadInputError(message, field="countingSignals")
        since = day_of("--counting-signal", day) if day else date.min
        rules[feature] = (*rules.get(feature, ()), SignalSince(since, Signal[name]))
    return {feature: tuple(sorted(of_feature)) for feature, of_feature in rules.items()}


def _edges(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(edge) for edge in text.split(","))
    except ValueError:
        message = f"--bucket-edges {text!r} are no whole numbers; give them like 10,100,1000"
        raise BadInputError(message, field="bucketEdges") from None
