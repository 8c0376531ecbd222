"""An HTTP request as the Function URL delivers it, and its answers."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

JSON: Final = "application/json"
MAX_BODY_BYTES: Final = 1_000_000
"""Bytes of a body, as sent and after inflation."""
MAX_SDK_BODY_BYTES: Final = 5 * 1024 * 1024
"""The same where client SDKs post to: PostHog's sends as many."""


class RefusedError(Exception):
    """A request that is refused as a whole, with the status and what would be right."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        """`headers` are those of the answer, with `_` for `-`."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(frozen=True, slots=True)
class Request:
    """Method, path, headers by lower-case name (several of one name joined with commas), the
    body's raw bytes, and the query string as sent, without its question mark.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    request_id: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """A status and a document: of JSON, or a text if the content type says another."""

    status: int
    document: object
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON

    def as_result(self) -> dict[str, Any]:
        """The result of a Function URL handler, payload version 2."""
        is_json = self.content_type == JSON
        return {
            "statusCode": self.status,
            "headers": {"content-type": self.content_type, **self.headers},
            "body": msgspec.json.encode(self.document).decode() if is_json else str(self.document),
            "isBase64Encoded": False,
        }


def refusal(refused: RefusedError) -> Response:
    """The answer to a refused request."""
    document = {"error": {"code": refused.code, "message": str(refused)}}
    return Response(refused.status, document, refused.headers)


def request_of(event: Mapping[str, Any], request_id: str) -> Request:
    """The request in a Function URL event; RefusedError if its body is not what it claims."""
    http = event["requestContext"]["http"]
    return Request(
        method=http["method"],
        path=event["rawPath"],
        headers={name.lower(): value for name, value in event.get("headers", {}).items()},
        body=_body(event.get("body") or "", is_base64=bool(event.get("isBase64Encoded"))),
        request_id=request_id,
        query=event.get("rawQueryString", ""),
    )


def _body(text: str, *, is_base64: bool) -> bytes:
    if len(text) > MAX_SDK_BODY_BYTES * 4 // 3 + 4:
        raise too_large(MAX_SDK_BODY_BYTES)
    if not is_base64:
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise RefusedError(400, "bad_encoding", "the body is not valid base64") from None


def too_large(limit: int) -> RefusedError:
    """The refusal of a body over the limit."""
    message = f"the body is over {limit:,} bytes; send fewer events at a time"
    return RefusedError(413, "too_large", message)
