"""The KPIs and the catalogue, as GraphQL asks and answers them."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type

from functions.graphql.schema import metrics_schema
from shared.metrics.domain.kpis.answers import (
    KpiAnswer,
    KpiMember,
    KpiMembersAnswer,
    KpiValue,
    MetricTrialAnswer,
)
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.presets import PRESETS, KpiPreset
from shared.metrics.domain.kpis.registry import ENTRIES, REGISTRY, Family, KpiKey, catalogue
from shared.metrics.domain.kpis.vocabulary import Reason
from shared.metrics.domain.periods import month_start
from shared.metrics.domain.records.from_rows import ChangeRow
from shared.metrics.engine.kpi_requests import (
    KpiMembersRequest,
    KpisRequest,
    MetricTrialRequest,
)
from shared.metrics.engine.requests import Interval
from tests.unit.domain.kpis.asking import asked
from tests.unit.graphql.fakes import FakeServices, FakeViews, Reply, ask, token

WON = [
    ChangeRow(
        "deal",
        f"d{n}",
        "2026-11-02",
        {"status": "WON", "closed_at": f"2026-11-0{n}", "amount": n, "currency": "EUR"}
        | {"source": "web" if n % 2 else "fair"},
    )
    for n in (3, 4, 5)
]


def answer() -> KpiAnswer:
    return asked("WON_REVENUE", WON, group_by=Dimension.SOURCE, start_of=month_start)


def services() -> FakeServices:
    answers = {
        KpisRequest: [answer()],
        KpiMembersRequest: KpiMembersAnswer(
            members=[KpiMember("d3", None, 1_793_664_000_000, 300.0, None, "EUR", [], "d3|1")],
            member_count=3,
            figure=KpiValue(1200.0, None, 1200.0, 3.0, 3),
            has_previous=False,
            has_next=True,
        ),
        MetricTrialRequest: None,
    }
    return FakeServices(views=FakeViews(others=answers))


def request_of(made: FakeServices) -> KpisRequest:
    (request,) = made.views.asked
    assert isinstance(request, KpisRequest)
    return request


def test_a_kpi_is_answered_with_series_groups_and_proof() -> None:
    query = """{ kpi(
        key: WON_REVENUE, groupBy: SOURCE, interval: MONTH,
        period: {range: {from: "2026-11-01", to: "2026-11-30"}},
        filter: [{dimension: REGION, values: ["North", "South"]}]) {
      value reason currency currencies amounts changePercent isMature flags
      metric { key unit version } previous { value rows } current { rows }
      series { dates values reasons isPartial }
      groups { keys names values rows previousValues changePercents series groupCount }
      proof { keys versions records rows unknownRecords } } }"""
    made = services()
    data = ask(query, made).data["kpi"]
    assert (data["value"], data["currency"], data["amounts"]) == (1200.0, "EUR", [1200])
    assert data["groups"]["keys"] == ["web", "fair"]
    assert data["groups"]["series"] == [[800.0], [400.0]]
    assert data["series"]["dates"] == ["2026-11-01"]
    assert data["proof"]["rows"] == [3]
    request = request_of(made)
    assert request.keys == ("WON_REVENUE",)
    assert request.filters == ((Dimension.REGION, ("North", "South")),)
    assert (request.group_by, request.interval) == (Dimension.SOURCE, Interval.MONTH)
    assert request.owned_by is None


def test_a_rep_is_answered_about_own_records() -> None:
    made = services()
    bearer = f"Bearer {token(role='rep', sub='ada')}"
    assert ask("{ kpi(key: WON_REVENUE) { value } }", made, authorization=bearer).data
    assert request_of(made).owned_by == "ada"


def test_several_kpis_are_one_question() -> None:
    made = services()
    ask("{ kpis(keys: [WON_REVENUE, WIN_RATE, WON_REVENUE]) { value } }", made)
    assert request_of(made).keys == ("WON_REVENUE", "WIN_RATE")


def test_a_preset_names_kpis() -> None:
    made = services()
    ask("{ kpis(preset: SALES_MANAGER) { value } }", made)
    assert request_of(made).keys == PRESETS[KpiPreset.SALES_MANAGER]


def test_all_kpis_of_presets_are_there() -> None:
    assert {key for keys in PRESETS.values() for key in keys} <= set(REGISTRY)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ("", "keys"),
        ("keys: [WIN_RATE], preset: REP", "keys"),
        ("keys: []", "keys"),
        ("keys: [WIN_RATE], filter: [{dimension: OWNER, values: []}]", "filter"),
    ],
)
def test_what_makes_no_question_is_refused(arguments: str, field: str) -> None:
    arguments = f"({arguments})" if arguments else ""
    reply = ask(f"{{ kpis{arguments} {{ value }} }}", services())
    assert (reply.code, reply.error["extensions"]["field"]) == ("BAD_USER_INPUT", field)


def test_members_are_asked_for_by_page() -> None:
    made = services()
    query = """query ($after: String) { kpiMembers(key: WON_REVENUE, first: 1, after: $after) {
      totalCount figure { value } nodes { key at numerator currency flags }
      pageInfo { hasNextPage endCursor } } }"""
    page = ask(query, made).data["kpiMembers"]
    assert (page["totalCount"], page["figure"]["value"]) == (3, 1200.0)
    assert page["nodes"][0]["key"] == "d3"
    ask(query, made, variables={"after": page["pageInfo"]["endCursor"]})
    assert made.views.asked[1].after == "d3|1"  # type: ignore[attr-defined]


def test_a_draft_is_tried_by_admins_and_managers() -> None:
    series = answer().series
    assert series is not None
    trial = MetricTrialAnswer(REGISTRY["STALE_DEAL_SHARE"].entry, None, series, series)
    made = services()
    made.views.others[MetricTrialRequest] = trial
    query = """{ metricTrial(key: STALE_DEAL_SHARE, draft: [{parameter: "staleDays", number: 45}]) {
      months values draftValues draftReasons metric { parameters { names numbers } } } }"""
    assert ask(query, made).data["metricTrial"]["draftValues"] == [1200.0]
    (request,) = made.views.asked
    assert isinstance(request, MetricTrialRequest)
    assert request.draft == {"staleDays": 45.0}
    bearer = f"Bearer {token(role='rep')}"
    assert ask(query, made, authorization=bearer).code == "FORBIDDEN"


@pytest.mark.parametrize(
    "draft",
    [
        '[{parameter: "staleDays"}]',
        '[{parameter: "staleDays", number: 1, texts: ["x"]}]',
        '[{parameter: "staleDays", number: 1}, {parameter: "staleDays", number: 2}]',
    ],
)
def test_a_draft_gives_each_parameter_one_value(draft: str) -> None:
    query = f"{{ metricTrial(key: STALE_DEAL_SHARE, draft: {draft}) {{ months }} }}"
    assert ask(query, services()).code == "BAD_USER_INPUT"


def metrics(arguments: str = "") -> list[dict[str, Any]]:
    fields = """key family name formula unit grain kind type rule owner refresh escalation
      objective decision version vanity target betterIs dimensions parts askedBy aliases
      maturityDays"""
    reply: Reply = ask(f"{{ metricCatalogue{arguments} {{ {fields} }} }}")
    found: list[dict[str, Any]] = reply.data["metricCatalogue"]
    return found


def test_the_catalogue_has_every_metric_of_the_system() -> None:
    assert [metric["key"] for metric in metrics()] == [entry.key for entry in catalogue()]
    assert {metric["family"] for metric in metrics("(family: USAGE)")} == {"USAGE"}
    assert {metric["kind"] for metric in metrics("(kind: KPI)")} == {"KPI"}


def test_what_is_made_of_others_has_the_dimensions_that_all_have() -> None:
    (found,) = [metric for metric in metrics() if metric["key"] == "PIPELINE_COVERAGE"]
    assert found["parts"] == ["PIPELINE_DUE", "STALE_PIPELINE_DUE", "QUOTA", "WON_REVENUE"]
    assert found["dimensions"] == ["OWNER", "TEAM", "ROLE"]


def test_the_keys_are_those_of_the_registry() -> None:
    assert [key.value for key in KpiKey] == list(REGISTRY)


@pytest.mark.parametrize("entry", ENTRIES[Family.USAGE], ids=lambda entry: str(entry.key))
def test_a_metric_of_use_names_the_field_that_answers_it(entry: Entry) -> None:
    kind: Any = metrics_schema(introspection=True)._schema.query_type
    for name in entry.asked_by.split("."):
        assert isinstance(kind, GraphQLObjectType)
        kind = get_named_type(kind.fields[name].type)


def test_a_null_has_a_reason() -> None:
    nothing = asked("WIN_RATE", [])
    made = services()
    made.views.others[KpisRequest] = [nothing]
    data = ask("{ kpi(key: WIN_RATE) { value reason } }", made).data["kpi"]
    assert data == {"value": None, "reason": Reason.NO_RECORDS.value}
