"""Fold messages and the queue they travel by."""

from collections import deque
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from shared.metrics.domain.errors import StorageUnavailableError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

SQS_BATCH: Final = 10


class Task(Enum):
    """What there is to be done."""

    FOLD = "fold"
    """Fold a unit of a generation."""
    SPLIT = "split"
    """Split the packs of a unit that is served again, into a generation that is being built."""
    REFOLD = "refold"
    """See whether the generation being built has got any further, or can be served."""


class FoldMessage(msgspec.Struct, frozen=True):
    """One unit to fold, or a step of a refold."""

    tenant: str
    unit: str
    generation: int = 1
    task: Task = Task.FOLD


class Queue(Protocol):
    """Where the dispatcher puts messages for the workers."""

    def send(self, messages: Sequence[FoldMessage]) -> None:
        """Put messages; StorageUnavailableError if any was not taken."""
        ...


class LocalQueue:
    """Messages of one process, taken by its own scheduler."""

    def __init__(self) -> None:
        self._waiting: deque[FoldMessage] = deque()

    def send(self, messages: Sequence[FoldMessage]) -> None:
        """Put messages."""
        self._waiting.extend(messages)

    def take(self, most: int) -> list[FoldMessage]:
        """Take up to so many messages."""
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]


class SqsQueue:
    """The queue in AWS."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, messages: Sequence[FoldMessage]) -> None:
        """Put messages, ten a request."""
        for start in range(0, len(messages), SQS_BATCH):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {"Id": str(at), "MessageBody": msgspec.json.encode(message).decode()}
                for at, message in enumerate(messages[start : start + SQS_BATCH])
            ]
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            if answer.get("Failed"):
                message = f"the queue did not take {len(answer['Failed'])} messages"
                raise StorageUnavailableError(message)
