"""Trends of random tenants are what the definitions say, folded or not, whatever came in when."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.stack import stack
from tests.unit.engine.strategies import World
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder, today
from tests.unit.engine.trends_strategies import (
    long_sessions,
    recorded_worlds,
    session_requests,
    trends_requests,
)


@in_one_folder
@given(st.data(), recorded_worlds(), st.integers(0, 6))
def test_trends_are_right_before_and_after_everything_is_folded(
    tmp_path: Path, data: st.DataObject, world: World, first_weekday: int
) -> None:
    zone = world.place.zone
    with stack(tmp_path, zone=zone, now=world.now_ms, first_weekday=first_weekday) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
        asked = trends_requests(world, today(world))
        requests = data.draw(st.lists(asked, min_size=1, max_size=3))
        one.check(*requests)
        one.fold()
        one.check(*requests)


@in_one_folder
@given(st.data(), long_sessions(), st.sampled_from([15, 360, 720]))
def test_trends_are_right_about_sessions_over_days(
    tmp_path: Path, data: st.DataObject, world: World, timeout: int
) -> None:
    zone = world.place.zone
    with stack(tmp_path, zone=zone, now=world.now_ms, session_timeout_minutes=timeout) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
        asked = session_requests(world, today(world))
        requests = data.draw(st.lists(asked, min_size=3, max_size=3))
        requests.append(data.draw(trends_requests(world, today(world))))
        one.check(*requests)
        one.fold()
        one.check(*requests)


@in_one_folder
@given(st.data(), recorded_worlds())
def test_trends_are_right_after_every_step_whatever_is_folded_when(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        request = data.draw(trends_requests(world, today(world)))
        for delivery in world.deliveries:
            one.send(*delivery)
            one.check(request)
            fold_some(data, one)
            one.check(request)
        one.restarted().check(request)
