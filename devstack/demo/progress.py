"""Shows on a terminal how far the filling has come."""

from rich.progress import Progress


class ProgressBars:
    """A bar for sending and, when that is done, one for folding."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._sending = progress.add_task("sending days", visible=False)
        self._folding = progress.add_task("folding days", visible=False)

    def sent(self, days: int, of: int) -> None:
        """So many days are sent."""
        self._progress.update(self._sending, completed=days, total=of, visible=True)

    def folded(self, units: int, of: int) -> None:
        """So many units are folded, of those known to be dirty."""
        self._progress.update(self._folding, completed=units, total=of, visible=True)
