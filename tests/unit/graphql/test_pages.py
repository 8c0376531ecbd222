"""Pages of people: complete, stable, and of no use for another tenant or question."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.graphql.fakes import FakeServices, FakeViews, Reply, ask, person, token

QUERY = """query ($first: Int!, $after: String, $today: Boolean!, $filter: PeopleFilterInput) {
  userAnalytics(first: $first, after: $after, includeToday: $today, filter: $filter) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { userId } }
    nodes { userId }
  }
}"""


def page(
    services: FakeServices,
    first: int = 2,
    after: str | None = None,
    *,
    today: bool = False,
    country: str | None = None,
    tenant: str = "acme",
) -> Reply:
    variables = {
        "first": first,
        "after": after,
        "today": today,
        "filter": country and {"country": [country]},
    }
    return ask(QUERY, services, variables, authorization=f"Bearer {token(tenant=tenant)}")


def people(*user_ids: str) -> FakeServices:
    return FakeServices(FakeViews([person(user_id) for user_id in sorted(user_ids)]))


def end_cursor(services: FakeServices) -> str:
    return str(page(services).data["userAnalytics"]["pageInfo"]["endCursor"])


@given(st.sets(st.text(st.characters(), min_size=1), max_size=12), st.integers(1, 5))
def test_pages_together_are_all_people_once(user_ids: set[str], first: int) -> None:
    services = people(*user_ids)
    seen: list[str] = []
    after, more = None, True
    while more:
        found: dict[str, Any] = page(services, first, after).data["userAnalytics"]
        nodes = [node["userId"] for node in found["nodes"]]
        assert nodes == [edge["node"]["userId"] for edge in found["edges"]]
        assert found["totalCount"] == len(user_ids)
        assert found["pageInfo"]["hasPreviousPage"] == bool(seen)
        assert len(nodes) == min(first, len(user_ids) - len(seen))
        seen += nodes
        assert found["pageInfo"]["hasNextPage"] == (len(seen) < len(user_ids))
        after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
    assert seen == sorted(user_ids)


def test_people_who_come_and_go_between_two_pages_move_nobody_else() -> None:
    services = people("b", "c", "d", "e")
    after = end_cursor(services)
    services.views.people = people("a", "b", "d", "e").views.people
    nodes = page(services, after=after).data["userAnalytics"]["nodes"]
    assert [node["userId"] for node in nodes] == ["d", "e"]


def test_an_empty_page_has_no_cursors() -> None:
    assert page(people()).data["userAnalytics"]["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize(
    "other",
    [{"tenant": "globex"}, {"today": True}, {"country": "DE"}],
    ids=str,
)
def test_a_cursor_is_of_no_use_for_another_tenant_or_question(other: dict[str, Any]) -> None:
    services = people("a", "b", "c")
    asked = len(services.views.asked) + 1
    reply = page(services, after=end_cursor(services), **other)
    assert reply.code == "BAD_USER_INPUT"
    assert reply.error["extensions"]["field"] == "after"
    assert len(services.views.asked) == asked


def test_a_cursor_is_good_for_pages_of_another_size() -> None:
    services = people("a", "b", "c")
    assert page(services, first=1, after=end_cursor(services)).data["userAnalytics"]["edges"]


def variants_of(cursor: str) -> list[str]:
    return [
        "",
        "x",
        "%",
        "\u00e9",
        "c",
        urlsafe_b64encode(b"c").decode(),
        urlsafe_b64encode(b"\xff" * 12).decode(),
        cursor[:-1],
        cursor + "=",
        f" {cursor}",
        f"{cursor}\n",
        ("B" if cursor[0] == "A" else "A") + cursor[1:],
        cursor.swapcase(),
    ]


def test_any_other_text_is_no_cursor_and_is_answered_alike() -> None:
    services = people("a", "b", "c")
    answers = [page(services, after=text) for text in variants_of(end_cursor(services))]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].error["extensions"] == {"code": "BAD_USER_INPUT", "field": "after"}
