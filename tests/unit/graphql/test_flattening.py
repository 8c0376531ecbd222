"""From answers to tables: by worked examples, and against plain loops over random answers."""

from itertools import zip_longest
from typing import Any

import pytest
from graphql import build_schema, get_named_type, get_operation_ast, parse
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import given
from hypothesis import strategies as st

from functions.graphql.export.exporting import types_of
from functions.graphql.export.flattening import INNER, connection_of, table_of
from functions.graphql.export.shape import (
    Selected,
    fields_of,
    lists_around,
    root_field,
)
from functions.graphql.export.table import Kind
from functions.graphql.schema import metrics_schema
from shared.metrics.domain.errors import BadInputError

SCHEMA = build_schema("""
scalar Date
scalar DateTime
scalar Count
type Query { view: View people(first: Int, after: String): People mixed: Mixed retention: Retention
  thing: Thing count: Count }
type View { asOf: DateTime figure: Figure series: Series earlier: Series groups: Groups
  others: Groups tops: [Top] }
type Figure { value: Count percent: Float isNew: Boolean
  members(first: Int, after: String): People }
type Series { dates: [Date] hits: [Count] }
type Groups { names: [String] totals: Totals series: Grid }
type Totals { hits: [Count] }
type Grid { hits: [[Count]] shares: [[Float]] }
type Top { rank: Int person: Person hits: [Count] }
type People { total: Count shares: [Float] nodes: [Person] edges: [PersonEdge] pageInfo: PageInfo }
type PersonEdge { cursor: String node: Person }
type Person { id: ID name: String seen: DateTime features: [String] paths: [[String]]
  friends(first: Int, after: String): People }
type PageInfo { hasNextPage: Boolean endCursor: String }
type Mixed { names: [String] items: [Top] grid: [[Count]] }
type Retention { cohorts: [Date] sizes: [Count] returned: [[Count]] meanRates: [Float] }
interface Thing { id: ID }
type Note implements Thing { id: ID text: String }
type Mark implements Thing { id: ID level: Int }
""")


def root_of(query: str, **variables: object) -> Selected:
    document = parse(query)
    operation = get_operation_ast(document)
    assert operation is not None
    values = get_variable_values(SCHEMA, operation.variable_definitions or (), variables)
    assert isinstance(values, VariableValues)
    return root_field(SCHEMA, document, operation, values)


def rows_of(query: str, answer: object, **variables: object) -> tuple[list[str], list[Any]]:
    table = table_of(root_of(query, **variables), answer)
    return [column.name for column in table.columns], list(table.rows())


def test_figures_are_one_row() -> None:
    query = "{ view { asOf figure { value percent isNew } } }"
    answer = {"asOf": "then", "figure": {"value": 3, "percent": None, "isNew": False}}
    assert rows_of(query, answer) == (
        ["asOf", "figure.value", "figure.percent", "figure.isNew"],
        [("then", 3, None, False)],
    )


def test_parallel_lists_are_columns_and_what_stands_alone_is_repeated() -> None:
    answer = {"asOf": "then", "series": {"dates": ["d1", "d2"], "hits": [3, 7]}}
    assert rows_of("{ view { asOf series { dates hits } } }", answer) == (
        ["asOf", "series.dates", "series.hits"],
        [("then", "d1", 3), ("then", "d2", 7)],
    )


def test_lists_stand_side_by_side_and_a_shorter_one_ends_earlier() -> None:
    answer = {"series": {"hits": [3, 7]}, "earlier": {"hits": [1]}, "tops": None}
    query = "{ view { series { hits } earlier { hits } tops { rank } } }"
    assert rows_of(query, answer)[1] == [(3, 1, None), (7, None, None)]


def test_objects_in_a_list_are_rows_and_lists_in_them_cells() -> None:
    answer = {"tops": [{"rank": 1, "person": {"id": "u1"}, "hits": [1, 2]}, None]}
    assert rows_of("{ view { tops { rank person { id } hits } } }", answer) == (
        ["tops.rank", "tops.person.id", "tops.hits"],
        [(1, "u1", [1, 2]), (None, None, None)],
    )


def test_nodes_are_rows_without_a_word_of_pages() -> None:
    query = """{ people {
      total shares nodes { id features } pageInfo { hasNextPage } } }"""
    nodes = [{"id": "u1", "features": []}, {"id": "u2", "features": ["a"]}]
    answer = {"total": 2, "shares": [0.5], "nodes": nodes, "pageInfo": {"hasNextPage": False}}
    assert rows_of(query, answer) == (
        ["total", "shares", "id", "features"],
        [(2, [0.5], "u1", []), (2, [0.5], "u2", ["a"])],
    )


