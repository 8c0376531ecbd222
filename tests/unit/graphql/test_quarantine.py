"""Rows in quarantine and their replay: for admins, by page, of one tenant."""

from typing import Any

import pytest

from functions.graphql.object_types.quarantine import MAX_ORIGINAL_BYTES
from shared.metrics.storage import quarantine_pages
from shared.metrics.storage.quarantine import QuarantinedRow, quarantine_items
from shared.metrics.storage.replays import waiting_replays
from tests.unit.graphql.fakes import NOW_MS, FakeServices
from tests.unit.graphql.library import Person

ROW = "id source receivedAt index reason detail original originalEncoding originalBytes"
QUERY = f"""query ($source: String, $reason: QuarantineReason, $first: Int! = 50, $after: String) {{
  quarantine(source: $source, reason: $reason, first: $first, after: $after) {{
    nodes {{ {ROW} }}
    edges {{ cursor node {{ index }} }}
    counts {{ reasons rows isComplete }}
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  }}
}}"""
REPLAY = """mutation ($source: String, $reason: QuarantineReason, $ids: [ID!]) {
  replayQuarantine(source: $source, reason: $reason, ids: $ids) {
    id state requestedBy requestedAt finishedAt stored remaining
  }
}"""
ORIGINALS = (b'{"a": 1}', b"\xff\x00", "ü".encode() * MAX_ORIGINAL_BYTES)
REASONS = ("missing_user", "invalid_row", "missing_user")


@pytest.fixture
def admin() -> Person:
    """An admin of a tenant with two deliveries of two sources, of three rows and one row."""
    admin = Person(FakeServices(), role="admin")
    first = [
        QuarantinedRow("src_a", NOW_MS - 60_000, at * 2, reason, f"why {at}", original)
        for at, (reason, original) in enumerate(zip(REASONS, ORIGINALS, strict=True))
    ]
    second = [QuarantinedRow("src_b", NOW_MS, 0, "too_old", "old", b"x")]
    for rows in (first, second):
        items = quarantine_items("acme", rows, "request", rows[0].received_ms)
        admin.services.tenancy.store.put_many([*items.parts, *items.docket])
    return admin


def listed(admin: Person, **variables: object) -> dict[str, Any]:
    found: dict[str, Any] = admin.ask(QUERY, **variables).data["quarantine"]
    return found


def test_rows_come_by_arrival_with_their_reason_and_original_bytes(admin: Person) -> None:
    found = listed(admin)
    shown = [
        (row["source"], row["index"], row["reason"], row["originalEncoding"])
        for row in found["nodes"]
    ]
    assert shown == [
        ("src_a", 0, "MISSING_USER", "TEXT"),
        ("src_a", 2, "INVALID_ROW", "BASE64"),
        ("src_a", 4, "MISSING_USER", "TEXT"),
        ("src_b", 0, "TOO_OLD", "TEXT"),
    ]
    assert [row["original"] for row in found["nodes"][:2]] == ['{"a": 1}', "/wA="]
    cut = found["nodes"][2]
    assert cut["originalBytes"] == 2 * MAX_ORIGINAL_BYTES
    assert cut["original"] == "ü" * (MAX_ORIGINAL_BYTES // 2)
    assert found["counts"] == {
        "reasons": ["MISSING_USER", "INVALID_ROW", "TOO_OLD"],
        "rows": [2, 1, 1],
        "isComplete": True,
    }
    assert listed(admin._replace(tenant="globex"))["nodes"] == []


def test_rows_of_a_source_and_of_a_reason_can_be_asked_for(admin: Person) -> None:
    found = listed(admin, source="src_a", reason="MISSING_USER")
    assert [row["index"] for row in found["nodes"]] == [0, 4]
    assert found["counts"]["rows"] == [2, 1]
    assert listed(admin, source="src_b", reason="MISSING_USER")["nodes"] == []


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("most_deliveries", [1, 99])
def test_pages_leave_nothing_out(
    admin: Person, size: int, most_deliveries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = listed(admin)["nodes"]
    monkeypatch.setattr(quarantine_pages, "MAX_DOCKETS_A_PAGE", most_deliveries)
    found: list[dict[str, Any]] = []
    after = None
    for number in range(10):
        page = listed(admin, first=size, after=after)
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasPreviousPage"] == (number > 0)
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole


def test_counts_say_when_they_are_not_complete(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine_pages, "MAX_DOCKETS_COUNTED", 1)
    assert listed(admin)["counts"] == {
        "reasons": ["MISSING_USER", "INVALID_ROW"],
        "rows": [2, 1],
        "isComplete": False,
    }


def test_a_row_has_an_id(admin: Person) -> None:
    (row,) = listed(admin, reason="TOO_OLD")["nodes"]
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on QuarantinedRow {{ {ROW} }} }} }}"
    assert admin.ask(query, id=row["id"]).data["node"] == row
    assert admin._replace(tenant="globex").ask(query, id=row["id"]).data["node"] is None


def test_a_replay_is_asked_for_and_looked_after(admin: Person) -> None:
    ids = [row["id"] for row in listed(admin)["nodes"]]
    asked = admin.ask(REPLAY, ids=ids[:2]).data["replayQuarantine"]
    assert asked == asked | {
        "state": "WAITING",
        "requestedBy": "ann",
        "requestedAt": "2026-11-22T06:32:05.678Z",
        "finishedAt": None,
        "stored": 0,
        "remaining": 0,
    }
    assert [tenant for tenant, _ in waiting_replays(admin.services.tenancy.store)] == ["acme"]
    query = "query ($id: ID!) { node(id: $id) { ... on QuarantineReplay { state } } }"
    assert admin.ask(query, id=asked["id"]).data["node"] == {"state": "WAITING"}
    assert admin._replace(tenant="globex").ask(query, id=asked["id"]).data["node"] is None


@pytest.mark.parametrize("role", ["manager", "rep"])
def test_only_admins_look_into_quarantine(admin: Person, role: str) -> None:
    (row,) = listed(admin, reason="TOO_OLD")["nodes"]
    asked = admin.ask(REPLAY).data["replayQuarantine"]
    other = admin._replace(role=role)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    replies = [
        other.ask(QUERY),
        other.ask(REPLAY),
        other.ask(node, id=row["id"]),
        other.ask(node, id=asked["id"]),
    ]
    assert {reply.code for reply in replies} == {"FORBIDDEN"}


@pytest.mark.parametrize(
    ("variables", "code"),
    [({"ids": []}, "BAD_USER_INPUT"), ({"ids": ["nonsense"]}, "NOT_FOUND")],
)
def test_what_cannot_be_replayed(admin: Person, variables: dict[str, Any], code: str) -> None:
    assert admin.ask(REPLAY, **variables).code == code


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "BAD_USER_INPUT"),
        ({"first": 101}, "QUERY_TOO_COMPLEX"),
        ({"after": "nonsense"}, "BAD_USER_INPUT"),
    ],
)
def test_what_cannot_be_asked(admin: Person, variables: dict[str, Any], code: str) -> None:
    assert admin.ask(QUERY, **variables).code == code
