"""Home (definitions §4)."""

from functools import partial
from typing import Self

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.measure import Attendance, Measure
from functions.graphql.object_types.opening import Opening
from functions.graphql.object_types.range import Range
from functions.graphql.object_types.ranked_person import RankedPerson
from functions.graphql.object_types.series import AttendanceSeries, WeekSeries
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import HomeAnswer
from shared.metrics.domain.views.members import Figure
from shared.metrics.engine.requests import HomeRequest


def _top_by_hits(root: "Home", info: Info) -> list[RankedPerson]:
    info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    return [RankedPerson.of(person) for person in root.answer.top_by_hits]


def _top_by_attendance(root: "Home", info: Info) -> list[RankedPerson]:
    info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    return [RankedPerson.of(person) for person in root.answer.top_by_attendance]


@strawberry.type(description="The use of the CRM at a glance, beside an earlier range.")
class Home(Answer):
    """The answer of the view, field by field."""

    answer: strawberry.Private[HomeAnswer]

    range: Range
    compared_range: Range
    total_hits: Measure = strawberry.field(
        description="Actions and changes by people; logins, logouts and heartbeats are none."
    )
    features_used: Measure = strawberry.field(description="Distinct features with a hit.")
    attendance: Attendance
    active_users: Measure = strawberry.field(description="People with a login or a hit.")
    inactive_users: Measure = strawberry.field(description="The other people of the roster.")
    hits_by_week: WeekSeries
    attendance_by_day: AttendanceSeries

    top_by_hits: list[RankedPerson] = strawberry.field(
        resolver=_top_by_hits,
        description="The people with most hits. For admins and managers.",
    )
    top_by_attendance: list[RankedPerson] = strawberry.field(
        resolver=_top_by_attendance,
        description="The people with most active days. For admins and managers.",
    )

    @classmethod
    def of(cls, answer: HomeAnswer, request: HomeRequest) -> Self:
        """From the view's answer to a request."""
        opening = partial(
            Opening.of,
            tenant=request.tenant,
            people=request.people,
            proof=answer.proof,
            compared=Window(answer.compared_first, answer.compared_last),
        )
        return cls(
            **proved(answer.proof),
            answer=answer,
            range=Range(from_=answer.first, to=answer.last),
            compared_range=Range(from_=answer.compared_first, to=answer.compared_last),
            total_hits=Measure.of(answer.total_hits, opening(Figure.TOTAL_HITS)),
            features_used=Measure.of(answer.features_used, opening(Figure.FEATURES_USED)),
            attendance=Attendance.of_attendance(answer.attendance, opening(Figure.ATTENDANCE)),
            active_users=Measure.of(answer.active_users, opening(Figure.ACTIVE_USERS)),
            inactive_users=Measure.of(answer.inactive_users, opening(Figure.INACTIVE_USERS)),
            hits_by_week=WeekSeries.of(answer.hits_by_week),
            attendance_by_day=AttendanceSeries.of(answer.attendance_by_day),
        )
