"""Hits gathered by month spare reads and change no answer."""

from datetime import date, timedelta

import pytest

from functions.aggregate import hit_months
from functions.aggregate.hit_months import gather_hits
from functions.aggregate.tasks import new_attempt
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.funnel_answer import FunnelUnit, StepOrder
from shared.metrics.engine import funnel_hits, gathered_hits, span_hits
from shared.metrics.engine.funnel_request import FunnelMembersRequest, FunnelRequest, FunnelStep
from shared.metrics.engine.requests import PeopleAttribute, PeopleFilter
from shared.metrics.storage import blocks
from shared.metrics.storage.blocks import Blocks
from tests.builders import event, upserted
from tests.unit.engine.stack import TENANT, AnyRequest, Stack

TWO_MONTHS = Window(date(2026, 1, 20), date(2026, 3, 10))
EARLY = Window(date(2026, 2, 1), date(2026, 2, 10))
STEPS = tuple(FunnelStep(FeatureSelection(feature=name)) for name in ("Leads", "Deals"))


def funnels(window: Window) -> list[AnyRequest]:
    """By every unit, in every order, and some with filters or groups."""
    asked: list[AnyRequest] = [
        FunnelRequest(tenant=TENANT, window=window, steps=STEPS, unit=unit, order=order)
        for unit in (None, *FunnelUnit)
        for order in StepOrder
    ]
    german = PeopleFilter(country=("DE",))
    return [
        *asked,
        FunnelRequest(tenant=TENANT, window=window, steps=STEPS, people=german),
        FunnelRequest(
            tenant=TENANT,
            window=window,
            steps=(STEPS[0], FunnelStep(STEPS[1].selection, german)),
            group_by=PeopleAttribute.COUNTRY,
            order=StepOrder.STRICT,
        ),
        FunnelMembersRequest(tenant=TENANT, window=window, steps=STEPS, step=1),
    ]


@pytest.fixture
def full(utc: Stack) -> Stack:
    """Hits on every day from January to mid-March, folded and gathered."""
    events = [upserted("2026-01-10 00:00", "u1", country="DE")]
    for offset in range(65):
        day = date(2026, 1, 10) + timedelta(days=offset)
        person = f"u{offset % 3}"
        events += [
            event(f"{day} 10:00", person, "Leads", record_id=f"r{offset}", account_id="acme"),
            event(f"{day} 11:00", person, "Cases", record_id=f"r{offset // 2}"),
            event(f"{day} 23:59", "bob", "Deals", record_id=f"r{offset - offset % 5}"),
        ]
    utc.send(*events)
    utc.fold()
    utc.sweep()
    return utc


