"""The schema, with its limits and caches."""

from functools import cache
from typing import Final

import strawberry
from graphql import ASTValidationRule, GraphQLError, NoSchemaIntrospectionCustomRule
from strawberry.extensions import AddValidationRules, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from functions.graphql.complexity import ComplexityRule
from functions.graphql.object_types.home import Home
from functions.graphql.object_types.trends import Trends
from functions.graphql.object_types.user_analytics import UserAnalyticsConnection
from functions.graphql.parsing import BoundedParserCache
from functions.graphql.queries.home import home
from functions.graphql.queries.trends import trends
from functions.graphql.queries.user_analytics import user_analytics
from functions.graphql.scalars import SCALARS

_CACHED_DOCUMENTS: Final = 100
"""A document of as many tokens as may be takes 0.6 MB."""


@strawberry.type
class Query:
    """The views."""

    home: Home = strawberry.field(
        resolver=home, description="The use of the CRM at a glance, beside an earlier range."
    )
    trends: Trends = strawberry.field(
        resolver=trends, description="The measures of the whole tenant by day, week or month."
    )
    user_analytics: UserAnalyticsConnection = strawberry.field(
        resolver=user_analytics,
        description="The people who were active in a range. For admins and managers.",
    )


class MetricsSchema(strawberry.Schema):
    """A schema that leaves the logging of errors to those who answer them (faults.py)."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Do nothing: Strawberry would log every mistake of a client as an error, with values."""


@cache
def metrics_schema(*, introspection: bool) -> MetricsSchema:
    """The schema, built once; without introspection clients cannot read it."""
    rules: list[type[ASTValidationRule]] = [ComplexityRule]
    if not introspection:
        rules.append(NoSchemaIntrospectionCustomRule)
    return MetricsSchema(
        query=Query,
        config=StrawberryConfig(scalar_map=SCALARS),
        # Factories, not instances: an extension holds the state of one request.
        extensions=[
            lambda: AddValidationRules(rules),
            lambda: BoundedParserCache(maxsize=_CACHED_DOCUMENTS),
            lambda: ValidationCache(maxsize=_CACHED_DOCUMENTS),
        ],
    )
