"""The GraphQL over HTTP specification, as the npm package graphql-http audits it."""

import json
import os
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.graphql.handler import respond
from tests.unit.graphql.fakes import FakeServices, event, token

AUDIT = Path(__file__).parent / "graphql_http_audit"
AUDITS = 61


class OverHttp(BaseHTTPRequestHandler):
    """Hands requests to the function as the HTTP API does."""

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

    def _answer(self, body: bytes | None) -> None:
        path, _, query_string = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        context = LambdaContext()
        context._aws_request_id = "audit"
        result = respond(
            event(self.command, body, headers, path, query_string), context, FakeServices()
        )
        answer = result["body"].encode()
        self.send_response(result["statusCode"])
        for name, value in result["headers"].items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """One that holds all audits at once; the usual queue of 5 makes some of them time out."""

    request_queue_size = 2 * AUDITS


@pytest.fixture
def url() -> Iterator[str]:
    with Server(("127.0.0.1", 0), OverHttp) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/graphql"
        server.shutdown()


@pytest.fixture
def audit_script() -> Path:
    """The script, with the packages of its lock file installed."""
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--silent"],  # noqa: S607
        cwd=AUDIT,
        check=True,
    )
    return AUDIT / "audit.mjs"


def test_all_audits_pass(url: str, audit_script: Path) -> None:
    found = subprocess.run(
        ["node", audit_script],  # noqa: S607
        env={**os.environ, "AUDIT_URL": url, "AUDIT_TOKEN": token()},
        capture_output=True,
        check=True,
        text=True,
    )
    audits = json.loads(found.stdout)
    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len(audits) == AUDITS
