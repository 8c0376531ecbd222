"""A tenant's settings as options say them, and as they are shown."""

from typing import Any

from devstack.expectations import expectations_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.services import Services
from shared.metrics.storage.generations import Refold
from shared.metrics.storage.settings_rules import WEEKDAYS
from shared.metrics.storage.stored_settings import StoredSettings
from shared.metrics.storage.tenants import SettingsChange


def change_of(
    time_zone: str | None,
    session_timeout: int | None,
    first_weekday: str | None,
    lateness_days: int | None,
    bucket_edges: str | None,
) -> SettingsChange:
    """The change that options ask for; BadInputError if they ask for none, or make no sense."""
    change = SettingsChange(
        time_zone=time_zone,
        session_timeout_minutes=session_timeout,
        first_weekday=None if first_weekday is None else _weekday(first_weekday),
        lateness_days=lateness_days,
        bucket_edges=None if bucket_edges is None else _edges(bucket_edges),
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
        "expectations": expectations_of(tenant),
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


def _edges(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(edge) for edge in text.split(","))
    except ValueError:
        message = f"--bucket-edges {text!r} are no whole numbers; give them like 10,100,1000"
        raise BadInputError(message, field="bucketEdges") from None
