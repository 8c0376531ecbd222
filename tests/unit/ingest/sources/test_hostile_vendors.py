"""Whatever SDKs and services send, it is answered, and what is answered is what is kept."""

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingest.service import serve
from tests.unit.ingest.sources.test_hostile import mutated
from tests.unit.ingest.sources.vendors import VENDORS, Source, counts

REFUSALS: Final = {400, 401, 413, 415}


def check(source: Source, result: dict[str, Any]) -> None:
    """The answer is well formed, and says what was kept, which can be folded."""
    service = source.service
    events, quarantined = service.events(), service.quarantine()
    if result["statusCode"] != 200:
        assert result["statusCode"] in REFUSALS
        assert json.loads(result["body"]).keys() == {"error"}
        assert service.kept_nothing()
        return
    assert counts(result) in ((len(events), len(quarantined)), None)
    service.world.fold()


@pytest.mark.parametrize("name", VENDORS)
@given(data=st.data())
def test_any_change_of_a_payload_is_answered(name: str, data: st.DataObject) -> None:
    """Cases 14, 18, 20 to 22: one to three values, wherever they are, are others or left out."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        source = Source(serve(monkeypatch), name)
        document = json.loads(source.body())
        for _ in range(data.draw(st.integers(1, 3))):
            document = mutated(document, data.draw)
        check(source, source.send(json.dumps(document).encode()))


@pytest.mark.parametrize("name", VENDORS)
@given(
    at=st.integers(0, 3_000),
    length=st.integers(0, 40),
    new=st.binary(max_size=8)
    | st.sampled_from([b"NaN", b'"', b"{", b"1e999", b"\\ud800", b"\n", b"%", b"+"]),
)
def test_any_damage_to_a_body_is_answered(name: str, at: int, length: int, new: bytes) -> None:
    """Cases 17 and 18."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        source = Source(serve(monkeypatch), name)
        body = source.body()
        check(source, source.send(body[:at] + new + body[at + length :]))


@pytest.mark.parametrize("name", VENDORS)
@given(body=st.binary(max_size=60))
def test_any_bytes_are_answered(name: str, body: bytes) -> None:
    """As they are, without what the sender would wrap them in."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        source = Source(serve(monkeypatch), name)
        check(source, source.send(arriving=body))


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize("value", ["NaN", "1e400", '"\\ud800"', "1" + "0" * 5_000])
def test_a_value_that_no_row_may_have_costs_its_row_alone(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cases 18 and 20. What is one event by itself may be refused as malformed, too."""
    source = Source(serve(monkeypatch), name)
    document = json.loads(source.body())
    batch = document if isinstance(document, list) else None
    rows = batch or document.get("batch") or document.get("events") or [document]
    for inner in [part for part in rows[0].values() if isinstance(part, dict)]:
        inner["unknown"] = "HERE"
    result = source.send(json.dumps(document).replace('"HERE"', value).encode())
    check(source, result)
    if result["statusCode"] == 200:
        assert len(source.service.quarantine()) == 1
        assert len(source.service.events()) == len(rows) - 1
    else:
        assert (result["statusCode"], len(rows)) == (400, 1)


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize("opening", [b"[", b'{"a":', b"[{"])
def test_what_is_nested_without_end_is_refused(
    name: str, opening: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 18."""
    source = Source(serve(monkeypatch), name)
    result = source.send(opening * 100_000)
    check(source, result)
    assert result["statusCode"] in (400, 401)
