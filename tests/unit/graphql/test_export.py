"""The API as CSV: the same question, the same caller, the same numbers, as a file."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from graphql import FieldNode, OperationDefinitionNode, parse, print_ast
from hypothesis import given
from hypothesis import strategies as st

from functions.graphql.export import answering
from functions.graphql.export.answering import MAX_BYTES, MOST
from functions.graphql.export.exporting import MostRows
from functions.graphql.export.pages import paged
from functions.graphql.handler import respond
from functions.graphql.limits import MAX_LIST
from functions.graphql.media_types import CSV, GRAPHQL, JSON, negotiated
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.engine.requests import UserAnalyticsRequest
from tests.unit.graphql.fakes import (
    PRODUCTION,
    REQUEST_ID,
    FakeServices,
    FakeViews,
    ask,
    event,
    headers,
    person,
    token,
)

SERIES = "{ trends { series { dates hits isPartial } } }"
PEOPLE = "{ userAnalytics { nodes { userId hits } } }"


class Answered(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str

    @property
    def rows(self) -> list[list[str]]:
        assert self.status == 200, self.text
        return list(csv.reader(io.StringIO(self.text, newline=""), strict=True))

    @property
    def error(self) -> dict[str, Any]:
        assert self.headers["Content-Type"] == f"{JSON}; charset=utf-8"
        (error,) = json.loads(self.text)["errors"]
        assert isinstance(error, dict)
        return error

    @property
    def code(self) -> str:
        return str(self.error["extensions"]["code"])


def answered(sent: dict[str, Any], services: FakeServices | None = None) -> Answered:
    context = LambdaContext()
    context._aws_request_id = REQUEST_ID
    result = respond(sent, context, services or FakeServices())
    return Answered(result["statusCode"], result["headers"], result["body"])


def export(
    query: str,
    services: FakeServices | None = None,
    variables: dict[str, Any] | None = None,
    options: object = None,
    **more: str,
) -> Answered:
    body = {"query": query, "variables": variables}
    if options is not None:
        body["extensions"] = {"csv": options}
    sent = event(body=json.dumps(body), headers=headers(**{"accept": CSV, **more}))
    return answered(sent, services)


def people(count: int) -> FakeServices:
    return FakeServices(FakeViews([person(f"u{number:05}") for number in range(count)]))


def test_an_answer_is_a_file_to_be_saved() -> None:
    reply = export(SERIES)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="trends.csv"'
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.text == (
        "series.dates,series.hits,series.isPartial\r\n2026-11-20,3,false\r\n2026-11-21,7,true\r\n"
    )


def test_working_day_attendance_has_a_column_for_each_of_its_numbers() -> None:
    query = "{ userAnalytics { nodes { userId workingDayAttendance { rate workingDays } } } }"
    assert export(query, people(1)).text == (
        "userId,workingDayAttendance.rate,workingDayAttendance.workingDays\r\nu00000,0.4,5\r\n"
    )


def test_a_file_is_called_as_the_field_is() -> None:
    reply = export("{ hitsByDay: trends { series { hits } } }")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="hitsByDay.csv"'


def test_a_byte_order_mark_is_there_if_it_is_asked_for() -> None:
    assert export(SERIES, options={"bom": True}).text.startswith("\ufeffseries.dates,")
    assert export(SERIES, options={"bom": False}).text.startswith("series.dates,")


@pytest.mark.parametrize("options", [{"bom": 1}, {"bim": True}, [], "bom"])
def test_options_that_cannot_be_read_are_told(options: object) -> None:
    reply = export(SERIES, options=options)
    assert (reply.status, reply.code) == (400, "BAD_USER_INPUT")
    assert reply.error["extensions"]["field"] == "extensions.csv"


def test_a_get_is_answered_alike() -> None:
    query = urlencode({"query": SERIES, "extensions": '{"csv": {"bom": true}}'})
    sent = event("GET", headers=headers(accept=CSV), query_string=query)
    assert answered(sent).text == export(SERIES, options={"bom": True}).text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", CSV),
        ("Text/CSV; header=present, */*;q=0.1", CSV),
        ("text/csv, application/json", CSV),
        ("application/json, text/csv;q=0.9", JSON),
        ("text/csv, application/graphql-response+json;q=0.9", CSV),
        ("text/*", None),
        ("*/*", JSON),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("text/csv;q=0", None),
        (f"text/csv;q=0.5, {GRAPHQL}", GRAPHQL),
    ],
)
def test_csv_is_for_those_who_name_it(accept: str, media_type: str | None) -> None:
    assert negotiated(accept) == media_type


def test_the_same_is_asked_as_for_json() -> None:
    query = """query ($f: PeopleFilterInput) { home(preset: LAST_MONTH, filter: $f, top: 3) {
      totalHits { value changePercent } topByHits { userId name value } } }"""
    variables = {"f": {"country": ["DE"]}}
    services, other = FakeServices(), FakeServices()
    found = ask(query, other, variables).data["home"]
    reply = export(query, services, variables)
    assert services.views.asked == other.views.asked
    total = found["totalHits"]
    assert reply.rows == [
        ["totalHits.value", "totalHits.changePercent",
         "topByHits.userId", "topByHits.name", "topByHits.value"],
        [str(total["value"]), "", "u1", "Ada", "7"],
    ]  # fmt: skip


def test_a_list_of_people_is_whole_and_from_one_reading() -> None:
    services = people(2 * MAX_LIST + 7)
    rows = export(PEOPLE, services).rows
    assert rows == [["userId", "hits"], *([f"u{n:05}", "7"] for n in range(2 * MAX_LIST + 7))]
    (asked,) = services.views.asked
    assert isinstance(asked, UserAnalyticsRequest)
    assert asked.first == MOST.rows


PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "as it is": ("{ userAnalytics { nodes { userId } } }", {}),
    "a size": ("{ userAnalytics(first: 3, after: null) { nodes { userId } } }", {}),
    "no cursor": ('{ userAnalytics(after: "x") { edges { cursor node { userId } } } }', {}),
    "variables": (
        "query ($n: Int!, $a: String) { userAnalytics(first: $n, after: $a) { nodes { userId } } }",
        {"n": 1, "a": "MQ"},
    ),
    "fragments": (
        """query ($n: Int! = 5) { ...q } fragment q on Query { userAnalytics(first: $n) { ...p } }
        fragment p on UserAnalyticsConnection { pageInfo { endCursor } nodes { userId } }""",
        {},
    ),
    "twice": (
        """query ($no: Boolean = false) { userAnalytics { nodes { userId } }
        userAnalytics { totalCount @include(if: $no) } }""",
        {},
    ),
    "one of two operations": (
        "query a { home { asOf } } query b { userAnalytics { nodes { userId } } }",
        {"operationName": "b"},
    ),
}


@pytest.mark.parametrize("case", PAGES)
def test_the_page_that_is_asked_for_is_of_no_consequence(case: str) -> None:
    query, variables = PAGES[case]
    name = variables.get("operationName")
    body = json.dumps({"query": query, "variables": variables, "operationName": name})
    assert len(answered(event(body=body, headers=headers(accept=CSV)), people(7)).rows) == 8


def test_a_variable_of_the_page_is_kept_where_it_is_used_otherwise() -> None:
    query = "query ($n: Int!, $m: Int!) { a(first: $n) { b(top: $n, first: $m) { pageInfo } } }"
    document = parse(query)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    (field,) = operation.selection_set.selections
    assert isinstance(field, FieldNode)
    assert print_ast(paged(document, (field,))) == print_ast(
        parse(
            "query ($n: Int!, $m: Int!, $_exportFirst: Int!, $_exportAfter: String) { "
            "a(first: $_exportFirst, after: $_exportAfter) { b(top: $n, first: $m) { pageInfo } "
            "_exportPage: pageInfo { hasNextPage endCursor } } }"
        )
    )
    assert "$m" not in print_ast(paged(parse(query.replace("b(top: $n, first: $m)", "b")), ()))


def test_10_000_rows_are_a_file_and_one_more_is_refused() -> None:
    assert len(export(PEOPLE, people(MOST.rows)).rows) == MOST.rows + 1
    reply = export(PEOPLE, people(MOST.rows + 1))
    assert (reply.status, reply.code) == (400, "BAD_USER_INPUT")
    assert "more than 10,000 rows" in reply.error["message"]


def test_with_many_columns_there_may_be_fewer_rows() -> None:
    most = MostRows(rows=10_000, cells=300_000)
    assert [most.of(columns) for columns in (0, 1, 30, 31, 300_001)] == [
        10_000, 10_000, 10_000, 9_677, 1,
    ]  # fmt: skip


def test_a_list_that_is_cut_after_it_was_read_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    services = FakeServices()
    shelf = services.tenancy.open("acme").library.annotations
    notes = [f"note {number:03}" for number in range(2 * MAX_LIST + 7)]
    for number, note in enumerate(notes):
        day = date(2026, 1, 1) + timedelta(days=number)
        shelf.create(f"u{number % 2}", day=day, text=note, category=None)
    query = "{ annotations(first: 2) { totalCount nodes { text } } }"
    total = str(len(notes))
    assert export(query, services).rows == [["totalCount", "text"], *([total, n] for n in notes)]
    monkeypatch.setattr(answering, "MOST", MostRows(rows=150, cells=300_000))
    reply = export(query, services)
    assert (reply.status, reply.code) == (400, "BAD_USER_INPUT")
    assert "more than 150 rows" in reply.error["message"]


def test_a_file_that_is_too_large_is_refused() -> None:
    services = FakeServices(FakeViews([replace(person("u1"), name="\x01" * (MAX_BYTES // 6))]))
    reply = export("{ userAnalytics { nodes { name } } }", services)
    assert (reply.status, reply.code) == (400, "BAD_USER_INPUT")
    assert f"{MAX_BYTES:,}" in reply.error["message"]


def test_roles_are_those_of_the_api() -> None:
    authorization = f"Bearer {token(role='rep')}"
    reply = export(PEOPLE, people(3), authorization=authorization)
    assert (reply.status, reply.code) == (403, "FORBIDDEN")
    assert export(SERIES, authorization=authorization).status == 200


def test_without_a_token_nothing_is_answered() -> None:
    reply = export(SERIES, authorization="")
    assert (reply.status, reply.code) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("{", 400, "BAD_USER_INPUT"),
        ("{ nothing }", 400, "BAD_USER_INPUT"),
        ("{ home { asOf } trends { series { dates } } }", 400, "BAD_USER_INPUT"),
        ("{ __typename }", 400, "BAD_USER_INPUT"),
        ("{ __schema { types { name } } }", 400, "BAD_USER_INPUT"),
        ('mutation { deleteSavedView(id: "x") }', 400, "BAD_USER_INPUT"),
        ("subscription { __typename }", 400, "BAD_USER_INPUT"),
        ("query ($n: Int!) { home(top: $n) { asOf } }", 400, "BAD_USER_INPUT"),
        ("query a { home { asOf } } query b { home { asOf } }", 400, "BAD_USER_INPUT"),
        ("{ home(top: 101) { asOf } }", 400, "QUERY_TOO_COMPLEX"),
        ("{ home { " + "asOf " * 300 + "} }", 400, "QUERY_TOO_COMPLEX"),
        ("{ " + "asOf " * 1_000 + "}", 400, "QUERY_TOO_COMPLEX"),
        ('{ home(range: {from: "2026-11-22", to: "2026-11-21"}) { asOf } }',
         400, "BAD_USER_INPUT"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_as_json(query: str, status: int, code: str) -> None:
    reply = export(query)
    assert (reply.status, reply.code) == (status, code)
    assert "data" not in json.loads(reply.text)


def test_nothing_is_read_for_what_is_refused() -> None:
    services = FakeServices()
    export("{ home { asOf } trends { series { dates } } }", services)
    assert services.views.asked == []


def test_faults_of_ours_are_masked() -> None:
    services = FakeServices(FakeViews(failure=StorageUnavailableError("the table is gone")))
    reply = export(SERIES, services)
    assert (reply.status, reply.code) == (503, "UNAVAILABLE")
    assert "table" not in reply.text
    reply = export(SERIES, FakeServices(FakeViews(failure=RuntimeError("a secret"))))
    assert (reply.status, reply.code) == (500, "INTERNAL")
    assert "secret" not in reply.text


def test_names_of_the_schema_are_not_suggested_in_production() -> None:
    reply = export("{ hom { asOf } }", FakeServices(settings=PRODUCTION))
    assert "Did you mean" not in reply.text


hostile = st.text() | st.sampled_from(["=1+1", "-1", "@x", "\t=1", "a;=1", '"', "'="])


@given(st.lists(st.tuples(hostile, st.none() | hostile), max_size=5, unique_by=lambda row: row[0]))
def test_no_name_becomes_a_formula_or_another_cell(names: list[tuple[str, str | None]]) -> None:
    rows = sorted(names)
    services = FakeServices(FakeViews([replace(person(one), name=other) for one, other in rows]))
    found = export("{ userAnalytics { nodes { userId name hits } } }", services).rows[1:]
    assert [row[2] for row in found] == ["7"] * len(rows)
    assert not any(
        cell.lstrip()[:1] in set("=+-@") for row in found for cell in row if cell.strip()
    )
