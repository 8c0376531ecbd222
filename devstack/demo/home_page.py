"""Home on a terminal: five cards, hits by week, a calendar of attendance, two top lists."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from devstack.demo.home_query import Days, Home, Measure, Ranked, Weeks

_BAR: Final = 40
_CARD: Final = 12
_DAYS_A_WEEK: Final = 7
_HEAT: Final = (
    "black on #edf0f4",
    "black on #cfe2f6",
    "black on #9cc3ec",
    "black on #5b9bdb",
    "white on #0b5cad",
)
"""Styles of the quintiles of days, from few people to many."""

_GOOD, _BAD, _NEUTRAL = "green", "red", "dim"


def home_page(home: Home) -> RenderableType:
    """All of Home; fits 80 columns, and reads the same without colours."""
    return Group(
        _heading(home),
        _cards(home),
        _below_cards(home),
        "",
        _title("Hits by week"),
        _weeks(home.hits_by_week),
        "",
        _title("Attendance: active people / logins"),
        _calendar(home.attendance_by_day),
        "",
        _beside(
            _top_list("Most hits", "Hits", home.top_by_hits),
            _top_list("Most attendance", "Days", home.top_by_attendance),
        ),
    )


def number(value: int) -> str:
    """A whole number with separators."""
    return f"{value:,}"


def change(measure: Measure, *, more_is_good: bool = True) -> Text:
    """The change in percent, with an arrow; why there is none, if there is none."""
    percent = measure.change_percent
    if percent is None:
        return Text(measure.reason or "unknown", style=_NEUTRAL)
    shown = f"{percent:+.1f} %".replace("-", "\N{MINUS SIGN}")
    if float(f"{percent:.1f}") == 0:
        return Text("■ 0.0 %", style=_NEUTRAL)
    style = _GOOD if (percent > 0) == more_is_good else _BAD
    return Text(f"{'▲' if percent > 0 else '▼'} {shown}", style=style)


def _title(text: str) -> Text:
    return Text(text, style="bold")


def _heading(home: Home) -> Text:
    shown, compared = home.range, home.compared_range
    return Text.assemble(
        ("Home", "bold"),
        f"  {_day(shown.first)} to {_day(shown.last)} {shown.last.year}",
        (f", compared with {_day(compared.first)} to {_day(compared.last)}\n", _NEUTRAL),
        (f"      As of {home.as_of:%d %b %H:%M} UTC", _NEUTRAL),
        (f" · {home.time_zone} · {home.finality.capitalize()}", _NEUTRAL),
    )


def _cards(home: Home) -> Table:
    measures = {
        "Total hits": home.total_hits,
        "Features used": home.features_used,
        "Attendance": home.attendance,
        "Active users": home.active_users,
        "Inactive users": home.inactive_users,
    }
    cards = Table(box=box.ROUNDED, header_style="")
    for label in measures:
        cards.add_column(label, min_width=_CARD, no_wrap=True)
    cards.add_row(*(Text(number(measure.value), style="bold") for measure in measures.values()))
    cards.add_row(
        *(
            change(measure, more_is_good=measure is not home.inactive_users)
            for measure in measures.values()
        )
    )
    cards.add_row(
        *(Text(f"was {number(measure.previous)}", style=_NEUTRAL) for measure in measures.values())
    )
    return cards


def _below_cards(home: Home) -> Text:
    each = home.attendance.average_per_active_user
    shown = f"on {home.attendance.org_days} days"
    if each is not None:
        shown += f", {each:.1f} days per active user"
    return Text(f"  Attendance is in user-days: {shown}", style=_NEUTRAL)


def _weeks(weeks: Weeks) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    most = max(weeks.hits, default=0)
    for start, hits, is_peak, is_partial in zip(
        weeks.dates, weeks.hits, weeks.is_peak, weeks.is_partial, strict=True
    ):
        year, week, _ = start.isocalendar()
        length = round(_BAR * hits / most) if most else 0
        flags = ["★ peak"] * is_peak + ["◐ partial"] * is_partial
        table.add_row(
            f"{year}-W{week:02}",
            Text(("▒" if is_partial else "█") * length, style="blue" if is_peak else "cyan"),
            Text(" ".join([number(hits), *flags]), style="bold" if is_peak else ""),
        )
    return table


def _calendar(days: Days) -> Table:
    """Rows of seven days: each column is one day of the week."""
    calendar = Table(box=box.SQUARE, show_lines=True, padding=0)
    for day in days.dates[:_DAYS_A_WEEK]:
        calendar.add_column(f"{day:%a}", justify="center", header_style="", width=9)
    ordered = sorted(days.active_users)
    cells = [
        Text(
            f"{_day(day):^9}\n{f'{active}/{logins}':^9}",
            style=_HEAT[bisect_left(ordered, active) * len(_HEAT) // len(ordered)],
        )
        for day, active, logins in zip(days.dates, days.active_users, days.logins, strict=True)
    ]
    for start in range(0, len(cells), _DAYS_A_WEEK):
        calendar.add_row(*cells[start : start + _DAYS_A_WEEK])
    return calendar


def _top_list(title: str, unit: str, people: Sequence[Ranked]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style=_NEUTRAL)
    table.add_column("#", justify="right")
    table.add_column(title, no_wrap=True, header_style="bold", width=18)
    table.add_column(unit, justify="right")
    table.add_column("Before", justify="right", style=_NEUTRAL)
    for person in people:
        table.add_row(
            str(person.rank),
            Text(person.name or person.user_id),
            number(person.value),
            number(person.previous),
        )
    return table


def _beside(left: Table, right: Table) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(left, right)
    return grid


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
