"""The adapter from ASGI to Lambda events."""

import asyncio
import json
from base64 import b64decode
from collections import deque
from typing import Any

import pytest

from devstack import server
from devstack.lambda_events import http_event
from devstack.server import Adapter, listening
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError
from tests.unit.devstack.events import EVENT


def sent(
    path: str,
    *chunks: bytes,
    method: str = "POST",
    query: bytes = b"",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    gone: bool = False,
) -> list[Any]:
    """The messages of an answer to a request that comes in chunks."""
    messages: deque[dict[str, Any]] = deque(
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    )
    messages.append({"type": "http.disconnect"} if gone else {"type": "http.request"})
    answer: list[Any] = []

    async def receive() -> dict[str, Any]:
        return messages.popleft()

    async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
        answer.append(message)

    scope = {"method": method, "path": path, "query_string": query, "headers": headers}
    asyncio.run(Adapter()(scope, receive, send))
    return answer


def ask(path: str, *chunks: bytes, **request: Any) -> tuple[int, Any]:  # noqa: ANN401
    """The status and document of an answer."""
    start, body = sent(path, *chunks, **request)
    return start["status"], json.loads(body["body"])


JSON = (b"content-type", b"application/json")


def test_events_and_questions_go_to_their_functions(stack: LocalStack) -> None:
    key = stack.create_source("acme", "native").secret
    authorization = (b"authorization", f"Bearer {key}".encode())
    status, counts = ask("/v1/events", EVENT[:9], EVENT[9:], headers=(JSON, authorization))
    assert (status, counts["accepted"]) == (200, 1)
    token = (b"authorization", f"Bearer {stack.token('acme', 'rep')}".encode())
    query = b"query=%7B%20__typename%20%7D"
    answer = ask("/graphql", method="GET", query=query, headers=(token,))
    assert answer == (200, {"data": {"__typename": "Query"}})
    assert ask("/v1/other")[0] == 404
    assert ask("/graphql")[0] == 401


@pytest.mark.parametrize("path", ["/v1/in/src_1", "/v1/batch", "/2/httpapi"])
def test_what_client_sdks_and_webhooks_post_to_goes_to_ingest(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    seen = []

    def taken(event: dict[str, Any], _context: object) -> dict[str, Any]:
        seen.append(event["rawPath"])
        return {"statusCode": 200, "body": "{}"}

    monkeypatch.setattr(server, "ingest_handler", taken)
    assert ask(path, b"{}") == (200, {})
    assert seen == [path]


def test_elsewhere_there_is_nothing(stack: LocalStack) -> None:
    status, document = ask("/favicon.ico", method="GET")
    assert status == 404
    assert "/v1/events" in document["message"]


def test_a_body_is_not_read_further_than_its_limit(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MAX_BODY_BYTES", 100)
    assert ask("/v1/events", b"x" * 60, b"x" * 60, b"never read")[0] == 413


def test_nobody_is_answered_who_has_gone() -> None:
    assert sent("/v1/events", b"x", gone=True) == []


def test_a_function_that_fails_is_answered_without_its_reason(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_event: object, _context: object) -> None:
        raise RuntimeError("the reason")

    monkeypatch.setattr(server, "ingest_handler", broken)
    assert ask("/v1/events", b"") == (500, {"message": "Internal Server Error"})
    assert "the reason" in caplog.text


def test_repeated_headers_are_joined_as_the_gateway_does() -> None:
    headers = ((b"x-a", b"1"), (b"x-b", b"\xe9"), (b"x-a", b"2"))
    assert server._headers({"headers": headers}) == {"x-a": "1,2", "x-b": "\xe9"}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json", "content-encoding": "gzip"}, b"x"),
        ({"content-type": "application/json"}, b"\xff"),
        ({"content-type": "application/octet-stream"}, b"x"),
        ({}, b"x"),
    ],
)
def test_a_body_that_is_no_text_travels_as_base64(headers: dict[str, str], body: bytes) -> None:
    event = http_event("POST", "/v1/events", headers, body)
    assert event["isBase64Encoded"]
    assert b64decode(event["body"]) == body


@pytest.mark.parametrize("content_type", ["application/json", "Text/Plain; charset=utf-8"])
def test_a_body_that_is_text_travels_as_it_is(content_type: str) -> None:
    event = http_event("POST", "/v1/events", {"content-type": content_type}, "ü".encode())
    assert not event["isBase64Encoded"]
    assert event["body"] == "ü"


def test_a_port_in_use_is_said_so() -> None:
    with listening(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInputError, match=f"port {port} is in use"):
            listening(port)
