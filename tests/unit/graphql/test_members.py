"""The members and the proof of figures through the schema."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.metrics.domain.buckets import Bucket
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.evidence import Evidence
from shared.metrics.domain.views.members import Figure, Member, MembersAnswer
from shared.metrics.engine.figure_requests import MembersRequest, ProofRequest, Row
from shared.metrics.engine.requests import HomeRequest, PeopleFilter
from tests.unit.graphql.fakes import HOME, NOW_MS, PROOF, FakeServices, FakeViews, ask, token

FOUND = MembersAnswer(
    proof=PROOF,
    members=[Member("u1", "Ada", "ada@example.com", 7), Member("u2", None, None, None)],
    member_count=3,
    total=5_000_000_000,
    has_previous=False,
    has_next=True,
)
EVIDENCE = Evidence(
    proof=PROOF,
    from_ms=NOW_MS - 86_400_000,
    to_ms=NOW_MS,
    rows=9,
    duplicates=2,
    late=1,
    unattributed_changes=3,
    shadowed=2,
    anonymous_hits=5,
    anonymous_ids=4,
    sources=["crm", "files"],
    rows_by_source=[5_000_000_000, 4],
    provisional_days=7,
    final_days=23,
    outdated_days=1,
    restatements=4,
    no_data_sources=["crm"],
)
ROOT = """query ($figure: FigureInput!, $after: String) {
  members(figure: $figure, filter: {country: ["DE"]}, first: 2, after: $after) {
    figure totalCount finality
    nodes { key name email value }
    edges { cursor node { key } }
    pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
  }
}"""
DAYS = Window(date(2026, 10, 23), date(2026, 11, 21))
BEFORE = Window(date(2026, 9, 23), date(2026, 10, 22))


def services(*, is_partial: bool = False) -> FakeServices:
    home = replace(HOME, proof=replace(PROOF, is_partial=is_partial))
    answers: dict[Any, Any] = {MembersRequest: FOUND, ProofRequest: EVIDENCE}
    return FakeServices(FakeViews(answer=home, others=answers))


def test_members_of_any_figure_are_a_connection() -> None:
    asked = services()
    found = ask(ROOT, asked, {"figure": {"name": "TOTAL_HITS"}}).data["members"]
    assert asked.views.asked == [
        MembersRequest(
            tenant="acme", people=PeopleFilter(country=("DE",)), figure=Figure.TOTAL_HITS, first=2
        )
    ]
    assert found["figure"] == 5_000_000_000
    assert (found["totalCount"], found["finality"]) == (3, "PROVISIONAL")
    assert found["nodes"] == [
        {"key": "u1", "name": "Ada", "email": "ada@example.com", "value": 7},
        {"key": "u2", "name": None, "email": None, "value": None},
    ]
    assert [edge["node"]["key"] for edge in found["edges"]] == ["u1", "u2"]
    assert found["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": found["edges"][0]["cursor"],
        "endCursor": found["edges"][1]["cursor"],
    }


def test_the_next_page_begins_behind_the_last_member() -> None:
    asked = services()
    figure = {"name": "TOTAL_HITS"}
    end = ask(ROOT, asked, {"figure": figure}).data["members"]["pageInfo"]["endCursor"]
    assert ask(ROOT, asked, {"figure": figure, "after": end}).data
    first, second = asked.views.asked
    assert isinstance(first, MembersRequest)
    assert second == replace(first, after="u2")


def test_a_cursor_is_of_no_use_for_another_figure() -> None:
    asked = services()
    end = ask(ROOT, asked, {"figure": {"name": "TOTAL_HITS"}}).data["members"]["pageInfo"]
    reply = ask(ROOT, asked, {"figure": {"name": "LOGINS"}, "after": end["endCursor"]})
    assert reply.error["extensions"] == {"code": "BAD_USER_INPUT", "field": "after"}


def test_a_figure_is_asked_for_with_everything_that_makes_it() -> None:
    asked = services()
    ask(ROOT, asked, {"figure": {"name": "FREQUENCY", "hits": {"from": 11, "to": 100}}})
    row = {"by": "PROPERTY", "name": "Views"}
    selection = {"feature": "Leads"}
    ask(ROOT, asked, {"figure": {"name": "POPULARITY", "row": row, "selection": selection}})
    frequency, popularity = asked.views.asked
    assert isinstance(frequency, MembersRequest)
    assert isinstance(popularity, MembersRequest)
    assert frequency.bucket == Bucket(11, 100)
    assert popularity.row == Row(Part.PROPERTY, "Views")
    assert popularity.selection == FeatureSelection(feature="Leads")


def test_members_are_for_admins_and_managers() -> None:
    rep = f"Bearer {token(role='rep')}"
    asked = services()
    reply = ask(ROOT, asked, {"figure": {"name": "TOTAL_HITS"}}, authorization=rep)
    assert reply.code == "FORBIDDEN"
    assert asked.views.asked == []
    reply = ask("{ home { totalHits { value members { figure } } } }", asked, authorization=rep)
    assert reply.code == "FORBIDDEN"
    assert ask("{ home { totalHits { value } } }", asked, authorization=rep).data


FIGURES = {
    "totalHits": Figure.TOTAL_HITS,
    "featuresUsed": Figure.FEATURES_USED,
    "attendance": Figure.ATTENDANCE,
    "activeUsers": Figure.ACTIVE_USERS,
    "inactiveUsers": Figure.INACTIVE_USERS,
}


@pytest.mark.parametrize("figure", FIGURES)
def test_every_measure_of_home_can_be_opened(figure: str) -> None:
    asked = services()
    query = f"""{{ home(filter: {{team: ["north"]}}) {{
      {figure} {{ members(first: 1) {{ figure }} previousMembers {{ figure }} }}
    }} }}"""
    assert ask(query, asked).data["home"][figure]["members"] == {"figure": 5_000_000_000}
    of_range = MembersRequest(
        tenant="acme",
        window=DAYS,
        people=PeopleFilter(team=("north",)),
        figure=FIGURES[figure],
    )
    home, *opened = asked.views.asked
    assert isinstance(home, HomeRequest)
    assert opened == [replace(of_range, first=1), replace(of_range, window=BEFORE)]


def test_the_earlier_period_of_an_unfinished_day_is_opened_as_it_was_cut_off() -> None:
    asked = services(is_partial=True)
    query = """query ($after: String) { home { activeUsers {
      previousMembers(after: $after) { pageInfo { endCursor } } previousProof { rows }
    } } }"""
    opened = ask(query, asked).data["home"]["activeUsers"]["previousMembers"]
    _, members, proof = asked.views.asked
    assert isinstance(members, MembersRequest)
    assert isinstance(proof, ProofRequest)
    assert members.same_hours_as_ms == proof.same_hours_as_ms == NOW_MS
    later = replace(asked.views.answer.proof, as_of_ms=NOW_MS + 5_000)
    asked.views.answer = replace(asked.views.answer, proof=later)
    assert ask(query, asked, {"after": opened["pageInfo"]["endCursor"]}).data


PROVED = """definitionVersion range { from to } from to rows duplicatesRemoved lateRows
  unattributedChanges shadowed anonymousHits anonymousIds sources rowsBySource
  provisionalDays finalDays outdatedDays restatements noDataSources"""


def test_every_answer_and_measure_has_a_proof_that_is_computed_only_if_asked_for() -> None:
    asked = services()
    query = f"""{{ home {{
      proof {{ {PROVED} }} totalHits {{ proof {{ rows }} previousProof {{ rows }} }}
    }} }}"""
    home = ask(query, asked).data["home"]
    of_range = ProofRequest(tenant="acme", window=DAYS)
    assert asked.views.asked[1:] == [of_range, of_range, replace(of_range, window=BEFORE)]
    assert home["totalHits"] == {"proof": {"rows": 9}, "previousProof": {"rows": 9}}
    assert home["proof"] == {
        "definitionVersion": "1",
        "range": {"from": "2026-10-23", "to": "2026-11-21"},
        "from": "2026-11-21T06:32:05.678Z",
        "to": "2026-11-22T06:32:05.678Z",
        "rows": 9,
        "duplicatesRemoved": 2,
        "lateRows": 1,
        "unattributedChanges": 3,
        "shadowed": 2,
        "anonymousHits": 5,
        "anonymousIds": 4,
        "sources": ["crm", "files"],
        "rowsBySource": [5_000_000_000, 4],
        "provisionalDays": 7,
        "finalDays": 23,
        "outdatedDays": 1,
        "restatements": 4,
        "noDataSources": ["crm"],
    }
    asked.views.asked.clear()
    assert ask("{ home { asOf totalHits { value } } }", asked).data
    assert [type(each) for each in asked.views.asked] == [HomeRequest]


def test_a_rep_may_ask_for_a_proof() -> None:
    rep = f"Bearer {token(role='rep')}"
    assert ask("{ home { proof { rows } } }", services(), authorization=rep).data
