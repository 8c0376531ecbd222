"""The embedded store: one SQLite file in WAL mode, for one machine and for tests.

What a call has written is on the disk when the call returns, and survives `kill -9`. Threads and
processes may share the file. All errors of SQLite come out as `StorageUnavailableError`.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.storage.ports import Item, Key, Table

_BUSY_SECONDS: Final = 30.0
"""How long to wait for another writer; two busy processes were seen to wait for 0.33 s at most."""

_BATCH_ROWS: Final = 128
"""Rows a query reads at once: a quarter of a year in one go, and 45 MB at the very most."""

_AFTER_ALL_TEXT: Final = b""
"""SQLite orders every BLOB, even an empty one, after every TEXT."""

_Row = tuple[str, str, int, int | None, bytes]
_Value = str | int | bytes | None


def _per_table(sql: str) -> dict[Table, str]:
    return {table: sql.replace("$table", table.value) for table in Table}


_PAGE_BYTES: Final = 8_192
"""Of a new file. A body of 350 KB is a chain of pages, each read by itself: with pages of twice the
usual size it is read in three quarters of the time. Items must not be kept in the order of their
keys (WITHOUT ROWID): a search would then read whole bodies on its way."""

_CREATE: Final = _per_table(
    "CREATE TABLE IF NOT EXISTS $table (partition TEXT NOT NULL, sort TEXT NOT NULL,"
    " version INTEGER NOT NULL, expires_at INTEGER NULL, body BLOB NOT NULL,"
    " PRIMARY KEY (partition, sort))"
)
_INDEX_EXPIRY: Final = _per_table(
    "CREATE INDEX IF NOT EXISTS $table_expiry ON $table (expires_at) WHERE expires_at IS NOT NULL"
)
_INDEX_VERSIONS: Final = (
    "CREATE INDEX IF NOT EXISTS metrics_versions ON metrics (partition, sort, version, expires_at)"
)
"""The versions of a range are all in it. Read from the items they take a page each."""

_GET: Final = _per_table(
    "SELECT version, expires_at, body FROM $table"
    " WHERE partition = ? AND sort = ? AND (expires_at IS NULL OR expires_at > ?)"
)
_QUERY: Final = _per_table(
    "SELECT sort, version, expires_at, body FROM $table"
    " WHERE partition = ? AND sort BETWEEN ? AND ? AND (expires_at IS NULL OR expires_at > ?)"
    " ORDER BY sort LIMIT ?"
)
_VERSIONS: Final = _per_table(
    "SELECT sort, version FROM $table"
    " WHERE partition = ? AND sort BETWEEN ? AND ? AND (expires_at IS NULL OR expires_at > ?)"
    " ORDER BY sort"
)
_PUT: Final = _per_table("INSERT OR REPLACE INTO $table VALUES (?, ?, ?, ?, ?)")
_DELETE: Final = _per_table("DELETE FROM $table WHERE partition = ? AND sort = ?")
_PURGE: Final = _per_table("DELETE FROM $table WHERE expires_at <= ?")

_DAMAGED: Final = (
    "is damaged, or no SQLite database: put back a copy, or remove it (and the -wal and -shm files"
    " beside it) and import the events again"
)
_ADVICE: Final = {
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: its folder must exist and be writable",
    sqlite3.SQLITE_READONLY: "cannot be written: it and its folder must be writable",
    sqlite3.SQLITE_FULL: "cannot grow: free some space on its disk",
    sqlite3.SQLITE_IOERR: "cannot be read or written: check its disk",
    sqlite3.SQLITE_BUSY: "is locked by another process: end the one that holds it, then try again",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}


class _Connection(sqlite3.Connection):
    """One thread's connection; closed when the thread is gone, so that no file stays open."""

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # of one that could not be opened
            self.close()


