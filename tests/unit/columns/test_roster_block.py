"""A roster comes back from its block as it was."""

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.roster_block import read_roster, write_roster
from shared.metrics.domain.events import Event
from shared.metrics.domain.roster import EMPTY_ROSTER, roster_of
from tests.unit.domain.test_roster import directory_events


@given(st.lists(directory_events, max_size=10))
def test_a_roster_comes_back_from_its_block(events: list[Event]) -> None:
    roster = roster_of(events)
    numbers = [7 * at for at in range(len(roster.user_ids))]
    found, found_numbers = read_roster(write_roster(roster, numbers))
    assert found_numbers.tolist() == numbers
    assert len(found.user_ids) == len(roster.user_ids)
    assert list(found.user_ids) == roster.user_ids
    assert found.attributes.keys() == roster.attributes.keys()
    for name, history in roster.attributes.items():
        other = found.attributes[name]
        assert other.values == history.values
        assert other.user.tolist() == history.user.tolist()
        assert other.at_ms.tolist() == history.at_ms.tolist()
        assert other.code.tolist() == history.code.tolist()


@given(st.data(), st.lists(directory_events, max_size=10))
def test_whatever_the_order_of_arrival_the_bytes_are_the_same(
    data: st.DataObject, events: list[Event]
) -> None:
    shuffled = data.draw(st.permutations(events))
    roster = roster_of(events)
    numbers = range(len(roster.user_ids))
    assert write_roster(roster_of(shuffled), numbers) == write_roster(roster, numbers)


def test_an_empty_roster_comes_back_empty() -> None:
    roster, numbers = read_roster(write_roster(EMPTY_ROSTER, []))
    assert (list(roster.user_ids), numbers.tolist()) == ([], [])
