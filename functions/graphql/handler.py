"""The function: GraphQL at /graphql, behind an HTTP API."""

from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.graphql import transport
from functions.graphql.context import Services
from functions.graphql.errors import HttpRefusedError
from shared.metrics.domain.errors import NotFoundError
from shared.metrics.observability import flush
from shared.metrics.services import services

PATH: Final = "/graphql"


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event of the HTTP API."""
    try:
        return respond(event, context, services())
    finally:
        flush()


def respond(event: dict[str, Any], context: LambdaContext, services: Services) -> dict[str, Any]:
    """Answer one event; whatever the client sent, with an answer and never an exception."""
    app = APIGatewayHttpResolver(debug=False)
    # Powertools keeps the event on the class, where threads of the local stack would take each
    # other's; on an instance of one request they cannot.
    app.current_event = request = APIGatewayProxyEventV2(event)
    request_id = context.aws_request_id

    def answer() -> Response[str]:
        return transport.answered(request, services, request_id)

    def no_route(_error: Exception) -> Response[str]:
        if request.path != PATH:
            raise NotFoundError(f"there is only {PATH}")
        raise HttpRefusedError(HTTPStatus.METHOD_NOT_ALLOWED, f"{PATH} takes GET and POST")

    def refuse(error: Exception) -> Response[str]:
        return transport.refused(request, error, request_id)

    app.get(PATH)(answer)
    app.post(PATH)(answer)
    app.not_found(no_route)
    app.exception_handler(Exception)(refuse)
    return app.resolve(event, context)
