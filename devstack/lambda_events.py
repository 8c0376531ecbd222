"""Events as AWS hands them to the functions."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import uuid4

import msgspec

from functions.ingest.store_queue import WaitingDelivery

_TEXT_TYPES: Final = ("text/", "application/json", "application/xml", "application/javascript")
"""Bodies of these types are handed over as text, all others as base64."""


def http_event(
    method: str, path: str, headers: Mapping[str, str], body: bytes, query: str = ""
) -> dict[str, Any]:
    """A request in payload format 2.0, which HTTP APIs and Function URLs share.

    `headers` have lower-case names.
    """
    text = _as_text(headers, body)
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "queryStringParameters": dict(parse_qsl(query, keep_blank_values=True)),
        "headers": dict(headers),
        "requestContext": {
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid4().hex,
            "stage": "$default",
        },
        "body": b64encode(body).decode() if text is None else text,
        "isBase64Encoded": text is None,
    }


def sqs_event(messages: Sequence[msgspec.Struct]) -> dict[str, Any]:
    """A batch of messages from a queue; the id of a message is its place in `messages`."""
    return {
        "Records": [
            {
                "messageId": str(at),
                "receiptHandle": str(at),
                "body": msgspec.json.encode(message).decode(),
                "attributes": {},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:local:000000000000:fold",
                "awsRegion": "local",
            }
            for at, message in enumerate(messages)
        ]
    }


def delivery_event(batch: Sequence[WaitingDelivery]) -> dict[str, Any]:
    """A batch of messages from the delivery queue; the id of a message is its name."""
    return {
        "Records": [
            {
                "messageId": each.name,
                "receiptHandle": each.name,
                "body": each.text,
                "attributes": {
                    "SentTimestamp": str(each.sent_ms),
                    "ApproximateReceiveCount": str(each.receives + 1),
                },
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:local:000000000000:deliveries",
                "awsRegion": "local",
            }
            for each in batch
        ]
    }


def scheduler_event(task: str) -> dict[str, Any]:
    """What the schedule sends."""
    return {"task": task}


def _as_text(headers: Mapping[str, str], body: bytes) -> str | None:
    content_type = headers.get("content-type", "").lower()
    if not content_type.startswith(_TEXT_TYPES) or "content-encoding" in headers:
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
