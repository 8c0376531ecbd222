"""From a request to a table: the same query, the same caller, the same numbers as of the API."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    print_ast,
    separate_operations,
    specified_rules,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from functions.graphql.complexity import ComplexityRule
from functions.graphql.context import Context
from functions.graphql.export.flattening import connection_of, table_of
from functions.graphql.export.pages import WholeLists, paged, whole
from functions.graphql.export.shape import leaves, root_field
from functions.graphql.export.table import Table
from functions.graphql.parsing import parsed
from functions.graphql.reading import GraphQLRequest
from functions.graphql.schema import MetricsSchema, metrics_schema
from shared.metrics.domain.errors import BadInputError, MetricsError

_RULES: Final = (*specified_rules, ComplexityRule)


@dataclass(frozen=True, slots=True)
class MostRows:
    """How much of a list may be exported at once: so many rows, and so many cells."""

    rows: int
    cells: int

    def of(self, columns: int) -> int:
        """The rows that there may be with so many columns."""
        return max(1, min(self.rows, self.cells // max(columns, 1)))


class FailedQueryError(MetricsError):
    """A query was answered with errors; an export has no place for part of an answer."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


def exported(
    request: GraphQLRequest, context: Context, most: MostRows, *, introspection: bool = False
) -> Table:
    """The table of a query.

    BadInputError if it is none, if it is not for a table, or if a list is longer than may be;
    QueryTooComplexError as for any query; FailedQueryError if it is answered with errors.
    """
    schema = metrics_schema(introspection=introspection)
    core = types_of(schema)
    document, operation = _operation(request, core)
    variables = _variables(core, operation, request)
    root = root_field(core, document, operation, variables)
    connection = connection_of(root)
    columns = sum(1 for _ in leaves(root))
    most_rows = most.of(columns)
    if connection is not None:
        context = replace(context, views=WholeLists(context.views, most_rows))
        document = paged(document, connection[-1].nodes)
    text = print_ast(document)

    def execute(page: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON has
        result = schema.execute_sync(
            text, variable_values={**(request.variables or {}), **page}, context_value=context
        )
        if result.errors:
            raise FailedQueryError(result.errors) from result.errors[0].original_error
        return (result.data or {})[root.key]

    answer = execute({}) if connection is None else whole(execute, connection, most_rows)
    return table_of(root, answer)


def types_of(schema: MetricsSchema) -> GraphQLSchema:
    """The types of a schema."""
    return schema._schema  # noqa: SLF001 - there is no other way to them


def _operation(
    request: GraphQLRequest, schema: GraphQLSchema
) -> tuple[DocumentNode, OperationDefinitionNode]:
    """The operation that is asked for, alone in a document, and valid."""
    try:
        document = parsed(request.query)
    except GraphQLSyntaxError as error:
        raise FailedQueryError([error]) from None
    errors = validate(schema, document, _RULES)
    if errors:
        raise FailedQueryError(errors)
    operation = get_operation_ast(document, request.operation_name)
    if operation is None:
        message = "the document has no operation of that name, or several and none is named"
        raise BadInputError(message, field="operationName")
    if operation.operation is not OperationType.QUERY:
        raise BadInputError("a table is made of a query; nothing can be changed", field="query")
    name = operation.name.value if operation.name else ""
    return separate_operations(document)[name], operation


def _variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, request: GraphQLRequest
) -> VariableValues:
    definitions = operation.variable_definitions or ()
    values = get_variable_values(schema, definitions, request.variables or {})
    if isinstance(values, list):
        raise FailedQueryError(values)
    return values
