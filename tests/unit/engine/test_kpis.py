"""KPIs of a tenant's records, from delivery to answer."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shared.metrics.columns.change_texts import text_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.events import ActorKind, Event, Signal
from shared.metrics.domain.kpis.answers import KpiAnswer
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.periods import Comparison, Preset, Window
from shared.metrics.domain.record_changes import Op, RecordChange, Value
from shared.metrics.domain.views.answers import ChangeReason, Finality
from shared.metrics.engine.kpi_requests import (
    KpiMembersRequest,
    KpisRequest,
    MetricTrialRequest,
)
from shared.metrics.engine.requests import Interval
from shared.metrics.storage.record_maps import maps_document
from tests.builders import event
from tests.unit.engine.stack import TENANT, Stack, stack

APRIL = Window(date(2026, 4, 1), date(2026, 4, 19))


@pytest.fixture
def april(tmp_path: Path) -> Iterator[Stack]:
    """A tenant in UTC, on 20 April 2026 at noon, with some deals."""
    with stack(tmp_path, now="2026-04-20 12:00") as one:
        one.send(
            deal("2026-03-10", "d0", closed_at="2026-03-20", amount=100, owner="ada"),
            deal("2026-04-02", "d1", closed_at="2026-04-10", amount=200, owner="ada"),
            deal("2026-04-03", "d2", closed_at="2026-04-12", amount=300, owner="bob"),
            deal("2026-04-04", "d3", status="LOST", closed_at="2026-04-13", amount=9, owner="bob"),
            deal("2026-04-05", "d4", status="OPEN", close_date="2026-05-20", amount=70),
        )
        yield one


def deal(day: str, record_id: str, status: str = "WON", **fields: Value) -> Event:
    held = {"status": status, "currency": "EUR", **fields}
    return event(
        f"{day} 09:00",
        "ann",
        "",
        record_id=record_id,
        change=text_of(RecordChange("deal", Op.CREATE, held)),
        signal=Signal.SYSTEM,
        actor_kind=ActorKind.IMPORT,
    )


def kpi(one: Stack, request: KpisRequest) -> KpiAnswer:
    (answer,) = one.views.ask(request)
    return answer


def test_a_kpi_is_computed_from_what_was_delivered(april: Stack) -> None:
    request = KpisRequest(
        tenant=TENANT,
        window=APRIL,
        keys=("WON_REVENUE",),
        group_by=Dimension.OWNER,
        interval=Interval.WEEK,
    )
    live = kpi(april, request)
    assert (live.current.value, live.currency, live.currencies) == (500_00, "EUR", ["EUR"])
    assert live.groups is not None
    assert dict(zip(live.groups.keys, live.groups.values, strict=True)) == {
        "bob": 300_00,
        "ada": 200_00,
    }
    assert live.series is not None
    assert live.series.values == [0, 500_00, 0]
    assert live.series.is_partial == [True, False, False]
    april.fold()
    april.sweep()
    assert kpi(april, request) == live


def test_previous_is_what_the_earlier_period_answers(april: Stack) -> None:
    request = KpisRequest(tenant=TENANT, window=APRIL, keys=("WON_REVENUE", "WIN_RATE"))
    revenue, rate = april.views.ask(request)
    earlier = KpisRequest(tenant=TENANT, window=revenue.compared, keys=("WON_REVENUE", "WIN_RATE"))
    assert [each.current for each in april.views.ask(earlier)] == [revenue.previous, rate.previous]
    assert (revenue.change_percent, revenue.change_reason) == (400.0, None)


def test_nothing_before_is_new(april: Stack) -> None:
    window = Window(date(2026, 3, 15), date(2026, 3, 21))
    answer = kpi(april, KpisRequest(tenant=TENANT, window=window, keys=("DEALS_WON",)))
    assert (answer.change_percent, answer.change_reason) == (None, ChangeReason.NEW)


def test_a_month_is_compared_with_the_same_days_of_the_one_before(april: Stack) -> None:
    request = KpisRequest(
        tenant=TENANT,
        preset=Preset.LAST_7_DAYS,
        keys=("DEALS_WON",),
        comparison=Comparison.CALENDAR_MONTH,
    )
    answer = kpi(april, request)
    assert answer.proof.window == APRIL
    assert answer.compared == Window(date(2026, 3, 1), date(2026, 3, 19))
    assert answer.proof.finality is Finality.PROVISIONAL


def test_a_period_may_end_in_the_future_but_not_too_far(april: Stack) -> None:
    quarter = Window(date(2026, 4, 1), date(2026, 6, 30))
    answer = kpi(april, KpisRequest(tenant=TENANT, window=quarter, keys=("PIPELINE_DUE",)))
    assert (answer.current.value, answer.proof.is_partial) == (70_00, True)
    far = Window(date(2026, 4, 1), date(2029, 6, 30))
    with pytest.raises(BadInputError, match="may end by 2028-04-21"):
        april.views.ask(KpisRequest(tenant=TENANT, window=far, keys=("PIPELINE_DUE",)))


def test_an_impossible_dimension_is_told_with_the_possible_ones(april: Stack) -> None:
    request = KpisRequest(tenant=TENANT, keys=("WIN_RATE",), group_by=Dimension.CHURN_REASON)
    with pytest.raises(BadInputError, match="the possible ones are OWNER, TEAM, REGION"):
        april.views.ask(request)


def test_the_reporting_currency_is_that_of_the_tenants_maps(april: Stack) -> None:
    maps = april.services.tenancy.open(TENANT).record_maps
    maps.replace(maps_document(b'{"currency": "USD"}'), expected_version=0)
    answer = kpi(april, KpisRequest(tenant=TENANT, window=APRIL, keys=("WON_REVENUE",)))
    assert (answer.current.value, answer.current.reason.name) == (None, "NO_RATE")  # type: ignore[union-attr]
    assert (answer.currency, answer.currencies, answer.amounts) == ("USD", ["EUR"], [500_00])


def test_members_are_as_many_as_the_figure_says(april: Stack) -> None:
    request = KpiMembersRequest(tenant=TENANT, window=APRIL, key="WIN_RATE", first=2)
    page = april.views.ask(request)
    assert [(each.id, each.numerator) for each in page.members] == [("d1", 1), ("d2", 1)]
    assert (page.member_count, page.figure.rows, page.has_next) == (3, 3, True)
    after = page.members[-1].position
    rest = april.views.ask(
        KpiMembersRequest(tenant=TENANT, window=APRIL, key="WIN_RATE", first=2, after=after)
    )
    assert [each.id for each in rest.members] == ["d3"]
    assert (rest.has_previous, rest.has_next) == (True, False)


def test_members_of_one_person(april: Stack) -> None:
    request = KpiMembersRequest(
        tenant=TENANT, window=APRIL, key="WIN_RATE", first=9, owned_by="ada"
    )
    assert [each.id for each in april.views.ask(request).members] == ["d1"]


def test_what_is_made_of_others_has_no_members_of_its_own(april: Stack) -> None:
    request = KpiMembersRequest(tenant=TENANT, key="SALES_VELOCITY", first=9)
    with pytest.raises(BadInputError, match="members of OPEN_QUALIFIED_DEALS"):
        april.views.ask(request)


def test_a_draft_is_tried_over_twelve_complete_months(april: Stack) -> None:
    request = MetricTrialRequest(tenant=TENANT, key="STALE_DEAL_SHARE", draft={"staleDays": 45.0})
    trial = april.views.ask(request)
    assert trial.published.dates[0] == date(2025, 4, 1)
    assert trial.published.dates[-1] == date(2026, 3, 1)
    assert len(trial.draft.values) == 12


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ({}, "the draft is empty; its parameters are staleDays, staleStageFactor"),
        ({"days": 1.0}, "no parameter 'days'"),
        ({"staleDays": ("x",)}, "staleDays is a number"),
        ({"staleDays": 0.0}, "staleDays is 0; it may be 1 to 365"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(
    april: Stack, draft: dict[str, float | tuple[str, ...]], told: str
) -> None:
    with pytest.raises(BadInputError, match=told):
        april.views.ask(MetricTrialRequest(tenant=TENANT, key="STALE_DEAL_SHARE", draft=draft))
