"""How far an import is."""

import time
from typing import Final

from rich.progress import Progress

from devstack.importing.files import RowFile
from devstack.importing.sending import ImportSummary
from devstack.output import say

_EVERY_SECONDS: Final = 5.0


class ImportProgress:
    """A bar by bytes read; where there is no terminal, a line now and then."""

    def __init__(self, file: RowFile, bar: Progress) -> None:
        self._file = file
        self._bar = bar
        self._task = bar.add_task("importing", total=file.size())
        self._next_line_at = 0.0

    def show(self, summary: ImportSummary) -> None:
        """Tell what has been acknowledged."""
        if not self._bar.disable:
            self._bar.update(self._task, completed=self._file.position())
        elif time.monotonic() >= self._next_line_at:
            self._next_line_at = time.monotonic() + _EVERY_SECONDS
            say(f"{summary.accepted:,} rows are in")
