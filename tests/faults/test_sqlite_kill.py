"""What can befall a file: a killed writer, damage, locks, a full disk, no place to write."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.storage import sqlite as adapter
from shared.metrics.storage.ports import Item, Key, Table
from shared.metrics.storage.sqlite import SqliteStore

FULL = 2
ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from tests.faults.test_sqlite_kill import batch, counter, open_store
store = open_store(Path(sys.argv[1]))
number = 0
while True:
    store.put_many(batch(number))
    assert store.put_if(counter(number), expected_version=number - 1 if number else None)
    print(number, flush=True)
    number += 1
"""
"""Writes until it is killed, and prints what was confirmed."""


def open_store(path: Path) -> SqliteStore:
    return SqliteStore(path, clock=lambda: 0)


def item(sort: str = "s", body: bytes = b"body") -> Item:
    return Item(Key(Table.EVENTS, "p", sort), body)


def counter(number: int) -> Item:
    return Item(Key(Table.EVENTS, "counter", "s"), b"", number)


def batch(number: int) -> list[Item]:
    body = number.to_bytes(4) * 1000
    return [
        Item(Key(table, f"{number}", f"{part}"), body) for table in Table for part in range(200)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(open_store(path)) as store:
        yield store


def write_until_killed(path: Path, confirmations: int) -> int:
    """Kill a writer after some confirmations, in the middle of what it does next.

    Gives the number of the last batch that it confirmed, which may be a later one.
    """
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        confirmed = [writer.stdout.readline() for _ in range(confirmations)]
        writer.kill()
        confirmed += writer.stdout.readlines()
    return int(confirmed[-1])


def stored_of(store: SqliteStore, number: int) -> list[Item]:
    wanted = batch(number)
    found = store.get_many([item.key for item in wanted])
    return [found[item.key] for item in wanted if item.key in found]


@pytest.fixture(scope="module", params=[1, 10, 40])
def killed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, int]:
    """A file whose writer was killed, and the last batch that it had confirmed."""
    path = tmp_path_factory.mktemp("killed") / "metrics.db"
    return path, write_until_killed(path, request.param)


class TestKill:
    def test_what_was_confirmed_is_there(self, killed: tuple[Path, int]) -> None:
        path, last_confirmed = killed
        with closing(open_store(path)) as store:
            stored = store.get(counter(0).key)
            assert stored is not None
            assert stored.version >= last_confirmed
            for number in range(stored.version + 1):
                assert stored_of(store, number) == batch(number)

    def test_what_was_not_confirmed_is_there_whole_or_not_at_all(
        self, killed: tuple[Path, int]
    ) -> None:
        path, last_confirmed = killed
        with closing(open_store(path)) as store:
            for number in (last_confirmed + 1, last_confirmed + 2):
                assert stored_of(store, number) in ([], batch(number))

    def test_the_file_is_sound_and_can_be_written_again(self, killed: tuple[Path, int]) -> None:
        path, _ = killed
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        with closing(open_store(path)) as store:
            store.put_many([item()])
            assert store.get(item().key) == item()

    def test_a_commit_waits_for_the_disk(self, store: SqliteStore) -> None:
        """For a loss of power, which no kill can play."""
        connection = store._connection()
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (FULL,)


class TestDamage:
    def test_a_file_that_is_no_database(self, path: Path) -> None:
        path.write_bytes(b"PK\x03\x04 something else" * 1000)
        with pytest.raises(StorageUnavailableError, match=f"{path} is damaged, or no SQLite"):
            open_store(path)

    def test_damaged_pages(self, path: Path) -> None:
        with closing(open_store(path)) as store:
            store.put_many(item(f"{number:03d}", bytes(1000)) for number in range(200))
        sound = path.read_bytes()
        page = int.from_bytes(sound[16:18], "big")
        path.write_bytes(sound[:page] + b"\x55" * (len(sound) - page))
        with closing(open_store(path)) as store:
            for call in (
                lambda: store.get(item("100").key),
                lambda: list(store.query(Table.EVENTS, "p")),
                lambda: store.put_many([item("new")]),
            ):
                with pytest.raises(StorageUnavailableError, match=f"{path} is damaged"):
                    call()

    def test_an_error_of_the_disk(self, path: Path) -> None:
        """A folder where SQLite wants to have its log."""
        path.with_name("metrics.db-wal").mkdir()
        with pytest.raises(StorageUnavailableError, match="cannot be read or written: check its"):
            open_store(path)


