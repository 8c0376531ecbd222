"""The ingest Lambda: behind its Function URL, behind the delivery queue, and for the schedule."""

from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.ingest.pipeline import Ingest
from functions.ingest.requests import RefusedError, refusal, request_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.observability import count, flush, logger
from shared.metrics.services import services

if TYPE_CHECKING:
    from functions.ingest.delivery_queue import SqsDeliveryQueue
    from functions.ingest.packing import Packing
    from functions.ingest.replaying import Replayer
    from functions.ingest.store_queue import StoreQueue

TEND: Final = "tend"
"""What the schedule sends, once a minute."""

REPLAYING_MS: Final = 20_000
"""How long one invocation goes on with replays; the function may take half a minute."""


@cache
def delivery_queue() -> "StoreQueue | SqsDeliveryQueue | None":
    """The queue that small deliveries wait in, if there is one."""
    if not services().settings.delivery_queue:
        return None
    from functions.ingest.queues import queue_of

    return queue_of(services())


@cache
def packing() -> "Packing":
    """What stores deliveries from the queue in this process."""
    from functions.ingest.packing import Packing

    return Packing(services().store, services().clock, _not_stored)


@cache
def replayer() -> "Replayer":
    """What sees to replays in this process."""
    from functions.ingest.replaying import Replayer

    return Replayer(services().store, services().clock)


@cache
def ingest() -> Ingest:
    """The pipeline of this process, wired at its first request."""
    return Ingest(
        services().store, services().clock, count, services().secret_box, delivery_queue()
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request; or store what waited in the queue, of which only what fails comes again;
    or do what the schedule says.
    """
    if "Records" in event:
        return _stored(event["Records"])
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


def _stored(records: list[dict[str, Any]]) -> dict[str, Any]:
    from functions.ingest.packing import Message

    messages = [
        Message(
            record["messageId"],
            record["body"],
            int(record["attributes"]["SentTimestamp"]),
            int(record["attributes"]["ApproximateReceiveCount"]),
        )
        for record in records
    ]
    failed = packing().store(messages)
    count("MessagesStored", len(records) - len(failed))
    count("MessagesFailed", len(failed))
    flush()
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _not_stored(message_id: str, error: Exception) -> None:
    logger().error("not stored", exc_info=error, extra={"message_id": message_id})


def _did(task: object) -> dict[str, Any]:
    if task != TEND:
        message = f"unknown task {task!r}; the schedule sends {TEND}"
        raise BadInputError(message, field="task")
    queue = delivery_queue()
    if queue is not None:
        from functions.ingest.queues import Settling

        Settling(services().store, services().clock).look(queue)
    stored = replayer().run(services().clock() + REPLAYING_MS)
    count("EventsReplayed", stored)
    flush()
    return {"replayed": stored}
