"""Mixpanel's SDKs: events at /track and /import, people at /engage, groups at /groups.

Python sends a form whose `data` is JSON, Node one (or a query string) whose `data` is JSON in
base64, and /import takes JSON or JSON lines as the body.
"""

import re
from base64 import b64decode
from typing import Final
from urllib.parse import parse_qs

import msgspec

from functions.ingest.credentials import basic_credentials
from functions.ingest.deliveries import delivery_of
from functions.ingest.json_rows import peeked, raw_list, raw_object
from functions.ingest.media_types import media_type
from functions.ingest.requests import RefusedError, Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sdk_answer import accepted
from functions.ingest.sent_rows import Delivery
from functions.ingest.sources.mixpanel_rows import row_of

_MAX_FORM_FIELDS: Final = 100
_VERBOSE: Final = re.compile(rb"(?:^|&)verbose=([01])(?:&|$)")
SEQUENCES: Final = frozenset({"application/x-ndjson", "application/jsonl"})


class _Properties(msgspec.Struct):
    token: str = ""


class _Keyed(msgspec.Struct):
    token: str = msgspec.field(name="$token", default="")
    properties: _Properties = msgspec.field(default_factory=_Properties)


_keyed_decoder = msgspec.json.Decoder(_Keyed)
_keyed_list_decoder = msgspec.json.Decoder(list[_Keyed])


def key_of(request: Request, body: bytes) -> str:
    """The write key: the token of the first row, or else the user name of Basic authentication."""
    try:
        data = _data(request, body)
    except RefusedError:
        return ""
    return _token(data) or basic_credentials(request.headers.get("authorization", "")).user


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001 - the port
    """The rows of a request; RefusedError 400 if there are none to be told apart."""
    data = _data(request, body)
    token = _token(data)
    return delivery_of(_originals(data, request), lambda original: [row_of(original, token)])


def answer(request: Request, rows: Rows) -> Response:
    """What the SDKs count as success: a `status` of 1, or the text 1 unless they ask for more."""
    forms = (request.query.encode(errors="replace"), request.body)
    asked = next((found[1] for form in forms if (found := _VERBOSE.search(form))), None)
    is_verbose = asked == b"1" or (asked is None and _endpoint(request) == "import")
    return accepted(rows) if is_verbose else Response(200, "1", content_type="text/plain")


def _endpoint(request: Request) -> str:
    return request.path.rstrip("/").rpartition("/")[2]


def _data(request: Request, body: bytes) -> bytes:
    """The JSON that was sent, however it is wrapped; RefusedError 400 if there is none."""
    if request.method == "GET":
        text = _parameter(request.query, "data")
    elif body.lstrip()[:1] in (b"{", b"["):
        return body
    else:
        try:
            text = _parameter(body.decode(), "data")
        except UnicodeDecodeError:
            raise RefusedError(400, "bad_encoding", "the form is not UTF-8") from None
    if not text:
        raise RefusedError(400, "no_data", 'there is no "data"')
    try:
        if text.lstrip()[:1] in ("{", "["):
            return text.encode()
        # Node does not escape the plus signs of base64, which mean spaces in a form.
        return b64decode(text.replace(" ", "+"), validate=True)
    except ValueError:
        message = '"data" is neither JSON nor base64'
        raise RefusedError(400, "bad_encoding", message) from None


def _parameter(form: str, name: str) -> str:
    try:
        found = parse_qs(form, errors="strict", max_num_fields=_MAX_FORM_FIELDS)
    except ValueError:
        raise RefusedError(400, "bad_encoding", "the form cannot be read") from None
    return found.get(name, [""])[0]


def _originals(data: bytes, request: Request) -> list[bytes]:
    if media_type(request) in SEQUENCES:
        return [line for line in data.split(b"\n") if line.strip()]
    if data.lstrip()[:1] == b"[":
        return raw_list(data)
    raw_object(data)
    return [data]


def _token(data: bytes) -> str:
    """The token of the first row."""
    if data.lstrip()[:1] == b"[":
        listed = peeked(_keyed_list_decoder, data)
        first = listed[0] if listed else None
    else:
        first = peeked(_keyed_decoder, data.partition(b"\n")[0]) or peeked(_keyed_decoder, data)
    return first.token or first.properties.token if first else ""
