"""Events as Parquet: whole, each once, a file a day that is there or not."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from devstack.exporting import event_columns, events
from devstack.exporting.event_columns import write_events
from devstack.exporting.events import EventsSummary, export_events
from devstack.stack import LocalStack
from shared.metrics.columns.event_rows import event_rows
from shared.metrics.columns.packs import write_pack
from shared.metrics.domain.errors import BadInputError, NotFoundError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window, from_milliseconds
from shared.metrics.storage.tenants import SettingsChange
from tests.oracles.deduplication import distinct
from tests.unit.columns.test_packs import any_events
from tests.unit.devstack.events import delivery, event
from tests.unit.test_docs import named_first, section, text

WINDOW = Window(date(2023, 11, 18), date(2023, 11, 22))
AT_MS = 1_700_436_600_000


def rows_of(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.ParquetFile(path).read().to_pylist()
    return found


def row_of(sent: Event) -> dict[str, Any]:
    """An event as a row, written without looking at the code."""
    return {
        "event_id": sent.event_id.hex(),
        "user_id": sent.user_id or None,
        "occurred_at": from_milliseconds(sent.occurred_at_ms),
        "received_at": from_milliseconds(sent.received_at_ms),
        "feature": sent.feature or None,
        "property": sent.property or None,
        "attribute": sent.attribute or None,
        "action": sent.action,
        "record_id": sent.record_id or None,
        "account_id": sent.account_id or None,
        "signal": sent.signal.name,
        "actor_kind": sent.actor_kind.name,
        "source": sent.source,
        "context": sent.context or None,
        "change": sent.change or None,
    }


actual = any_events.filter(lambda each: each.action != "")


@given(st.lists(actual, min_size=1, max_size=8), st.integers(1, 9))
def test_what_is_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory, sent: list[Event], at_once: int
) -> None:
    path = tmp_path_factory.mktemp("events") / "file.parquet"
    bodies = [write_pack(sent), write_pack(sent[:1])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_columns, "_ROWS_AT_ONCE", at_once)
        write_events(path, event_rows(bodies), {})
        assert rows_of(path) == [row_of(each) for each in distinct(sent)]
        again = path.with_suffix(".again")
        write_events(again, event_rows(bodies[::-1]), {})
        assert path.read_bytes() == again.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


def ingest(stack: LocalStack, *sent: dict[str, Any]) -> None:
    key = stack.file_key("acme")
    assert stack.ingest(delivery(*sent), key).status == 200


def export(stack: LocalStack, folder: Path, window: Window | None = WINDOW) -> EventsSummary:
    return export_events(stack.services.tenancy, "acme", window, folder, lambda _done, _all: None)


def files(folder: Path) -> list[str]:
    """Every file and every empty folder."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    )


def test_each_local_day_is_a_file_and_the_directory_one_apart(
    stack: LocalStack, folder: Path
) -> None:
    ingest(
        stack,
        event(19, occurred_at="2023-11-19T22:59:59Z"),
        event(19, occurred_at="2023-11-19T23:00:00Z"),  # the 20th in Berlin
        event(21, event_id="one"),
        event(21, event_id="one"),
        {"type": "user.upserted", "user_id": "ann", "country": "DE", "occurred_at": AT_MS},
    )
    assert export(stack, folder) == EventsSummary(days=3, events=3, directory_events=1)
    assert files(folder) == [
        "directory/part-0.parquet",
        "events/day=2023-11-19/part-0.parquet",
        "events/day=2023-11-20/part-0.parquet",
        "events/day=2023-11-21/part-0.parquet",
    ]
    (row,) = rows_of(folder / "events/day=2023-11-20/part-0.parquet")
    assert row["occurred_at"] == datetime(2023, 11, 19, 23, tzinfo=UTC)
    (row,) = rows_of(folder / "directory/part-0.parquet")
    assert (row["user_id"], row["action"]) == ("ann", "user.upserted")
    assert json.loads(row["context"]) == {"country": "DE"}


def test_a_file_says_whose_it_is_and_in_which_zone(stack: LocalStack, folder: Path) -> None:
    ingest(stack, event(20))
    export(stack, folder)
    about = parquet.read_schema(folder / "events/day=2023-11-20/part-0.parquet").metadata
    assert about == {b"tenant": b"acme", b"time_zone": b"Europe/Berlin", b"unit": b"2023-11-20"}