class SqliteStore:
    """The port `Store` over one SQLite file.

    Takes the file's path and a clock that gives milliseconds since 1970. Makes the file, but not
    its folder. Raises StorageUnavailableError when the file cannot be made or used.
    """

    def __init__(self, path: Path, *, clock: Callable[[], int]) -> None:
        self._path = path
        self._clock = clock
        self._thread = threading.local()
        self._connections: WeakSet[_Connection] = WeakSet()
        with self._writing() as connection:
            for table in Table:
                connection.execute(_CREATE[table])
                connection.execute(_INDEX_EXPIRY[table])
            connection.execute(_INDEX_VERSIONS)

    def get(self, key: Key) -> Item | None:
        """Read one item; about 5 µs."""
        rows = self._read(_GET[key.table], (key.partition, key.sort, self._now_seconds()))
        for version, expires_at, body in rows:
            return Item(key, body, version, expires_at)
        return None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Read many items; those that do not exist are absent from the answer."""
        found = ((key, self.get(key)) for key in keys)
        return {key: item for key, item in found if item is not None}

    def query(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> Iterator[Item]:
        """Read the items with `first <= sort <= last`, ascending.

        Each batch is read whole before any of it is given out: an open read would keep the log
        from being folded back into the file for as long as the caller takes its time.
        """
        bound = _AFTER_ALL_TEXT if last is None else last
        while True:
            arguments = (partition, first, bound, self._now_seconds(), _BATCH_ROWS)
            rows = self._read(_QUERY[table], arguments)
            for sort, version, expires_at, body in rows:
                yield Item(Key(table, partition, sort), body, version, expires_at)
            if len(rows) < _BATCH_ROWS:
                return
            first = f"{rows[-1][0]}\0"  # the very next string

    def versions(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> dict[str, int]:
        """The versions of the items with `first <= sort <= last`, ascending; in one go, for they
        are small.
        """
        bound = _AFTER_ALL_TEXT if last is None else last
        return dict(self._read(_VERSIONS[table], (partition, first, bound, self._now_seconds())))

    def put_many(self, items: Iterable[Item]) -> None:
        """Write all items, replacing any that exist; in one transaction."""
        rows: dict[Table, list[_Row]] = {table: [] for table in Table}
        for item in items:
            rows[item.key.table].append(_row(item))
        self._write_all(_PUT, rows)

    def put_if(self, item: Item, *, expected_version: int | None) -> bool:
        """Write the item if the stored version is the expected one (None: there is no item).

        False when it is not, unless the stored item equals `item`.
        """
        with self._writing(synced=item.key.table is Table.EVENTS) as connection:
            stored = self.get(item.key)
            if stored == item:
                return True
            if (None if stored is None else stored.version) != expected_version:
                return False
            connection.execute(_PUT[item.key.table], _row(item))
            return True

    def delete_many(self, keys: Iterable[Key]) -> None:
        """Delete items, in one transaction; deleting one that does not exist is no error."""
        rows: dict[Table, list[tuple[str, str]]] = {table: [] for table in Table}
        for key in keys:
            rows[key.table].append((key.partition, key.sort))
        self._write_all(_DELETE, rows)

    def purge_expired(self) -> int:
        """Remove the items that have expired, which no read shows any more; how many they were."""
        now = self._now_seconds()
        with self._writing() as connection:
            return sum(connection.execute(_PURGE[table], (now,)).rowcount for table in Table)

    def close(self) -> None:
        """Close the file for all threads; none may be using it, and none may use it again."""
        for connection in list(self._connections):
            connection.close()

    def _now_seconds(self) -> int:
        return self._clock() // 1000

    def _read(self, sql: str, arguments: tuple[_Value, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._connection().execute(sql, arguments).fetchall()
        except sqlite3.Error as error:
            raise self._unavailable(error) from error

    def _write_all(
        self, sql: dict[Table, str], rows: Mapping[Table, Sequence[tuple[_Value, ...]]]
    ) -> None:
        if not any(rows.values()):
            return
        with self._writing(synced=bool(rows[Table.EVENTS])) as connection:
            for table in Table:
                connection.executemany(sql[table], rows[table])

    @contextmanager
    def _writing(self, *, synced: bool = True) -> Iterator[_Connection]:
        """A transaction that has the write lock from its beginning.

        One that reads first and asks for the lock later fails at once, whatever the time-out, if
        another has written in between.

        The log is one file in the order of the commits, so syncing one commit syncs all before it.
        What is derived need not be synced by itself: a loss of power takes it together with the
        deletion of the marks that would have it computed again, or not at all.
        """
        try:
            with self._connection() as connection:
                connection.execute(f"PRAGMA synchronous = {'FULL' if synced else 'NORMAL'}")
                connection.execute("BEGIN IMMEDIATE")
                yield connection
        except sqlite3.Error as error:
            raise self._unavailable(error) from error

    def _connection(self) -> _Connection:
        try:
            connection: _Connection = self._thread.connection
        except AttributeError:
            connection = self._thread.connection = self._connect()
        return connection

    def _connect(self) -> _Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,  # only `close` comes from another thread
            factory=_Connection,
        )
        self._connections.add(connection)
        _switch_to_wal(connection)
        return connection

    def _unavailable(self, error: sqlite3.Error) -> StorageUnavailableError:
        primary_code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        advice = _ADVICE.get(primary_code, "cannot be used")
        return StorageUnavailableError(f"The database {self._path} {advice} ({error}).")


def _switch_to_wal(connection: _Connection, attempts: int = 3) -> None:
    """Nothing, except for a new file.

    When several processes switch a new file at once, SQLite refuses all but one immediately,
    whatever the time-out. Asking for the write lock does wait, until the other one has switched.
    """
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or attempts == 1:
            raise
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        _switch_to_wal(connection, attempts - 1)


def _row(item: Item) -> _Row:
    return (item.key.partition, item.key.sort, item.version, item.expires_at, item.body)
