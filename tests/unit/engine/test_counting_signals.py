"""One deed that two sources tell of is one hit (definitions §2), live and folded."""

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from functions.aggregate.queue import LocalQueue
from functions.aggregate.tasks import dispatch, work
from shared.metrics.domain.events import Event, Signal
from shared.metrics.domain.periods import Window
from shared.metrics.engine.figure_requests import ProofRequest
from shared.metrics.engine.requests import HomeRequest
from shared.metrics.storage.generations import SignalSince
from shared.metrics.storage.tenants import SettingsChange
from tests.builders import event
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder

WINDOW = Window(date(2026, 3, 9), date(2026, 3, 15))


def change(at: str, user_id: str = "ann", feature: str = "Leads") -> Event:
    return event(at, user_id, feature, signal=Signal.CHANGE, source="erp")


def refold(one: Stack) -> None:
    """Do what there is to do until the new generation is served."""
    queue = LocalQueue()
    while one.services.tenants.get(TENANT).next is not None:
        dispatch(one.services, queue)
        for message in queue.take(1_000):
            work(one.services, message)


def hits(one: Stack) -> int:
    return one.ask(HomeRequest(tenant=TENANT, window=WINDOW)).total_hits.value or 0


def shadowed(one: Stack) -> int:
    return one.ask(ProofRequest(tenant=TENANT, window=WINDOW)).shadowed


def test_one_deed_that_two_sources_tell_of_is_one_hit(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(event("2026-03-10 10:00"), change("2026-03-10 10:00"))
        assert (hits(one), shadowed(one)) == (1, 1)
        one.fold()
        assert (hits(one), shadowed(one)) == (1, 1)


def test_changes_count_until_the_day_of_the_first_action(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(*(change(f"2026-03-{day:02d} 10:00") for day in (9, 10, 11, 12)))
        one.send(event("2026-03-11 15:00"))
        assert (hits(one), shadowed(one)) == (3, 2)
        one.fold()
        assert (hits(one), shadowed(one)) == (3, 2)


def test_another_feature_goes_on_counting_its_changes(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(event("2026-03-10 10:00"), change("2026-03-10 10:00", feature="Deals"))
        assert (hits(one), shadowed(one)) == (2, 0)


def test_a_late_first_action_has_the_later_days_folded_again(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(change("2026-03-12 10:00"), change("2026-03-13 10:00"))
        one.fold()
        assert hits(one) == 2
        one.send(event("2026-03-10 10:00"))
        assert hits(one) == 1, "before anything is folded again"
        one.fold(["2026-03-10"])
        assert one.dirty() == ["2026-03-12", "2026-03-13"]
        one.fold()
        assert (hits(one), one.dirty()) == (1, [])


def test_an_action_before_the_range_that_is_not_folded_yet_counts_too(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(change("2026-03-12 10:00"))
        one.fold()
        one.send(event("2026-01-10 10:00"))
        assert hits(one) == 0
        assert hits(one.restarted()) == 0


def test_what_a_crash_left_unmarked_is_found_by_the_sweep(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(change("2026-03-12 10:00"))
        one.fold()
        at_ms = event("2026-03-10 10:00").occurred_at_ms
        one.services.tenants.note_first_actions(TENANT, {"Leads": at_ms})
        assert hits(one) == 0
        one.sweep()
        assert one.dirty() == ["2026-03-12"]
        one.fold()
        assert hits(one) == 0


def test_what_a_tenant_sets_stands_from_its_day_on(tmp_path: Path) -> None:
    rules = {"Leads": (SignalSince(date(2026, 3, 11), Signal.CHANGE),)}
    with stack(tmp_path, counting_signals=rules) as one:
        one.send(*(event(f"2026-03-{day:02d} 10:00", "bob") for day in (10, 11)))
        one.send(*(change(f"2026-03-{day:02d} 10:00") for day in (10, 11)))
        answer = one.ask(HomeRequest(tenant=TENANT, window=WINDOW))
        assert [row.user_id for row in answer.top_by_hits] == ["ann", "bob"]
        assert shadowed(one) == 2
        one.check(HomeRequest(tenant=TENANT, window=WINDOW))


def test_another_signal_folds_history_again_and_switches_at_once(tmp_path: Path) -> None:
    with stack(tmp_path) as one:
        one.send(
            event("2026-03-10 10:00"), change("2026-03-10 10:00", "bob"), change("2026-03-11 10:00")
        )
        one.fold()
        assert hits(one) == 1
        rules = SettingsChange(counting_signals={"Leads": (SignalSince(date.min, Signal.CHANGE),)})
        one.services.tenants.change(TENANT, rules, now_ms=one.clock.now_ms)
        assert hits(one) == 1
        refold(one)
        assert hits(one) == 2


@in_one_folder
@given(st.data())
def test_any_order_and_any_folds_come_to_what_the_definitions_say(
    tmp_path: Path, data: st.DataObject
) -> None:
    signals = st.sampled_from([Signal.ACTION, Signal.CHANGE])
    days = st.integers(8, 16)
    rows = data.draw(
        st.lists(
            st.tuples(days, signals, st.sampled_from(["Leads", "Deals"]), st.sampled_from("ab")),
            max_size=12,
        )
    )
    events = [
        event(f"2026-03-{day:02d} {number + 6:02d}:00", user, feature=feature, signal=signal)
        for number, (day, signal, feature, user) in enumerate(rows)
    ]
    rules = data.draw(
        st.dictionaries(
            st.sampled_from(["Leads", "Deals"]),
            st.tuples(st.builds(SignalSince, st.dates(WINDOW.first, WINDOW.last), signals)),
            max_size=2,
        )
    )
    with stack(tmp_path, counting_signals=rules) as one:
        for sent in events:
            one.send(sent)
            fold_some(data, one)
            if data.draw(st.booleans()):
                one.check(HomeRequest(tenant=TENANT, window=WINDOW))
        one.fold()
        one.check(HomeRequest(tenant=TENANT, window=WINDOW))
