"""The table of a view, asked for as its GraphQL is, without HTTP and its limits of size."""

from collections.abc import Mapping
from typing import Any, Final

from devstack.exporting.queries import query_for
from functions.graphql.auth import Principal
from functions.graphql.context import Context
from functions.graphql.export.exporting import MostRows, exported, types_of
from functions.graphql.export.table import Table
from functions.graphql.reading import GraphQLRequest
from functions.graphql.schema import metrics_schema
from functions.graphql.segments import SegmentViews
from shared.metrics.services import Services

_MOST: Final = MostRows(rows=1_000_000, cells=50_000_000)


def table_of_query(
    services: Services, principal: Principal, text: str, variables: Mapping[str, Any]
) -> Table:
    """The table of a query. BadInputError if it is none; FailedQueryError if it has errors."""
    views = SegmentViews(services.views, services.tenancy, principal)
    context = Context(principal, views, services)
    request = GraphQLRequest(query=text, variables=dict(variables))
    return exported(request, context, _MOST, introspection=True)


def table_of_view(
    services: Services, principal: Principal, name: str, arguments: Mapping[str, Any]
) -> Table:
    """The table of that name. BadInputError if there is none, or it takes no such arguments."""
    schema = types_of(metrics_schema(introspection=True))
    return table_of_query(services, principal, *query_for(schema, name, arguments))