def test_nodes_of_edges_are_the_same_rows() -> None:
    query = "{ view { figure { members { edges { cursor node { id name } } } } } }"
    edges = [{"cursor": "c", "node": {"id": "u1", "name": None}}]
    assert rows_of(query, {"figure": {"members": {"edges": edges}}}) == (
        ["figure.members.id", "figure.members.name"],
        [("u1", None)],
    )


def test_groups_make_a_row_for_each_of_their_points() -> None:
    query = (
        """{ view { series { dates hits } groups { names totals { hits } series { hits } } } }"""
    )
    answer = {
        "series": {"dates": ["d1", "d2"], "hits": [3, 7]},
        "groups": {"names": ["DE", "FR"], "totals": {"hits": [4, 6]},
                   "series": {"hits": [[1, 3], [2, 4]]}},
    }  # fmt: skip
    names, rows = rows_of(query, answer)
    assert names == [
        "series.dates", "series.hits", "groups.names", "groups.totals.hits",
        "groups.series.hits", "index",
    ]  # fmt: skip
    assert rows == [
        ("d1", 3, "DE", 4, 1, 0),
        ("d2", 7, "DE", 4, 3, 1),
        ("d1", 3, "FR", 6, 2, 0),
        ("d2", 7, "FR", 6, 4, 1),
    ]


def test_without_groups_the_rest_is_the_table() -> None:
    answer = {"series": {"dates": ["d1"]}, "groups": None}
    query = "{ view { series { dates } groups { names series { hits } } } }"
    assert rows_of(query, answer)[1] == [("d1", None, None)]


def test_of_two_kinds_of_groups_one_may_be_missing() -> None:
    query = "{ view { groups { names series { hits } } others { names series { hits } } } }"
    groups = {"names": ["DE"], "series": {"hits": [[5]]}}
    assert rows_of(query, {"groups": groups, "others": None})[1] == [("DE", 5, None, None, 0)]
    with pytest.raises(BadInputError, match="groups and others"):
        rows_of(query, {"groups": groups, "others": groups})


def test_names_of_groups_that_are_not_asked_for_are_not_taken_for_others() -> None:
    answer = {"series": {"dates": ["d1"]}, "groups": {"series": {"hits": [[5], [6]]}}}
    query = "{ view { series { dates } groups { series { hits } } } }"
    assert rows_of(query, answer)[1] == [("d1", 5, 0), ("d1", 6, 0)]


def test_mean_rates_go_with_the_weeks_and_not_with_the_cohorts() -> None:
    answer = {"cohorts": ["c1", "c2"], "returned": [[5, 1], [4, None]], "meanRates": [1.0, 0.2]}
    assert rows_of("{ retention { cohorts returned meanRates } }", answer)[1] == [
        ("c1", 5, 1.0, 0),
        ("c1", 1, 0.2, 1),
        ("c2", 4, 1.0, 0),
        ("c2", None, 0.2, 1),
    ]


def test_an_empty_list_has_all_its_columns() -> None:
    assert rows_of("{ people { nodes { id seen } } }", {"nodes": []}) == (["id", "seen"], [])
    assert rows_of("{ view { tops { rank } } }", None) == (["tops.rank"], [])


def test_fragments_aliases_and_directives_are_followed() -> None:
    query = """query ($no: Boolean!) { v: view { ...f ... @include(if: $no) { asOf }
      figure { n: value } figure { percent @skip(if: $no) isNew @skip(if: true) } } }
    fragment f on View { series { dates } }"""
    answer = {"series": {"dates": ["d1"]}, "figure": {"n": 1, "percent": 0.5}}
    names, rows = rows_of(query, answer, no=False)
    assert (names, rows) == (["series.dates", "figure.n", "figure.percent"], [("d1", 1, 0.5)])
    assert root_of(query, no=False).key == "v"


def test_of_an_interface_there_are_the_columns_of_every_type() -> None:
    query = "{ thing { __typename id ... on Note { text } ... on Mark { level } } }"
    answer = {"__typename": "Mark", "id": "m", "level": 3}
    assert rows_of(query, answer)[1] == [("Mark", "m", None, 3)]


