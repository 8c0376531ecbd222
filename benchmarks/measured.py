"""What a query took all sides, the ratios, and the floors that these must not fall below."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.engine_side import EngineTimes
from benchmarks.our_side import OurTimes

_ROLLUPS_FLOOR: Final = 2.0
_EQUAL_FLOOR: Final = 1.0
_EQUAL: Final = ("user analytics", "frequency")
_FUNNEL: Final = "funnel"
_FUNNEL_FLOOR: Final = 5.0
_DOUBLED_CEILING: Final = 1.3

HEAD: Final = (
    *("query", "ours cold ms", "ours hot ms", "GraphQL ms", "DuckDB raw ms", "DuckDB roll-ups ms"),
    *("ClickHouse raw ms", "ClickHouse roll-ups ms", "best raw ÷ cold", "best raw ÷ hot"),
    "best roll-ups ÷ cold",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A query on all sides; `ours` is None while no view answers it."""

    query: str
    ours: OurTimes | None
    duckdb: EngineTimes
    clickhouse: EngineTimes

    def check(self) -> None:
        """Stop if the sides disagree."""
        answers = {
            "DuckDB raw": self.duckdb.raw,
            "DuckDB roll-ups": self.duckdb.rolled_up,
            "ClickHouse raw": self.clickhouse.raw,
            "ClickHouse roll-ups": self.clickhouse.rolled_up,
        }
        if self.ours is not None:
            answers |= {"ours cold": self.ours.cold, "ours hot": self.ours.hot}
        expected = self.duckdb.raw.answer
        for side, found in answers.items():
            if found.answer != expected:
                message = f"{self.query}, {side} and DuckDB raw disagree:\n{found}\n{expected}"
                raise AssertionError(message)

    @property
    def best_raw_ms(self) -> float:
        """The faster engine on the raw events."""
        return min(self.duckdb.raw.ms, self.clickhouse.raw.ms)

    @property
    def best_rolled_up_ms(self) -> float:
        """The faster engine on its own roll-ups."""
        return min(self.duckdb.rolled_up.ms, self.clickhouse.rolled_up.ms)

    def row(self) -> tuple[object, ...]:
        """The cells under HEAD."""
        theirs = [
            milliseconds
            for engine in (self.duckdb, self.clickhouse)
            for milliseconds in (engine.raw.ms, engine.rolled_up.ms)
        ]
        if self.ours is None:
            return (self.query, "–", "–", "–", *theirs, "–", "–", "–")
        cold_ms, hot_ms, graphql = self.ours.cold.ms, self.ours.hot.ms, self.ours.graphql
        ratios = (
            self.best_raw_ms / cold_ms,
            self.best_raw_ms / hot_ms,
            self.best_rolled_up_ms / cold_ms,
        )
        return (
            *(self.query, cold_ms, hot_ms, "–" if graphql is None else graphql.ms),
            *theirs,
            *(f"{ratio:.1f} ×" if ratio < 10 else f"{ratio:,.0f} ×" for ratio in ratios),
        )

    def verdict(self) -> str:
        """Whether the query reaches its floor."""
        if self.ours is None:
            return f"NO VIEW {self.query}"
        floor = _EQUAL_FLOOR if self.query.startswith(_EQUAL) else _ROLLUPS_FLOOR
        theirs, what = self.best_rolled_up_ms, "the best roll-ups"
        if self.query.startswith(_FUNNEL):
            floor, theirs, what = _FUNNEL_FLOOR, self.best_raw_ms, "the best on raw events"
        ratio = theirs / self.ours.cold.ms
        word = "PASS" if ratio >= floor else "FAIL"
        return f"{word} {self.query}: {ratio:.1f} × {what}, floor {floor:.0f} ×"


def doubled_verdicts(
    once: Iterable[Measured], twice: Mapping[str, OurTimes | None]
) -> list[tuple[str, str]]:
    """The verdict on every query with twice the events a day, and its row (query, ratios)."""
    rows = []
    for measured in once:
        more = twice[measured.query]
        if measured.ours is None or more is None or measured.query.startswith(_FUNNEL):
            continue
        ratio = more.cold.ms / measured.ours.cold.ms
        word = "PASS" if ratio <= _DOUBLED_CEILING else "FAIL"
        text = f"{word} {measured.query}: {ratio:.2f} × with twice the events, ceiling"
        rows.append((measured.query, f"{text} {_DOUBLED_CEILING} ×"))
    return rows
