"""Whatever is sent, the answer is well formed, and every row is accounted for."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.rows import Reason
from functions.ingest.sources.native import NativeRow
from tests.faults.world import NOON_MS
from tests.unit.ingest.service import Answer, Service, row, serve

FIELDS = (*NativeRow.__struct_fields__, "unknown")
WORDS = (
    "",
    "ann",
    "leads",
    "login",
    "ACTION",
    "CHANGE",
    "USER",
    "event",
    "user.upserted",
    "user.deactivated",
    "acme",
    "globex",
    "2026-11-22T12:00:00Z",
    "2026-11-22T12:00:00",
    "#|%",
    "\ud800",
    "é" * 600,
)

numbers = st.one_of(
    st.integers(),
    st.integers(NOON_MS - 10**9, NOON_MS + 10**6),
    st.floats(),
    st.sampled_from([10**30, -(10**30), 10**400, 0, -1, 1_795_348_800]),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.sampled_from(WORDS), st.text(max_size=8)),
    lambda children: st.one_of(
        st.lists(children, max_size=3), st.dictionaries(st.text(max_size=3), children, max_size=3)
    ),
    max_leaves=6,
)
changes = st.dictionaries(st.sampled_from(FIELDS), values, max_size=4)
rows = st.one_of(changes.map(lambda fields: {**row(), **fields}), changes, values)
envelopes = st.one_of(
    st.fixed_dictionaries({"events": st.lists(rows, max_size=5)}),
    st.fixed_dictionaries(
        {"events": st.lists(rows, max_size=3)},
        optional={"rejected": values, "unknown": values, "occurred_at": values},
    ),
    rows,
)


def well_formed(answer: Answer) -> Answer:
    """The answer, which says what a sender has to know."""
    if answer.status != 200:
        assert answer.status in (400, 401, 404, 405, 413, 415)
        error = answer.document["error"]
        assert answer.document.keys() == {"error"}
        assert error.keys() == {"code", "message"}
        assert error["message"]
        return answer
    received, accepted, quarantined = answer.counts
    assert received == accepted + quarantined
    rejected = answer.document["rejected"]
    assert len(rejected) == min(quarantined, 100)
    known = {reason.value for reason in Reason}
    assert all(0 <= each["index"] < received and each["reason"] in known for each in rejected)
    return answer


def check(service: Service, answer: Answer) -> None:
    """What was answered is what was kept, and it can be folded."""
    _, accepted, quarantined = well_formed(answer).counts if answer.status == 200 else (0, 0, 0)
    assert len(service.events()) == accepted
    assert len(service.quarantine()) == quarantined
    assert service.events("globex") == []
    service.world.fold()


@given(envelope=envelopes, ends=st.sampled_from([None, "json lines"]), packed=st.booleans())
def test_any_json_is_answered_and_accounted_for(
    envelope: object, ends: str | None, *, packed: bool
) -> None:
    if ends is None:
        body, content_type = json.dumps(envelope), "application/json"
    else:
        lines = envelope.get("events") if isinstance(envelope, dict) else None
        body = "\n".join(map(json.dumps, lines if isinstance(lines, list) else [envelope]))
        content_type = "application/x-ndjson"
    raw = body.encode()
    encoding = "gzip" if packed else "identity"
    with pytest.MonkeyPatch.context() as monkeypatch:
        service = serve(monkeypatch)
        answer = service.post(
            gzip.compress(raw) if packed else raw,
            content_type=content_type,
            content_encoding=encoding,
        )
        check(service, answer)
        if ends is None and '"\\ud' not in body:
            assert answer.status in (200, 400)


@given(
    seed=st.lists(rows, max_size=3).map(lambda some: json.dumps({"events": some}).encode()),
    at=st.integers(0, 400),
    length=st.integers(0, 30),
    new=st.binary(max_size=8),
)
def test_any_damage_to_a_body_is_answered_and_accounted_for(
    seed: bytes, at: int, length: int, new: bytes
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        service = serve(monkeypatch)
        check(service, service.post(seed[:at] + new + seed[at + length :]))


@given(
    body=st.binary(max_size=60),
    content_type=st.sampled_from(["application/json", "application/jsonl", "application/json-seq"]),
    encoding=st.sampled_from(["identity", "gzip", "", "br"]),
)
def test_any_bytes_are_answered(body: bytes, content_type: str, encoding: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        service = serve(monkeypatch)
        check(service, service.post(body, content_type=content_type, content_encoding=encoding))


@given(
    method=st.text(max_size=5) | st.just("POST"),
    path=st.text(max_size=5) | st.just("/v1/events"),
    headers=st.dictionaries(
        st.sampled_from(["Authorization", "content-type", "Content-Encoding", "x"]),
        st.text(st.characters(exclude_categories=[]), max_size=20),
    ),
    body=st.none() | st.text(st.characters(exclude_categories=[]), max_size=20),
    is_base64=st.booleans() | st.none(),
)
def test_any_request_is_answered(
    method: str, path: str, headers: dict[str, str], body: str | None, *, is_base64: bool | None
) -> None:
    url_event = {
        "rawPath": path,
        "requestContext": {"http": {"method": method}},
        "headers": headers,
        "body": body,
        "isBase64Encoded": is_base64,
    }
    with pytest.MonkeyPatch.context() as monkeypatch:
        service = serve(monkeypatch)
        assert well_formed(service.answer(url_event)).status != 200
        assert service.kept_nothing()