def test_kinds_come_from_the_schema() -> None:
    query = """{ view { asOf figure { value percent isNew } series { dates }
      tops { rank hits person { name } } } }"""
    assert [column.kind for column in table_of(root_of(query), None).columns] == [
        Kind.INSTANT, Kind.WHOLE, Kind.REAL, Kind.FLAG, Kind.DAY, Kind.WHOLE, Kind.LIST, Kind.TEXT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ view { asOf } retention { sizes } }", "one root field"),
        ("{ count }", "one root field"),
        ("{ __typename }", "one root field"),
        ("{ __schema { queryType { name } } }", "one root field"),
        ("{ people { nodes { id name: id } edges { node { id } } } }", "two columns are called id"),
        ("{ people { nodes { friends { nodes { id } } } } }", "people and nodes.friends"),
        ("{ view { tops { person { friends { nodes { id } } } } } }", "is a list in a list"),
    ],
)
def test_what_is_no_table_is_told(query: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        table_of(root_of(query), None)


def test_a_list_of_which_only_the_size_is_asked_for_is_no_list() -> None:
    query = "{ view { figure { value members { total pageInfo { hasNextPage } } } } }"
    assert connection_of(root_of(query)) is None
    answer = {"figure": {"value": 2, "members": {"total": 2, "pageInfo": {}}}}
    assert rows_of(query, answer)[1] == [(2, 2)]


counts = st.none() | st.integers(0, 9)


@st.composite
def views(draw: st.DrawFn) -> dict[str, Any]:
    """A view with series and, perhaps, groups; all with lists of the lengths they say."""
    points, groups = draw(st.integers(0, 3)), draw(st.integers(0, 3))

    def row(length: int) -> list[int | None]:
        return draw(st.lists(counts, min_size=length, max_size=length))

    grouped = {
        "names": [f"g{group}" for group in range(groups)],
        "totals": {"hits": row(groups)},
        "series": {"hits": [row(points) for _ in range(groups)]},
    }
    return {
        "asOf": draw(st.none() | st.just("then")),
        "series": {"dates": [f"d{point}" for point in range(points)], "hits": row(points)},
        "earlier": draw(st.none() | st.just({"hits": row(draw(st.integers(0, points)))})),
        "groups": draw(st.none() | st.just(grouped)),
    }


VIEW = """{ view { asOf series { dates hits } earlier { hits }
  groups { names totals { hits } series { hits } } } }"""


def rows_by_loops(view: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows, written without looking at the code."""
    earlier = view["earlier"]["hits"] if view["earlier"] else []
    points = list(zip_longest(view["series"]["dates"], view["series"]["hits"], earlier))
    if view["groups"] is None:
        return [(view["asOf"], *point, None, None, None) for point in points]
    rows = []
    for name, total, hits in zip(
        view["groups"]["names"],
        view["groups"]["totals"]["hits"],
        view["groups"]["series"]["hits"],
        strict=True,
    ):
        for place, (point, cell) in enumerate(zip(points, hits, strict=True)):
            rows.append((view["asOf"], *point, name, total, cell, place))
    return rows


@given(views())
def test_any_view_is_the_table_that_loops_make(view: dict[str, Any]) -> None:
    assert rows_of(VIEW, view)[1] == rows_by_loops(view)


cells = st.none() | st.integers() | st.text(max_size=3)


@given(st.lists(st.fixed_dictionaries({"id": cells, "name": cells, "seen": cells})), cells)
def test_any_list_of_people_is_the_rows_of_its_nodes(
    people: list[dict[str, Any]], total: object
) -> None:
    query = "{ people { nodes { seen id } total nodes { name } } }"
    rows = rows_of(query, {"nodes": people, "total": total})[1]
    assert rows == [(each["seen"], each["id"], each["name"], total) for each in people]


def test_of_every_type_with_lists_of_lists_it_is_known_what_goes_with_them() -> None:
    """A plain list beside lists of lists goes with the outer ones, unless INNER says otherwise.
    Whoever adds such a type adds it here, after a thought.
    """
    types = types_of(metrics_schema(introspection=True)).type_map.values()
    beside = {
        f"{kind.name}.{name}"
        for kind in types
        if any(lists_around(field) == 2 for field in fields_of(kind).values())
        for name, field in fields_of(kind).items()
        if lists_around(field) == 1 and not fields_of(get_named_type(field.type))
    }
    outer = {
        "Feature.properties", "Feature.actions",
        "FrequencyByFeature.features", "FrequencyByFeature.noData",
        "FrequencyGroups.names", "FrequencyGroups.activeUsers",
        "FunnelGroups.names", "FunnelGroups.completionRates", "FunnelGroups.maturedRates",
        "FunnelGroups.medianMilliseconds", "FunnelGroups.p90Milliseconds",
        "KpiGroups.keys", "KpiGroups.names", "KpiGroups.values", "KpiGroups.reasons",
        "KpiGroups.rows", "KpiGroups.previousValues", "KpiGroups.changePercents",
        "MetricParameters.names", "MetricParameters.meanings", "MetricParameters.numbers",
        "MetricParameters.lowest", "MetricParameters.highest",
        "NamedFeature.properties",
        "PopularityGroups.names", "PopularityGroups.activeUsers",
        "Retention.cohorts", "Retention.cohortIsPartial", "Retention.cohortNoData",
        "Retention.sizes",
        "RetentionGroups.names", "RetentionGroups.sizes",
        "ZoneHours.names", "ZoneHours.people",
    }  # fmt: skip
    assert beside == outer | INNER
