"""Requests as senders make them, and what a format makes of them."""

import json
from pathlib import Path
from typing import Any

from functions.ingest.requests import Request
from functions.ingest.sent_rows import Delivery, SentRow
from functions.ingest.sources.wire_format import Secrets, WireFormat
from tests.faults.world import NOON_MS

FIXTURES = Path(__file__).parents[3] / "fixtures"
AT_MS = NOON_MS
"""When the requests of these tests come in."""

KEY = "src.open-sesame"
"""The write key in the fixtures."""


def fixture(name: str) -> bytes:
    """A recorded body, by kind and name."""
    return (FIXTURES / name).with_suffix(".json").read_bytes()


def document(name: str) -> Any:  # noqa: ANN401 - whatever was recorded
    """A recorded body, read."""
    return json.loads(fixture(name))


def request(
    body: bytes = b"",
    path: str = "/v1/in/src",
    /,
    *,
    method: str = "POST",
    query: str = "",
    **headers: str,
) -> Request:
    """A request with a body of JSON, unless the headers (`_` for `-`) say otherwise."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    given = {"content-type": "application/json", **named}
    return Request(method, path, given, body, "request-1", query)


def parsed(form: WireFormat, sent: Request) -> Delivery:
    """What a format reads in a request."""
    return form.parse(sent, sent.body, AT_MS)


def rows(form: WireFormat, sent: Request) -> list[SentRow]:
    """The rows of a request, of which all are good."""
    found = parsed(form, sent)
    assert found.rejections == []
    return found.rows


def only(form: WireFormat, sent: Request) -> SentRow:
    """The one row of a request."""
    (row,) = rows(form, sent)
    return row


def secrets(*values: str, **settings: str) -> Secrets:
    """The secrets of a source."""
    return Secrets(values, settings)
