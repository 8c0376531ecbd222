"""Plays EventBridge Scheduler and SQS for the local server."""

import logging
import threading
import time
from collections import Counter
from typing import Final

from devstack.deliveries import store_waiting
from devstack.folding import aggregate, batches, failures, local_queue
from devstack.lambda_events import scheduler_event
from devstack.tending import tend
from functions.aggregate.queue import FoldMessage
from shared.metrics.services import services
from shared.metrics.storage.sqlite import SqliteStore

DISPATCH_SECONDS: Final = 5.0
SWEEP_SECONDS: Final = 3_600.0
MAX_RECEIVES: Final = 5
"""As in infra/template.yaml: a message that fails so often is dropped. Its unit stays marked."""

_TAKEN: Final = 1_000_000
_logger = logging.getLogger(__name__)


class Scheduler:
    """A thread that dispatches, sweeps, and hands the queue's messages to the aggregate function.

    One thread, because one fold at a time is what one machine is good for.
    """

    def __init__(self, dispatch_seconds: float = DISPATCH_SECONDS) -> None:
        self._dispatch_seconds = dispatch_seconds
        self._sweep_at = time.monotonic() + SWEEP_SECONDS
        self._receives: Counter[FoldMessage] = Counter()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler")

    def start(self) -> None:
        """Begin; what is dirty already is dispatched at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch that is being folded."""
        self._stopping.set()
        self._thread.join()

    def tick(self) -> None:
        """Do what is due, and drain the queue once."""
        store_waiting(services())
        tend()
        aggregate(scheduler_event("dispatch"))
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + SWEEP_SECONDS
            aggregate(scheduler_event("sweep"))
            _purge_expired()
        for batch in batches(dict.fromkeys(local_queue().take(_TAKEN))):
            if self._stopping.is_set():
                return
            self._deliver(batch)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.tick()
            except Exception:
                # What was not done is still marked, and is done when the cause has gone.
                _logger.exception("the scheduler failed; it tries again")
            self._stopping.wait(self._dispatch_seconds)

    def _deliver(self, batch: list[FoldMessage]) -> None:
        """Have a batch folded, and put back what failed."""
        failed = failures(batch)
        for message in batch:
            if message not in failed:
                del self._receives[message]
                continue
            self._receives[message] += 1
            if self._receives[message] < MAX_RECEIVES:
                local_queue().send([message])
            else:
                del self._receives[message]
                _logger.error("unit %s could not be folded; see --debug", message.unit)


def _purge_expired() -> None:
    """Remove what has expired: DynamoDB does that by itself, SQLite has to be told."""
    store = services().store
    if isinstance(store, SqliteStore):
        store.purge_expired()
