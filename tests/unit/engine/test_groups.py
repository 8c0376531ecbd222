"""People by group: everyone is in one group a day, and answers know when that is not the same."""

from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.periods import Window
from shared.metrics.domain.roster import NOT_SET
from shared.metrics.domain.views.grouping import OTHER_GROUPS, kept_groups
from shared.metrics.engine.groups import Groups, filter_is_backfilled, groups_of
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import AttributeValues, PeopleAttribute, PeopleFilter
from shared.metrics.engine.snapshots import Snapshots
from tests.builders import event, upserted
from tests.oracles import local_days
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.strategies import World, worlds
from tests.unit.engine.test_views_against_oracle import in_one_folder, today

DAYS = Window(date(2026, 3, 9), date(2026, 3, 12))
NOW = PeopleFilter(attribute_values=AttributeValues.CURRENT)
COUNTRY = PeopleAttribute.COUNTRY


def read(stack: Stack, window: Window = DAYS, people: PeopleFilter = PeopleFilter()) -> Reading:  # noqa: B008 - frozen
    data = stack.services.tenancy.open(TENANT)
    return Question(data, stack.clock.now_ms, Snapshots()).read(window, people)


def names_of(reading: Reading, groups: Groups, user_id: str) -> list[str]:
    """The group of someone on each day."""
    number = reading.user_ids.index(user_id)
    return [groups.names[code] for code in groups.code[:, number]]


def here(reading: Reading, *user_ids: str) -> np.ndarray:
    """Days × people: these people on all days."""
    present = np.zeros((reading.span.length, len(reading.user_ids)), bool)
    present[:, [reading.user_ids.index(user_id) for user_id in user_ids]] = True
    return present


@in_one_folder
@given(
    worlds(), st.sampled_from(PeopleAttribute), st.sampled_from(AttributeValues), st.integers(0, 4)
)
def test_everyone_is_each_day_in_the_group_of_the_value_that_the_definitions_say(
    tmp_path: Path,
    world: World,
    attribute: PeopleAttribute,
    values: AttributeValues,
    days: int,
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
        last = today(world)
        window = Window(date.fromordinal(last.toordinal() - days), last)
        reading = read(one, window, PeopleFilter(attribute_values=values))
        groups = groups_of(reading, attribute)
        assert len(set(groups.names)) == len(groups.names)
        for user_id in reading.user_ids:
            person = one.history.person(user_id)
            ends = [local_days.day_bounds_ms(world.place.zone, day)[1] for day in window.days()]
            if values is AttributeValues.CURRENT:
                ends = [one.clock.now_ms] * len(ends)
            found = [person.value(attribute.value, end_ms) for end_ms in ends]
            assert names_of(reading, groups, user_id) == found
            known = person.stated.get(attribute.value, [])[:1]
            late = [any(at >= end and value for at, value in known) for end in ends]
            assert groups.is_backfilled(here(reading, user_id)) == any(late)
            assert groups.overlaps(here(reading, user_id)) == (len(set(found)) > 1)


def test_a_change_holds_from_the_day_at_whose_end_it_is_known(utc: Stack) -> None:
    utc.send(
        event("2026-03-09 08:00"),
        upserted("2026-01-01 00:00", country="AT"),
        upserted("2026-03-10 23:59:59.999", country="DE"),
        upserted("2026-03-12 00:00", country=""),
    )
    reading = read(utc)
    assert names_of(reading, groups_of(reading, COUNTRY), "ann") == ["AT", "DE", "DE", NOT_SET]
    reading = read(utc, people=NOW)
    assert names_of(reading, groups_of(reading, COUNTRY), "ann") == [NOT_SET] * 4


def test_the_rows_of_days_without_a_change_are_one(utc: Stack) -> None:
    utc.send(event("2026-03-09 08:00"), upserted("2026-03-01 00:00", country="AT"))
    groups = groups_of(read(utc), COUNTRY)
    assert groups.is_steady
    assert groups.code.shape == (4, 1)


def test_a_value_called_not_set_is_the_group_of_those_without_one(utc: Stack) -> None:
    utc.send(
        event("2026-03-09 08:00"),
        upserted("2026-03-01 00:00", "bob", country=NOT_SET),
        upserted("2026-03-01 00:00", "cyd", country="DE"),
    )
    reading = read(utc)
    groups = groups_of(reading, COUNTRY)
    assert groups.names == [NOT_SET, "DE"]
    assert names_of(reading, groups, "ann") == names_of(reading, groups, "bob") == [NOT_SET] * 4


def test_a_filter_by_a_value_that_was_known_only_later_is_said(utc: Stack) -> None:
    utc.send(event("2026-03-09 08:00"), upserted("2026-03-10 00:00", country="DE"))
    reading = read(utc, people=PeopleFilter(country=("DE",)))
    assert filter_is_backfilled(reading, reading.table.present)
    reading = read(utc, people=PeopleFilter(language=(NOT_SET,)))
    assert not filter_is_backfilled(reading, reading.table.present)
    utc.send(upserted("2026-03-01 00:00", country="DE"))
    reading = read(utc, people=PeopleFilter(country=("DE",)))
    assert not filter_is_backfilled(reading, reading.table.present)


def test_who_had_no_value_before_a_first_one_was_in_no_group_then(utc: Stack) -> None:
    utc.send(
        event("2026-03-09 08:00"),
        upserted("2026-03-10 00:00", country=""),
        upserted("2026-03-11 00:00", country="DE"),
    )
    reading = read(utc)
    groups = groups_of(reading, COUNTRY)
    assert names_of(reading, groups, "ann") == [NOT_SET, NOT_SET, "DE", "DE"]
    assert not groups.is_backfilled(here(reading, "ann"))


def test_the_groups_beyond_the_most_are_one_and_the_last(utc: Stack) -> None:
    for country, user_id in (("AT", "ann"), ("DE", "bob"), ("CH", "cyd")):
        utc.send(upserted("2026-01-01 00:00", user_id, country=country))
        utc.send(event("2026-03-09 08:00", user_id))
    reading = read(utc)
    groups = groups_of(reading, COUNTRY)
    assert groups.names == ["AT", "CH", "DE", NOT_SET]
    limited = groups.limited([1, 3, 3, 0], most=2)
    assert limited.names == ["CH", "DE", OTHER_GROUPS]
    assert [names_of(reading, limited, user)[0] for user in ("ann", "bob", "cyd")] == [
        OTHER_GROUPS,
        "DE",
        "CH",
    ]
    assert limited.is_steady


def test_equal_weights_are_told_apart_by_the_next_ones_and_then_by_name() -> None:
    kept = kept_groups(["b", "a", "d", "c"], [1, 1, 2, 1], [0, 0, 0, 5], most=3)
    assert kept.names == ["d", "c", "a", OTHER_GROUPS]
    assert kept.place.tolist() == [3, 2, 0, 1]
    everything = kept_groups(["b", "a"], [0, 1])
    assert (everything.names, everything.has_others) == (["a", "b"], False)
