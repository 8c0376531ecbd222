"""The root field that changes a tenant's settings."""

from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Weekday
from functions.graphql.object_types.counting_signal import CountingSignalInput, rules_of
from functions.graphql.object_types.settings import Settings
from functions.graphql.scalars import Count
from shared.metrics.storage.tenants import SettingsChange


@strawberry.input(
    description="What is to be changed; what is left out stays as it is. With another time zone, "
    "session timeout or counting signal history is folded again, and answers change when that is "
    "done."
)
class SettingsInput:
    """A change of settings."""

    time_zone: str | None = strawberry.field(
        default=None, description="An IANA name, such as Europe/Berlin."
    )
    session_timeout_minutes: int | None = None
    first_weekday: Weekday | None = None
    lateness_days: int | None = None
    bucket_edges: list[int] | None = strawberry.field(
        default=None, description="Inclusive upper edges, ascending."
    )
    events_per_minute: int | None = strawberry.field(
        default=None, description="How many events may come; 0 for as many as do."
    )
    counting_signals: list[CountingSignalInput] | None = strawberry.field(
        default=None, description="In place of all that are set; an empty list sets none."
    )

    def change(self) -> SettingsChange:
        """The change as a value, not yet checked."""
        edges, weekday = self.bucket_edges, self.first_weekday
        signals = self.counting_signals
        return SettingsChange(
            time_zone=self.time_zone,
            session_timeout_minutes=self.session_timeout_minutes,
            first_weekday=None if weekday is None else int(weekday),
            lateness_days=self.lateness_days,
            bucket_edges=None if edges is None else tuple(edges),
            counting_signals=None if signals is None else rules_of(signals),
            events_per_minute=self.events_per_minute,
        )


_Change: TypeAlias = Annotated[SettingsInput, strawberry.argument(name="input")]


def change_settings(info: Info, *, input_: _Change, expected_version: Count) -> Settings:
    """Change settings of the caller's tenant, unless someone else did so first."""
    info.context.principal.allow(Role.ADMIN)
    changed = info.context.tenant_settings.change(
        input_.change(), expected_version=expected_version
    )
    return Settings.of(changed)
