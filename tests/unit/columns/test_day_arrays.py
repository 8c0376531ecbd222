"""A day's arrays by number: what stands in them, and what is left to exceptions."""

from shared.metrics.columns.blocks import BlockKind, read_block, write_block
from shared.metrics.columns.day_arrays import day_arrays, read_carry, write_carry
from shared.metrics.columns.fold import fold_day
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import DayBounds
from tests.builders import DAY_MS, event, instant_ms, login, packs_of
from tests.oracles.sessions import FIFTEEN_MINUTES_MS

MIDNIGHT = instant_ms("2026-03-09 00:00")


def arrays(
    events: list[Event], people: list[int], features: list[int]
) -> dict[BlockKind, dict[str, list[object]]]:
    """The arrays of a day, written to blocks and read again, as lists."""
    folded = fold_day(
        packs_of(events),
        DayBounds(MIDNIGHT, MIDNIGHT + DAY_MS),
        carried_ms={},
        timeout_ms=FIFTEEN_MINUTES_MS,
    )
    paths = range(len(folded.rollup.paths))
    found = day_arrays(folded.rollup, people, features, paths, MIDNIGHT)
    return {
        kind: {name: array.tolist() for name, array in read_block(write_block(block)).items()}
        for kind, block in found.items()
    }


def test_people_stand_at_their_numbers_and_the_others_have_nothing() -> None:
    found = arrays(
        [event(MIDNIGHT, "ann"), event(MIDNIGHT + 1, "ann"), login(MIDNIGHT, "bob")], [3, 1], [0]
    )
    core = found[BlockKind.CORE]
    assert core["hits"] == [0, 0, 0, 2]
    assert core["logins"] == [0, 1, 0, 0]
    assert core["present"] == [False, True, False, True]


def test_the_first_millisecond_of_a_day_is_told_from_never() -> None:
    time = arrays([event(MIDNIGHT, "ann"), login(MIDNIGHT + 5, "bob")], [0, 1], [0])[BlockKind.TIME]
    assert time["last_seen"] == [1, 6]
    assert time["last_login"] == [0, 6]


def test_features_are_in_order_of_their_numbers() -> None:
    events = [event(MIDNIGHT, "ann", "A"), event(MIDNIGHT, "bob", "B")]
    who = arrays(events, [0, 1], [7, 2])[BlockKind.WHO]
    assert who["feature"] == [2, 7]
    assert who["people"] == [[False, True], [True, False]]


def test_features_that_share_a_number_are_added_together() -> None:
    events = [event(MIDNIGHT, "ann", "A"), event(MIDNIGHT, "ann", "B"), event(MIDNIGHT, "bob", "B")]
    found = arrays(events, [0, 1], [5, 5])
    assert found[BlockKind.WHO]["feature"] == [5]
    assert found[BlockKind.CUBE]["dense"] == [[2, 1]]


def test_counts_over_a_byte_stand_in_the_exceptions() -> None:
    events = [event(MIDNIGHT + ms, "ann") for ms in range(256)]
    events += [event(MIDNIGHT + ms, "bob") for ms in range(255)]
    cube = arrays(events, [1, 0], [0])[BlockKind.CUBE]
    assert cube["dense"] == [[255, 255]]
    assert (cube["over_cell"], cube["over_hits"]) == ([1], [256])


def test_a_day_of_nobody_has_empty_arrays() -> None:
    found = arrays([], [], [])
    assert found[BlockKind.CORE]["hits"] == []
    assert found[BlockKind.WHO]["people"] == []


def test_a_carry_comes_back_and_does_not_depend_on_the_order_of_people() -> None:
    carried = {"bob": 5, "Öde#😀": 1 << 41}
    assert read_carry(write_carry(carried)) == carried
    assert write_carry(carried) == write_carry(dict(reversed(carried.items())))
