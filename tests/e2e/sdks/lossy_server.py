"""The local server, some of whose answers are lost on their way."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from devstack.server import Adapter, Message, Receive, Send, listening


class LossyServer:
    """Takes every request, and instead of the next `losing` answers says 503, as a gateway does
    whose connection broke: what was sent is stored, and its sender does not know.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.losing = 0
        self.statuses: list[int] = []
        self._adapter = Adapter()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._adapter(scope, receive, keep)
        if self.losing:
            self.losing -= 1
            messages = [
                {"type": "http.response.start", "status": 503, "headers": []},
                {"type": "http.response.body", "body": b""},
            ]
        self.statuses.append(messages[0]["status"])
        for message in messages:
            await send(message)


@contextmanager
def serving() -> Iterator[LossyServer]:
    """Serve on a free port of this machine."""
    bound = listening(0)
    lossy = LossyServer(bound.getsockname()[1])
    config = uvicorn.Config(lossy, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield lossy
    finally:
        server.should_exit = True
        thread.join()
        bound.close()
