"""DynamoDB without a server: confirms every write at once and counts what it would be billed.

So that only the client's CPU is measured, ours and the alternative's alike.
"""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

_EMPTY: dict[str, dict[str, Any]] = {
    "BatchWriteItem": {"UnprocessedItems": {}},
    "BatchGetItem": {"Responses": {}, "UnprocessedKeys": {}},
    "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
}


@dataclass
class Bill:
    """What was written: a write unit is a kilobyte of an item, rounded up.

    It is added up only while `counting`, that is in runs that are not timed.
    """

    counting: bool = False
    items: int = 0
    bytes: int = 0
    write_units: int = 0

    def add(self, item: dict[str, dict[str, Any]]) -> None:
        """Count an item by DynamoDB's rules for sizes."""
        size = sum(len(name) + _size(value) for name, value in item.items())
        self.items += 1
        self.bytes += size
        self.write_units += -(-size // 1024)


class _Raw:
    """A response body as botocore reads it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


@contextmanager
def stubbed_dynamodb() -> Iterator[Bill]:
    """Answer all requests of botocore in this process."""
    bill = Bill()

    def send(_: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        _count(bill, name, request.body)
        body = json.dumps(_EMPTY.get(name, {})).encode()
        headers = HTTPHeaders()
        headers["Content-Type"] = "application/x-amz-json-1.0"
        return AWSResponse(request.url, 200, headers, _Raw(body))

    credentials = {
        "AWS_ACCESS_KEY_ID": "stub",
        "AWS_SECRET_ACCESS_KEY": "stub",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    with patch.object(URLLib3Session, "send", send), patch.dict(os.environ, credentials):
        yield bill


def _count(bill: Bill, name: str, body: object) -> None:
    if not bill.counting or not isinstance(body, bytes | str):
        return
    request = json.loads(body)
    if name == "PutItem":
        bill.add(request["Item"])
    for writes in request.get("RequestItems", {}).values() if name == "BatchWriteItem" else ():
        for write in writes:
            bill.add(write["PutRequest"]["Item"])


def _size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "B":
        return len(base64.b64decode(content))
    if kind == "N":
        return len(content) // 2 + 1
    return len(str(content).encode())
