"""The roster: attributes by date, whatever order the directory events arrived in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.events import Event, is_directory_event
from shared.metrics.domain.roster import ABSENT, NOT_SET, Roster, roster_of
from tests.builders import deactivated, event, instant_ms, upserted
from tests.oracles import roster as oracle

NOON = instant_ms("2026-03-09 12:00")
ATTRIBUTES = ("country", "language", "account_status", "is_integration", "name")
VALUES = ("", "DE", "AT", "Active", "active", "inactive", "true", "Ö 😀")

times = st.integers(NOON, NOON + 6)
users = st.sampled_from(["ann", "bob", "Öde"])
statements = st.dictionaries(st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES), max_size=3)
directory_events = st.one_of(
    st.builds(lambda at, user, stated: upserted(at, user, **stated), times, users, statements),
    st.builds(deactivated, times, users),
)


def value(roster: Roster, user_id: str, attribute: str, before_ms: int) -> str:
    if user_id not in roster.user_ids:
        return NOT_SET
    history = roster.history(attribute)
    codes = history.codes_at(before_ms, len(roster.user_ids))
    return history.value(int(codes[roster.user_ids.index(user_id)])) or NOT_SET


@given(st.lists(directory_events, max_size=12))
def test_every_value_at_every_instant_is_the_one_stated_last(events: list[Event]) -> None:
    roster, people = roster_of(events), oracle.people(events)
    assert roster.user_ids == sorted(people)
    for user_id, person in people.items():
        for attribute in ATTRIBUTES:
            for before_ms in range(NOON - 1, NOON + 9):
                expected = person.value(attribute, before_ms)
                assert value(roster, user_id, attribute, before_ms) == expected


@given(st.data(), st.lists(directory_events, max_size=12))
def test_the_order_of_arrival_never_matters(data: st.DataObject, events: list[Event]) -> None:
    roster, shuffled = roster_of(events), roster_of(data.draw(st.permutations(events)))
    assert roster.user_ids == shuffled.user_ids
    assert roster.attributes.keys() == shuffled.attributes.keys()
    for name, history in roster.attributes.items():
        other = shuffled.attributes[name]
        assert history.values == other.values
        assert history.user.tolist() == other.user.tolist()
        assert history.at_ms.tolist() == other.at_ms.tolist()
        assert history.code.tolist() == other.code.tolist()


@given(st.lists(directory_events, max_size=8), users)
def test_people_are_described_as_they_are_now(events: list[Event], user_id: str) -> None:
    person = oracle.people(events).get(user_id, oracle.NOBODY)
    assert roster_of(events).described(user_id) == (person.latest("name"), person.latest("email"))


def test_before_the_first_known_value_an_attribute_has_that_value() -> None:
    roster = roster_of([upserted(NOON), upserted(NOON + 10, country="DE")])
    assert value(roster, "ann", "country", NOON - 1_000) == "DE"


def test_a_change_holds_from_its_instant_on() -> None:
    roster = roster_of([upserted(NOON, country="DE"), upserted(NOON + 10, country="AT")])
    assert value(roster, "ann", "country", NOON + 10) == "DE"
    assert value(roster, "ann", "country", NOON + 11) == "AT"


def test_an_account_is_active_from_its_first_event_unless_that_says_otherwise() -> None:
    roster = roster_of(
        [
            upserted(NOON, "ann"),
            upserted(NOON, "bob", account_status="pending"),
            deactivated(NOON, "cyd"),
        ]
    )
    assert [value(roster, user, "account_status", NOON + 1) for user in roster.user_ids] == [
        "active",
        "pending",
        "inactive",
    ]


def test_an_update_that_does_not_name_the_status_leaves_a_closed_account_closed() -> None:
    roster = roster_of([upserted(NOON), deactivated(NOON + 1), upserted(NOON + 2, team="a")])
    assert value(roster, "ann", "account_status", NOON + 3) == "inactive"


def test_of_changes_at_the_same_instant_the_larger_content_stands() -> None:
    roster = roster_of([upserted(NOON, country="DE"), upserted(NOON, country="AT")])
    assert value(roster, "ann", "country", NOON + 1) == "DE"


def test_a_value_can_be_taken_back() -> None:
    roster = roster_of([upserted(NOON, country="DE"), upserted(NOON + 1, country="")])
    assert value(roster, "ann", "country", NOON + 2) == NOT_SET


def test_not_set_matches_those_without_a_value() -> None:
    history = roster_of([upserted(NOON, "ann", country="DE"), upserted(NOON, "bob")]).history(
        "country"
    )
    codes = history.codes_at(NOON + 1, 2)
    assert history.matching([NOT_SET])[codes].tolist() == [False, True]
    assert history.matching(["DE", NOT_SET])[codes].tolist() == [True, True]


def test_an_attribute_that_nobody_has_is_absent_for_all() -> None:
    roster = roster_of([upserted(NOON)])
    assert np.array_equal(roster.history("country").codes_at(NOON, 1), [ABSENT])


def test_nobody_is_described_without_a_directory() -> None:
    assert roster_of([]).described("ann") == (None, None)


def test_the_use_of_a_feature_is_no_directory_event_whatever_its_action_is_called() -> None:
    assert is_directory_event(upserted(NOON))
    assert is_directory_event(deactivated(NOON))
    assert not is_directory_event(event(NOON, feature="Users", action="user.upserted"))
