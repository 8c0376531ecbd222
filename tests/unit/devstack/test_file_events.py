"""The events of a file, and above all their ids."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devstack.importing.events import FileEvents, canonical
from devstack.importing.mapping import FIELDS, Values
from devstack.importing.times import TimeReader
from devstack.importing.turned_away import TurnedAwayError, Why


def row(**fields: str) -> Values:
    given = {
        "user": "ann",
        "time": "2023-11-20T10:00:00Z",
        "feature": "Leads",
        "signal": "ACTION",
        "actor_kind": "USER",
    } | fields
    user, time, feature, of, attribute, action, record, account, signal, actor = (
        given.get(field, "") for field in FIELDS
    )
    return user, time, feature, of, attribute, action, record, account, signal, actor


def ids(rows: list[Values]) -> list[str]:
    events = FileEvents(TimeReader(None))
    return [events.event(values).event_id for values in rows]


def test_identical_rows_are_told_apart_by_how_many_came_before() -> None:
    events = FileEvents(TimeReader(None))
    first, other, second = (
        events.event(values).event_id for values in (row(), row(user="bob"), row())
    )
    assert first.removesuffix(".0") == second.removesuffix(".1")
    assert other.endswith(".0")
    assert events.repetitions == 1


def test_the_id_is_that_of_the_mapped_row() -> None:
    """Two spellings of one time, and of the default action, are the same row."""
    one, two = ids([row(), row(time="2023-11-20 11:00:00+01:00", action="use")])
    assert one.removesuffix(".0") == two.removesuffix(".1")


ROWS = st.lists(
    st.builds(row, user=st.sampled_from("abc"), feature=st.sampled_from("xy")), max_size=30
)


@given(ROWS, st.randoms(use_true_random=False))
def test_shuffled_rows_have_the_same_ids(rows: list[Values], random: st.DataObject) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(ids(shuffled)) == sorted(ids(rows))
    assert len(set(ids(rows))) == len(rows)


VALUES = st.tuples(*(st.text("a\0:1", max_size=3) for _ in FIELDS))


@given(st.lists(VALUES, max_size=50))
def test_different_rows_have_different_bytes(rows: list[Values]) -> None:
    assert len({canonical(values) for values in rows}) == len(set(rows))


def test_a_separator_inside_a_value_moves_nothing() -> None:
    one = row(user="a\0b", feature="")
    two = row(user="a", feature="b")
    assert canonical(one) != canonical(two)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"user": ""}, Why.MISSING_USER),
        ({"user": "", "action": "login", "signal": "CHANGE"}, Why.MISSING_USER),
        ({"feature": ""}, Why.MISSING_FEATURE),
        ({"time": "soon"}, Why.BAD_TIME),
        ({"record": "\udcff"}, Why.NOT_UTF8),
    ],
)
def test_what_is_no_event_is_turned_away(fields: dict[str, str], why: Why) -> None:
    with pytest.raises(TurnedAwayError) as caught:
        ids([row(**fields)])
    assert caught.value.why is why


def test_a_change_needs_no_user_and_a_login_no_feature() -> None:
    made = ids([row(user="", signal="CHANGE"), row(feature="", action="login")])
    assert Counter(event_id.rpartition(".")[2] for event_id in made) == {"0": 2}
