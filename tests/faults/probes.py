"""Probes of a store: when a step fails and how, and what others do in between."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from shared.metrics.domain.errors import StorageUnavailableError


class CrashError(BaseException):
    """The process dies here: nothing of it goes on, not even its handlers of exceptions."""


def unavailable(step: str) -> None:
    """The store is down."""
    raise StorageUnavailableError(step)


class Countdown:
    """Raises `error` at the one step that is number `at`, counted from 0."""

    def __init__(self, at: int, error: type[BaseException]) -> None:
        self._left = at
        self._error = error

    @property
    def is_over(self) -> bool:
        """Whether it has raised."""
        return self._left < 0

    def __call__(self, step: str) -> None:
        self._left -= 1
        if self._left == -1:
            raise self._error(step)


class Meanwhile:
    """Lets something happen at the first `times` steps that begin like this."""

    def __init__(self, beginning: str, happening: Callable[[], object], times: int = 1) -> None:
        self._beginning = beginning
        self._happening = happening
        self._left = times

    @property
    def has_happened(self) -> bool:
        """Whether all of it has happened."""
        return not self._left

    def __call__(self, step: str) -> None:
        if self._left and step.startswith(self._beginning):
            self._left -= 1
            self._happening()


@dataclass
class Chance:
    """Fails or crashes at random steps, as often as it is told to at the moment."""

    random: Random
    failing: float = 0.0
    crashing: float = 0.0

    def __call__(self, step: str) -> None:
        drawn = self.random.random()
        if drawn < self.crashing:
            raise CrashError(step)
        if drawn < self.crashing + self.failing:
            raise StorageUnavailableError(step)
