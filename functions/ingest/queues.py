"""The delivery queue of this process, and when it is seen to be empty."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol, cast

from functions.ingest.delivery_queue import IN_STORE, SqsDeliveryQueue
from functions.ingest.store_queue import StoreQueue
from shared.metrics.services import Services
from shared.metrics.storage.backlog import MILLISECONDS_A_MINUTE, Backlog
from shared.metrics.storage.keys import seen_empty_key
from shared.metrics.storage.ports import Item, Store

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

_CONNECT_SECONDS: Final = 2
_READ_SECONDS: Final = 5
_CALL_ATTEMPTS: Final = 3


def queue_of(services: Services) -> StoreQueue | SqsDeliveryQueue | None:
    """The queue that the settings name, if any."""
    url = services.settings.delivery_queue
    if not url:
        return None
    if url == IN_STORE:
        return StoreQueue(services.store, services.clock)
    from botocore.config import Config
    from botocore.session import get_session

    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": _CALL_ATTEMPTS, "mode": "standard"},
    )
    client = get_session().create_client("sqs", config=config)
    return SqsDeliveryQueue(cast("SQSClient", client), url)


class Emptying(Protocol):
    """A queue that can be looked at."""

    def is_empty(self) -> bool:
        """Whether nothing waits and nothing is being stored."""
        ...


class Settling:
    """Takes marks of the backlog back when nothing has been put on the queue for a while; while
    there is, the batches that are stored do.

    What a queue says of itself may be a minute old, so that it must say so twice.
    """

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock

    def look(self, queue: Emptying) -> None:
        """Look at the queue, which is done once a minute."""
        key = seen_empty_key()
        item = self._store.get(key)
        if not queue.is_empty():
            if item is not None:
                self._store.delete_many([key])
            return
        now_ms = self._clock()
        if item is None:
            self._store.put_many([Item(key, str(now_ms).encode())])
            return
        since_ms = int(item.body)
        if now_ms - since_ms >= MILLISECONDS_A_MINUTE:
            # Who marks a minute has put its message on the queue within the next.
            Backlog(self._store).settle(since_ms - MILLISECONDS_A_MINUTE)
            self._store.put_many([Item(key, str(now_ms - MILLISECONDS_A_MINUTE).encode())])
