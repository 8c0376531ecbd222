"""Segments as filters through the schema: who may use which, and what a definition becomes."""

import json
from typing import Any

import pytest

from shared.metrics.domain.errors import BadInputError, NotFoundError
from shared.metrics.domain.periods import Preset
from shared.metrics.engine.requests import HomeRequest, PeopleFilter, UserAnalyticsRequest
from shared.metrics.engine.segment_definition import read_definition
from tests.unit.graphql.fakes import FakeServices
from tests.unit.graphql.library import KINDS, Person

SEGMENTS = KINDS["Segment"]
HOME = 'query ($id: ID!) { home(filter: {segment: $id, country: ["DE"]}) { asOf } }'
FEW_HITS = {"metric": "HITS", "comparator": "AT_MOST", "value": 0}


@pytest.fixture
def ann() -> Person:
    return Person(FakeServices(), "ann", "manager")


def as_(person: Person, user_id: str, role: str, tenant: str = "acme") -> Person:
    return Person(person.services, user_id, role, tenant)


def created(person: Person, **content: object) -> str:
    return str(person.created(SEGMENTS, **content)["id"])


def test_a_filter_names_a_segment_by_its_global_id(ann: Person) -> None:
    id_ = created(ann)
    assert ann.ask(HOME, id=id_).data
    request = ann.services.views.asked[-1]
    assert isinstance(request, HomeRequest)
    (segment,) = ann.services.tenancy.open("acme").library.segments.all()
    assert request.people == PeopleFilter(country=("DE",), segment=segment.id)


def test_a_segment_that_one_may_not_see_is_answered_like_one_that_is_not_there(
    ann: Person,
) -> None:
    own = created(ann)
    shared = created(ann, sharedWith=["REP"])
    view = ann.created(KINDS["SavedView"])["id"]
    asked = len(ann.services.views.asked)
    replies = [
        as_(ann, "bob", "manager").ask(HOME, id=own),
        as_(ann, "bob", "rep").ask(HOME, id=own),
        as_(ann, "ann", "admin", "globex").ask(HOME, id=shared),
        ann.ask(HOME, id=view),
        ann.ask(HOME, id="nothing"),
        ann.ask(HOME, id=""),
    ]
    assert all(reply.code == "NOT_FOUND" for reply in replies)
    assert len({json.dumps(reply.body["errors"][0]["message"]) for reply in replies}) == 1
    assert len(ann.services.views.asked) == asked
    assert as_(ann, "bob", "rep").ask(HOME, id=shared).data
    assert as_(ann, "root", "admin").ask(HOME, id=own).data


def test_a_definition_is_stored_checked_and_can_be_handed_back(ann: Person) -> None:
    inner = created(ann)
    definition = {
        "preset": "LAST_90_DAYS",
        "comparison": "CALENDAR_MONTH",
        "conditions": [
            FEW_HITS,
            {"metric": "FEATURE_NOT_USED", "feature": {"category": "MODULES", "feature": "Leads"}},
        ],
        "filter": {"team": ["north"], "segment": inner},
    }
    segment = ann.created(SEGMENTS, definition=definition)
    shown = json.loads(segment["definition"])
    again = ann.created(SEGMENTS, definition=shown)
    assert json.loads(again["definition"]) == shown
    assert shown["filter"]["segment"] == inner
    saved = ann.services.tenancy.open("acme").library.segments.all()
    keys = {each.id for each in saved if '"HITS"' in each.definition}
    stored = [read_definition(each.definition) for each in saved]
    assert {each.people.segment for each in stored} - {None} <= keys
    assert {each.preset for each in stored} == {Preset.LAST_90_DAYS, None}


def test_what_is_saved_has_been_asked_once(ann: Person) -> None:
    created(ann)
    request = ann.services.views.asked[-1]
    assert isinstance(request, UserAnalyticsRequest)
    assert (request.first, len(request.conditions)) == (1, 1)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (
            BadInputError("no feature 'Ledas'", field="conditions[0].feature.feature"),
            "BAD_USER_INPUT",
        ),
        (NotFoundError("there is no such segment"), "NOT_FOUND"),
    ],
)
def test_what_cannot_be_answered_cannot_be_saved(
    ann: Person, failure: Exception, code: str
) -> None:
    ann.services.views.failure = failure
    assert ann.create(SEGMENTS).code == code
    assert ann.listed(SEGMENTS) == []


@pytest.mark.parametrize(
    ("definition", "field"),
    [
        ({"conditions": [FEW_HITS] * 21}, "definition.conditions"),
        ({"conditions": [{"metric": "HITS"}]}, "definition.conditions[0].comparator"),
        ({"range": {"from": "2026-02-02", "to": "2026-02-01"}}, "range"),
        ({"filter": {"team": []}}, "filter.team"),
        ({"version": 2}, "definition.version"),
        ({"conditions": ["all"]}, "input.definition.conditions[0]"),
        ('{"hits": 0}', "input.definition"),
    ],
)
def test_a_wrong_definition_is_named(ann: Person, definition: object, field: str) -> None:
    refused = ann.create(SEGMENTS, definition=definition)
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", field)


def within(id_: str) -> dict[str, Any]:
    return {"filter": {"segment": id_}}


def test_segments_are_in_one_another_three_deep_and_no_deeper(ann: Person) -> None:
    inner = created(ann)
    middle = created(ann, definition=within(inner))
    outer = created(ann, definition=within(middle))
    refused = ann.create(SEGMENTS, definition=within(outer))
    assert refused.error["extensions"]["field"] == "filter.segment"
    assert "3 deep" in refused.error["message"]


def test_a_segment_is_not_made_part_of_itself(ann: Person) -> None:
    first = ann.created(SEGMENTS)
    second = created(ann, definition=within(first["id"]))
    for inner in (first["id"], second):
        refused = ann.update(SEGMENTS, first["id"], first["version"], definition=within(inner))
        assert refused.error["extensions"]["field"] == "filter.segment"
        assert "part of itself" in refused.error["message"]


def test_a_definition_may_name_only_a_segment_that_one_may_see(ann: Person) -> None:
    own = created(as_(ann, "bob", "manager"))
    assert ann.create(SEGMENTS, definition=within(own)).code == "NOT_FOUND"
