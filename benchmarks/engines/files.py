"""The company as Parquet files, which both engines load."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from benchmarks.company.directory import ATTRIBUTES, directory
from benchmarks.company.paths import PATHS
from benchmarks.company.rows import Staff, day_rows
from benchmarks.company.size import DAY_MS, FIRST_MS, Size
from shared.metrics.domain.roster import NOT_SET

EVENTS = "events"
DIRECTORY = "directory.parquet"
NAMES = ("feature", "property", "attribute", "action")
"""The columns of names, which are codes to the engines."""


def write_files(size: Size, folder: Path) -> None:
    """Write a file a day, and one with the directory events."""
    (folder / EVENTS).mkdir()
    staff = Staff.of(size)
    for day in range(size.days):
        rows = day_rows(size, staff, day)
        columns: dict[str, Any] = {
            "day": pa.array(np.full(len(rows.user), day, np.uint16)),
            "person": pa.array(rows.user.astype(np.uint32)),
            **{name: _names(part, rows.path) for part, name in enumerate(NAMES)},
            "record": pa.array(rows.record.astype(np.int32)),
            "time_ms": pa.array(rows.times_ms),
        }
        parquet.write_table(pa.table(columns), folder / EVENTS / f"{day:04d}.parquet")
    upserts = directory(size, staff)
    people: dict[str, Any] = {
        "person": pa.array([upsert.user for upsert in upserts], pa.uint32()),
        "at_ms": pa.array([upsert.at_ms for upsert in upserts]),
        "day": pa.array([(upsert.at_ms - FIRST_MS) // DAY_MS for upsert in upserts], pa.uint16()),
    }
    for name in ATTRIBUTES:
        values = [upsert.attributes.get(name, NOT_SET) for upsert in upserts]
        people[name] = pa.array(values)
    parquet.write_table(pa.table(people), folder / DIRECTORY)


def _names(part: int, path: NDArray[np.int64]) -> pa.DictionaryArray:
    names = [names[part] for names in PATHS]
    distinct = sorted(set(names))
    code = np.array([distinct.index(name) for name in names], np.int16)
    return pa.DictionaryArray.from_arrays(pa.array(code[path]), pa.array(distinct))
