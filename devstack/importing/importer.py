"""The import of one file, or of one part of it."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

from devstack.importing.deliveries import Deliveries, Sendable
from devstack.importing.events import FileEvent, FileEvents
from devstack.importing.files import DamagedFileError, RowFile
from devstack.importing.mapping import Mapping, Values
from devstack.importing.records import Records, records_of
from devstack.importing.sending import ImportSummary, Part, Post, Progress, Sending
from devstack.importing.times import TimeReader
from devstack.importing.turned_away import TurnedAwayError, Why
from shared.metrics.domain.errors import BadInputError

V = TypeVar("V")


class Importer:
    """Imports a file. `post` hands a body to ingest, `progress` is told after every answer.
    `turned_away` counts the rows of the whole file that could not be mapped.
    """

    def __init__(
        self, post: Post, progress: Progress, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._sending = Sending(post, progress, sleep)
        self.turned_away = 0

    @property
    def summary(self) -> ImportSummary:
        """What it has come to so far."""
        return self._sending.summary

    def run(self, file: RowFile, mapping: Mapping, zone: ZoneInfo | None, part: Part) -> None:
        """Send the rows of a part. BadInputError if the file is not what the mapping needs."""
        events = FileEvents(TimeReader(zone))

        def mapped(values: Values) -> list[FileEvent]:
            event = events.event(values)
            self.summary.repetitions = events.repetitions
            return [event]

        self.send(file, records_of(file, mapping), mapped, part)

    def send(
        self,
        file: RowFile,
        records: Records[V],
        mapped: Callable[[V], Sequence[Sendable]],
        part: Part,
        rest: Callable[[], Iterable[Sendable]] = tuple,
    ) -> None:
        """Send what is made of the rows of a part, which may turn them away, and after all of them
        the rest.
        """
        deliveries = Deliveries(self._sending.send)
        try:
            self._map(records, mapped, deliveries, part)
        except DamagedFileError as error:
            deliveries.flush()
            message = (
                f"{file.path}, after row {self.summary.read:,}: {error}; what came before is in"
            )
            raise BadInputError(message) from None
        for event in rest():
            deliveries.add(event)
        deliveries.flush()

    def add(self, events: Iterable[Sendable]) -> None:
        """Send further events, that are of no row."""
        deliveries = Deliveries(self._sending.send)
        for event in events:
            deliveries.add(event)
        deliveries.flush()

    def _map(
        self,
        records: Records[V],
        mapped: Callable[[V], Sequence[Sendable]],
        deliveries: Deliveries,
        part: Part,
    ) -> None:
        summary, turn, parts = self.summary, part.turn, part.parts
        for index, values in enumerate(records):
            summary.read = index + 1
            is_mine = index % parts == turn
            try:
                if isinstance(values, TurnedAwayError):
                    raise values
                events = mapped(values)
            except TurnedAwayError as problem:
                _check_first_row(problem, index)
                self.turned_away += 1
                if is_mine:
                    deliveries.reject(problem, records.original())
                continue
            if is_mine:
                for event in events:
                    deliveries.add(event)


def _check_first_row(problem: TurnedAwayError, index: int) -> None:
    """A file whose very first time has no offset has none anywhere: turning away every row would
    help nobody.
    """
    if index == 0 and problem.why is Why.TIME_WITHOUT_ZONE:
        raise BadInputError(f"{problem}", field="time_zone") from None
