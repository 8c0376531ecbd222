"""Activity (definitions §4)."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Self

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import Page, page_of
from functions.graphql.inputs import FeatureSelectionInput
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.measure import Attendance, Measure
from functions.graphql.object_types.opening import Opening
from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.selection import EVERYTHING
from shared.metrics.domain.views import activity
from shared.metrics.domain.views.members import Figure
from shared.metrics.engine.activity import ActivityRequest
from shared.metrics.engine.activity_people import ActivityPeopleRequest


@strawberry.type(description="Hits by module, as parallel lists; unused modules are there too.")
class ModuleHits:
    """One entry a module."""

    names: list[str]
    hits: list[int] = strawberry.field(graphql_type=list[Count])


@strawberry.type(
    description="Hits of every day, as parallel lists. What a quiet day would have is judged by "
    "its weekday and the level around it; null where too little is known."
)
class Timeline:
    """One entry a day, none left out; and the quiet runs."""

    dates: list[date]
    hits: list[int] = strawberry.field(graphql_type=list[Count])
    expected: list[float | None] = strawberry.field(description="The mean of quiet days.")
    low: list[int | None] = strawberry.field(
        graphql_type=list[Count | None], description="The fewest hits of a quiet day."
    )
    high: list[int | None] = strawberry.field(
        graphql_type=list[Count | None], description="The most hits of a quiet day."
    )
    is_spike: list[bool] = strawberry.field(description="Whether a day has more than `high`.")
    no_data: list[bool] = strawberry.field(
        description="Whether a day is without data for the selection: it is neither a spike nor "
        "quiet, and part of no mean."
    )
    quiet_from: list[date] = strawberry.field(
        description="The first day of each run without hits that its weekdays do not explain."
    )
    quiet_to: list[date] = strawberry.field(description="The last day of each such run.")

    @classmethod
    def of(cls, timeline: activity.Timeline) -> Self:
        """From the view's timeline."""
        return cls(
            dates=timeline.dates,
            hits=timeline.hits,
            expected=timeline.expected,
            low=timeline.low,
            high=timeline.high,
            is_spike=timeline.is_spike,
            no_data=timeline.no_data,
            quiet_from=[run.first for run in timeline.quiet_runs],
            quiet_to=[run.last for run in timeline.quiet_runs],
        )


@strawberry.type(
    description="The annotations of the timeline's days, as parallel lists, with the daily mean "
    "of hits over up to two weeks before the day and after it; null where there are no such days."
)
class AnnotationEffects:
    """One entry an annotation, by day."""

    ids: list[str]
    days: list[date]
    texts: list[str]
    categories: list[str | None]
    mean_before: list[float | None]
    mean_after: list[float | None]

    @classmethod
    def of(cls, effects: list[activity.NoteEffect]) -> Self:
        """From the view's annotations."""
        return cls(
            ids=[each.note.id for each in effects],
            days=[each.note.day for each in effects],
            texts=[each.note.text for each in effects],
            categories=[each.note.category for each in effects],
            mean_before=[each.mean_before for each in effects],
            mean_after=[each.mean_after for each in effects],
        )


@strawberry.type(description="A person in a list of Activity.")
class ActivePerson:
    """What there is to tell of a person at a glance."""

    user_id: str
    name: str | None
    email: str | None
    hits: int = strawberry.field(graphql_type=Count)
    attendance: int = strawberry.field(graphql_type=Count, description="Active local days.")
    last_seen: datetime | None = strawberry.field(
        description="The latest login or hit in the range; null if there is none."
    )

    @classmethod
    def of(cls, person: activity.ActivePerson) -> Self:
        """From the view's row."""
        seen_ms = person.last_seen_ms
        return cls(
            user_id=person.user_id,
            name=person.name,
            email=person.email,
            hits=person.hits,
            attendance=person.attendance,
            last_seen=None if seen_ms is None else from_milliseconds(seen_ms),
        )


