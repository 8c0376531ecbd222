"""A row of a top list."""

from typing import Self

import strawberry

from functions.graphql.scalars import Count
from shared.metrics.domain.views import answers


@strawberry.type(description="A row of a top list.")
class RankedPerson:
    """A person with a value and a rank."""

    rank: int = strawberry.field(description="Equal values share a rank.")
    user_id: str
    name: str | None
    email: str | None
    value: int = strawberry.field(graphql_type=Count)
    previous: int = strawberry.field(
        graphql_type=Count, description="The same over the compared range."
    )

    @classmethod
    def of(cls, person: answers.RankedPerson) -> Self:
        """From a view's row."""
        return cls(
            rank=person.rank,
            user_id=person.user_id,
            name=person.name,
            email=person.email,
            value=person.value,
            previous=person.previous,
        )
