"""The proof of a window: what its days were counted from, as plain loops count it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.events import SESSION_ACTIONS, ActorKind, Event, Signal
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.evidence import Evidence
from shared.metrics.engine.figure_requests import ProofRequest
from tests.builders import SOURCE, event
from tests.oracles import local_days
from tests.oracles.deduplication import distinct
from tests.oracles.history import is_directory
from tests.oracles.signals import may_be_hit, without_shadowed
from tests.oracles.windows import days, same_hours_end_ms
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.strategies import World, worlds
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder, today

LATENESS_DAYS = 7
NOT_COUNTED_FROM_EVENTS = {"proof", "restatements"}


@dataclass
class Sent:
    """Everything that was sent, and when it came in."""

    zone: str
    events: list[Event] = field(default_factory=list)

    def add(self, one: Stack, delivery: list[Event]) -> None:
        one.send(*delivery)
        self.events += [each._replace(received_at_ms=one.clock.now_ms) for each in delivery]

    def proof(self, window: Window, now_ms: int, end_ms: int | None = None) -> dict[str, object]:
        """What the proof of a window says."""
        usage = [each for each in self.events if not is_directory(each)]
        of_window = [each for each in usage if self.day_of(each) in window]
        kept = distinct(of_window)
        counted = [each for each in kept if end_ms is None or each.occurred_at_ms < end_ms]
        seen = without_shadowed(distinct(usage), self.day_of_ms)
        shadowed = sum(
            may_be_hit(each) and told.signal is Signal.SYSTEM
            for each, told in zip(distinct(usage), seen, strict=True)
            if each in counted
        )
        anonymous = [
            each
            for each in counted
            if (each.signal, each.actor_kind) == (Signal.ACTION, ActorKind.UNKNOWN)
            and each.user_id
            and each.action not in SESSION_ACTIONS
        ]
        final = [day for day in days(window) if now_ms >= self.end_ms(day, LATENESS_DAYS)]
        return {
            "from_ms": local_days.day_start_ms(self.zone, window.first),
            "to_ms": self.end_ms(window.last) if end_ms is None else end_ms,
            "rows": len(counted),
            "duplicates": len(of_window) - len(kept),
            "late": sum(each.received_at_ms >= self.end_ms(self.day_of(each)) for each in counted),
            "unattributed_changes": sum(
                each.signal is Signal.CHANGE and not each.user_id for each in counted
            ),
            "shadowed": shadowed,
            "anonymous_hits": len(anonymous),
            "anonymous_ids": len({each.user_id for each in anonymous}),
            "sources": [SOURCE] if counted else [],
            "rows_by_source": [len(counted)] if counted else [],
            "provisional_days": len(days(window)) - len(final),
            "final_days": len(final),
            "outdated_days": 0,
            "no_data_sources": [],
        }

    def day_of(self, each: Event) -> date:
        return self.day_of_ms(each.occurred_at_ms)

    def day_of_ms(self, at_ms: int) -> date:
        return local_days.day_of(self.zone, at_ms)

    def end_ms(self, day: date, later: int = 0) -> int:
        return local_days.day_bounds_ms(self.zone, day + timedelta(days=later))[1]


def as_counts(found: Evidence) -> dict[str, object]:
    counted = [name for name in Evidence.__slots__ if name not in NOT_COUNTED_FROM_EVENTS]
    return {name: getattr(found, name) for name in counted}


@in_one_folder
@given(st.data(), worlds())
def test_a_proof_counts_what_plain_loops_count_whatever_is_folded(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    last = min(world.place.day + timedelta(days=data.draw(st.integers(-2, 4))), today(world))
    window = Window(last - timedelta(days=data.draw(st.integers(0, 6))), last)
    sent = Sent(world.place.zone)
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        for delivery in world.deliveries:
            sent.add(one, delivery)
            found = one.ask(ProofRequest(tenant=TENANT, window=window))
            assert as_counts(found) == sent.proof(window, one.clock.now_ms)
            fold_some(data, one)
        one.fold()
        found = one.ask(ProofRequest(tenant=TENANT, window=window))
        assert as_counts(found) == sent.proof(window, one.clock.now_ms)


@in_one_folder
@given(st.data(), worlds())
def test_the_proof_of_an_earlier_period_ends_at_the_same_hours(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    last = min(world.place.day + timedelta(days=data.draw(st.integers(-2, 2))), today(world))
    window = Window(last - timedelta(days=data.draw(st.integers(0, 3))), last)
    sent = Sent(world.place.zone)
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        for delivery in world.deliveries:
            sent.add(one, delivery)
        if data.draw(st.booleans()):
            one.fold()
        now_ms = one.clock.now_ms
        found = one.ask(ProofRequest(tenant=TENANT, window=window, same_hours_as_ms=now_ms))
        end_ms = same_hours_end_ms(world.place.zone, last, now_ms)
        assert as_counts(found) == sent.proof(window, now_ms, end_ms)


def test_a_sent_again_row_is_a_duplicate_and_not_a_row(utc: Stack) -> None:
    click = event("2026-03-10 09:00")
    utc.send(click)
    utc.send(click, event("2026-03-10 10:00", "", signal=Signal.CHANGE))
    utc.send(event("2026-03-10 11:00", actor_kind=ActorKind.IMPORT))
    day = Window(date(2026, 3, 10), date(2026, 3, 10))
    found = utc.ask(ProofRequest(tenant=TENANT, window=day))
    assert (found.rows, found.duplicates, found.unattributed_changes) == (3, 1, 1)
    assert Counter(dict(zip(found.sources, found.rows_by_source, strict=True))) == {SOURCE: 3}


def test_a_proof_has_the_number_of_restatements_of_its_days(utc: Stack) -> None:
    """A late event on a final day changes hits, active people and sessions of that day alone."""
    utc.send(event("2026-03-01 09:00"), event("2026-03-02 09:00"))
    utc.fold()
    utc.send(event("2026-03-02 10:00", "bob"))
    first, second = date(2026, 3, 1), date(2026, 3, 2)

    def restatements(window: Window) -> int:
        return utc.ask(ProofRequest(tenant=TENANT, window=window)).restatements

    assert restatements(Window(first, second)) == 0  # it is counted, and will be in the log
    utc.fold()
    log = utc.services.tenancy.open(TENANT).restatements.between(first, second)
    assert [(each.day, each.before, each.after) for each in log] == [(second, 1, 2)] * 3
    assert restatements(Window(first, second)) == 3
    assert restatements(Window(second, second)) == 3
    assert restatements(Window(first, first)) == 0


def test_days_are_final_a_week_after_they_ended(utc: Stack) -> None:
    found = utc.ask(ProofRequest(tenant=TENANT, window=Window(date(2026, 3, 1), date(2026, 3, 20))))
    assert (found.final_days, found.provisional_days) == (12, 8)
