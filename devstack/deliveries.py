"""Hands what waits in the delivery queue of this machine to the ingest function, as SQS would."""

import logging
from typing import Any, Final

from devstack.invocation import invoke
from devstack.lambda_events import delivery_event
from functions.ingest.handler import handler
from functions.ingest.store_queue import StoreQueue, WaitingDelivery
from shared.metrics.services import Services

BATCH: Final = 1_000
"""As in infra/template.yaml."""

_logger = logging.getLogger(__name__)


def store_waiting(services: Services) -> int:
    """Have everything stored that waits; how many messages were. What fails waits again."""
    queue = StoreQueue(services.store, services.clock)
    stored = 0
    while batch := queue.take(BATCH):
        failed = set(_failures(batch))
        done = [each for each in batch if each.name not in failed]
        queue.finish(done)
        for each in queue.put_back([each for each in batch if each.name in failed]):
            _logger.error("delivery %s could not be stored, and is put aside", each.name)
        stored += len(done)
        if failed or len(batch) < BATCH:
            break
    return stored


def _failures(batch: list[WaitingDelivery]) -> list[str]:
    answer: dict[str, Any] = invoke(handler, delivery_event(batch), "ingest")
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
