"""Every view beside DuckDB and embedded ClickHouse, on raw events and on roll-ups of their own.

All answers are compared. Cold: services that have opened the store and read nothing yet, decoding
included. Hot: the same ones asked again, which still ask the store what has changed. GraphQL: a
whole request with its token, hot. The engines are warm, their tables in the page cache.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks import engine_side, our_side
from benchmarks.company.size import Size
from benchmarks.engines.files import write_files
from benchmarks.measured import HEAD, Measured, doubled_verdicts
from benchmarks.queries import QUERIES
from benchmarks.report import Report
from benchmarks.sides import Side

_QUICK: Final = Size(200, 70, 3_000)
_S: Final = Size(500, 180, 50_000)
_L: Final = Size(10_000, 60, 1_000_000)
_DISK_BYTES_AN_EVENT: Final = 200
"""For all sides and the files they load, and for a while for ClickHouse's merges."""


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print a table a size, then a line a floor."""
    _run(report, {"quick": _QUICK} if quick else {"S": _S, "L": _affordable(report, _L)})


def run_small(report: Report, quick: bool) -> None:  # noqa: FBT001 - likewise
    """The same without L, which takes most of an hour."""
    _run(report, {"quick": _QUICK} if quick else {"S": _S})


def _run(report: Report, sizes: dict[str, Size]) -> None:
    measured = {name: _measured(report, name, size) for name, size in sizes.items()}
    smallest = next(iter(sizes))
    verdicts = _doubled(report, sizes[smallest], measured[smallest])
    if "quick" in sizes:
        report.line("\nThe floors are for S and L: at this size the engines' fixed costs decide.")
    for name, queries in measured.items():
        report.line(f"\n{name}:")
        for query in queries:
            report.line(query.verdict())
    report.line(f"\n{smallest} with twice the events:")
    for verdict in verdicts:
        report.line(verdict)


def _affordable(report: Report, size: Size) -> Size:
    """The size, or half its days where there is too little disk for all; said so."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if size.days * size.events * _DISK_BYTES_AN_EVENT <= free:
        return size
    report.line(f"L has 30 days instead of {size.days}: only {free / 1e9:.0f} GB of disk are free")
    return replace(size, days=30)


def _measured(report: Report, name: str, size: Size) -> list[Measured]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_files(size, folder)
        with (
            _side(engine_side.duckdb, folder, size) as duckdb,
            _side(engine_side.clickhouse, folder, size) as clickhouse,
            _side(our_side.OurSide, folder, size) as ours,
        ):
            found = []
            for query in QUERIES:
                found.append(
                    Measured(
                        query,
                        ours.run(our_side.ask, query),
                        duckdb.run(engine_side.ask, query),
                        clickhouse.run(engine_side.ask, query),
                    )
                )
                found[-1].check()
    report.table(f"Views, {name}: {size}", HEAD, [query.row() for query in found])
    return found


def _doubled(report: Report, size: Size, once: list[Measured]) -> list[str]:
    """Our side alone with twice the events a day of the same people and features."""
    with tempfile.TemporaryDirectory() as temporary:
        more = replace(size, events=2 * size.events)
        with _side(our_side.OurSide, Path(temporary), more) as ours:
            twice = {query: ours.run(our_side.ask, query) for query in QUERIES}
    rows = [
        (query, times.cold.ms, times.hot.ms) for query, times in twice.items() if times is not None
    ]
    report.table(f"Views, twice the events: {more}", ("query", "cold ms", "hot ms"), rows)
    return [verdict for _, verdict in doubled_verdicts(once, twice)]


@contextmanager
def _side(opened: Callable[[Path, Size], object], folder: Path, size: Size) -> Iterator[Side]:
    side = Side(opened, folder, size)
    try:
        yield side
    finally:
        side.close()
