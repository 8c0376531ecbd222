"""The functions behind one local port: an ASGI adapter for uvicorn, and the server itself."""

import asyncio
import errno
import json
import logging
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from typing import Any, Final

import uvicorn

from devstack.invocation import invoke
from devstack.lambda_events import http_event
from devstack.scheduler import Scheduler
from functions.graphql.handler import handler as graphql_handler
from functions.ingest.handler import handler as ingest_handler
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.source_kinds import kinds_at

HOST: Final = "127.0.0.1"
MAX_BODY_BYTES: Final = 6 * 1024 * 1024
"""What Lambda takes of a synchronous event; the functions have lower limits of their own."""

SERVER_NAME: Final = "crm-metrics"
_GRACE_SECONDS: Final = 5
_logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Result = Mapping[str, Any]


class BodyTooLargeError(Exception):
    """A body is over the limit; the rest of it is not read."""


class ClientGoneError(Exception):
    """Nobody waits for an answer any more."""


class Adapter:
    """An ASGI application that calls the functions as API Gateway and Function URLs would."""

    def __init__(self) -> None:
        # A Lambda environment answers one request at a time. What the GraphQL function keeps
        # between them is made for that; ingest is written for several.
        self._graphql = threading.Lock()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            body = await _body(receive)
            result = await asyncio.to_thread(self._result, scope, body)
        except BodyTooLargeError:
            result = _message(413, f"the body is over {MAX_BODY_BYTES:,} bytes")
        except ClientGoneError:
            return
        except Exception:
            _logger.exception("a function failed")
            result = _message(500, "Internal Server Error")
        await _answer(result, send)

    def _result(self, scope: Mapping[str, Any], body: bytes) -> Result:
        method, path = scope["method"], scope["path"]
        query = scope["query_string"].decode("latin-1")
        event = http_event(method, path, _headers(scope), body, query)
        if path.startswith("/v1/") or kinds_at(path.rstrip("/")):
            return invoke(ingest_handler, event, "ingest")
        if path == "/graphql":
            with self._graphql:
                return invoke(graphql_handler, event, "graphql")
        return _message(404, "there is /v1/events for events, and /graphql for questions")


def listening(port: int) -> socket.socket:
    """A socket that listens on a port, or on any if it is 0; BadInputError if it is in use."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
        found.listen(socket.SOMAXCONN)
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} is in use; give another with --port, or 0 for any"
        else:
            message = f"cannot listen on port {port}: {error.strerror}"
        raise BadInputError(message, field="port") from None
    return found


def serve(bound: socket.socket, on_ready: Callable[[], None] | None = None) -> None:
    """Serve until a signal comes, then finish what has begun.

    `on_ready` is called when requests are answered and signals end it cleanly.
    """
    config = uvicorn.Config(
        Adapter(),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        headers=[("server", SERVER_NAME)],
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    scheduler = Scheduler()
    # uvicorn raises the signal that ended it once more when it is done; it must find a handler
    # that lets us finish too.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    scheduler.start()
    try:
        with suppress(KeyboardInterrupt):
            _Server(config, on_ready).run(sockets=[bound])
    finally:
        scheduler.stop()


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self._on_ready is not None:
            self._on_ready()


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY_BYTES:
            raise BodyTooLargeError
        more = message.get("more_body", False)
    return b"".join(chunks)


def _headers(scope: Mapping[str, Any]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


async def _answer(result: Result, send: Send) -> None:
    headers = [
        (name.lower().encode("latin-1"), str(value).encode("latin-1"))
        for name, value in result.get("headers", {}).items()
    ]
    body = result.get("body", "").encode()
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": result["statusCode"], "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _message(status: int, text: str) -> Result:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"message": text}),
    }
