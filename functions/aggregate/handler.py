"""The aggregate Lambda: EventBridge Scheduler says when to dispatch, SQS what to fold."""

from functools import cache
from typing import Any

import msgspec
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.aggregate.queue import FoldMessage, LocalQueue, Queue, SqsQueue
from functions.aggregate.source_watch import watch_sources
from functions.aggregate.tasks import dispatch, sweep, work
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.source_health import ALARMING
from shared.metrics.observability import count, flush, logger
from shared.metrics.services import services


@cache
def queue() -> Queue:
    """The queue of this process."""
    url = services().settings.queue_url
    if not url:
        return LocalQueue()
    import boto3

    return SqsQueue(boto3.client("sqs"), url)


def handler(event: dict[str, Any], context: LambdaContext) -> object:
    """Dispatch or sweep for the scheduler; fold for the queue, where only what fails returns."""
    if "Records" in event:
        return process_partial_response(
            event=event,
            record_handler=_fold,
            processor=BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False),
            context=context,
        )
    task = event.get("task")
    if task == "dispatch":
        return {"dispatched": dispatch(services(), queue())}
    if task == "sweep":
        sweep(services())
        states = watch_sources(services())
        for state, number in states.items():
            count(f"Sources{state.value.title()}", number)
        count("SourcesToSeeTo", sum(states[state] for state in ALARMING))
        flush()
        return {}
    message = f"unknown task {task!r}; the schedule sends dispatch or sweep"
    raise BadInputError(message, field="task")


def _fold(record: SQSRecord) -> None:
    try:
        work(services(), msgspec.json.decode(record.body, type=FoldMessage))
    except Exception:
        # The batch reports only that the message failed; the queue then delivers it again.
        logger().exception("not folded", extra={"message_id": record.message_id})
        raise
