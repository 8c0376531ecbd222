"""The hour-of-week heat map (definitions §4)."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.enums import Weekday
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count
from shared.metrics.domain.views import heat_map_answer as answers


@strawberry.type(
    description="Time zones as parallel lists, those with most hits first, at most 50."
)
class ZoneHours:
    """One entry a zone."""

    names: list[str] = strawberry.field(
        description="IANA names. The last is `(other groups)` if there are too many zones."
    )
    people: list[int] = strawberry.field(
        graphql_type=list[Count], description="Distinct people with a hit."
    )
    hits: list[list[int]] = strawberry.field(
        graphql_type=list[list[Count]], description="By hour of the week, as in the whole map."
    )
    peak_hours: list[list[int]] = strawberry.field(
        description="The hours of the week with most hits, as indices of `hits`."
    )
    has_others: bool = strawberry.field(description="Whether the last zone stands for several.")

    @classmethod
    def of(cls, zones: answers.ZoneHours) -> Self:
        """From the view's zones."""
        return cls(
            names=zones.names,
            people=zones.people,
            hits=zones.hits,
            peak_hours=zones.peaks,
            has_others=zones.has_others,
        )


@strawberry.type(
    description="When people work: hits by hour of the week, as each person's own clock showed it. "
    "Lists by hour have 168 entries: hour h (0 to 23) of day d of the week is at 24 d + h, and day "
    "0 is `firstWeekday`."
)
class HeatMap(Answer):
    """The answer of the view."""

    range: Range
    first_weekday: Weekday
    hits: list[int] = strawberry.field(graphql_type=list[Count])
    active_users: list[int] = strawberry.field(
        graphql_type=list[Count], description="Distinct people with a hit in that hour of any week."
    )
    peak_hours: list[int] = strawberry.field(
        description="The hours with most hits, as indices of `hits`; none without any hits."
    )
    total_users: int = strawberry.field(
        graphql_type=Count, description="Distinct people with a hit in the range."
    )
    zones: ZoneHours
    without_zone: int = strawberry.field(
        graphql_type=Count,
        description="Of them, people without a time zone: they are shown in the tenant's.",
    )
    unknown_zones: int = strawberry.field(
        graphql_type=Count,
        description="People whose time zone is no IANA name: they are shown in the tenant's.",
    )
    unknown_zone_names: list[str] = strawberry.field(description="What it is; at most 20 names.")
    is_backfilled: bool = strawberry.field(
        description="Whether someone's zone, or a value that matched the filter, was known only "
        "later: before its first known value an attribute has that value."
    )
    overlaps: bool = strawberry.field(
        description="Whether someone's zone changed, so that the people of the zones sum to more "
        "than there were."
    )
    no_data_days: list[date] = strawberry.field(
        description="The days of the range without data: what was done on them is not in the map."
    )

    @classmethod
    def of(cls, answer: answers.HeatMapAnswer) -> Self:
        """From the view's answer."""
        window = answer.proof.window
        return cls(
            **proved(answer.proof),
            range=Range(from_=window.first, to=window.last),
            first_weekday=Weekday(answer.first_weekday),
            hits=answer.hits,
            active_users=answer.people,
            peak_hours=answer.peaks,
            total_users=answer.total_people,
            zones=ZoneHours.of(answer.zones),
            without_zone=answer.without_zone,
            unknown_zones=answer.unknown_zones,
            unknown_zone_names=answer.unknown_names,
            is_backfilled=answer.is_backfilled,
            overlaps=answer.overlaps,
            no_data_days=answer.no_data_days,
        )
