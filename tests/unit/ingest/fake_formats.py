"""Two wire formats as simple as may be, for what holds whatever the format.

The signed one takes a JSON list of rows; `x-signature` is the HMAC of the time in `x-time` and the
body in hexadecimal. The keyed one takes `{"api_key": …, "batch": [rows]}`.
"""

import json
import sys
from typing import Any, cast

import pytest

from functions.ingest.requests import RefusedError, Request, Response
from functions.ingest.rows import Reason, Rejection, Rows
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.signatures import from_hex, is_recent, is_signed, signed_time
from functions.ingest.sources.wire_format import Secrets
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, RecordChange
from shared.metrics.domain.source_kinds import SourceKind

SIGNED = SourceKind.ZENDESK
KEYED = SourceKind.POSTHOG


class SignedFake:
    """A signed format, with a handshake and a signed time."""

    def verify(self, request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
        given = from_hex(request.headers.get("x-signature", ""))
        message = request.headers.get("x-time", "").encode() + body
        keys = [secret.encode() for secret in secrets.values]
        return is_signed([given], keys, message) and is_recent(self.signed_at_ms(request), now_ms)

    def signed_at_ms(self, request: Request) -> int | None:
        return signed_time(request.headers.get("x-time", ""))

    def handshake(self, request: Request, secrets: Secrets) -> Response | None:
        del secrets
        return Response(200, {"here": True}) if request.method == "HEAD" else None

    def parse(self, request: Request, body: bytes, now_ms: int) -> Delivery:
        del request, now_ms
        return delivery_of(json.loads(body.decode()))

    def answer(self, request: Request, rows: Rows) -> Response | None:
        del request, rows
        return None


class KeyedFake:
    """A format whose key is in its body."""

    def key_of(self, request: Request, body: bytes) -> str:
        del request
        try:
            return str(json.loads(body)["api_key"])
        except (ValueError, KeyError, TypeError):
            return ""

    def parse(self, request: Request, body: bytes, now_ms: int) -> Delivery:
        del request, now_ms
        return delivery_of(json.loads(body)["batch"])

    def answer(self, request: Request, rows: Rows) -> Response | None:
        del request
        return Response(200, {"status": 1, "names": [row.name for row in rows.sent]})


def delivery_of(documents: list[Any]) -> Delivery:
    """Rows of documents whose fields are those of SentRow; `"bad"` in place of one is rejected."""
    if not isinstance(documents, list):
        raise RefusedError(400, "bad_body", "the body is not a list")
    delivery = Delivery()
    for index, document in enumerate(documents):
        original = json.dumps(document).encode()
        if document == "bad":
            rejection = Rejection(index, Reason.INVALID_ROW, "it is bad", original)
            delivery.rejections.append(rejection)
        else:
            delivery.rows.append(sent_row(original, **document))
    return delivery


def sent_row(original: bytes = b"{}", **fields: Any) -> SentRow:  # noqa: ANN401 - any of SentRow
    """A row; a `change` is given as [object, operation], a person as the id or the fields."""
    given = {"name": "Deals", "sender_key": None, "occurred_at_ms": None} | fields
    if isinstance(change := given.get("change"), list):
        given["change"] = RecordChange(change[0], Op(change[1]))
    person = given.pop("person", "ann")
    given["person"] = SentPerson(person) if isinstance(person, str) else SentPerson(**person)
    usual = {"signal": Signal.ACTION, "actor_kind": ActorKind.USER}
    return SentRow(original, **{**usual, **given})


def use_fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the two in the place of real formats, one of them for a second kind too."""
    fakes = {SIGNED: SignedFake(), KEYED: KeyedFake(), SourceKind.AMPLITUDE: KeyedFake()}
    for kind, fake in fakes.items():
        name = f"functions.ingest.sources.{kind.value}"
        monkeypatch.setitem(sys.modules, name, cast("Any", fake))
