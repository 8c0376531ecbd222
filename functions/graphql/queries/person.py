"""The root field `person`."""

from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Comparison
from functions.graphql.inputs import PresetArgument, RangeArgument, about
from functions.graphql.object_types.person import Person
from shared.metrics.engine.engagement_requests import PersonRequest

_UserId: TypeAlias = Annotated[
    strawberry.ID,
    strawberry.argument(name="id", description="The user id, as in events and the directory."),
]


def person(
    info: Info,
    *,
    user_id: _UserId,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    comparison: Comparison = Comparison.PREVIOUS_PERIOD,
    include_today: bool = False,
) -> Person:
    """One person, for admins and managers; for everyone else only themselves."""
    principal = info.context.principal
    is_own = principal.subject == user_id
    tenant = principal.allow(*(Role if is_own else (Role.ADMIN, Role.MANAGER)))
    asked = about(range_, preset, None, include_today=include_today)
    request = PersonRequest(tenant=tenant, **asked, user_id=user_id, comparison=comparison)
    return Person.of(info.context.views.ask(request))
