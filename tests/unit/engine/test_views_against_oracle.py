"""Every view of random tenants equals the definitions, folded or not, whatever came in when."""

from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracles.local_days import day_of
from tests.unit.engine.stack import AnyRequest, Stack, stack
from tests.unit.engine.strategies import World, requests_about, worlds

# The folder is shared by the examples of a test, but each has a folder of its own in it.
in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def today(world: World) -> date:
    return day_of(world.place.zone, world.now_ms)


@in_one_folder
@given(st.data(), worlds())
def test_answers_are_right_before_and_after_everything_is_folded(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
        requests = data.draw(st.lists(requests_about(world, today(world)), min_size=1, max_size=3))
        one.check(*requests)
        one.fold()
        one.check(*requests)


@in_one_folder
@given(st.data(), worlds())
def test_answers_are_right_after_every_step_whatever_is_folded_when(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        requests = data.draw(st.lists(requests_about(world, today(world)), min_size=1, max_size=3))
        for delivery in world.deliveries:
            one.send(*delivery)
            one.check(*_some(data, requests))
            fold_some(data, one)
            one.check(*_some(data, requests))
        one.check(*requests)
        one.restarted().check(*requests)


def fold_some(data: st.DataObject, one: Stack) -> None:
    """Fold some of what is dirty, in any order; sometimes gather months of what is folded."""
    one.fold(data.draw(st.lists(st.sampled_from(one.dirty()), unique=True)))
    if data.draw(st.booleans()):
        one.sweep()


def _some(data: st.DataObject, values: list[AnyRequest]) -> list[AnyRequest]:
    return data.draw(st.lists(st.sampled_from(values), max_size=2))
