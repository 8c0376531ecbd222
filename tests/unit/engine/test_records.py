"""The records of a tenant, read from packs, days and months alike."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from functions.aggregate.queue import LocalQueue
from functions.aggregate.tasks import dispatch, work
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.change_texts import text_of
from shared.metrics.domain.events import ActorKind, Event, Signal
from shared.metrics.domain.record_changes import Op, RecordChange, Value
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.engine.records import RecordHistories
from shared.metrics.storage.blocks import Blocks
from shared.metrics.storage.record_maps import maps_document
from shared.metrics.storage.tenants import SettingsChange
from tests.builders import event, instant_ms, upserted
from tests.unit.engine.stack import TENANT, Stack, stack

DEAL = RecordType.DEAL
MAP = b"""{"objects": [{"object": "Chance", "type": "deal", "fields": {"stage": "Phase"}}]}"""


@pytest.fixture
def april(tmp_path: Path) -> Iterator[Stack]:
    """A tenant in UTC, on 20 April 2026 at noon."""
    with stack(tmp_path, now="2026-04-20 12:00") as one:
        yield one


def change(
    at: str, record_id: str, op: Op = Op.UPDATE, object_name: str = "deal", **fields: Value
) -> Event:
    text = text_of(RecordChange(object_name, op, fields))
    return event(
        at,
        "ann",
        "",
        record_id=record_id,
        change=text,
        signal=Signal.SYSTEM,
        actor_kind=ActorKind.IMPORT,
    )


def two_months() -> list[Event]:
    """A deal that moves every day from 10 February to 10 April 2026."""
    days = [date(2026, 2, 10) + timedelta(days=offset) for offset in range(60)]
    first = change(f"{days[0]} 08:00", "d1", Op.CREATE, stage="new")
    return [first, *(change(f"{day} 09:00", "d1", stage=f"s{day:%m%d}") for day in days)]


def records(one: Stack) -> FoldedRecords:
    return RecordHistories().read(one.services.tenancy.open(TENANT))


def stages(found: FoldedRecords) -> list[tuple[str, int]]:
    history = found.history(DEAL, "stage")
    names = [history.names[code] for code in history.values.tolist()]
    return list(zip(names, history.at_ms.tolist(), strict=True))


def expected(events: list[Event]) -> list[tuple[str, int]]:
    return [("new", events[0].occurred_at_ms)] + [
        (f"s{date(2026, 2, 10) + timedelta(days=day):%m%d}", each.occurred_at_ms)
        for day, each in enumerate(events[1:])
    ]


def test_history_is_the_same_from_packs_from_days_and_from_months(april: Stack) -> None:
    events = two_months()
    april.send(*events)
    assert stages(records(april)) == expected(events)
    april.fold()
    assert stages(records(april)) == expected(events)
    april.sweep()
    assert stages(records(april)) == expected(events)


def test_a_whole_history_is_a_few_reads(april: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    april.send(*two_months())
    april.fold()
    april.sweep()
    reads: list[tuple[BlockKind, list[str]]] = []
    original = Blocks.read

    def read(
        self: Blocks, kind: BlockKind, attempts: dict[str, tuple[str, int]]
    ) -> dict[str, bytes]:
        reads.append((kind, sorted(attempts)))
        return original(self, kind, attempts)

    monkeypatch.setattr(Blocks, "read", read)
    records(april)
    assert dict(reads)[BlockKind.MONTH_CHANGES] == ["2026-02", "2026-03", "2026-04"]
    assert dict(reads)[BlockKind.CHANGES] == []


def test_a_day_that_changed_after_its_month_was_gathered_is_read_by_itself(april: Stack) -> None:
    events = two_months()
    april.send(*events)
    april.fold()
    april.sweep()
    late = change("2026-02-20 09:30", "d1", stage="late")
    april.send(late)
    told = expected(events)
    told.insert(12, ("late", late.occurred_at_ms))
    assert stages(records(april)) == told
    april.fold()
    assert stages(records(april)) == told


def test_records_that_have_not_changed_are_still_in_memory(april: Stack) -> None:
    histories = RecordHistories()
    data = april.services.tenancy.open(TENANT)
    april.send(*two_months())
    before = histories.read(data)
    assert histories.read(data) is before
    april.send(change("2026-04-20 11:00", "d1", stage="won"))
    after = histories.read(data)
    assert stages(after)[-1][0] == "won"
    assert stages(before)[-1][0] == "s0410"


def test_an_import_is_no_use_of_the_crm(april: Stack) -> None:
    april.send(*two_months())
    april.fold()
    manifest, _ = april.services.tenancy.open(TENANT).manifests.get("2026-02-10")
    assert manifest is not None
    assert (manifest.rows, manifest.sums.hits, manifest.sums.active) == (2, 0, 0)


def test_the_tenants_own_names_are_read_by_its_maps(april: Stack) -> None:
    april.send(change("2026-04-10 09:00", "d1", object_name="Chance", Phase="offer"))
    assert len(records(april).table(DEAL)) == 0
    maps = april.services.tenancy.open(TENANT).record_maps
    maps.replace(maps_document(MAP), expected_version=maps.get().version)
    assert [name for name, _ in stages(records(april))] == ["offer"]


def test_history_survives_a_new_time_zone(april: Stack) -> None:
    events = two_months()
    april.send(*events)
    april.fold()
    april.sweep()
    asked = SettingsChange(time_zone="Asia/Tokyo")
    april.services.tenants.change(TENANT, asked, now_ms=april.clock.now_ms)
    queue = LocalQueue()
    for _ in range(10):
        dispatch(april.services, queue)
        for message in queue.take(1_000):
            work(april.services, message)
    assert april.services.tenants.get(TENANT).generation == 2
    assert stages(records(april)) == expected(events)
    april.sweep()
    assert stages(records(april)) == expected(events)


def test_people_are_records_of_the_roster(april: Stack) -> None:
    april.send(
        upserted("2026-04-01 09:00", "ann", team="North"),
        upserted("2026-04-05 09:00", "ann", team="South"),
        change("2026-04-02 09:00", "d1", owner="ann"),
    )
    found = records(april)
    owner = found.table(DEAL).column("owner").values
    teams = found.history(RecordType.PERSON, "team")
    before = teams.as_of(owner, instant_ms("2026-04-04 09:00"))
    assert [before.value(0), teams.as_of(owner).value(0)] == ["North", "South"]
