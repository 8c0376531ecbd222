"""The port of the local server."""

import http.client
from collections.abc import Iterator
from typing import Final

from devstack.checks.finding import Finding, ok, wrong
from shared.metrics.domain.errors import BadInputError

_TIMEOUT_SECONDS: Final = 2


def network(port: int) -> Iterator[Finding]:
    """Whether the port is free, or the server is ours."""
    from devstack.server import HOST, SERVER_NAME, listening

    try:
        listening(port).close()
    except BadInputError as error:
        if _server_at(HOST, port) == SERVER_NAME:
            yield ok(f"our server answers at http://{HOST}:{port}")
        else:
            yield wrong(str(error), "end what uses it, or serve on another port")
    else:
        yield ok(f"port {port} is free")


def _server_at(host: str, port: int) -> str | None:
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().getheader("server")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