class TestNoPlaceToWrite:
    @pytest.mark.parametrize("folder", ["absent", "file"])
    def test_a_folder_that_cannot_hold_it(self, tmp_path: Path, folder: str) -> None:
        (tmp_path / "file").touch()
        path = tmp_path / folder / "metrics.db"
        with pytest.raises(StorageUnavailableError, match=f"{path} cannot be opened: its folder"):
            open_store(path)

    def test_a_path_that_is_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(StorageUnavailableError, match=f"{tmp_path} cannot be opened"):
            open_store(tmp_path)

    def test_a_file_that_cannot_be_written(self, store: SqliteStore) -> None:
        """Forbidden by SQLite itself, because nothing is forbidden to the root user."""
        store.put_many([item("old")])
        store._connection().execute("PRAGMA query_only = ON")
        with pytest.raises(StorageUnavailableError, match="cannot be written: it and its folder"):
            store.put_many([item("new")])
        assert list(store.query(Table.EVENTS, "p")) == [item("old")]

    def test_a_full_disk(self, store: SqliteStore) -> None:
        """As SQLite sees it: the file may not grow."""
        connection = store._connection()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StorageUnavailableError, match="cannot grow: free some space"):
            store.put_many([item("a"), item("b", bytes(100_000))])
        assert list(store.query(Table.EVENTS, "p")) == []
        connection.execute("PRAGMA max_page_count = 1000000")
        store.put_many([item("a"), item("b", bytes(100_000))])
        assert list(store.query(Table.EVENTS, "p")) == [item("a"), item("b", bytes(100_000))]


class TestLocks:
    @pytest.fixture
    def holder(self, path: Path, store: SqliteStore) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(path, isolation_level=None)) as holder:
            yield holder

    def test_a_lock_that_is_never_released(
        self, store: SqliteStore, holder: sqlite3.Connection
    ) -> None:
        store._connection().execute("PRAGMA busy_timeout = 0")
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailableError, match="is locked by another process"):
            store.put_if(item(), expected_version=None)
        assert store.get(item().key) is None
        holder.execute("ROLLBACK")
        assert store.put_if(item(), expected_version=None)

    def test_another_process_makes_the_same_file(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A new file that another holds cannot be switched to WAL, but waiting for it helps."""
        switch = adapter._switch_to_wal
        waits = []
        with closing(sqlite3.connect(path, isolation_level=None)) as other:

            def release(statement: str) -> None:
                if statement == "BEGIN IMMEDIATE" and other.in_transaction:
                    waits.append(statement)
                    other.execute("ROLLBACK")

            def switch_traced(connection: adapter._Connection, attempts: int = 3) -> None:
                connection.set_trace_callback(release)
                switch(connection, attempts)

            monkeypatch.setattr(adapter, "_switch_to_wal", switch_traced)
            other.execute("BEGIN IMMEDIATE")
            with closing(open_store(path)) as store:
                store.put_many([item()])
                assert store.get(item().key) == item()
        assert waits == ["BEGIN IMMEDIATE"]

    def test_a_new_file_that_another_never_releases(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        switch = adapter._switch_to_wal

        def switch_impatiently(connection: adapter._Connection, attempts: int = 3) -> None:
            connection.execute("PRAGMA busy_timeout = 0")
            switch(connection, attempts)

        monkeypatch.setattr(adapter, "_switch_to_wal", switch_impatiently)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.executescript("CREATE TABLE other (x); BEGIN; SELECT * FROM other")
            with pytest.raises(StorageUnavailableError, match="is locked by another process"):
                open_store(path)

    def test_a_slow_reader_does_not_keep_the_log_from_being_folded_back(
        self, store: SqliteStore, holder: sqlite3.Connection
    ) -> None:
        store.put_many(item(f"{number:03d}") for number in range(300))
        reader = store.query(Table.EVENTS, "p")
        assert next(reader) == item("000")
        busy, _, _ = holder.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == 0
        assert len(list(reader)) == 299


def test_a_closed_store_says_so(path: Path) -> None:
    store = open_store(path)
    store.close()
    with pytest.raises(StorageUnavailableError, match="closed"):
        store.get(item().key)
