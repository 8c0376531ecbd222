"""KPIs of real leads and deals, by GraphQL, and what other engines computed of them."""

import json
from typing import Any

import pytest

from tests.e2e.test_cli_record_logs import LOGS, OLIST, imported
from tests.unit.devstack.command_line import CommandLine

pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason=f"the real logs are not here: {LOGS}")

PERIOD = 'period: {range: {from: "2017-06-01", to: "2018-12-31"}}'
CONVERSION = f"""{{
  kpi(key: LEAD_TO_CUSTOMER, {PERIOD}, groupBy: SOURCE, interval: MONTH) {{
    value isMature current {{ numerator denominator rows }} mature {{ value }}
    groups {{ keys values rows groupCount }}
    series {{ values rows }}
    proof {{ records rows unknownRecords }}
  }}
}}"""
CYCLE = f"""{{
  kpis(keys: [SALES_CYCLE_MEAN, SALES_CYCLE_MEDIAN, DEALS_WON], {PERIOD}) {{
    metric {{ key }} value flags flagRows
  }}
}}"""
MEMBERS = f"""query ($after: String) {{
  kpiMembers(key: SALES_CYCLE_MEAN, {PERIOD}, first: 100, after: $after) {{
    totalCount nodes {{ key numerator flags }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""


@pytest.fixture(scope="module")
def olist(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    crm = CommandLine(tmp_path_factory.mktemp("olist"))
    imported(crm, OLIST / "olist_marketing_qualified_leads_dataset.csv", "olist_leads", 8_000)
    imported(crm, OLIST / "olist_closed_deals_dataset.csv", "olist_deals", 842)
    return crm


def ask(crm: CommandLine, text: str, **variables: object) -> Any:  # noqa: ANN401 - as asked
    arguments = ("query", text, "--tenant", "acme", "--variables", json.dumps(variables))
    return crm.run(*arguments).document()["data"]


def told() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((LOGS / "olist_expected.json").read_text())
    return document


def test_conversion_overall_and_by_origin(olist: CommandLine) -> None:
    expected = told()
    kpi = ask(olist, CONVERSION)["kpi"]
    assert kpi["value"] == expected["rate"]
    assert kpi["current"]["numerator"] == expected["converted"]
    assert kpi["current"]["denominator"] == expected["leads"]
    assert (kpi["isMature"], kpi["mature"]["value"]) == (True, expected["rate"])
    found = {
        "(none)" if key == "(not set)" else key: (rows, round(value, 6))
        for key, rows, value in zip(
            kpi["groups"]["keys"], kpi["groups"]["rows"], kpi["groups"]["values"], strict=True
        )
    }
    assert found == {
        name: (leads, rate) for name, (leads, _, rate) in expected["by_origin"].items()
    }
    assert sum(kpi["series"]["rows"]) == expected["leads"]
    assert (kpi["proof"]["rows"], kpi["proof"]["unknownRecords"]) == ([8_000], [0])


def test_days_to_win(olist: CommandLine) -> None:
    expected = told()
    mean, median, won = ask(olist, CYCLE)["kpis"]
    assert mean["value"] == pytest.approx(expected["mean_days"], abs=1e-6)
    assert median["value"] == expected["median_days"]
    assert won["value"] == expected["converted"]
    assert dict(zip(mean["flags"], mean["flagRows"], strict=True)) == {
        "NEGATIVE_DURATION": expected["negative_days"]
    }


def test_members_are_as_many_as_the_figure_and_add_up_to_it(olist: CommandLine) -> None:
    expected = told()
    nodes: list[dict[str, Any]] = []
    after = None
    while True:
        page = ask(olist, MEMBERS, after=after)["kpiMembers"]
        nodes += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len({node["key"] for node in nodes}) == page["totalCount"] == expected["converted"]
    days = sum(node["numerator"] for node in nodes)
    assert days / len(nodes) == pytest.approx(expected["mean_days"], abs=1e-6)
    assert sum("NEGATIVE_DURATION" in node["flags"] for node in nodes) == 1
