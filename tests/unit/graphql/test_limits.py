"""Queries that ask for too much are refused before anything is computed."""

from collections.abc import Callable

import pytest
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, get_introspection_query, parse
from graphql.validation import validate

from functions.graphql import complexity
from functions.graphql.complexity import ComplexityRule
from functions.graphql.limits import LISTS, MOST_COUNTED
from functions.graphql.schema import metrics_schema
from tests.unit.graphql.fakes import FakeServices, Reply, ask, get

PEOPLE = "userId name email hits attendance sessions featuresUsed lastSeen"


def doubling_bomb(levels: int) -> str:
    """Fragments that each select the next one twice: 2 ** levels fields."""
    fragments = "".join(
        f"fragment f{n} on Query{{a:home{{...f{n + 1}}}b:home{{...f{n + 1}}}}}"
        for n in range(levels)
    )
    return f"{{...f0}}{fragments}fragment f{levels} on Query{{home{{asOf}}}}"


def spreading_bomb(levels: int) -> str:
    """Fragments that each spread the next one twice, at the same level."""
    fragments = "".join(f"fragment f{n} on Query{{...f{n + 1}...f{n + 1}}}" for n in range(levels))
    return f"{{...f0}}{fragments}fragment f{levels} on Query{{home{{asOf}}}}"


TOO_MUCH: dict[str, tuple[str, str]] = {
    "a doubling bomb": (doubling_bomb(14), "depth"),
    "a spreading bomb": (spreading_bomb(19), "rootFields"),
    "a cycle with a bomb": (
        "{...a}fragment a on Query{...a...b}fragment b on Query{...a " + "home{asOf}" * 11 + "}",
        "rootFields",
    ),
    "aliases": (
        "{ home { " + " ".join(f"a{n}: totalHits {{ value }}" for n in range(31)) + "} }",
        "aliases",
    ),
    "root fields": (
        "{ " + " ".join(f"a{n}: home {{ asOf }}" for n in range(11)) + "}",
        "rootFields",
    ),
    "__typename over and over": ("{ " + "__typename " * 11 + "}", "rootFields"),
    "fields": ("{ home { " + "asOf " * 300 + "} }", "fields"),
    "operations": (" ".join(f"query q{n} {{ home {{ asOf }} }}" for n in range(6)), "operations"),
    "fragments": (
        "{ home { asOf } }" + " ".join(f"fragment f{n} on Home {{ asOf }}" for n in range(51)),
        "fragments",
    ),
    "depth": ("{ home " + "{ home " * 10 + "{ asOf }" + "}" * 11, "depth"),
    "depth of inline fragments": ("{" + "... {" * 10 + "__typename" + "}" * 11, "depth"),
    "depth the parser refuses": ("{ home" * 250, "depth"),
    "depth of a value": ("{ home(range: " + "[" * 250 + "]" * 250 + ") { asOf } }", "depth"),
    "tokens": ("{ " + "asOf " * 1_000 + "}", "tokens"),
    "comments": ("#\n" * 1_001 + "{ __typename }", "tokens"),
    "first": ("{ userAnalytics(first: 1000000000) { totalCount } }", "first"),
    "first as a float": ("{ userAnalytics(first: 1e9) { totalCount } }", "first"),
    "first of many digits": (
        "{ userAnalytics(first: " + "9" * 5_000 + ") { totalCount } }",
        "first",
    ),
    "top": ("{ home(top: 101) { asOf } }", "top"),
    "cost": (
        "{ "
        + " ".join(
            f"a{n}: userAnalytics(first: 100) {{ edges {{ node {{ {PEOPLE} }} }} }}"
            for n in range(6)
        )
        + "}",
        "cost",
    ),
    "cost by way of fragments": (
        "query ($n: Int!) { "
        + " ".join(f"a{n}: userAnalytics(first: $n) {{ ...p }}" for n in range(3))
        + " } fragment p on UserAnalyticsConnection { nodes { ...n } edges { node { ...n } } }"
        + " fragment n on PersonMetrics { "
        + PEOPLE
        + " }",
        "cost",
    ),
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_too_much_is_refused_with_what_is_allowed_and_what_was_asked(case: str) -> None:
    query, limit = TOO_MUCH[case]
    services = FakeServices()
    reply = ask(query, services, variables={"n": 1})
    assert (reply.status, reply.code) == (400, "QUERY_TOO_COMPLEX")
    extensions = reply.error["extensions"]
    assert extensions["limit"] == limit
    assert extensions["allowed"] < extensions["asked"] <= MOST_COUNTED
    assert str(extensions["allowed"]) in reply.error["message"]
    assert services.views.asked == []


def test_a_get_has_the_same_limits() -> None:
    assert get(query=doubling_bomb(14)).code == "QUERY_TOO_COMPLEX"


@pytest.mark.parametrize("bomb", [doubling_bomb, spreading_bomb])
def test_the_work_grows_with_the_document_and_not_with_what_it_means(
    bomb: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(complexity, "MAX_DEPTH", 1_000)
    walked = []
    walk = complexity._Counter.selections

    def counted(*arguments: object) -> object:
        walked.append(1)
        return walk(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(complexity._Counter, "selections", counted)
    document = bomb(20)
    (error,) = validate(
        metrics_schema(introspection=True)._schema, parse(document), [ComplexityRule]
    )
    assert error.extensions == {}
    assert len(document) < 1_400
    assert len(walked) < 70


def test_a_list_size_in_a_variable_has_the_same_limits() -> None:
    query = "query ($first: Int!) { userAnalytics(first: $first) { totalCount } }"
    services = FakeServices()

    def asked(first: int) -> Reply:
        return ask(query, services, {"first": first})

    assert asked(101).code == "QUERY_TOO_COMPLEX"
    assert asked(101).error["extensions"]["asked"] == 101
    assert asked(0).code == "BAD_USER_INPUT"
    assert services.views.asked == []
    assert asked(100).data == {"userAnalytics": {"totalCount": 0}}


def test_a_fragment_that_nobody_spreads_or_that_does_not_exist_is_not_counted() -> None:
    unused = "fragment f on Query { " + " ".join(f"a{n}: home {{ asOf }}" for n in range(50)) + "}"
    assert "never used" in ask("{ home { asOf } }" + unused).error["message"]
    assert "Unknown fragment" in ask("{ ...nobody }").error["message"]


def test_what_the_dashboard_and_tools_ask_for_is_within_the_limits() -> None:
    assert ask(get_introspection_query()).data
    both = f"{{ userAnalytics(first: 100) {{ nodes {{ {PEOPLE} }} edges {{ cursor }} }} }}"
    assert ask(both).data


def test_every_list_of_objects_is_bounded_by_an_argument() -> None:
    lists = {
        field
        for kind in metrics_schema(introspection=True)._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for field, definition in kind.fields.items()
        if _is_list_of_objects(definition.type)
    }
    assert lists == LISTS


def _is_list_of_objects(kind: object) -> bool:
    is_list = False
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        is_list |= isinstance(kind, GraphQLList)
        kind = kind.of_type
    return is_list and isinstance(kind, GraphQLObjectType)