@strawberry.type(description="A person, and where they are in the list.")
class ActivePersonEdge:
    """An edge of the connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: ActivePerson


@strawberry.type(description="People by user id.")
class ActivePersonConnection(Answer):
    """A page of people."""

    edges: list[ActivePersonEdge]
    nodes: list[ActivePerson] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo
    total_count: int = strawberry.field(
        graphql_type=Count, description="The people on all pages together."
    )

    @classmethod
    def of(cls, answer: activity.ActivityPeopleAnswer, page: Page) -> Self:
        """From the view's answer, which is that page."""
        nodes = [ActivePerson.of(person) for person in answer.people]
        edges = [ActivePersonEdge(cursor=page.cursor(node.user_id), node=node) for node in nodes]
        return cls(
            **proved(answer.proof),
            edges=edges,
            nodes=nodes,
            page_info=PageInfo(
                has_next_page=answer.people_before + len(nodes) < answer.size,
                has_previous_page=answer.people_before > 0,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
            total_count=answer.size,
        )


def _listed(
    info: Info, request: ActivityPeopleRequest, first: int, after: str | None
) -> ActivePersonConnection:
    info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    page = page_of(request, first, after)
    answer = info.context.views.ask(replace(request, first=page.first, after=page.after))
    return ActivePersonConnection.of(answer, page)


def _people(
    root: "Activity",
    info: Info,
    *,
    is_active: bool,
    search: str,
    used: FeatureSelectionInput | None,
    first: int,
    after: str | None,
) -> ActivePersonConnection:
    selection = used.selection() if used else EVERYTHING
    request = replace(root.people, is_active=is_active, search=search, used=selection)
    return _listed(info, request, first, after)


def _active_people(
    root: "Activity",
    info: Info,
    *,
    search: str = "",
    used: FeatureSelectionInput | None = None,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> ActivePersonConnection:
    return _people(root, info, is_active=True, search=search, used=used, first=first, after=after)


def _inactive_people(
    root: "Activity",
    info: Info,
    *,
    search: str = "",
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> ActivePersonConnection:
    return _people(root, info, is_active=False, search=search, used=None, first=first, after=after)


def _people_without_hit(
    root: "Activity",
    info: Info,
    *,
    since: date,
    of: FeatureSelectionInput | None = None,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> ActivePersonConnection:
    selection = of.selection() if of else EVERYTHING
    request = replace(root.people, used=selection, without_since=since)
    return _listed(info, request, first, after)


@strawberry.type(description="Who is active and who is not, and what stands out over time.")
class Activity(Answer):
    """The answer of the view, field by field."""

    people: strawberry.Private[ActivityPeopleRequest]

    range: Range
    compared_range: Range
    total_hits: Measure = strawberry.field(
        description="Actions and changes by people; logins, logouts and heartbeats are none."
    )
    features_used: Measure = strawberry.field(description="Distinct features with a hit.")
    attendance: Attendance
    active_users: Measure = strawberry.field(description="People with a login or a hit.")
    inactive_users: Measure = strawberry.field(description="The other people of the roster.")
    modules: ModuleHits = strawberry.field(
        description="Over the days of the timeline: an explicit range, or 60 days."
    )
    timeline: Timeline
    annotations: AnnotationEffects
    active_people: ActivePersonConnection = strawberry.field(
        resolver=_active_people,
        description="The people behind `activeUsers`, those whose user id or e-mail holds "
        "`search`, in any case, and who have `used` something. For admins and managers.",
    )
    inactive_people: ActivePersonConnection = strawberry.field(
        resolver=_inactive_people,
        description="The people behind `inactiveUsers`, searched likewise. For admins and "
        "managers.",
    )
    people_without_hit: ActivePersonConnection = strawberry.field(
        resolver=_people_without_hit,
        description="The people of the roster who have no hit of something since a day of the "
        "range, such as that of a release. For admins and managers.",
    )

    @classmethod
    def of(cls, answer: activity.ActivityAnswer, request: ActivityRequest) -> Self:
        """From the view's answer to a request."""
        window, compared, figures = answer.proof.window, answer.compared, answer.figures
        opening = partial(
            Opening.of,
            tenant=request.tenant,
            people=request.people,
            proof=answer.proof,
            compared=compared,
        )
        return cls(
            **proved(answer.proof),
            people=ActivityPeopleRequest(
                tenant=request.tenant, window=window, people=request.people
            ),
            range=Range(from_=window.first, to=window.last),
            compared_range=Range(from_=compared.first, to=compared.last),
            total_hits=Measure.of(figures.total_hits, opening(Figure.TOTAL_HITS)),
            features_used=Measure.of(figures.features_used, opening(Figure.FEATURES_USED)),
            attendance=Attendance.of_attendance(figures.attendance, opening(Figure.ATTENDANCE)),
            active_users=Measure.of(figures.active_users, opening(Figure.ACTIVE_USERS)),
            inactive_users=Measure.of(figures.inactive_users, opening(Figure.INACTIVE_USERS)),
            modules=ModuleHits(names=answer.modules.names, hits=answer.modules.hits),
            timeline=Timeline.of(answer.timeline),
            annotations=AnnotationEffects.of(answer.notes),
        )
