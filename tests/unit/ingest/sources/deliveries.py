"""Deliveries as senders make them, and what has to hold of whatever is read from one."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from functions.ingest.requests import Request
from functions.ingest.sent_rows import Delivery
from functions.ingest.sources.wire_format import Secrets, SignedFormat
from shared.metrics.columns.change_texts import change_of, text_of

NOW_MS: Final = 1_795_348_800_000
"""2026-11-22T12:00:00Z, a minute or two after the fixtures happened."""

NEW: Final = "s3cret-of-the-source"
OLD: Final = "0ld-s3cret"
SECRETS: Final = Secrets((NEW, OLD))
"""While the old one is rotated out."""

REVOKED: Final = Secrets((NEW,))
_FIXTURES: Final = Path(__file__).parents[3] / "fixtures"


def fixture(name: str) -> bytes:
    """An example of what a sender sends."""
    return (_FIXTURES / name).read_bytes()


def request(
    body: bytes = b"",
    *,
    method: str = "POST",
    query: str = "",
    content_type: str = "application/json",
    **headers: str,
) -> Request:
    """A request to a source's URL; `_` stands for `-` in the names of headers."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    usual = {"content-type": content_type, "host": "in.example.com"}
    return Request(method, "/v1/in/source-1", usual | given, body, "request-1", query)


def altered(body: bytes) -> bytes:
    """A body with one byte changed, still of the same length."""
    at = len(body) // 2
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]


def with_headers(given: Request, **headers: str) -> Request:
    """A request with some headers replaced."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(given, headers=dict(given.headers) | changed)


def without_header(given: Request, name: str) -> Request:
    """A request that lacks a header."""
    return replace(given, headers={key: text for key, text in given.headers.items() if key != name})


def is_authentic(
    form: SignedFormat, given: Request, secrets: Secrets = SECRETS, now_ms: int = NOW_MS
) -> bool:
    """Whether a format takes a request for authentic."""
    return form.verify(given, given.body, secrets, now_ms)


def parsed(form: SignedFormat, given: Request) -> Delivery:
    """What a request holds, which can be kept whatever it is."""
    delivery = form.parse(given, given.body, NOW_MS)
    check(delivery)
    return delivery


def check(delivery: Delivery) -> None:
    """Every row can be stored, and every place in the delivery is accounted for."""
    for row in delivery.rows:
        assert row.name
        assert row.sender_key is None or 0 < len(row.sender_key) <= 512
        assert len(msgspec.json.encode(row.context)) <= 32_768
        if row.change is not None:
            assert change_of(text_of(row.change)) == row.change
    places = [rejection.index for rejection in delivery.rejections]
    assert len(set(places)) == len(places)
    assert all(0 <= place < len(delivery.rows) + len(places) for place in places)


def keys(delivery: Delivery) -> list[str | None]:
    """The sender's keys of the rows."""
    return [row.sender_key for row in delivery.rows]
