"""One person (definitions §4)."""

from datetime import date, datetime
from typing import Self

import strawberry

from functions.graphql.enums import ChangeReason, LifecycleState
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.person_metrics import instant
from functions.graphql.object_types.range import Range
from functions.graphql.object_types.working_day_attendance import WorkingDayAttendance
from functions.graphql.scalars import Count, Milliseconds
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.views import person as answers


@strawberry.type(description="A number of one person, beside the one it is compared with.")
class PersonMeasure:
    """One of a person's figures."""

    value: int = strawberry.field(graphql_type=Count)
    previous: int | None = strawberry.field(
        graphql_type=Count | None,
        description="The same over the compared range; null for sessions while the range holds an "
        "unfinished day.",
    )
    change_percent: float | None = strawberry.field(
        description="(value - previous) / previous x 100; null when it cannot be known."
    )
    reason: ChangeReason | None = strawberry.field(description="Why there is no percentage.")

    @classmethod
    def of(cls, measure: answers.PersonMeasure) -> Self:
        """From a view's measure."""
        return cls(
            value=measure.value,
            previous=measure.previous,
            change_percent=measure.change_percent,
            reason=measure.reason,
        )


@strawberry.type(description="Every day of a person, as parallel lists.")
class PersonDays:
    """One entry a day, none left out."""

    dates: list[date]
    is_active: list[bool]
    hits: list[int] = strawberry.field(graphql_type=list[Count])
    logins: list[int] = strawberry.field(graphql_type=list[Count])
    sessions: list[int] = strawberry.field(graphql_type=list[Count])
    session_milliseconds: list[int] = strawberry.field(graphql_type=list[Milliseconds])
    no_data: list[bool] = strawberry.field(description="Whether the day is without data.")


@strawberry.type(description="Features with a hit of a person, as parallel lists.")
class PersonFeatures:
    """Most hits first; at most 100."""

    names: list[str]
    hits: list[int] = strawberry.field(graphql_type=list[Count])
    total_count: int = strawberry.field(
        graphql_type=Count, description="How many there are, also where not all are listed."
    )


@strawberry.type(description="What the directory has stated of a person, as parallel lists.")
class PersonAttributes:
    """By attribute, then by time; the latest 100 changes of each."""

    names: list[str]
    values: list[str | None] = strawberry.field(
        description="Null where the attribute was taken away."
    )
    since: list[datetime]


@strawberry.type(
    description="One person: the metrics of a range, and what is known from all of history."
)
class Person(Answer):
    """The answer of the view."""

    range: Range
    compared_range: Range
    user_id: str
    name: str | None
    email: str | None
    language: str | None
    country: str | None
    person_time_zone: str | None = strawberry.field(
        description="The person's own; `timeZone` is the tenant's."
    )
    account_status: str | None
    role: str | None
    team: str | None
    manager: str | None
    licence: str | None
    is_integration: bool = strawberry.field(
        description="Whether it is the account of a program, nothing of which counts."
    )
    attributes: PersonAttributes
    state: LifecycleState = strawberry.field(description="At the end of the range.")
    first_active: date | None = strawberry.field(
        description="The day of the first login or hit ever."
    )
    last_seen: datetime | None = strawberry.field(
        description="The latest login or hit, whatever the range."
    )
    last_login: datetime | None = strawberry.field(description="Likewise the latest login.")
    hits: PersonMeasure
    attendance: PersonMeasure
    working_day_attendance: WorkingDayAttendance
    logins: PersonMeasure
    features_used: PersonMeasure
    sessions: PersonMeasure
    single_event_sessions: PersonMeasure
    session_milliseconds: PersonMeasure
    features: PersonFeatures
    by_day: PersonDays

    @classmethod
    def of(cls, answer: answers.PersonAnswer) -> Self:
        """From the view's answer."""
        window, compared = answer.proof.window, answer.compared
        attributes, features, days = answer.attributes, answer.features, answer.days
        return cls(
            **proved(answer.proof),
            range=Range(from_=window.first, to=window.last),
            compared_range=Range(from_=compared.first, to=compared.last),
            user_id=answer.user_id,
            name=answer.name,
            email=answer.email,
            language=answer.language,
            country=answer.country,
            person_time_zone=answer.time_zone,
            account_status=answer.account_status,
            role=answer.role,
            team=answer.team,
            manager=answer.manager,
            licence=answer.licence,
            is_integration=answer.is_integration,
            attributes=PersonAttributes(
                names=attributes.names,
                values=attributes.values,
                since=[from_milliseconds(at_ms) for at_ms in attributes.since_ms],
            ),
            state=answer.state,
            first_active=answer.first_active,
            last_seen=instant(answer.last_seen_ms),
            last_login=instant(answer.last_login_ms),
            hits=PersonMeasure.of(answer.hits),
            attendance=PersonMeasure.of(answer.attendance),
            working_day_attendance=WorkingDayAttendance.of(answer.working_day_attendance),
            logins=PersonMeasure.of(answer.logins),
            features_used=PersonMeasure.of(answer.features_used),
            sessions=PersonMeasure.of(answer.sessions),
            single_event_sessions=PersonMeasure.of(answer.single_event_sessions),
            session_milliseconds=PersonMeasure.of(answer.session_milliseconds),
            features=PersonFeatures(
                names=features.names, hits=features.hits, total_count=features.total
            ),
            by_day=PersonDays(
                dates=days.dates,
                is_active=days.is_active,
                hits=days.hits,
                logins=days.logins,
                sessions=days.sessions,
                session_milliseconds=days.session_milliseconds,
                no_data=days.no_data,
            ),
        )
