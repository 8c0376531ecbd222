"""Which days are answered for, and how final and how partial the answer is."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.errors import BadInputError, NotFoundError
from shared.metrics.domain.periods import LocalCalendar, Window
from shared.metrics.domain.views.answers import Finality
from shared.metrics.engine.requests import HomeRequest, Interval, TrendsRequest
from shared.metrics.engine.windows import MAX_DAYS, asked_window
from tests.builders import instant_ms
from tests.oracles import windows
from tests.unit.domain.strategies import Place, instants_near, places
from tests.unit.engine.stack import TENANT, Stack, stack

TODAY = date(2026, 3, 20)


@given(st.data(), places, st.booleans(), st.none() | st.integers(0, 4), st.integers(0, 40))
def test_the_window_asked_for_follows_the_definition(
    data: st.DataObject,
    place: Place,
    include_today: bool,  # noqa: FBT001 - drawn
    ends_ago: int | None,
    length: int,
) -> None:
    now_ms = data.draw(instants_near(place))
    calendar = LocalCalendar(place.zone)
    window = None
    if ends_ago is not None:
        last = calendar.day_of(now_ms) - timedelta(days=ends_ago)
        window = Window(last - timedelta(days=length), last)
    request = HomeRequest(tenant=TENANT, window=window, include_today=include_today)
    asked = asked_window(calendar, now_ms, request, first_weekday=0)
    expected = windows.asked(window, place.zone, now_ms, include_today=include_today)
    assert (asked.window, asked.is_partial) == expected


def test_the_future_cannot_be_asked_for(utc: Stack) -> None:
    with pytest.raises(BadInputError, match=r"2026-03-21 is in the future.*2026-03-20"):
        utc.views.ask(HomeRequest(tenant=TENANT, window=Window(TODAY, TODAY + timedelta(days=1))))


def test_a_range_has_a_longest_length(utc: Stack) -> None:
    longest = Window(TODAY - timedelta(days=MAX_DAYS - 1), TODAY)
    utc.views.ask(TrendsRequest(tenant=TENANT, window=longest, interval=Interval.MONTH))
    with pytest.raises(BadInputError, match="at most 1,830"):
        utc.views.ask(TrendsRequest(tenant=TENANT, window=Window(date(2020, 1, 1), TODAY)))


def test_there_is_no_answer_for_an_unknown_tenant(utc: Stack) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        utc.views.ask(HomeRequest(tenant="nobody"))


@pytest.mark.parametrize(
    ("now", "finality"),
    [
        ("2026-03-16 23:59:59.999", Finality.PROVISIONAL),
        ("2026-03-17 00:00", Finality.FINAL),
    ],
)
def test_an_answer_is_final_once_no_late_event_of_its_days_is_awaited(
    utc: Stack, now: str, finality: Finality
) -> None:
    utc.clock.now_ms = instant_ms(now)
    window = Window(date(2026, 3, 9), date(2026, 3, 9))
    assert utc.views.ask(HomeRequest(tenant=TENANT, window=window)).proof.finality is finality


def test_a_proof_says_what_an_answer_rests_on(utc: Stack) -> None:
    proof = utc.views.ask(HomeRequest(tenant=TENANT)).proof
    assert proof.as_of_ms == proof.watermark_ms == utc.clock.now_ms
    assert proof.time_zone == "UTC"
    assert not proof.is_partial


def test_weeks_start_on_the_tenants_first_weekday(tmp_path: Path) -> None:
    with stack(tmp_path, first_weekday=6) as sunday:
        answer = sunday.views.ask(HomeRequest(tenant=TENANT))
        assert {day.weekday() for day in answer.hits_by_week.dates} == {6}
        sunday.check(
            HomeRequest(tenant=TENANT), TrendsRequest(tenant=TENANT, interval=Interval.WEEK)
        )


def test_today_begins_at_local_midnight(tmp_path: Path) -> None:
    with stack(tmp_path, zone="Asia/Tokyo", now="2026-03-20 00:30") as tokyo:
        assert tokyo.views.ask(HomeRequest(tenant=TENANT)).last == date(2026, 3, 19)


def test_today_is_added_after_a_skipped_day_too(tmp_path: Path) -> None:
    """Apia had no 30 December 2011: on the 31st the last complete day was the 29th."""
    with stack(tmp_path, zone="Pacific/Apia", now="2011-12-31 12:00") as apia:
        window = Window(date(2011, 12, 28), date(2011, 12, 29))
        answer = apia.views.ask(TrendsRequest(tenant=TENANT, window=window, include_today=True))
        assert apia.views.ask(HomeRequest(tenant=TENANT)).last == date(2011, 12, 29)
    assert answer.dates[-1] == date(2011, 12, 31)
