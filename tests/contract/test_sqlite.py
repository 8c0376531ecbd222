"""What the SQLite store offers besides the port."""

import gc
from contextlib import closing
from pathlib import Path
from threading import Thread

from shared.metrics.storage.ports import Item, Key, Table
from shared.metrics.storage.sqlite import SqliteStore
from tests.contract.conftest import Clock


def item(sort: str, table: Table = Table.EVENTS, expires: int | None = None) -> Item:
    return Item(Key(table, "p", sort), b"body", expires_at=expires)


def test_what_was_written_is_there_when_the_file_is_opened_again(
    tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "metrics.db"
    with closing(SqliteStore(path, clock=clock)) as store:
        store.put_many([item("s")])
    with closing(SqliteStore(path, clock=clock)) as store:
        assert store.get(item("s").key) == item("s")


def test_two_stores_of_one_file_see_each_others_writes(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "metrics.db"
    with (
        closing(SqliteStore(path, clock=clock)) as one,
        closing(SqliteStore(path, clock=clock)) as other,
    ):
        assert one.put_if(item("s"), expected_version=None)
        assert list(other.query(Table.EVENTS, "p")) == [item("s")]
        other.delete_many([item("s").key])
        assert one.get(item("s").key) is None


def test_a_purge_removes_what_has_expired_and_nothing_else(
    sqlite: SqliteStore, clock: Clock
) -> None:
    now = clock.now_seconds
    kept = [item("kept"), item("later", expires=now + 1)]
    sqlite.put_many([*kept, item("expired", expires=now), item("s", Table.METRICS, now - 1)])
    assert sqlite.purge_expired() == 2
    assert sqlite.purge_expired() == 0
    clock.now_ms = 0
    assert list(sqlite.query(Table.EVENTS, "p")) == kept
    assert list(sqlite.query(Table.METRICS, "p")) == []


def test_the_connection_of_a_thread_ends_with_it(sqlite: SqliteStore) -> None:
    for number in range(3):
        thread = Thread(target=sqlite.put_many, args=([item(f"{number}")],))
        thread.start()
        thread.join()
    gc.collect()
    assert len(sqlite._connections) == 1
    assert [item.key.sort for item in sqlite.query(Table.EVENTS, "p")] == ["0", "1", "2"]
