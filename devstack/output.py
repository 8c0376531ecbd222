"""Results go to standard output, everything else to standard error."""

import json
import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table


def show(text: str) -> None:
    """Print a result."""
    sys.stdout.write(f"{text}\n")


def show_json(document: object) -> None:
    """Print a result as JSON."""
    show(json.dumps(document, indent=2, ensure_ascii=False))


def show_table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a result as a table."""
    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    Console(markup=False, highlight=False).print(table)


def say(text: str) -> None:
    """Print a message."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def progress_bar() -> Progress:
    """A bar on a terminal, and nothing elsewhere; it goes when it is done."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
