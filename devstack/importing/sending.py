"""Sends the bodies of an import to ingest, and adds the answers up."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from tenacity import RetryError, Retrying, retry_if_result, stop_after_attempt, wait_exponential

from devstack.stack import Reply
from functions.ingest.rows import Reason
from shared.metrics.domain.errors import BadInputError, StorageUnavailableError

_OK: Final = 200
_UNAVAILABLE: Final = 503
_ATTEMPTS: Final = 6
_FIRST_WAIT_SECONDS: Final = 0.5


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


class Sending:
    """Sends bodies. `post` hands one to ingest, `progress` is told after every answer."""

    def __init__(
        self, post: Post, progress: Progress, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._post = post
        self._progress = progress
        self._sleep = sleep
        self.summary = ImportSummary()

    def send(self, body: bytes, turned_away: Counter[str]) -> None:
        """Send a body with rows that were turned away for these reasons, again while the store
        does not take it. StorageUnavailableError if it never does, BadInputError if ingest refuses.
        """
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
