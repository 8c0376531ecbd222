"""A deterministic scheduler: actors are threads of which exactly one runs at a time.

An actor may be held up wherever it calls `pause`, and the random numbers alone decide who goes on.
Now and then one is held up for long, as a machine is that stops to collect its garbage.
"""

from collections.abc import Callable, Mapping
from random import Random
from threading import Semaphore, Thread


class _AbandonedError(BaseException):
    """Another actor has failed, so this one ends too."""


_STALLING = 0.02
_LONGEST_STALL = 300


class Schedule:
    """Runs actors step by step. At a pause, the chance that another one goes on is `switching`."""

    def __init__(self, random: Random, switching: float) -> None:
        self._random = random
        self._switching = switching
        self._pauses = 0
        self._stalled_until: dict[str, int] = {}
        self._turns: dict[str, Semaphore] = {}
        self._running = ""
        self._over = Semaphore(0)
        self._failure: BaseException | None = None

    def run(self, actors: Mapping[str, Callable[[], None]]) -> None:
        """Run all actors to their end; raises what the first one raised that failed."""
        self._turns = {name: Semaphore(0) for name in actors}
        threads = [
            Thread(target=self._act, args=(name, act), daemon=True) for name, act in actors.items()
        ]
        for thread in threads:
            thread.start()
        self._let_someone_go_on()
        self._over.acquire()
        for thread in threads:
            thread.join()
        self._running = ""
        if self._failure is not None:
            raise self._failure

    def pause(self) -> None:
        """Where another actor may go on; does nothing outside of `run`."""
        me = self._running
        if not me:
            return
        self._pauses += 1
        drawn = self._random.random()
        if drawn < _STALLING:
            self._stalled_until[me] = self._pauses + self._random.randrange(_LONGEST_STALL)
        if drawn < max(self._switching, _STALLING) and self._let_someone_go_on() != me:
            self._wait_for_turn(me)

    def _let_someone_go_on(self) -> str:
        """Whose turn it is now; it may be that of the caller."""
        ready = [name for name in self._turns if self._stalled_until.get(name, 0) <= self._pauses]
        before, chosen = self._running, self._random.choice(ready or list(self._turns))
        if chosen != before:
            self._running = chosen
            self._turns[chosen].release()
        return chosen

    def _wait_for_turn(self, me: str) -> None:
        self._turns[me].acquire()
        if self._failure is not None:
            raise _AbandonedError

    def _act(self, name: str, act: Callable[[], None]) -> None:
        try:
            self._wait_for_turn(name)
            act()
        except _AbandonedError:
            pass
        except BaseException as error:  # noqa: BLE001 - `run` raises it again
            self._failure = error
        del self._turns[name]
        if self._turns:
            self._let_someone_go_on()
        else:
            self._over.release()
