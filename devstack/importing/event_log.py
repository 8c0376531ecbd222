"""The import of one of Salesforce's event log files: its rows go to ingest as they are, and are
understood there as those of the tenant's integration.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from devstack.importing.files import DamagedFileError, Lines, RowFile
from devstack.importing.sending import ImportSummary, Part, Post, Progress, Sending
from functions.ingest.requests import MAX_BODY_BYTES
from functions.ingest.rows import MAX_ROWS
from functions.ingest.sources.salesforce_event_log import MAX_RECORD, is_header, records_in
from shared.metrics.domain.errors import BadInputError

FORMAT: Final = "salesforce-event-log"
CONTENT_TYPE: Final = "text/csv"


class EventLogImporter:
    """Imports a file. `post` hands a body to ingest, `progress` is told after every answer."""

    def __init__(
        self, post: Post, progress: Progress, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._sending = Sending(post, progress, sleep)

    @property
    def summary(self) -> ImportSummary:
        """What it has come to so far."""
        return self._sending.summary

    def run(self, file: RowFile, part: Part) -> None:
        """Send the rows of a part. BadInputError if it is no event log file, or damaged."""
        bodies = self._bodies(file, part)
        try:
            for body in bodies:
                self._sending.send(body, Counter())
        except DamagedFileError as error:
            message = (
                f"{file.path}, after row {self.summary.read:,}: {error}; what was sent before is in"
            )
            raise BadInputError(message) from None

    def _bodies(self, file: RowFile, part: Part) -> Iterator[bytes]:
        """The rows in bodies that ingest takes, each with the line that names the columns."""
        records = records_in(_lines(file))
        header = next(records, b"")
        if file.is_json or not is_header(header):
            message = (
                f"{file.path} is no event log file: its first line does not name EVENT_TYPE and "
                "TIMESTAMP_DERIVED"
            )
            raise BadInputError(message, field="format")
        rows: list[bytes] = []
        size = len(header)
        for index, record in enumerate(records):
            self.summary.read = index + 1
            if index % part.parts != part.turn:
                continue
            if len(record) > MAX_RECORD:
                # It is none, and is kept in quarantine as far as it fits; a quote that it leaves
                # open must not take the next ones in.
                yield header + record[:MAX_RECORD]
                continue
            if size + len(record) > MAX_BODY_BYTES or len(rows) == MAX_ROWS:
                yield header + b"".join(rows)
                rows, size = [], len(header)
            rows.append(record)
            size += len(record)
        if rows:
            yield header + b"".join(rows)


def _lines(file: RowFile) -> Iterator[bytes]:
    """The lines as they are in the file, but for what is over the longest that is read."""
    lines = Lines(file.text)
    for line in lines:
        lines.clear()
        yield line.encode("utf-8", "surrogateescape")
