"""The ingest Lambda behind its Function URL."""

from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.ingest.pipeline import Ingest
from functions.ingest.requests import RefusedError, refusal, request_of
from shared.metrics.observability import count, flush, logger
from shared.metrics.services import services


@cache
def ingest() -> Ingest:
    """The pipeline of this process, wired at its first request."""
    return Ingest(services().store, services().clock, count)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    try:
        request = request_of(event, context.aws_request_id)
        response = ingest().respond(request)
    except RefusedError as refused:
        response = refusal(refused)
    count(f"Answered{response.status}", 1)
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().error("not stored", extra={"status": response.status})
    flush()
    return response.as_result()
