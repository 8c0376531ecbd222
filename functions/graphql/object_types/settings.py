"""A tenant's settings, and the refold that a change of them may take."""

from datetime import datetime
from typing import Self

import strawberry

from functions.graphql.context import Info
from functions.graphql.enums import RefoldState, Weekday
from functions.graphql.object_types.counting_signal import CountingSignals
from functions.graphql.scalars import Count
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.storage import generations
from shared.metrics.storage.tenants import StoredTenant, Tenant


@strawberry.type(
    description="History being folded again by other rules. Until it is done, answers are as they "
    "were; then they change at once."
)
class Refold:
    """How far it is."""

    time_zone: str
    session_timeout_minutes: int
    state: RefoldState
    started_at: datetime
    days_split: int = strawberry.field(
        graphql_type=Count, description="Days whose events have been split by the new rules."
    )
    days_to_split: int = strawberry.field(
        graphql_type=Count, description="Days that are still to be; more while planning."
    )
    days_to_fold: int = strawberry.field(
        graphql_type=Count, description="New days that are to be folded, as far as is known."
    )


def _refold(root: "Settings", info: Info) -> Refold | None:
    refold = root.tenant.next
    return None if refold is None else _shown(refold, info)


def _shown(refold: generations.Refold, info: Info) -> Refold:
    progress = info.context.tenant_settings.progress(refold)
    return Refold(
        time_zone=refold.time_zone,
        session_timeout_minutes=refold.session_timeout_minutes,
        state=refold.state,
        started_at=from_milliseconds(refold.started_at_ms),
        **progress._asdict(),
    )


def _counting_signals(root: "Settings") -> CountingSignals:
    return CountingSignals.of(root.tenant)


@strawberry.type(description="The settings of the tenant.")
class Settings:
    """As they are served."""

    tenant: strawberry.Private[Tenant]

    time_zone: str = strawberry.field(
        description="The IANA name of the reporting time zone; all days are local in it."
    )
    session_timeout_minutes: int = strawberry.field(
        description="A session ends when the gap to the next activity is longer."
    )
    first_weekday: Weekday = strawberry.field(description="The first day of a week.")
    lateness_days: int = strawberry.field(
        description="So many days after a day has ended, answers about it are final."
    )
    bucket_edges: list[int] = strawberry.field(
        description="The inclusive upper edges of the frequency buckets, unless others are asked "
        "for; ascending."
    )
    counting_signals: CountingSignals = strawberry.field(
        resolver=_counting_signals,
        description="Which signal of which feature counts, by feature and day.",
    )
    events_per_minute: int | None = strawberry.field(
        description="How many events may come; null for as many as do."
    )
    version: int = strawberry.field(
        graphql_type=Count, description="To be handed back as `expectedVersion`."
    )
    refold: Refold | None = strawberry.field(
        resolver=_refold,
        description="The change of time zone, session timeout or counting signals that is under "
        "way, if any is.",
    )

    @classmethod
    def of(cls, stored: StoredTenant) -> Self:
        """From what is stored."""
        tenant = stored.tenant
        return cls(
            tenant=tenant,
            time_zone=tenant.time_zone,
            session_timeout_minutes=tenant.session_timeout_minutes,
            first_weekday=Weekday(tenant.first_weekday),
            lateness_days=tenant.lateness_days,
            bucket_edges=list(tenant.bucket_edges),
            events_per_minute=tenant.events_per_minute or None,
            version=stored.version,
        )
