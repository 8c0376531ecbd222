"""The proof of a number (definitions §6)."""

from datetime import datetime
from typing import Self

import strawberry

from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.views.evidence import Evidence


@strawberry.type(
    description="What the events of a range came to, whoever and whatever they were about: the "
    "rows that every number of the range is counted from."
)
class Proof:
    """The proof of the numbers of a range."""

    definition_version: str
    range: Range
    from_: datetime = strawberry.field(name="from", description="When the first day begins.")
    to: datetime = strawberry.field(
        description="When the last day ends, or in an earlier range that is compared with an "
        "unfinished day, when it is cut off; this instant is not in the range."
    )
    rows: int = strawberry.field(graphql_type=Count, description="Events, each counted once.")
    duplicates_removed: int = strawberry.field(
        graphql_type=Count,
        description="Events left out of them, because they had been sent already; of whole days.",
    )
    late_rows: int = strawberry.field(
        graphql_type=Count, description="Those of the rows that came in after their day was over."
    )
    unattributed_changes: int = strawberry.field(
        graphql_type=Count, description="Changes that nobody is known to have made."
    )
    shadowed: int = strawberry.field(
        graphql_type=Count,
        description="Actions and changes by people that are no hits, because the other signal of "
        "their feature counts: one deed that two sources tell of is one hit.",
    )
    anonymous_hits: int = strawberry.field(
        graphql_type=Count, description="Actions by nobody who is known; they are no hits."
    )
    anonymous_ids: int = strawberry.field(
        graphql_type=Count,
        description="The distinct browsers or devices they came from; they are no people.",
    )
    sources: list[str] = strawberry.field(description="Where the rows came from.")
    rows_by_source: list[int] = strawberry.field(
        graphql_type=list[Count], description="The rows of each of the sources, in their order."
    )
    provisional_days: int = strawberry.field(description="Days that late events may still change.")
    final_days: int = strawberry.field(description="The other days.")
    outdated_days: int = strawberry.field(
        description="Days that were computed by an earlier version, and will be computed anew."
    )
    restatements: int = strawberry.field(
        graphql_type=Count,
        description="Changes of these days after they were final, as the root field "
        "`restatements` lists them.",
    )
    no_data_sources: list[str] = strawberry.field(
        description="Sources that should have sent something on some of the days, and sent "
        "nothing: those are days without data for what the source feeds."
    )

    @classmethod
    def of(cls, found: Evidence) -> Self:
        """From the engine's answer."""
        return cls(
            definition_version=found.proof.definition_version,
            range=Range(from_=found.proof.window.first, to=found.proof.window.last),
            from_=from_milliseconds(found.from_ms),
            to=from_milliseconds(found.to_ms),
            rows=found.rows,
            duplicates_removed=found.duplicates,
            late_rows=found.late,
            unattributed_changes=found.unattributed_changes,
            shadowed=found.shadowed,
            anonymous_hits=found.anonymous_hits,
            anonymous_ids=found.anonymous_ids,
            sources=found.sources,
            rows_by_source=found.rows_by_source,
            provisional_days=found.provisional_days,
            final_days=found.final_days,
            outdated_days=found.outdated_days,
            restatements=found.restatements,
            no_data_sources=found.no_data_sources,
        )
