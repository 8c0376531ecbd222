"""The import of one file, or of one part of it."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from tenacity import RetryError, Retrying, retry_if_result, stop_after_attempt, wait_exponential

from devstack.importing.deliveries import Deliveries, Sendable
from devstack.importing.events import FileEvent, FileEvents
from devstack.importing.files import DamagedFileError, RowFile
from devstack.importing.mapping import Mapping, Values
from devstack.importing.records import Records, records_of
from devstack.importing.times import TimeReader
from devstack.importing.turned_away import TurnedAwayError, Why
from devstack.stack import Reply
from functions.ingest.rows import Reason
from shared.metrics.domain.errors import BadInputError, StorageUnavailableError

_OK: Final = 200
_UNAVAILABLE: Final = 503
_ATTEMPTS: Final = 6
_FIRST_WAIT_SECONDS: Final = 0.5
"""Ingest lists a hundred rejections of a delivery; the reasons of the rest are in quarantine."""


V = TypeVar("V")


class Part(NamedTuple):
    """The rows whose index is `turn` modulo `parts`."""

    turn: int = 0
    parts: int = 1


@dataclass(slots=True)
class ImportSummary:
    """What an import came to. `read` counts the rows of the whole file, `sent` those of the part;
    sent = accepted + quarantined. Duplicates are found when the days are folded.

    Of a row may come several events, or none. `repetitions` are the rows of the file that are
    identical to an earlier one and are kept.
    """

    read: int = 0
    sent: int = 0
    accepted: int = 0
    repetitions: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def quarantined(self) -> int:
        """How many rows were turned away and kept."""
        return sum(self.reasons.values())


Post = Callable[[bytes], Reply]
Progress = Callable[[ImportSummary], None]


class Importer:
    """Imports a file. `post` hands a body to ingest, `progress` is told after every answer.
    `turned_away` counts the rows of the whole file that could not be mapped.
    """

    def __init__(
        self, post: Post, progress: Progress, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._post = post
        self._progress = progress
        self._sleep = sleep
        self.summary = ImportSummary()
        self.turned_away = 0

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
        deliveries = Deliveries(self._send)
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
        deliveries = Deliveries(self._send)
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

    def _send(self, body: bytes, turned_away: Counter[str]) -> None:
        retrying = Retrying(
            retry=retry_if_result(lambda reply: reply.status == _UNAVAILABLE),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential(_FIRST_WAIT_SECONDS),
            sleep=self._sleep,
        )
        try:
            reply = retrying(self._post, body)
        except RetryError:
            message = (
                f"the store takes no more events; {self.summary.accepted:,} are in. "
                "Run the same import again later: nothing is counted twice"
            )
            raise StorageUnavailableError(message) from None
        if reply.status != _OK:
            message = f"ingest answers {reply.status}: {reply.document['error']['message']}"
            raise BadInputError(message)
        self._count(reply.document, turned_away)
        self._progress(self.summary)

    def _count(self, answer: dict[str, Any], turned_away: Counter[str]) -> None:
        """Add an answer. What the sender turned away has reasons of its own."""
        summary = self.summary
        summary.sent += answer["received"]
        summary.accepted += answer["accepted"]
        by_ingest = Counter(answer["reasons"])
        del by_ingest[Reason.TURNED_AWAY_BY_SENDER.value]
        summary.reasons += turned_away + by_ingest


def _check_first_row(problem: TurnedAwayError, index: int) -> None:
    """A file whose very first time has no offset has none anywhere: turning away every row would
    help nobody.
    """
    if index == 0 and problem.why is Why.TIME_WITHOUT_ZONE:
        raise BadInputError(f"{problem}", field="time_zone") from None
