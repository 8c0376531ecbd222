"""The optional queue in front of storage, where small deliveries wait to be packed together.

A delivery is acknowledged when the queue has confirmed it: the queue is as durable as the store.
"""

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from shared.metrics.domain.errors import BadInputError, StorageUnavailableError
from shared.metrics.domain.events import Event

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

MAX_MESSAGE_BYTES: Final = 200_000
"""SQS takes 256 KB; larger deliveries are stored at once."""

IN_STORE: Final = "store"
"""The setting that names the queue of one machine."""


class QueuedDelivery(msgspec.Struct, frozen=True):
    """The events of one delivery of a source, as admitted."""

    tenant: str
    request_id: str
    events: list[Event]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(QueuedDelivery)


def text_of(delivery: QueuedDelivery) -> str:
    """A delivery as the text of a message: not all characters may be in one."""
    return b64encode(_encoder.encode(delivery)).decode()


def delivery_of(text: str) -> QueuedDelivery:
    """The delivery of a message; BadInputError if it is none."""
    try:
        return _decoder.decode(b64decode(text, validate=True))
    except (ValueError, msgspec.DecodeError) as error:
        message = f"the message is no delivery: {error}"
        raise BadInputError(message) from None


class DeliveryQueue(Protocol):
    """Where deliveries wait."""

    def send(self, name: str, text: str) -> None:
        """Put a message, which is durable afterwards; StorageUnavailableError if it is not. `name`
        is the request's id.
        """
        ...


class SqsDeliveryQueue:
    """The queue in AWS."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, name: str, text: str) -> None:  # noqa: ARG002 - SQS names messages itself
        """Put a message."""
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=text)
        except (BotoCoreError, ClientError) as error:
            message = f"The delivery queue {self._url} did not take a message ({error})."
            raise StorageUnavailableError(message) from None

    def is_empty(self) -> bool:
        """Whether, as far as SQS knows, nothing waits and nothing is being stored."""
        try:
            answer = self._client.get_queue_attributes(
                QueueUrl=self._url,
                AttributeNames=[
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesNotVisible",
                    "ApproximateNumberOfMessagesDelayed",
                ],
            )
        except (BotoCoreError, ClientError) as error:
            message = f"The delivery queue {self._url} cannot be looked at ({error})."
            raise StorageUnavailableError(message) from None
        return all(number == "0" for number in answer["Attributes"].values())
