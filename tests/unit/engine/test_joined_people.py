"""Several ids of one person count as one (definitions §2), live and folded, whenever it is told."""

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.domain.restatements import Cause
from shared.metrics.engine.engagement_requests import PersonRequest
from shared.metrics.engine.requests import HomeRequest, UserAnalyticsRequest
from tests.builders import event, heartbeat, login, upserted
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder

WINDOW = Window(date(2026, 3, 9), date(2026, 3, 15))
HOME = HomeRequest(tenant=TENANT, window=WINDOW)
PEOPLE = UserAnalyticsRequest(tenant=TENANT, window=WINDOW)
MAIL = {"email": "Ann@Acme.example ", "email_verified": "true"}


def active(one: Stack) -> int:
    return one.ask(HOME).active_users.value or 0


def test_a_verified_address_makes_two_ids_one_person(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(event("2026-03-10 10:00", "ann"), event("2026-03-10 10:05", "hubspot:7"))
        assert active(one) == 2
        one.send(upserted("2026-03-11 08:00", "ann", **MAIL))
        one.send(upserted("2026-03-11 09:00", "hubspot:7", **{**MAIL, "email": "ann@acme.EXAMPLE"}))
        one.check(HOME, PEOPLE)
        assert active(one) == 1
        one.fold()
        one.check(HOME, PEOPLE)
        answer = one.ask(PEOPLE)
        assert [person.user_id for person in answer.people] == ["ann"]


def test_an_address_that_is_not_verified_joins_nobody(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(event("2026-03-10 10:00", "ann"), event("2026-03-10 10:05", "bob"))
        for user_id in ("ann", "bob"):
            one.send(upserted("2026-03-11 08:00", user_id, email="info@acme.example"))
        assert active(one) == 2


def test_a_statement_of_who_someone_is_joins_too(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(event("2026-03-10 10:00", "ann"), event("2026-03-10 10:05", "hubspot:7"))
        one.send(upserted("2026-03-11 08:00", "ann", same_as="hubspot:7"))
        one.check(HOME, PEOPLE)
        assert active(one) == 1
        found = one.ask(PersonRequest(tenant=TENANT, user_id="hubspot:7", window=WINDOW))
        assert (found.user_id, found.hits.value) == ("ann", 2)


def test_joined_sessions_are_one_session_over_midnight_too(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(login("2026-03-10 23:50", "ann"), heartbeat("2026-03-11 00:01", "hubspot:7"))
        one.send(event("2026-03-11 00:10", "hubspot:7"))
        one.fold()
        one.send(upserted("2026-03-12 08:00", "ann", same_as="hubspot:7"))
        one.check(HOME, PEOPLE)
        one.fold()
        one.check(HOME, PEOPLE)
        assert [person.sessions for person in one.ask(PEOPLE).people] == [1]


def test_days_of_others_are_not_folded_again(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(event("2026-03-10 10:00", "ann"), event("2026-03-11 10:00", "hubspot:7"))
        one.send(event("2026-03-12 10:00", "bob"))
        one.fold()
        one.send(upserted("2026-03-13 08:00", "ann", same_as="hubspot:7"))
        one.fold(["directory"])
        assert one.dirty() == ["2026-03-11"]
        one.fold()
        one.check(HOME, PEOPLE)


def test_ids_that_are_parted_by_an_earlier_statement_get_another_name(tmp_path: Path) -> None:
    """Who stands for all is who was stated first: a late statement may change that."""
    with stack(tmp_path) as one:
        one.send(event("2026-03-10 10:00", "ann"), event("2026-03-10 10:05", "hubspot:7"))
        one.send(upserted("2026-03-11 08:00", "ann", same_as="hubspot:7"))
        one.fold()
        one.send(upserted("2026-03-01 08:00", "hubspot:7", country="DE"))
        one.check(HOME, PEOPLE)
        one.fold()
        one.check(HOME, PEOPLE)
        assert [person.user_id for person in one.ask(PEOPLE).people] == ["hubspot:7"]


def test_what_changes_of_a_final_day_is_in_the_log(tmp_path: Path) -> None:
    with stack(tmp_path, now="2026-03-11 12:00") as one:
        one.send(event("2026-03-10 10:00", "ann"), event("2026-03-10 10:05", "hubspot:7"))
        one.fold()
        one.clock.now_ms += 20 * 86_400_000
        one.send(upserted("2026-03-11 08:00", "ann", same_as="hubspot:7"))
        one.fold()
        log = one.services.tenancy.open(TENANT).restatements
        entries = list(log.between(WINDOW.first, WINDOW.last))
        assert {entry.cause for entry in entries} == {Cause.ROSTER}


USERS = ("ann", "bob", "cyd", "dan")


@st.composite
def statements(draw: st.DrawFn) -> Event:
    at = f"2026-03-{draw(st.integers(8, 16)):02d} {draw(st.integers(0, 23)):02d}:30"
    stated = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "same_as": st.sampled_from(USERS),
                "email": st.sampled_from(["a@x.example", "b@x.example"]),
                "email_verified": st.sampled_from(["true", "true", "false"]),
                "country": st.sampled_from(["DE", "FR"]),
            },
        )
    )
    return upserted(at, draw(st.sampled_from(USERS)), **stated)


@st.composite
def deeds(draw: st.DrawFn) -> Event:
    day, time = draw(st.integers(8, 16)), draw(st.sampled_from(["00:03", "12:00", "23:55"]))
    at = f"2026-03-{day:02d} {time}"
    user_id = draw(st.sampled_from(USERS))
    return draw(st.sampled_from([event(at, user_id), login(at, user_id), heartbeat(at, user_id)]))


@in_one_folder
@given(st.data(), st.lists(deeds() | statements(), max_size=14))
def test_any_order_and_any_folds_come_to_what_the_definitions_say(
    tmp_path: Path, data: st.DataObject, events: list[Event]
) -> None:
    with stack(tmp_path) as one:
        for sent in events:
            one.send(sent)
            fold_some(data, one)
            if data.draw(st.booleans()):
                one.check(HOME, PEOPLE)
        one.fold()
        one.check(HOME, PEOPLE)
