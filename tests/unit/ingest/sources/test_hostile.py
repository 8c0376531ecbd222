"""Whatever is sent, every format either refuses it or accounts for all of its rows."""

import json
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.requests import RefusedError, Request
from functions.ingest.sent_rows import Delivery
from functions.ingest.sources import (
    dynamics,
    freshsales,
    hubspot,
    pipedrive,
    salesforce,
    zoho,
)
from functions.ingest.sources.wire_format import Secrets, SignedFormat
from tests.unit.ingest.sources.deliveries import NEW, NOW_MS, SECRETS, check, fixture, request


class Sender(NamedTuple):
    """A format, what it is sent, and the content type."""

    form: SignedFormat
    body: bytes
    content_type: str = "application/json"


SENDERS: Final = {
    "dynamics": Sender(dynamics, fixture("dynamics/opportunity_update.json")),
    "freshsales": Sender(freshsales, fixture("freshsales/deal.json")),
    "freshsales_xml": Sender(freshsales, fixture("freshsales/deal.xml"), "application/xml"),
    "hubspot": Sender(hubspot, fixture("hubspot/property_changes.json")),
    "hubspot_merge": Sender(hubspot, fixture("hubspot/merge_and_association.json")),
    "pipedrive": Sender(pipedrive, fixture("pipedrive/deal_change.json")),
    "pipedrive_merge": Sender(pipedrive, fixture("pipedrive/person_merged.json")),
    "salesforce_cdc": Sender(salesforce, fixture("salesforce/opportunity_update.json")),
    "salesforce_relayed": Sender(salesforce, fixture("salesforce/contact_create_relayed.json")),
    "salesforce_outbound": Sender(
        salesforce, fixture("salesforce/outbound_message.xml"), "text/xml"
    ),
    "salesforce_event_log": Sender(salesforce, fixture("salesforce/login.csv"), "text/csv"),
    "zoho_notifications": Sender(zoho, fixture("zoho/notification.json")),
    "zoho_workflow": Sender(zoho, fixture("zoho/workflow.json")),
}
JSON_SENDERS: Final = sorted(
    name for name, sender in SENDERS.items() if sender.content_type == "application/json"
)

values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(
            [
                "",
                "\ud800",
                "é" * 2_000,
                "\u202eRTL",
                "#|%",
                10**4_000,
                1_795_348_740,
                1_795_348_740_000,
                "/Date(1795348680000)/",
                "2026-11-22T11:58:00Z",
                "deal.merge",
                "Merge",
                "userId:",
                "GAP_OVERFLOW",
            ]
        ),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


def outcome(sender: Sender, given_request: Request) -> Delivery | int:
    """What comes of a request: rows that can be kept, or the status that it is refused with."""
    assert sender.form.verify(given_request, given_request.body, SECRETS, NOW_MS) in (True, False)
    try:
        delivery = sender.form.parse(given_request, given_request.body, NOW_MS)
    except RefusedError as refused:
        return refused.status
    check(delivery)
    return delivery


