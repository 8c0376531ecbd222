"""GraphQL over HTTP: what a request means, and with which status it is answered.

Follows https://graphql.github.io/graphql-over-http/draft/, and passes the audits of the npm package
`graphql-http` (tests/e2e). Besides, whoever accepts `text/csv` gets the answer as a table.
"""

import json
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from graphql import GraphQLError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from functions.graphql.auth import verified
from functions.graphql.context import Context, Services
from functions.graphql.errors import HttpRefusedError, status_of
from functions.graphql.export.answering import CsvErrors, csv_answer
from functions.graphql.faults import fault, graphql_fault
from functions.graphql.keys import token_key
from functions.graphql.media_types import CSV, GRAPHQL, JSON, negotiated
from functions.graphql.reading import GraphQLRequest, posted, queried
from functions.graphql.schema import metrics_schema
from functions.graphql.segments import SegmentViews

_HEADERS: Final = {"Cache-Control": "no-store"}
_STATUS_HEADERS: Final = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.METHOD_NOT_ALLOWED: {"Allow": "GET, POST"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "30"},
}


def answered(event: APIGatewayProxyEventV2, services: Services, request_id: str) -> Response[str]:
    """Answer a GET or POST. An error before GraphQL begins is raised, and `refused` answers it."""
    settings = services.settings
    key = token_key(settings.token_key)
    authorization = event.headers.get("authorization")
    principal = verified(authorization, key, settings, services.clock())
    views = SegmentViews(services.views, services.tenancy, principal)
    context = Context(principal, views, services)
    media_type = negotiated(event.headers.get("accept"))
    if media_type is None:
        message = f"answers are {GRAPHQL}, {JSON} or {CSV}; accept one of them"
        raise HttpRefusedError(HTTPStatus.NOT_ACCEPTABLE, message)
    if media_type == CSV:
        return _table(_requested(event), context, request_id, introspection=settings.introspection)
    result = _executed(event, context, introspection=settings.introspection)
    body = _body(result, request_id, suggestions=settings.introspection)
    # A client that only knows JSON takes any other status for a failure of the transport.
    is_refused = media_type == GRAPHQL and "data" not in body
    return _response(HTTPStatus.BAD_REQUEST if is_refused else HTTPStatus.OK, media_type, body)


def refused(event: APIGatewayProxyEventV2, error: Exception, request_id: str) -> Response[str]:
    """Answer a request that failed before GraphQL began."""
    media_type = negotiated(event.headers.get("accept")) or JSON
    if media_type == CSV:
        media_type = JSON
    return _response(status_of(error), media_type, {"errors": [fault(error, request_id)]})


def _requested(event: APIGatewayProxyEventV2) -> GraphQLRequest:
    return queried(event) if event.http_method == "GET" else posted(event)


def _table(
    request: GraphQLRequest, context: Context, request_id: str, *, introspection: bool
) -> Response[str]:
    answer = csv_answer(request, context, request_id, introspection=introspection)
    if isinstance(answer, CsvErrors):
        return _response(answer.status, JSON, {"errors": answer.errors})
    return Response(
        status_code=HTTPStatus.OK.value,
        content_type=f"{CSV}; charset=utf-8; header=present",
        headers=_HEADERS | {"Content-Disposition": f'attachment; filename="{answer.name}"'},
        body=answer.text,
    )


def _executed(
    event: APIGatewayProxyEventV2, context: Context, *, introspection: bool
) -> ExecutionResult:
    is_get = event.http_method == "GET"
    request = _requested(event)
    allowed = {OperationType.QUERY} if is_get else {OperationType.QUERY, OperationType.MUTATION}
    try:
        return metrics_schema(introspection=introspection).execute_sync(
            request.query,
            variable_values=request.variables,
            context_value=context,
            operation_name=request.operation_name,
            allowed_operation_types=allowed,
        )
    except CannotGetOperationTypeError as error:
        return ExecutionResult(data=None, errors=[GraphQLError(error.as_http_error_reason())])
    except InvalidOperationTypeError as error:
        message = error.as_http_error_reason(event.http_method)
        raise HttpRefusedError(HTTPStatus.METHOD_NOT_ALLOWED, message) from None


def _body(result: ExecutionResult, request_id: str, *, suggestions: bool) -> dict[str, Any]:
    """The response. It has no `data` when the request was refused before its execution."""
    errors = result.errors or []
    body: dict[str, Any] = {}
    if errors:
        body["errors"] = [
            graphql_fault(error, request_id, suggestions=suggestions) for error in errors
        ]
    if result.data is not None or any(error.path for error in errors):
        body["data"] = result.data
    return body


def _response(status: HTTPStatus, media_type: str, body: dict[str, Any]) -> Response[str]:
    return Response(
        status_code=status.value,
        content_type=f"{media_type}; charset=utf-8",
        headers=_HEADERS | _STATUS_HEADERS.get(status, {}),
        # Only ASCII, so that no name in an answer can make it impossible to encode.
        body=json.dumps(body, separators=(",", ":")),
    )
