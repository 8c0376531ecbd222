from datetime import UTC, date, datetime
from io import StringIO

import pytest
from rich.console import Console

from devstack.demo.home_page import home_page
from devstack.demo.home_query import (
    Attendance,
    Days,
    Home,
    Measure,
    Period,
    Ranked,
    Weeks,
)
from tests.unit.devstack_demo.zylker import ONE_DAY

LAST = date(2026, 11, 21)
HOME = Home(
    as_of=datetime(2026, 11, 22, 6, 32, tzinfo=UTC),
    time_zone="Europe/Berlin",
    finality="PROVISIONAL",
    range=Period(date(2026, 10, 23), LAST),
    compared_range=Period(date(2026, 9, 23), date(2026, 10, 22)),
    total_hits=Measure(1_048_213, 959_120, 9.2890, None),
    features_used=Measure(97, 100, -3.0, None),
    attendance=Attendance(2_684, 0, None, "NEW", 30, 18.01),
    active_users=Measure(149, 149, 0.0, None),
    inactive_users=Measure(21, 18, 16.6667, None),
    hits_by_week=Weeks(
        [date(2026, 10, 19) + 7 * week * ONE_DAY for week in range(5)],
        [9_820, 10_930, 12_480, 11_240, 9_610],
        [False, False, True, False, False],
        [False, False, False, False, True],
    ),
    attendance_by_day=Days(
        [LAST - before * ONE_DAY for before in range(34, -1, -1)],
        list(range(100, 135)),
        list(range(200, 235)),
    ),
    top_by_hits=[Ranked(1, "u1", "Ada [red]Moreau", 2_914, 2_477), Ranked(1, "u2", None, 2_914, 0)],
    top_by_attendance=[Ranked(1, "u3", "Wei " * 20, 30, 26)],
)


def printed(home: Home, **options: object) -> str:
    file = StringIO()
    Console(file=file, markup=False, highlight=False, **{"width": 80, **options}).print(  # type: ignore[arg-type]
        home_page(home)
    )
    return file.getvalue()


def test_the_cards_tell_value_change_and_what_it_was() -> None:
    page = printed(HOME)
    for shown in (
        "1,048,213",
        "▲ +9.3 %",
        "was 959,120",
        "97",
        "▼ \N{MINUS SIGN}3.0 %",
        "was 100",
        "NEW",
        "■ 0.0 %",
        "▲ +16.7 %",
        "on 30 days, 18.0 days per active user",
    ):
        assert shown in page


def test_the_peak_and_the_partial_week_are_flagged() -> None:
    lines = printed(HOME).splitlines()
    weeks = [line.rstrip() for line in lines if line.startswith("2026-W")]
    assert [line.split()[0] for line in weeks] == [f"2026-W{week}" for week in range(43, 48)]
    assert [line for line in weeks if "★ peak" in line] == [weeks[2]]
    assert weeks[2].count("█") == 40
    assert [line for line in weeks if line.endswith("◐ partial")] == [weeks[4]]
    assert weeks[0].count("█") == round(40 * 9_820 / 12_480)


def test_the_calendar_has_a_column_for_each_day_of_the_week() -> None:
    lines = printed(HOME).splitlines()
    at = next(at for at, line in enumerate(lines) if "│   Sun   │" in line)
    dates = [line for line in lines[at + 1 :] if "Oct" in line or "Nov" in line]
    assert len(dates) == 5
    assert dates[0].split("│")[1].strip() == "18 Oct"
    assert dates[4].split("│")[7].strip() == "21 Nov"
    assert any("134/234" in line for line in lines)


def test_a_person_without_a_name_is_shown_by_id_and_names_are_not_markup() -> None:
    page = printed(HOME)
    assert "Ada [red]Moreau" in page
    assert "u2" in page


@pytest.mark.parametrize("width", [80, 100])
def test_it_fits_and_has_no_control_codes_where_it_is_no_terminal(width: int) -> None:
    page = printed(HOME, width=width)
    assert max(map(len, page.splitlines())) <= width
    assert "\x1b" not in page
    assert [line for line in page.splitlines() if "…" in line] == [
        line for line in page.splitlines() if "Wei" in line
    ]


def test_quiet_days_are_lighter_than_busy_ones() -> None:
    page = printed(HOME, force_terminal=True, color_system="truecolor")
    assert "\x1b[38;2" in page or "\x1b[30;48" in page


def test_an_empty_company_has_a_page_too() -> None:
    nothing = Measure(0, 0, 0.0, None)
    page = printed(
        Home(
            as_of=HOME.as_of,
            time_zone="UTC",
            finality="FINAL",
            range=HOME.range,
            compared_range=HOME.compared_range,
            total_hits=nothing,
            features_used=nothing,
            attendance=Attendance(0, 0, 0.0, None, 0, None),
            active_users=nothing,
            inactive_users=nothing,
            hits_by_week=Weeks(HOME.hits_by_week.dates, [0] * 5, [False] * 5, [False] * 5),
            attendance_by_day=Days(HOME.attendance_by_day.dates, [0] * 35, [0] * 35),
            top_by_hits=[],
            top_by_attendance=[],
        )
    )
    assert "0/0" in page
    assert "█" not in page
