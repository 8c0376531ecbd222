"""An engine's side: each query from the raw events, and from its roll-ups."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.company.size import Size
from benchmarks.engines.engine import Engine
from benchmarks.queries import QUERIES
from benchmarks.sides import Timed, opened, timed


@dataclass(frozen=True, slots=True)
class EngineTimes:
    """Warm both."""

    raw: Timed
    rolled_up: Timed


class EngineSide:
    """An engine that has everything loaded."""

    def __init__(self, engine: Engine, folder: Path, size: Size) -> None:
        """Load the files in the folder."""
        engine.load(folder)
        self.engine = engine
        self.size = size


def duckdb(folder: Path, size: Size) -> EngineSide:
    """DuckDB's side."""
    from benchmarks.engines.duckdb import DuckDb

    return EngineSide(DuckDb(folder), folder, size)


def clickhouse(folder: Path, size: Size) -> EngineSide:
    """ClickHouse's side."""
    from benchmarks.engines.clickhouse import ClickHouse

    return EngineSide(ClickHouse(folder), folder, size)


def ask(name: str) -> EngineTimes:
    """Both times of a query."""
    side, query = opened(EngineSide), QUERIES[name]
    return EngineTimes(
        raw=timed(lambda: query.raw(side.engine, side.size)),
        rolled_up=timed(lambda: query.rolled_up(side.engine, side.size)),
    )
