"""The restatement log: by day and time, paged by cursors of its own, of one tenant."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.metrics.domain.restatements import Cause, RestatedMeasure
from shared.metrics.storage.restatements import RestatedDay
from tests.unit.graphql.fakes import NOW_MS, FakeServices
from tests.unit.graphql.library import Person
from tests.unit.graphql.test_export import export

ENTRY = RestatedDay(
    at_ms=NOW_MS,
    cause=Cause.LATE,
    measures={
        RestatedMeasure.SESSION_MILLISECONDS: (1, 5_000_000_000),
        RestatedMeasure.HITS: (3, 4),
    },
)
QUERY = """query ($range: RangeInput, $first: Int! = 50, $after: String) {
  restatements(range: $range, first: $first, after: $after) {
    nodes { day measure before after when cause }
    edges { cursor node { day } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


@pytest.fixture
def rep() -> Person:
    """A rep of a tenant of which three days are restated."""
    rep = Person(FakeServices())
    log = rep.services.tenancy.open("acme").restatements
    for number in (1, 2, 3):
        log.enter(date(2026, 10, number), f"{NOW_MS}-a", ENTRY)
    return rep


def page(rep: Person, **variables: object) -> dict[str, Any]:
    found: dict[str, Any] = rep.ask(QUERY, **variables).data["restatements"]
    return found


def test_everyone_reads_what_changed(rep: Person) -> None:
    day = {"from": "2026-10-02", "to": "2026-10-02"}
    same = {"day": "2026-10-02", "when": "2026-11-22T06:32:05.678Z", "cause": "LATE"}
    found = page(rep, range=day)
    assert found["nodes"] == [
        same | {"measure": "HITS", "before": 3, "after": 4},
        same | {"measure": "SESSION_MILLISECONDS", "before": 1, "after": 5_000_000_000},
    ]
    assert [edge["node"]["day"] for edge in found["edges"]] == ["2026-10-02"] * 2
    assert found["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": found["edges"][0]["cursor"],
        "endCursor": found["edges"][1]["cursor"],
    }
    assert len(page(rep)["nodes"]) == 6
    assert page(rep._replace(tenant="globex"))["nodes"] == []


@pytest.mark.parametrize("size", [1, 2, 4, 5, 6, 7])
def test_pages_leave_nothing_out_and_show_nothing_twice(rep: Person, size: int) -> None:
    found: list[dict[str, Any]] = []
    after = None
    for number in range(10):
        one = page(rep, first=size, after=after)
        found += one["nodes"]
        after = one["pageInfo"]["endCursor"]
        assert one["pageInfo"]["hasPreviousPage"] == (number > 0)
        if not one["pageInfo"]["hasNextPage"]:
            break
    assert found == page(rep)["nodes"]


def test_what_comes_meanwhile_moves_nothing(rep: Person) -> None:
    first = page(rep, first=3)
    log = rep.services.tenancy.open("acme").restatements
    log.enter(date(2026, 9, 30), f"{NOW_MS}-b", ENTRY)
    rest = page(rep, after=first["pageInfo"]["endCursor"])
    days = [node["day"] for node in first["nodes"] + rest["nodes"]]
    assert days == [f"2026-10-0{number}" for number in (1, 1, 2, 2, 3, 3)]


def test_cursors_are_checked_and_belong_to_their_question(rep: Person) -> None:
    cursor = page(rep, first=1)["pageInfo"]["endCursor"]
    others = [
        rep.ask(QUERY, after="nonsense"),
        rep.ask(QUERY, after=cursor, range={"from": "2026-10-01", "to": "2026-10-03"}),
        rep._replace(tenant="globex").ask(QUERY, after=cursor),
    ]
    assert [(each.code, each.error["extensions"]["field"]) for each in others] == [
        ("BAD_USER_INPUT", "after")
    ] * 3


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "BAD_USER_INPUT"),
        ({"first": 101}, "QUERY_TOO_COMPLEX"),
        ({"range": {"from": "2026-10-05", "to": "2026-10-01"}}, "BAD_USER_INPUT"),
    ],
)
def test_what_cannot_be_asked(rep: Person, variables: dict[str, Any], code: str) -> None:
    assert rep.ask(QUERY, **variables).code == code


def test_the_log_is_exported_whole(rep: Person) -> None:
    log = rep.services.tenancy.open("acme").restatements
    for number in range(80):
        log.enter(date(2025, 1, 1) + timedelta(days=number), f"{NOW_MS}-a", ENTRY)
    header, *rows = export("{ restatements { nodes { day measure after } } }", rep.services).rows
    assert header == ["day", "measure", "after"]
    assert len(rows) == 2 * 83
    assert rows[-1] == ["2026-10-03", "SESSION_MILLISECONDS", "5000000000"]
