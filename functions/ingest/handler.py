"""The ingest Lambda behind its Function URL, which the schedule calls for replays too."""

from functools import cache
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.ingest.pipeline import Ingest
from functions.ingest.replaying import Replayer
from functions.ingest.requests import RefusedError, refusal, request_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.observability import count, flush, logger
from shared.metrics.services import services

REPLAY: Final = "replay"
REPLAYING_MS: Final = 20_000
"""How long one invocation goes on with replays; the function may take half a minute."""


@cache
def replayer() -> Replayer:
    """What sees to replays in this process."""
    return Replayer(services().store, services().clock)


@cache
def ingest() -> Ingest:
    """The pipeline of this process, wired at its first request."""
    return Ingest(services().store, services().clock, count, services().secret_box)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request; or see to the replays that wait, when the schedule says so."""
    if "task" in event:
        return _did(event["task"])
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


def _did(task: object) -> dict[str, Any]:
    if task != REPLAY:
        message = f"unknown task {task!r}; the schedule sends {REPLAY}"
        raise BadInputError(message, field="task")
    stored = replayer().run(services().clock() + REPLAYING_MS)
    count("EventsReplayed", stored)
    flush()
    return {"replayed": stored}