def test_only_the_days_of_the_window_are_written(stack: LocalStack, folder: Path) -> None:
    ingest(stack, event(17), event(18), event(22), event(23))
    assert export(stack, folder).days == 2
    assert export(stack, folder, None).days == 4


def test_the_same_days_are_replaced_and_others_left_alone(stack: LocalStack, folder: Path) -> None:
    ingest(stack, event(18), event(20))
    export(stack, folder)
    kept = folder / "events/day=2023-11-20/part-0.parquet"
    before = kept.read_bytes()
    ingest(stack, event(18, user_id="bob"), event(20, user_id="bob"))
    assert export(stack, folder, Window(date(2023, 11, 18), date(2023, 11, 19))).events == 2
    assert len(rows_of(folder / "events/day=2023-11-18/part-0.parquet")) == 2
    assert kept.read_bytes() == before
    assert export(stack, folder) == export(stack, folder)
    assert kept.read_bytes() != before


@pytest.mark.parametrize("window", [WINDOW, None])
def test_a_day_that_has_no_events_any_more_has_no_file(
    stack: LocalStack, folder: Path, window: Window | None
) -> None:
    ingest(stack, event(20))
    stale = folder / "events/day=2023-11-19/part-0.parquet"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"of another time zone")
    other = folder / "events/day=2023-11-20 mine/part-0.parquet"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"not ours")
    export(stack, folder, window)
    assert not stale.parent.exists()
    assert other.read_bytes() == b"not ours"


def test_folded_or_not_the_files_are_the_same(
    stack: LocalStack, folder: Path, tmp_path: Path
) -> None:
    ingest(stack, event(20), event(20, user_id="bob"), event(21))
    export(stack, folder)
    stack.aggregate()
    export(stack, tmp_path / "later")
    assert files(folder) == files(tmp_path / "later")
    for name in files(folder):
        assert (folder / name).read_bytes() == (tmp_path / "later" / name).read_bytes()


def test_events_that_arrive_meanwhile_do_no_harm(stack: LocalStack, folder: Path) -> None:
    ingest(stack, event(18), event(20))
    arrived = []

    def arriving(done: int, _all: int) -> None:
        ingest(stack, event(18, user_id=f"u{done}"), event(22, user_id=f"u{done}"))
        arrived.append(done)

    tenancy = stack.services.tenancy
    summary = export_events(tenancy, "acme", WINDOW, folder, arriving)
    assert len(arrived) == WINDOW.length
    assert len(rows_of(folder / "events/day=2023-11-18/part-0.parquet")) == 2
    assert len(rows_of(folder / "events/day=2023-11-22/part-0.parquet")) == 5
    assert summary.events == 2 + 1 + 5


def test_a_file_that_cannot_be_completed_leaves_the_one_before(
    stack: LocalStack, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(stack, event(20))
    export(stack, folder)
    before = {name: (folder / name).read_bytes() for name in files(folder)}

    def broken(path: Path, *_args: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    ingest(stack, event(20, user_id="bob"))
    monkeypatch.setattr(events, "write_events", broken)
    with pytest.raises(BadInputError, match="cannot be written: No space left"):
        export(stack, folder)
    assert {name: (folder / name).read_bytes() for name in files(folder)} == before


def test_a_new_time_zone_meanwhile_is_told(stack: LocalStack, folder: Path) -> None:
    ingest(stack, event(20))

    def moving(done: int, _all: int) -> None:
        if done == 1:
            tenants = stack.services.tenants
            tenants.change(
                "acme",
                SettingsChange(time_zone="Asia/Tokyo"),
                now_ms=stack.services.clock(),
            )
            stack.aggregate()

    with pytest.raises(BadInputError, match="cut anew"):
        export_events(stack.services.tenancy, "acme", WINDOW, folder, moving)


def test_an_unknown_tenant_is_told(stack: LocalStack, folder: Path) -> None:
    with pytest.raises(NotFoundError):
        export_events(stack.services.tenancy, "nobody", WINDOW, folder, lambda _done, _all: None)
    assert not folder.exists()


def test_every_column_is_documented(stack: LocalStack, folder: Path) -> None:
    ingest(stack, event(20))
    export(stack, folder)
    schema = parquet.read_schema(folder / "events/day=2023-11-20/part-0.parquet")
    assert named_first(section(text("docs/exports.md"), "## Events")) == schema.names
