"""Days without data in the schema: flags beside series, means beside changes that are not known."""

from dataclasses import replace
from typing import Any

import pytest

from shared.metrics.domain.views.answers import ChangeReason, Measure
from shared.metrics.domain.views.trends_answer import GroupedTrends, TrendsMeasure
from shared.metrics.engine.requests import TrendsRequest
from tests.unit.graphql.fakes import HOME, PROOF, TRENDS, FakeServices, FakeViews, ask

HITS = TrendsMeasure.HITS
INCOMPLETE = Measure(13, 14, None, ChangeReason.INCOMPLETE, 2.5, None)
CHANGE = "value previous changePercent reason meanPerDay previousMeanPerDay"
SHOWN = {
    "value": 13,
    "previous": 14,
    "changePercent": None,
    "reason": "INCOMPLETE",
    "meanPerDay": 2.5,
    "previousMeanPerDay": None,
}


@pytest.fixture
def services() -> FakeServices:
    home = replace(
        HOME,
        total_hits=INCOMPLETE,
        attendance=replace(HOME.attendance, measure=INCOMPLETE),
    )
    groups = GroupedTrends(
        names=["DE"],
        series={HITS: [[3, 7]]},
        compared_series={HITS: [[1, 1]]},
        totals={HITS: [13]},
        changes={HITS: [INCOMPLETE]},
        has_others=False,
        overlaps=False,
    )
    trends = replace(
        TRENDS,
        compared=PROOF.window.previous(),
        compared_dates=TRENDS.dates,
        compared_no_data=[False, True],
        compared_series={HITS: [1, 1]},
        totals={HITS: 13},
        changes={HITS: INCOMPLETE},
        groups=groups,
    )
    return FakeServices(FakeViews(answer=home, others={TrendsRequest: trends}))


def test_figures_have_means_where_a_change_is_not_known(services: FakeServices) -> None:
    home = ask(f"{{ home {{ totalHits {{ {CHANGE} }} attendance {{ {CHANGE} }} }} }}", services)
    assert home.data["home"] == {"totalHits": SHOWN, "attendance": SHOWN}


def test_other_figures_have_none() -> None:
    used = ask(f"{{ home {{ featuresUsed {{ {CHANGE} }} }} }}").data["home"]["featuresUsed"]
    assert (used["changePercent"], used["reason"]) == (-3.0, None)
    assert (used["meanPerDay"], used["previousMeanPerDay"]) == (None, None)


def test_series_are_flagged(services: FakeServices) -> None:
    query = """{
      home { hitsByWeek { noData } attendanceByDay { noData } }
      trends(comparison: PREVIOUS_PERIOD, groupBy: COUNTRY) {
        series { dates noData } comparedSeries { dates noData }
      }
    }"""
    data = ask(query, services).data
    assert data["home"] == {
        "hitsByWeek": {"noData": [True, False]},
        "attendanceByDay": {"noData": [True]},
    }
    dates = ["2026-11-20", "2026-11-21"]
    assert data["trends"] == {
        "series": {"dates": dates, "noData": [True, False]},
        "comparedSeries": {"dates": dates, "noData": [False, True]},
    }


def test_trends_have_means_too_of_everyone_and_of_groups(services: FakeServices) -> None:
    query = f"""{{ trends(comparison: PREVIOUS_PERIOD, groupBy: COUNTRY) {{
      changes {{ hits {{ {CHANGE} }} }} groups {{ changes {{ hits {{ {CHANGE} }} }} }}
    }} }}"""
    found: dict[str, Any] = ask(query, services).data["trends"]
    assert found["changes"]["hits"] == SHOWN
    assert found["groups"]["changes"]["hits"] == {name: [value] for name, value in SHOWN.items()}