@pytest.fixture
def days_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The days whose hits are read one by one from their own blocks."""
    found: set[str] = set()
    original = Blocks.read

    def read(
        self: Blocks, kind: BlockKind, attempts: dict[str, tuple[str, int]]
    ) -> dict[str, bytes]:
        if kind is BlockKind.EVENT_INDEX:
            found.update(attempts)
        return original(self, kind, attempts)

    monkeypatch.setattr(Blocks, "read", read)
    return found


@pytest.mark.parametrize("window", [TWO_MONTHS, EARLY], ids=str)
def test_answers_are_the_same_from_months(full: Stack, window: Window) -> None:
    full.restarted().check(*funnels(window))


def test_days_of_gathered_months_are_not_read(full: Stack, days_read: set[str]) -> None:
    full.restarted().check(funnels(TWO_MONTHS)[0])
    assert days_read == set()


def test_a_few_days_of_a_month_are_read_by_themselves(full: Stack, days_read: set[str]) -> None:
    few = Window(date(2026, 2, 1), date(2026, 2, 3))
    request = FunnelRequest(tenant=TENANT, window=few, steps=STEPS, within_ms=1)
    full.restarted().check(request)
    # The window of the last millisecond of the range reaches into the day after it.
    assert days_read == {f"2026-02-0{day}" for day in (1, 2, 3, 4)}


def test_a_day_that_was_folded_again_is_read_by_itself(full: Stack, days_read: set[str]) -> None:
    full.send(event("2026-02-11 09:00", "late", "Leads", record_id="r32"))
    full.restarted().check(*funnels(TWO_MONTHS))
    full.fold()
    full.sweep()
    days_read.clear()
    full.restarted().check(*funnels(TWO_MONTHS))
    assert days_read == {"2026-02-11"}


def test_a_month_of_which_several_days_changed_is_gathered_again(
    full: Stack, days_read: set[str]
) -> None:
    for day in range(11, 11 + hit_months.CHANGED_DAYS):
        full.send(event(f"2026-02-{day} 09:00", "late", "Leads", record_id="r32"))
    full.fold()
    full.sweep()
    days_read.clear()
    full.restarted().check(*funnels(TWO_MONTHS))
    assert days_read == set()


def test_the_last_days_of_a_month_are_in_it_as_soon_as_it_is_over(
    utc: Stack, days_read: set[str]
) -> None:
    def send_and_gather(*days: int) -> None:
        for day in days:
            utc.send(event(f"2026-02-{day} 10:00", "ann", "Leads", record_id="r1"))
        utc.fold()
        utc.sweep()

    assert hit_months.CHANGED_DAYS > 2
    send_and_gather(*range(10, 27))
    send_and_gather(27, 28)
    days_read.clear()
    utc.restarted().check(*funnels(Window(date(2026, 2, 1), date(2026, 2, 28))))
    assert days_read == set()


@pytest.mark.parametrize("record_id", ["", "r9"])
def test_records_are_the_units_if_every_hit_that_counts_has_one(
    full: Stack, record_id: str
) -> None:
    full.send(event("2026-02-05 12:00", "u1", "Leads", record_id=record_id))
    full.fold()
    full.sweep()
    german = PeopleFilter(country=("DE",))
    for people, has_records in ((PeopleFilter(), bool(record_id)), (german, bool(record_id))):
        request = FunnelRequest(tenant=TENANT, window=TWO_MONTHS, steps=STEPS, people=people)
        full.check(request)
        unit = FunnelUnit.RECORD if has_records else FunnelUnit.USER
        assert full.ask(request).unit is unit
    others = FunnelRequest(
        tenant=TENANT, window=TWO_MONTHS, steps=STEPS, people=PeopleFilter(country=("(not set)",))
    )
    full.check(others)
    assert full.ask(others).unit is FunnelUnit.RECORD


def test_a_path_that_came_up_later_in_the_month_is_unknown_to_an_earlier_range(
    utc: Stack,
) -> None:
    utc.send(*(event(f"2026-02-{day:02d} 10:00", "ann", "Leads") for day in range(1, 28)))
    utc.fold()
    known = utc.restarted()
    known.check(*funnels(EARLY))
    utc.send(event("2026-02-28 10:00", "ann", "Rockets"))
    utc.fold()
    utc.sweep()
    known.check(*funnels(EARLY))


def test_a_month_is_written_in_pieces_if_it_is_large(
    full: Stack, monkeypatch: pytest.MonkeyPatch, days_read: set[str]
) -> None:
    monkeypatch.setattr(hit_months, "_BYTES_AT_ONCE", 1)
    monkeypatch.setattr(blocks, "_SMALL_PARTS", {BlockKind.MONTH_HITS: 40})
    data = full.services.tenancy.open(TENANT)
    for month in ("2026-01", "2026-02", "2026-03"):
        attempt = new_attempt(full.clock)
        assert gather_hits(data, month, data.manifests.all(), attempt, date(2026, 3, 20))
        assert data.months.all()[f"hits-{month}"].parts["month_hits"] > 5
    days_read.clear()
    full.restarted().check(*funnels(TWO_MONTHS))
    assert days_read == set()


def test_a_day_replaced_while_its_month_is_gathered_leaves_the_month_as_it_was(
    full: Stack,
) -> None:
    data = full.services.tenancy.open(TENANT)
    manifests = data.manifests.all()
    before = data.months.all()["hits-2026-02"]
    data.blocks.delete("2026-02-11", manifests["2026-02-11"].attempt)
    attempt = new_attempt(full.clock)
    assert not gather_hits(data, "2026-02", manifests, attempt, date(2026, 3, 20))
    assert data.months.all()["hits-2026-02"] == before
    assert attempt not in dict(data.blocks.attempts())


def test_superseded_months_are_deleted_after_an_hour(full: Stack) -> None:
    data = full.services.tenancy.open(TENANT)
    attempt = new_attempt(full.clock)
    assert gather_hits(data, "2026-02", data.manifests.all(), attempt, date(2026, 3, 20))
    full.clock.now_ms += 3_600_000
    full.sweep()
    assert [a for a, unit in data.blocks.attempts() if unit == "hits-2026-02"] == [attempt]
    full.restarted().check(*funnels(TWO_MONTHS))


@pytest.mark.parametrize("is_gathered", [True, False])
def test_more_hits_than_can_be_held_are_refused(
    full: Stack, monkeypatch: pytest.MonkeyPatch, *, is_gathered: bool
) -> None:
    if not is_gathered:
        monkeypatch.setattr(gathered_hits, "_DAYS_OF_MONTH", 0)
    request = FunnelRequest(tenant=TENANT, window=EARLY, steps=STEPS, within_ms=1)
    hits = 2 * 28 if is_gathered else 2 * 11
    monkeypatch.setattr(span_hits, "MOST_HITS", hits)
    full.check(request)
    monkeypatch.setattr(span_hits, "MOST_HITS", hits - 1)
    with pytest.raises(BadInputError, match=f"{hits} hits would have to be looked") as refused:
        full.ask(request)
    assert refused.value.field == "range"


def test_a_strict_order_is_refused_if_there_are_too_many_hits_of_whatever_kind(
    full: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = FunnelRequest(tenant=TENANT, window=EARLY, steps=STEPS, order=StepOrder.STRICT)
    monkeypatch.setattr(funnel_hits, "MOST_HITS", 3 * 40)
    full.check(request)
    monkeypatch.setattr(funnel_hits, "MOST_HITS", 3 * 40 - 1)
    with pytest.raises(BadInputError, match="STRICT") as refused:
        full.ask(request)
    assert refused.value.field == "order"
