"""The demo from beginning to end: fills a data folder, then prints Home and what to try next."""

import sys
import time
from datetime import date
from io import TextIOWrapper

from rich.console import Console

from devstack.demo.company import PEOPLE
from devstack.demo.filling import TENANT, Filled, fill
from devstack.demo.home_page import home_page, number
from devstack.demo.home_query import ask_for_home
from devstack.demo.next_steps import next_steps
from devstack.demo.progress import ProgressBars
from devstack.output import progress_bar
from devstack.stack import LocalStack


def show(stack: LocalStack, last_day: date, port: int, size: int = PEOPLE) -> None:
    """Fill the stack's folder up to `last_day`, and print Home and what to try next."""
    began = time.perf_counter()
    with progress_bar() as bar:
        filled = fill(stack, last_day, ProgressBars(bar), size)
    added = time.perf_counter()
    home = ask_for_home(stack, TENANT)
    answered = time.perf_counter()
    ask_for_home(stack, TENANT)
    again = time.perf_counter()
    if isinstance(sys.stdout, TextIOWrapper):
        # Where there are no arrows, Home shall have question marks rather than not be shown.
        sys.stdout.reconfigure(errors="replace")
    console = Console(markup=False, highlight=False)
    console.print(home_page(home))
    console.print()
    console.print(_what_was_done(filled, last_day, added - began), style="bold", soft_wrap=True)
    console.print(
        f"Home was answered in {_milliseconds(answered - added)}, "
        f"and in {_milliseconds(again - answered)} when it was asked for again.",
        soft_wrap=True,
    )
    console.print("\nTo try next, while it is being served:\n")
    for line in next_steps(port, stack.token(TENANT, "admin"), filled.write_key):
        console.print(line, soft_wrap=True)


def _what_was_done(filled: Filled, last_day: date, seconds: float) -> str:
    if not filled.days:
        return f"Nothing to add: the folder has all days up to {last_day} ({seconds:.1f} s)."
    return (
        f"{number(filled.days)} days with {number(filled.rows)} events were added "
        f"in {seconds:.1f} s."
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1_000:,.0f} ms"
