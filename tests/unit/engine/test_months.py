"""Months spare reads and change no answer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.aggregate import months
from functions.aggregate.months import gather_month
from functions.aggregate.tasks import new_attempt
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.periods import Window
from shared.metrics.engine.requests import HomeRequest, TrendsRequest, UserAnalyticsRequest
from shared.metrics.engine.snapshots import Snapshots
from shared.metrics.storage.blocks import Blocks, MissingBlockError
from shared.metrics.storage.manifests import Manifests
from tests.builders import event, login, upserted
from tests.unit.engine.stack import TENANT, Stack

FEBRUARY = Window(date(2026, 2, 1), date(2026, 2, 28))
TWO_MONTHS = Window(date(2026, 1, 20), date(2026, 3, 10))
VIEWS = (
    HomeRequest(tenant=TENANT, window=TWO_MONTHS),
    TrendsRequest(tenant=TENANT, window=TWO_MONTHS),
    UserAnalyticsRequest(tenant=TENANT, window=FEBRUARY),
)


@pytest.fixture
def full(utc: Stack) -> Stack:
    """Hits on every day from January to mid-March, folded and gathered."""
    days = [date(2026, 1, 10) + timedelta(days=offset) for offset in range(65)]
    for day in days:
        utc.send(event(f"{day} 10:00", f"u{day.day % 3}"), login(f"{day} 23:59", "bob"))
    utc.send(upserted("2026-01-10 00:00", "u1", country="DE"))
    utc.fold()
    utc.sweep()
    return utc


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[BlockKind, list[str]]]:
    """The kinds of blocks that are read, and the units."""
    found: list[tuple[BlockKind, list[str]]] = []
    original = Blocks.read

    def read(
        self: Blocks, kind: BlockKind, attempts: dict[str, tuple[str, int]]
    ) -> dict[str, bytes]:
        found.append((kind, sorted(attempts)))
        return original(self, kind, attempts)

    monkeypatch.setattr(Blocks, "read", read)
    return found


def test_days_in_a_month_are_read_from_it(
    full: Stack, reads: list[tuple[BlockKind, list[str]]]
) -> None:
    full.restarted().check(VIEWS[0])
    of = dict(reads)
    assert of[BlockKind.MONTH_CORE] == ["2026-01", "2026-02", "2026-03"]
    assert BlockKind.CORE not in of


def test_manifests_of_gathered_days_are_not_read(
    full: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _manifests_read(full, monkeypatch) == []
    full.send(event("2026-02-11 12:00", "late", "Deals"))
    full.fold()
    assert _manifests_read(full, monkeypatch) == ["2026-02-11"]


def _manifests_read(full: Stack, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The units whose manifests are read for an answer, all of them one by one."""
    units: list[str] = []
    original = Manifests.bodies_of

    def bodies_of(self: Manifests, wanted: list[str]) -> dict[str, bytes]:
        units.extend(wanted)
        return original(self, wanted)

    with monkeypatch.context() as patched:
        patched.setattr(Manifests, "bodies_of", bodies_of)
        patched.setattr(Manifests, "bodies", None)
        full.restarted().check(VIEWS[1])
    return units


def test_a_month_gathered_by_an_earlier_program_is_gathered_again(
    full: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "month_index", lambda _: None)
    full.send(event("2026-02-11 12:00", "late", "Deals"))
    full.fold()
    full.sweep()
    data = full.services.tenancy.open(TENANT)
    assert data.months.all()["2026-02"].index is None
    full.restarted().check(*VIEWS)
    monkeypatch.undo()
    full.sweep()
    assert data.months.all()["2026-02"].index is not None
    full.restarted().check(*VIEWS)


def test_a_manifest_replaced_since_its_version_was_read_is_read_anew(full: Stack) -> None:
    data = full.services.tenancy.open(TENANT)
    snapshots = Snapshots()
    snapshot = snapshots.read(data, FEBRUARY)
    assert snapshot.whole_manifests.keys() == set(FEBRUARY.days())
    full.send(event("2026-02-11 12:00", "late", "Deals"))
    full.fold()
    with pytest.raises(MissingBlockError, match="2026-02-11"):
        replace(snapshot).whole_manifests.keys()


def test_answers_are_the_same_with_months(full: Stack) -> None:
    full.restarted().check(*VIEWS)


def test_a_day_that_was_folded_again_is_read_from_its_own_blocks(
    full: Stack, reads: list[tuple[BlockKind, list[str]]]
) -> None:
    full.send(event("2026-02-11 12:00", "late", "Deals"))
    full.restarted().check(*VIEWS)
    full.fold()
    reads.clear()
    full.restarted().check(*VIEWS)
    assert ["2026-02-11"] in [units for kind, units in reads if kind is BlockKind.CORE]
    full.sweep()
    reads.clear()
    full.restarted().check(*VIEWS)
    assert {tuple(units) for kind, units in reads if kind is BlockKind.CORE} <= {()}


def test_gathering_twice_at_once_publishes_one_whole_month(full: Stack) -> None:
    data = full.services.tenancy.open(TENANT)
    first, second = new_attempt(full.clock), new_attempt(full.clock)
    today = date(2026, 3, 20)
    before = data.months.version("2026-02")
    assert gather_month(data, "2026-02", first, today)
    assert gather_month(data, "2026-02", second, today)
    assert data.months.version("2026-02") == (before or 0) + 2
    assert data.months.all()["2026-02"].attempt == second
    full.restarted().check(*VIEWS)


def test_a_day_replaced_while_a_month_is_gathered_leaves_the_month_as_it_was(full: Stack) -> None:
    data = full.services.tenancy.open(TENANT)
    before = data.months.all()["2026-02"]
    gone = data.manifests.all()["2026-02-11"].attempt
    data.blocks.delete("2026-02-11", gone)
    assert not gather_month(data, "2026-02", new_attempt(full.clock), date(2026, 3, 20))
    assert data.months.all()["2026-02"] == before


def test_today_and_a_few_new_days_wait(utc: Stack) -> None:
    for day in range(14, 20):
        utc.send(event(f"2026-03-{day} 10:00"))
    utc.send(event("2026-03-20 10:00"))
    utc.fold()
    utc.sweep()
    data = utc.services.tenancy.open(TENANT)
    assert data.months.all() == {}
    utc.send(event("2026-03-13 10:00"))
    utc.fold()
    utc.sweep()
    month = data.months.all()["2026-03"]
    assert sorted(month.days) == [f"2026-03-{day}" for day in range(13, 20)]


def test_superseded_months_are_deleted_after_an_hour(full: Stack) -> None:
    full.send(event("2026-02-11 12:00", "late"))
    full.fold()
    full.sweep()
    data = full.services.tenancy.open(TENANT)
    of_february = [attempt for attempt, unit in data.blocks.attempts() if unit == "2026-02"]
    assert len(of_february) == 2
    full.clock.now_ms += 3_600_000
    full.sweep()
    visible = data.months.all()["2026-02"].attempt
    assert [a for a, unit in data.blocks.attempts() if unit == "2026-02"] == [visible]
    full.restarted().check(*VIEWS)
