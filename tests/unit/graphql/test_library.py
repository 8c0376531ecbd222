"""What people save: whose it is, who sees it, who may change it, and that nothing is lost."""

from typing import Any

import pytest

from tests.unit.graphql.fakes import NOW_MS, FakeServices, get
from tests.unit.graphql.library import KINDS, Kind, Person

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
VIEWS, SEGMENTS, NOTES = KINDS.values()


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def ann(services: FakeServices) -> Person:
    return Person(services, "ann", "manager")


@each_kind
def test_what_was_saved_is_listed_and_found_by_its_id(ann: Person, kind: Kind) -> None:
    created = ann.created(kind)
    assert created["owner"] == "ann"
    assert created["mayChange"] is True
    assert ann.listed(kind) == [created]
    assert ann.node(created["id"]).data["node"] == {"__typename": kind.name} | created


def test_arguments_come_back_in_canonical_form(ann: Person) -> None:
    created = ann.created(VIEWS, arguments=' {"b": 1, "a": {"d": [], "c": "\\u00e9"}} ')
    assert created["arguments"] == '{"a":{"c":"é","d":[]},"b":1}'
    assert (created["view"], created["name"]) == ("TRENDS", "Mine")
    assert created["createdAt"] == created["changedAt"] == "2026-11-22T06:32:05.678Z"
    assert created["version"] == NOW_MS


@each_kind
def test_an_update_replaces_what_is_said(ann: Person, kind: Kind) -> None:
    created = ann.created(kind)
    field = "text" if kind is NOTES else "name"
    updated = ann.update(kind, created["id"], created["version"], **{field: "Other"})
    expected = created | {field: "Other", "version": created["version"] + 1}
    assert updated.data[f"update{kind.name}"] == expected
    assert ann.listed(kind) == [expected]


@each_kind
def test_a_change_to_an_old_version_is_a_conflict(ann: Person, kind: Kind) -> None:
    created = ann.created(kind)
    field = "text" if kind is NOTES else "name"
    assert ann.update(kind, created["id"], created["version"], **{field: "First"}).data
    refused = ann.update(kind, created["id"], created["version"], **{field: "Second"})
    assert refused.code == "CONFLICT"
    assert [each[field] for each in ann.listed(kind)] == ["First"]
    assert "read it again" in refused.error["message"]


@each_kind
def test_what_was_deleted_is_gone(ann: Person, kind: Kind) -> None:
    created = ann.created(kind)
    assert ann.delete(kind, created["id"]).data == {f"delete{kind.name}": created["id"]}
    assert ann.listed(kind) == []
    assert ann.node(created["id"]).data == {"node": None}
    assert ann.delete(kind, created["id"]).code == "NOT_FOUND"
    assert ann.update(kind, created["id"], created["version"]).code == "NOT_FOUND"


@each_kind
def test_another_tenant_is_told_what_it_is_told_of_what_never_was(
    services: FakeServices, ann: Person, kind: Kind
) -> None:
    created = ann.created(kind)
    stranger = Person(services, "ann", "admin", "globex")
    gone = Person(services, "x", "admin", "globex").created(kind)
    stranger.delete(kind, gone["id"])
    for asked in (
        stranger.node,
        lambda id_: stranger.delete(kind, id_),
        lambda id_: stranger.update(kind, id_, created["version"]),
    ):
        answers = [asked(id_) for id_ in (created["id"], gone["id"], "nonsense", "")]
        assert all(answer == answers[0] for answer in answers)
    assert stranger.listed(kind) == []
    assert ann.listed(kind) == [created]


@pytest.mark.parametrize("kind", [VIEWS, SEGMENTS], ids=["SavedView", "Segment"])
def test_what_is_shared_with_a_role_is_seen_by_its_holders_and_changed_by_none_of_them(
    services: FakeServices, ann: Person, kind: Kind
) -> None:
    private = ann.created(kind, name="a")
    shared = ann.created(kind, name="b", sharedWith=["REP"])
    rep, manager = Person(services, "rob"), Person(services, "max", "manager")
    assert rep.listed(kind) == [shared | {"mayChange": False}]
    assert manager.listed(kind) == []
    assert rep.node(private["id"]).data == {"node": None}
    assert rep.node(shared["id"]).data["node"]["mayChange"] is False
    assert rep.delete(kind, shared["id"]).code == "FORBIDDEN"
    assert rep.update(kind, shared["id"], shared["version"]).code == "FORBIDDEN"
    assert rep.delete(kind, private["id"]).code == "NOT_FOUND"
    assert manager.update(kind, shared["id"], shared["version"]).code == "NOT_FOUND"
    assert ann.listed(kind) == [private, shared]


@each_kind
def test_an_admin_sees_and_changes_everything(
    services: FakeServices, ann: Person, kind: Kind
) -> None:
    created = ann.created(kind)
    admin = Person(services, "ada", "admin")
    assert admin.listed(kind) == [created]
    updated = admin.update(kind, created["id"], created["version"])
    assert updated.data[f"update{kind.name}"]["owner"] == "ann"
    assert admin.delete(kind, created["id"]).data