def mutated(document: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:  # noqa: ANN401
    """A document in which one value, wherever it is, is replaced or left out."""
    if not isinstance(document, dict | list) or not document or draw(st.integers(0, 4)) == 0:
        return draw(values)
    if isinstance(document, list):
        at = draw(st.integers(0, len(document) - 1))
        return [*document[:at], mutated(document[at], draw), *document[at + 1 :]]
    name = draw(st.sampled_from(sorted(document)))
    rest = {key: value for key, value in document.items() if key != name}
    return rest if draw(st.booleans()) else rest | {name: mutated(document[name], draw)}


@pytest.mark.parametrize("name", JSON_SENDERS)
@given(data=st.data())
def test_any_change_of_a_payload_is_answered(name: str, data: st.DataObject) -> None:
    sender = SENDERS[name]
    document = json.loads(sender.body)
    for _ in range(data.draw(st.integers(1, 3))):
        document = mutated(document, data.draw)
    outcome(sender, request(json.dumps(document).encode()))


@pytest.mark.parametrize("name", SENDERS)
@given(
    at=st.integers(0, 2_000),
    length=st.integers(0, 40),
    new=st.binary(max_size=8)
    | st.sampled_from([b"NaN", b'"', b"<", b"]]>", b"{", b"1e999", b"\n"]),
)
def test_any_damage_to_a_body_is_answered(name: str, at: int, length: int, new: bytes) -> None:
    sender = SENDERS[name]
    body = sender.body[:at] + new + sender.body[at + length :]
    outcome(sender, request(body, content_type=sender.content_type))


@pytest.mark.parametrize("name", SENDERS)
@given(body=st.binary(max_size=60))
def test_any_bytes_are_answered(name: str, body: bytes) -> None:
    sender = SENDERS[name]
    outcome(sender, request(body, content_type=sender.content_type))


texts = st.text(st.characters(exclude_categories=[]), max_size=20)


@pytest.mark.parametrize("name", SENDERS)
@given(
    headers=st.dictionaries(
        st.sampled_from(
            [
                "authorization",
                "content-type",
                "host",
                "x-api-key",
                "x-hubspot-signature",
                "x-hubspot-signature-v3",
                "x-hubspot-signature-version",
                "x-hubspot-request-timestamp",
                "x-ms-dynamics-msg-size-exceeded",
            ]
        ),
        texts,
    ),
    query=texts,
    method=texts,
    settings=st.dictionaries(st.sampled_from(["header", "organization", "url"]), texts),
)
def test_any_request_is_refused_or_read(
    name: str, headers: dict[str, str], query: str, method: str, settings: dict[str, str]
) -> None:
    """Case 9: none of these is authentic."""
    sender = SENDERS[name]
    asked = Request(method, "/v1/in/source-1", headers, sender.body, "r", query)
    outcome(sender, asked)
    if not name.startswith("zoho"):
        assert not sender.form.verify(asked, asked.body, Secrets((NEW,), settings), NOW_MS)


@pytest.mark.parametrize("name", SENDERS)
@pytest.mark.parametrize(
    "damaged",
    [
        lambda body: body.decode().encode("utf-16"),
        lambda body: body.decode().encode("utf-32"),
        lambda _: b"[" * 100_000 + b"]" * 100_000,
        lambda _: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        lambda _: b"<a>" * 100_000,
        lambda body: body[: len(body) // 2],
        lambda _: b"",
    ],
    ids=["utf-16", "utf-32", "arrays", "objects", "elements", "cut off", "empty"],
)
def test_what_no_sender_sends_is_malformed_or_quarantined(
    name: str, damaged: Callable[[bytes], bytes]
) -> None:
    """Cases 17 and 18."""
    sender = SENDERS[name]
    body = damaged(sender.body)
    found = outcome(sender, request(body, content_type=sender.content_type))
    if isinstance(found, Delivery):
        assert found.rejections
    else:
        assert found == 400


@pytest.mark.parametrize("name", JSON_SENDERS)
@pytest.mark.parametrize(
    "value", ["NaN", "1e400", '"\\ud800"', "1" + "0" * 5_000, "[" * 60 + "]" * 60]
)
def test_values_that_no_row_may_have_cost_nothing_but_their_row(name: str, value: str) -> None:
    """Cases 18 and 20: beside a good row where a delivery may have several."""
    sender = SENDERS[name]
    document = json.loads(sender.body)
    good = document if isinstance(document, list) else [document]
    bad = json.dumps(good[0])[:-1] + f', "unknown": {value}}}'
    body = f"[{json.dumps(good[0])}, {bad}]".encode()
    found = outcome(sender, request(body))
    if isinstance(found, Delivery):
        assert found.rows
        assert [each.original.count(b"unknown") for each in found.rejections] == [1]
    else:
        assert found == 400


@pytest.mark.parametrize("name", JSON_SENDERS)
def test_what_is_new_is_kept_to_the_letter(name: str) -> None:
    """Cases 21 and 22: whatever it is called, and whatever is in it."""
    strange = "e\u0301|é#%\u202e🦆"
    document = json.loads(SENDERS[name].body)
    row = document[0] if isinstance(document, list) else document
    for inner in ("detail", "payload", "ChangeEventHeader"):
        row = row.get(inner, row)
    row[strange] = strange
    delivery = outcome(SENDERS[name], request(json.dumps(document).encode()))
    assert isinstance(delivery, Delivery)
    kept = delivery.rows[0]
    assert {**kept.context, **(kept.change.set if kept.change else {})}[strange] == strange
