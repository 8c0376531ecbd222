"""Retention (definitions §4)."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count
from shared.metrics.domain.views import engagement_answers as answers


@strawberry.type(
    description="Retention by the group that people were in on the day on which they began, as "
    'parallel lists: the largest first; beyond 50 the others are one, "(other groups)".'
)
class RetentionGroups:
    """One entry a group in which anyone began."""

    names: list[str]
    sizes: list[int] = strawberry.field(
        graphql_type=list[Count], description="The people of all cohorts."
    )
    mean_rates: list[list[float | None]]
    is_backfilled: bool = strawberry.field(
        description="Whether a value that was known only later told someone's group."
    )

    @classmethod
    def of(cls, groups: answers.RetentionGroups) -> Self:
        """From a view's groups."""
        return cls(
            names=groups.names,
            sizes=groups.sizes,
            mean_rates=groups.mean_rates,
            is_backfilled=groups.is_backfilled,
        )


@strawberry.type(
    description="Weekly cohorts and who of them came back: a table with a row a cohort and a "
    "column for each week since, the first of which is the cohort's own."
)
class Retention(Answer):
    """The answer of the view."""

    range: Range
    cohorts: list[date] = strawberry.field(
        description="The first day of the week in which each cohort began."
    )
    cohort_is_partial: list[bool] = strawberry.field(
        description="Whether that week reaches outside of the days that were counted."
    )
    sizes: list[int] = strawberry.field(
        graphql_type=list[Count], description="The people of each cohort."
    )
    returned: list[list[int | None]] = strawberry.field(
        graphql_type=list[list[Count | None]],
        description="The people of each cohort who were there so many weeks later; null for weeks "
        "after the range.",
    )
    rates: list[list[float | None]] = strawberry.field(
        description="Their share of the cohort; null also if it is empty."
    )
    is_partial_week: list[list[bool]] = strawberry.field(
        description="Whether the week of a cell is not counted whole, so that more may come."
    )
    cohort_no_data: list[bool] = strawberry.field(
        description="Whether the week of a cohort has a day without data, so that more people may "
        "have begun in it."
    )
    no_data: list[list[bool]] = strawberry.field(
        description="Whether the week of a cell has a day without data, so that more people may "
        "have been there."
    )
    mean_rates: list[float | None] = strawberry.field(
        description="For each number of weeks the share of all cohorts together, of whole weeks "
        "without such days only; null if there are none."
    )
    groups: RetentionGroups | None = strawberry.field(description="Null unless `groupBy` is given.")

    @classmethod
    def of(cls, answer: answers.RetentionAnswer) -> Self:
        """From the view's answer."""
        window = answer.proof.window
        return cls(
            **proved(answer.proof),
            range=Range(from_=window.first, to=window.last),
            cohorts=answer.dates,
            cohort_is_partial=answer.cohort_is_partial,
            sizes=answer.sizes,
            returned=answer.returned,
            rates=answer.rates,
            is_partial_week=answer.is_partial,
            cohort_no_data=answer.cohort_no_data,
            no_data=answer.no_data,
            mean_rates=answer.mean_rates,
            groups=RetentionGroups.of(answer.groups) if answer.groups else None,
        )
