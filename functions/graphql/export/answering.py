"""The answer to a client that accepts CSV: a file, or an error as JSON."""

from http import HTTPStatus
from typing import Any, Final, NamedTuple

import msgspec

from functions.graphql.context import Context
from functions.graphql.errors import Code, status_of_code
from functions.graphql.export.csv_text import csv_text
from functions.graphql.export.exporting import FailedQueryError, MostRows, exported
from functions.graphql.faults import graphql_fault
from functions.graphql.reading import GraphQLRequest
from shared.metrics.domain.errors import BadInputError

MOST: Final = MostRows(rows=10_000, cells=300_000)
"""300 000 cells take about a second."""

MAX_BYTES: Final = 5_500_000
"""A function answers with at most 6 MB of JSON, in which the file is a text."""


class CsvOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `extensions.csv` of a request can say."""

    bom: bool = False


class CsvFile(NamedTuple):
    """A file, and what to call it."""

    name: str
    text: str


class CsvErrors(NamedTuple):
    """Why there is no file: the status, and entries of `errors`."""

    status: HTTPStatus
    errors: list[dict[str, Any]]


def csv_answer(
    request: GraphQLRequest, context: Context, request_id: str, *, introspection: bool
) -> CsvFile | CsvErrors:
    """The table of a query as a file. BadInputError and others of `exported` are raised, also for
    a file that is too large.
    """
    options = _options(request)
    try:
        table = exported(request, context, MOST, introspection=introspection)
    except FailedQueryError as failed:
        errors = [
            graphql_fault(error, request_id, suggestions=introspection) for error in failed.errors
        ]
        return CsvErrors(status_of_code(Code(errors[0]["extensions"]["code"])), errors)
    text = csv_text(table, byte_order_mark=options.bom)
    size = len(msgspec.json.encode(text))
    if size > MAX_BYTES:
        message = f"the file has {size:,} bytes; it may have {MAX_BYTES:,}: ask for fewer columns"
        raise BadInputError(message, field="query")
    return CsvFile(f"{table.name}.csv", text)


def _options(request: GraphQLRequest) -> CsvOptions:
    try:
        return msgspec.convert((request.extensions or {}).get("csv", {}), CsvOptions)
    except msgspec.ValidationError as error:
        message = f'extensions.csv cannot be read: {error}; it is as {{"bom": true}}'
        raise BadInputError(message, field="extensions.csv") from None
