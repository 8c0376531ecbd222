"""`crm-metrics export`: the same numbers as the views have, whatever they are written as."""

import csv
import io
import json
from pathlib import Path

import pytest
from pyarrow import parquet

from devstack.exporting.queries import NODES, query_for, table_names
from devstack.exporting.views import table_of_view
from devstack.stack import LocalStack
from functions.graphql.export.exporting import types_of
from functions.graphql.schema import metrics_schema
from tests.unit.devstack.command_line import CommandLine, Ran

ROWS = """who,when,what,how
ann,2023-11-19T23:30:00Z,Leads,use
bob,2023-11-19T23:50:00Z,Deals,login
ann,2023-11-20T00:10:00Z,Leads,use
"=1+1",2023-11-20T10:10:00Z,Leads,use
"""
DAYS = ("--from", "2023-11-19", "--to", "2023-11-20")


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("export")
    crm = CommandLine(folder / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    (folder / "rows.csv").write_text(ROWS)
    mapping = ("--user", "who", "--time", "when", "--feature", "what", "--action", "how")
    crm.run("import", folder / "rows.csv", "--tenant", "acme", *mapping)
    return crm


def rows_of(ran: Ran) -> list[list[str]]:
    return list(csv.reader(io.StringIO(ran.out, newline=""), strict=True))


def test_a_table_is_printed_as_csv(crm: CommandLine) -> None:
    ran = crm.run("export", "trends.series", *DAYS)
    header, first, second = rows_of(ran)
    columns = [header.index(f"series.{name}") for name in ("dates", "isPartial", "hits")]
    assert [first[at] for at in columns] == ["2023-11-19", "false", "1"]
    assert [second[at] for at in columns] == ["2023-11-20", "false", "2"]
    assert ran.err == "2 rows of trends were written\n"


def test_a_name_is_no_formula(crm: CommandLine) -> None:
    rows = rows_of(crm.run("export", "userAnalytics", *DAYS))
    assert [row[0] for row in rows] == ["userId", "'=1+1", "ann", "bob"]


def test_the_three_formats_say_the_same(crm: CommandLine, tmp_path: Path) -> None:
    for name in ("a.csv", "a.jsonl", "a.parquet"):
        ran = crm.run("export", "home.topByHits", *DAYS, "--output", tmp_path / name)
        assert ran.out == ""
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert parquet.read_table(tmp_path / "a.parquet").to_pylist() == lines
    with (tmp_path / "a.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["topByHits.userId"].removeprefix("'") for row in found] == [
        line["topByHits.userId"] for line in lines
    ]
    assert [int(row["topByHits.value"]) for row in found] == [2, 1]


def test_a_query_may_be_exported_with_its_variables(crm: CommandLine, tmp_path: Path) -> None:
    text = """query ($range: RangeInput, $by: TrendsGroupBy) { trends(range: $range, groupBy: $by) {
      timeZone series { dates } groups { names series { hits } } } }"""
    (tmp_path / "groups.graphql").write_text(text)
    arguments = ("--query", tmp_path / "groups.graphql", "--arguments", '{"by": "FEATURE"}')
    assert rows_of(crm.run("export", *arguments, *DAYS)) == [
        ["timeZone", "series.dates", "groups.names", "groups.series.hits", "index"],
        ["UTC", "2023-11-19", "Leads", "1", "0"],
        ["UTC", "2023-11-20", "Leads", "2", "1"],
    ]


def test_roles_are_those_of_the_api(crm: CommandLine) -> None:
    ran = crm.run("export", "userAnalytics", *DAYS, "--role", "rep", status=1)
    assert (ran.out, "needs the role" in ran.err) == ("", True)


def values_in(answer: object) -> set[str]:
    """Every value in an answer, or in a table."""
    if isinstance(answer, dict):
        answer = list(answer.values())
    if isinstance(answer, list | tuple):
        return {value for each in answer for value in values_in(each)}
    return set() if answer is None else {json.dumps(answer)}


ONE_OF_TWO = {"kpis": {"preset": "SALES_MANAGER"}}
"""Arguments where none is required, but one of two is."""


def test_every_table_has_the_values_of_its_view(crm: CommandLine) -> None:
    """With what each table is asked for by default; one that needs an argument is left out."""
    schema = types_of(metrics_schema(introspection=True))
    asked = 0
    with LocalStack(crm.data_dir) as stack:
        principal = stack.principal("acme", "admin")
        for name in table_names(schema):
            arguments = ONE_OF_TWO.get(name.partition(".")[0], {})
            text, variables = query_for(schema, name, arguments)
            document = stack.query(text, "acme", variables=variables).document
            if "data" not in document:
                assert "is required" in document["errors"][0]["message"], name
                continue
            table = table_of_view(stack.services, principal, name, arguments)
            found = {column.name: column.values for column in table.columns}
            wanted = document["data"][name.partition(".")[0]]
            for each in ("index", "asOf", "watermark"):
                found.pop(each, None)
                for one in wanted if isinstance(wanted, list) else [wanted]:
                    one.pop(each, None)
            # Of lists the API answers a page, and an export has them whole.
            assert values_in(found) >= values_in(wanted), name
            assert NODES in text or values_in(found) == values_in(wanted), name
            asked += 1
    assert asked > 40


def test_a_list_that_takes_many_pages_is_whole(crm: CommandLine) -> None:
    with LocalStack(crm.data_dir) as stack:
        answer = stack.query("{ features { totalCount } }", "acme").document["data"]
    _, *rows = rows_of(crm.run("export", "features"))
    assert len({row[0] for row in rows}) == len(rows) == answer["features"]["totalCount"]
    assert len(rows) > 50


MISTAKES: dict[str, tuple[tuple[object, ...], str]] = {
    "nothing": ((), "give either a VIEW"),
    "two things": (("home", "--events"), "give either a VIEW"),
    "no such table": (("nonsense",), "there is no table 'nonsense'"),
    "no such format": (("home", "--format", "xlsx"), "there is no format 'xlsx'"),
    "half a range": (("home", "--from", "2023-11-19"), "--from and --to go together"),
    "a reversed range": (("home", "--from", "2023-11-19", "--to", "2023-11-18"), "is reversed"),
    "no JSON": (("home", "--arguments", "x"), "--arguments is not JSON"),
    "no argument": (("home", "--arguments", '{"tip": 5}'), "no argument 'tip'"),
    "a wrong argument": (("home", "--arguments", '{"top": "x"}'), "Variable '$top'"),
    "a lacking argument": (("members",), "Argument 'Query.members(figure:)'"),
    "no GraphQL": (("--query", "{"), "Syntax Error"),
    "no such role": (("home", "--role", "boss"), "there is no role 'boss'"),
    "nowhere": (("home", "--output", "/dev/null/x"), "cannot be written"),
    "events on paper": (("--events",), "give the folder"),
    "events as CSV": (("--events", "--format", "csv", "--output", "x"), "as Parquet only"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_every_mistake_is_one_clear_line(crm: CommandLine, case: str) -> None:
    arguments, said = MISTAKES[case]
    ran = crm.run("export", *arguments, status=1)
    assert (ran.out, ran.err.count("\n"), "Traceback" in ran.err) == ("", 1, False)
    assert ran.err.startswith("error: ")
    assert said in ran.err


def test_events_are_counted_as_they_are_written(crm: CommandLine, tmp_path: Path) -> None:
    arguments = ("export", "--events", "--tenant", "acme", *DAYS, "--output", tmp_path)
    assert crm.run(*arguments, "--json").document() == {
        "days": 2,
        "events": 4,
        "directory_events": 0,
    }
    assert crm.run(*arguments).out.split()[:2] == ["days", "2"]
