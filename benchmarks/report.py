"""Timing by CPU time, and tables in Markdown."""

import gc
import time
from collections.abc import Callable, Sequence
from typing import IO, TypeVar

A = TypeVar("A")


def cpu_ms(action: Callable[[], A], runs: int) -> tuple[float, A]:
    """The median CPU milliseconds of several runs, all threads together, and the last answer."""
    times = []
    for _ in range(runs):
        gc.collect()
        start = time.process_time_ns()
        answer = action()
        times.append((time.process_time_ns() - start) / 1e6)
    return sorted(times)[len(times) // 2], answer


class Report:
    """Writes lines and tables as they come."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def line(self, text: str) -> None:
        """A line of text."""
        print(text, file=self._out, flush=True)

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table with a title."""
        self.line(f"\n### {title}\n")
        self.line("| " + " | ".join(head) + " |")
        self.line("|" + "---|" * len(head))
        for row in rows:
            self.line("| " + " | ".join(_shown(cell) for cell in row) + " |")


def _shown(cell: object) -> str:
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:,.0f}" if cell >= 100 else f"{cell:.3g}"
