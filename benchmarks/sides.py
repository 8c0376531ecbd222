"""Our side and the engines', each in a process of its own that lives as long as it is asked.

A process is one side's alone, so that its CPU time is that side's, background threads and all.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from benchmarks.company.size import Size
from benchmarks.report import cpu_ms

P = ParamSpec("P")
A = TypeVar("A")

_ENOUGH_MS: Final = 2_000
_FEWEST: Final = 3
_MOST: Final = 21


@dataclass(frozen=True, slots=True)
class Timed:
    """A median in milliseconds of CPU, and the answer."""

    ms: float
    answer: Any


class Side:
    """A process that keeps what `opened` gives it, as long as it is asked."""

    def __init__(self, opened: Callable[[Path, Size], object], folder: Path, size: Size) -> None:
        self._pool = ProcessPoolExecutor(
            1, get_context("spawn"), initializer=_open, initargs=(opened, folder, size)
        )

    def run(self, action: Callable[P, A], *args: P.args, **kwargs: P.kwargs) -> A:
        """What a function answers over there."""
        return self._pool.submit(action, *args, **kwargs).result()

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown()


_opened: object = None


def _open(opened: Callable[[Path, Size], object], folder: Path, size: Size) -> None:
    global _opened  # noqa: PLW0603 - what a process of a pool keeps between calls
    _opened = opened(folder, size)


def opened(kind: type[A]) -> A:
    """What this process has opened."""
    if not isinstance(_opened, kind):
        raise TypeError(_opened)
    return _opened


def timed(action: Callable[[], Any]) -> Timed:
    """Once to warm up, then as often as it takes for a steady median."""
    first_ms, _ = cpu_ms(action, 1)
    return Timed(*cpu_ms(action, enough_runs(first_ms)))


def enough_runs(milliseconds: float) -> int:
    """How many runs of so long make a steady median; an odd number."""
    return min(max(int(_ENOUGH_MS / milliseconds), _FEWEST), _MOST) // 2 * 2 + 1