def test_a_rep_saves_views_and_sees_annotations_but_makes_none(
    services: FakeServices, ann: Person
) -> None:
    rep = Person(services, "rob")
    assert rep.created(VIEWS)["owner"] == "rob"
    assert ann.listed(VIEWS) == []
    note = ann.created(NOTES)
    assert rep.listed(NOTES) == [note | {"mayChange": False}]
    assert rep.create(NOTES).code == "FORBIDDEN"
    assert rep.create(SEGMENTS).code == "FORBIDDEN"
    assert rep.delete(NOTES, note["id"]).code == "FORBIDDEN"


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        (VIEWS, {"name": " "}, "name"),
        (VIEWS, {"name": "x" * 101}, "name"),
        (VIEWS, {"arguments": "[]"}, "arguments"),
        (VIEWS, {"arguments": '{"a":' * 11 + "1" + "}" * 11}, "arguments"),
        (VIEWS, {"arguments": '{"a":"' + "x" * 8_000 + '"}'}, "arguments"),
        (VIEWS, {"arguments": {"a": 1}}, "input.arguments"),
        (VIEWS, {"view": "NONE"}, "input.view"),
        (VIEWS, {"sharedWith": ["BOSS"]}, "input.sharedWith[0]"),
        (
            SEGMENTS,
            {"definition": {"conditions": [{"metric": "HITS"}]}},
            "definition.conditions[0].comparator",
        ),
        (SEGMENTS, {"name": "\0"}, "name"),
        (NOTES, {"text": ""}, "text"),
        (NOTES, {"text": "x" * 501}, "text"),
        (NOTES, {"category": "x" * 51}, "category"),
        (NOTES, {"day": "2026-02-30"}, "input.day"),
    ],
)
def test_what_cannot_be_saved_is_refused_with_its_field(
    ann: Person, kind: Kind, content: dict[str, Any], field: str
) -> None:
    refused = ann.create(kind, **content)
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", field)
    assert ann.listed(kind) == []


def test_views_are_listed_by_name_and_of_one_view_if_asked(ann: Person) -> None:
    for name, view in (("b", "HOME"), ("C", "TRENDS"), ("a", "TRENDS"), ("Ä", "FUNNEL")):
        ann.created(VIEWS, name=name, view=view)
    assert [each["name"] for each in ann.listed(VIEWS)] == ["a", "b", "C", "Ä"]
    of_trends = ann.listed(VIEWS, "first: 10, view: TRENDS")
    assert [each["name"] for each in of_trends] == ["a", "C"]


def test_annotations_are_listed_by_day_and_of_a_range_if_asked(ann: Person) -> None:
    for day in ("2026-11-03", "2026-10-31", "2026-11-01", "2026-11-04"):
        ann.created(NOTES, day=day, text=day)
    assert [each["day"] for each in ann.listed(NOTES)] == [
        "2026-10-31",
        "2026-11-01",
        "2026-11-03",
        "2026-11-04",
    ]
    november = ann.listed(NOTES, 'range: {from: "2026-11-01", to: "2026-11-03"}')
    assert [each["day"] for each in november] == ["2026-11-01", "2026-11-03"]


PAGE = """query ($first: Int!, $after: String, $view: ViewName) {
  savedViews(first: $first, after: $after, view: $view) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor node { name } }
    nodes { name }
  }
}"""


def test_pages_together_are_everything_once(ann: Person) -> None:
    names = ["a", "a", "B", "c", "c", "c", "d"]
    for name in names:
        ann.created(VIEWS, name=name)
    seen: list[str] = []
    after, more = None, True
    while more:
        page = ann.ask(PAGE, first=3, after=after).data["savedViews"]
        assert page["totalCount"] == len(names)
        assert page["pageInfo"]["hasPreviousPage"] == bool(seen)
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        seen += [node["name"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == names


@pytest.mark.parametrize(
    "other",
    [{"tenant": "globex"}, {"user_id": "bob"}, {"role": "admin"}, {"view": "TRENDS"}],
    ids=str,
)
def test_a_cursor_is_of_no_use_to_others_or_for_another_question(
    ann: Person, other: dict[str, Any]
) -> None:
    ann.created(VIEWS)
    after = ann.ask(PAGE, first=1).data["savedViews"]["pageInfo"]["endCursor"]
    assert ann.ask(PAGE, first=1, after=after).data
    view, whose = other.get("view"), {name: other[name] for name in other if name != "view"}
    reply = ann._replace(**whose).ask(PAGE, first=1, after=after, view=view)
    assert (reply.code, reply.error["extensions"]["field"]) == ("BAD_USER_INPUT", "after")


def test_a_mutation_is_never_a_get(services: FakeServices) -> None:
    create = 'mutation { createAnnotation(input: {day: "2026-11-02", text: "x"}) { id } }'
    assert get(services, query=create).status == 405
    both = create.replace("mutation", "mutation m") + " query q { __typename }"
    assert get(services, query=both, operationName="m").status == 405
    assert get(services, query=both, operationName="q").status == 200
    assert services.tenancy.store.everything() == []


def test_mutations_have_the_same_limits(ann: Person) -> None:
    create = 'createAnnotation(input: {day: "2026-11-02", text: "x"}) { id }'
    eleven = " ".join(f"a{number}: {create}" for number in range(11))
    assert ann.ask(f"mutation {{ {eleven} }}").error["extensions"]["limit"] == "rootFields"
    spread = f"mutation {{ ...f }} fragment f on Mutation {{ {eleven} }}"
    assert ann.ask(spread).error["extensions"]["limit"] == "rootFields"
    assert ann.listed(NOTES) == []
    ten = " ".join(f"a{number}: {create}" for number in range(10))
    assert len(ann.ask(f"mutation {{ {ten} }}").data) == 10
    assert ann.ask("{ annotations(first: 101) { totalCount } }").code == "QUERY_TOO_COMPLEX"


def test_of_several_mutations_those_before_a_refused_one_are_done(ann: Person) -> None:
    reply = ann.ask(
        'mutation { a: createAnnotation(input: {day: "2026-11-02", text: "x"}) { day }'
        ' b: createAnnotation(input: {day: "2026-11-02", text: ""}) { day } }'
    )
    assert reply.body["data"] is None
    assert reply.error["path"] == ["b"]
    assert len(ann.listed(NOTES)) == 1
