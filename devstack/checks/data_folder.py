"""The data folder, its secret, its database."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from devstack.checks.finding import Finding, note, ok, wrong
from devstack.environment import DATABASE_FILE
from devstack.secret import OWNER_ONLY, SECRET_FILE, read_secret
from shared.metrics.domain.errors import BadInputError

_MODE_BITS: Final = 0o777
_PUT_BACK: Final = "put it back: without it files that were imported before cannot be completed"
_OTHER_FOLDER: Final = "give another one with --data-dir, or change its permissions"


def data_folder(data_dir: Path) -> Iterator[Finding]:
    """Whether data can be kept in the folder, and what is there is whole."""
    if not data_dir.exists():
        yield from _to_be_made(data_dir)
        return
    if not data_dir.is_dir():
        yield wrong(f"{data_dir} is not a folder", "give another one with --data-dir")
        return
    if not os.access(data_dir, os.W_OK | os.X_OK):
        yield wrong(f"the data folder {data_dir} is not writable", _OTHER_FOLDER)
        return
    yield ok(f"data folder {data_dir.resolve()}")
    yield _secret(data_dir / SECRET_FILE)
    yield _database(data_dir / DATABASE_FILE)


def _to_be_made(data_dir: Path) -> Iterator[Finding]:
    nearest = next(parent for parent in data_dir.absolute().parents if parent.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        yield note(f"there is no data folder {data_dir} yet", "the first command makes it")
    else:
        yield wrong(f"the data folder {data_dir} cannot be made in {nearest}", _OTHER_FOLDER)


def _secret(path: Path) -> Finding:
    if not path.exists():
        if path.with_name(DATABASE_FILE).exists():
            return wrong(f"{path} is gone", _PUT_BACK)
        return note("there is no secret yet", "the first command makes it")
    try:
        read_secret(path)
    except (BadInputError, OSError) as error:
        return wrong(str(error), _PUT_BACK)
    mode = path.stat().st_mode & _MODE_BITS
    if mode & ~OWNER_ONLY:
        return wrong(f"others may read {path} (mode {mode:o})", f"run: chmod 600 {path}")
    return ok("secret.key, for its owner only")


def _database(path: Path) -> Finding:
    library = f"SQLite {sqlite3.sqlite_version}"
    if not path.exists():
        return note(f"there is no database yet ({library})", "the first command makes it")
    try:
        # For reading only: a check must not make, mend or change anything.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        answer = str(error)
    if answer == "ok":
        return ok(f"database {path.name}, {path.stat().st_size:,} bytes, whole ({library})")
    advice = "put back a copy, or remove it with its -wal and -shm files and import again"
    return wrong(f"the database {path} is damaged or unreadable: {answer}", advice)
