"""The demo from beginning to end: real handlers, a folder on the disk, what is printed."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import date, datetime, time
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from devstack.commands.demo import demo
from devstack.demo.company import TIME_ZONE, Company
from devstack.demo.filling import TENANT, Filled, fill, set_aside_if_outdated, yesterday
from devstack.demo.home_query import Home, ask_for_home
from devstack.demo.memory import Memory, remember, remembered
from devstack.demo.next_steps import FEATURES_QUERY, TODAY_QUERY
from devstack.demo.showing import show
from devstack.environment import DATABASE_FILE
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import LocalCalendar
from tests.unit.devstack_demo.zylker import (
    FIRST_SHOWN,
    ONE_DAY,
    by_person,
    features,
    hits,
    is_activity,
    usage,
    window,
)

SIZE = 12
PORT = 8000


class Watch:
    """Remembers how far the filling came; ends it after so many days."""

    def __init__(self, give_up_after: int | None = None) -> None:
        self.days = self.units = 0
        self._give_up_after = give_up_after

    def sent(self, days: int, of: int) -> None:
        assert days == self.days + 1 <= of
        self.days = days
        if days == self._give_up_after:
            raise KeyboardInterrupt

    def folded(self, units: int, of: int) -> None:
        assert self.units <= units <= of
        self.units = units


@contextmanager
def morning_after(shown: date) -> Iterator[None]:
    """It is ten o'clock on the day after `shown`."""
    now_ms = LocalCalendar(TIME_ZONE).instant_ms(datetime.combine(shown + ONE_DAY, time(10)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shared.metrics.services.clock_ms", lambda: now_ms)
        yield


@contextmanager
def opened(folder: Path, shown: date = FIRST_SHOWN) -> Iterator[LocalStack]:
    with morning_after(shown), LocalStack(folder) as stack:
        yield stack


def filled(
    folder: Path, shown: date = FIRST_SHOWN, watch: Watch | None = None
) -> tuple[Filled, Home]:
    """What a run of the demo adds to a folder, and Home after it."""
    with opened(folder, shown) as stack:
        added = fill(stack, shown, watch or Watch(), SIZE)
        return added, ask_for_home(stack, TENANT)


def stored(folder: Path) -> list[str]:
    """Everything in the database."""
    connection = sqlite3.connect(folder / DATABASE_FILE)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


@contextmanager
def printing() -> Iterator[tuple[StringIO, StringIO]]:
    """What is printed, and what is said on standard error."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        yield out, err


def check_against_plain_counts(home: Home, company: Company, shown: date) -> None:
    days = usage(company, shown - 59 * ONE_DAY, shown)
    for measured, last in ((0, shown), (1, shown - 30 * ONE_DAY)):
        month = window(last, 30)
        active = by_person(row for day in month for row in days[day] if is_activity(row))
        user_days = {(row.user_id, day) for day in month for row in days[day] if is_activity(row)}
        assert (home.total_hits.value, home.total_hits.previous)[measured] == len(hits(days, month))
        assert (home.features_used.value, home.features_used.previous)[measured] == len(
            features(days, month)
        )
        assert (home.active_users.value, home.active_users.previous)[measured] == len(active)
        assert (home.attendance.value, home.attendance.previous)[measured] == len(user_days)


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Filled, Home]:
    folder = tmp_path_factory.mktemp("zylker")
    return folder, *filled(folder)


@pytest.fixture
def folder(first_run: tuple[Path, Filled, Home], tmp_path: Path) -> Path:
    """A copy of a folder with a demo."""
    return Path(shutil.copytree(first_run[0], tmp_path / "data"))


def test_home_is_what_plain_counts_of_the_rows_say(first_run: tuple[Path, Filled, Home]) -> None:
    _, added, home = first_run
    assert added.days == 120
    assert home.range.last == FIRST_SHOWN
    assert (home.features_used.previous, home.features_used.value) == (100, 97)
    assert home.features_used.change_percent == -3.0
    check_against_plain_counts(home, Company(FIRST_SHOWN, SIZE), FIRST_SHOWN)


def test_running_it_again_changes_nothing(
    folder: Path, first_run: tuple[Path, Filled, Home]
) -> None:
    before = stored(folder)
    added, home = filled(folder)
    assert (added.days, added.rows) == (0, 0)
    assert home.total_hits == first_run[2].total_hits
    assert stored(folder) == before
    with printing() as (out, _), opened(folder) as stack:
        show(stack, FIRST_SHOWN, PORT, SIZE)
    assert f"Nothing to add: the folder has all days up to {FIRST_SHOWN}" in out.getvalue()
    assert stored(folder) == before


def test_on_a_later_day_the_missing_days_are_added(folder: Path) -> None:
    later = FIRST_SHOWN + 9 * ONE_DAY
    added, home = filled(folder, later)
    assert added.days == 9
    assert (home.features_used.previous, home.features_used.value) == (100, 97)
    check_against_plain_counts(home, Company(FIRST_SHOWN, SIZE), later)


def test_an_interrupted_run_is_taken_up_again(
    tmp_path: Path, first_run: tuple[Path, Filled, Home]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        filled(tmp_path, watch=Watch(give_up_after=100))
    added, home = filled(tmp_path)
    assert added.days == 120
    assert (home.total_hits, home.attendance) == (first_run[2].total_hits, first_run[2].attendance)


def test_after_a_month_it_is_set_aside_and_made_anew(folder: Path) -> None:
    almost, later = FIRST_SHOWN + 29 * ONE_DAY, FIRST_SHOWN + 30 * ONE_DAY
    assert set_aside_if_outdated(folder, almost) is None
    before = stored(folder)
    with morning_after(later):
        aside = set_aside_if_outdated(folder, later)
    assert aside == folder / f"{FIRST_SHOWN}-{DATABASE_FILE}"
    assert not (folder / DATABASE_FILE).exists()
    aside.rename(folder / DATABASE_FILE)
    assert stored(folder) == before


def test_what_is_not_the_demos_is_not_set_aside(folder: Path) -> None:
    with opened(folder) as stack:
        stack.create_tenant("other", "UTC")
    with pytest.raises(BadInputError, match=r"other tenants \(other\); give another"):
        set_aside_if_outdated(folder, FIRST_SHOWN + 30 * ONE_DAY)
    assert (folder / DATABASE_FILE).exists()


def test_a_new_database_has_a_new_demo_whatever_the_folder_remembers(tmp_path: Path) -> None:
    remember(tmp_path, Memory(FIRST_SHOWN - 50 * ONE_DAY, 3, FIRST_SHOWN, "src_gone.secret"))
    assert set_aside_if_outdated(tmp_path, FIRST_SHOWN) is None
    with pytest.raises(KeyboardInterrupt):
        filled(tmp_path, watch=Watch(give_up_after=1))
    memory = remembered(tmp_path)
    assert memory is not None
    assert (memory.first_shown, memory.size, memory.sent_through) == (FIRST_SHOWN, SIZE, None)


def test_a_tenant_of_that_name_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as stack:
        stack.create_tenant(TENANT, "UTC")
        with pytest.raises(
            BadInputError, match="that the demo has not made; give the demo another"
        ):
            fill(stack, FIRST_SHOWN, Watch(), SIZE)


def test_what_is_suggested_works(folder: Path) -> None:
    with opened(folder) as stack:
        memory = remembered(folder)
        assert memory is not None
        assert memory.write_key is not None
        before = stack.query(TODAY_QUERY, TENANT).document["data"]["home"]["totalHits"]["value"]
        event = b'{"user_id": "u001", "occurred_at": "2026-11-22T08:59:00Z", "feature": "Leads"}'
        assert stack.ingest(event, memory.write_key).document["accepted"] == 1
        today = stack.query(TODAY_QUERY, TENANT).document["data"]["home"]
        assert today["isPartial"] is True
        assert stack.query(FEATURES_QUERY, TENANT).document["data"]["home"]["featuresUsed"] == {
            "value": 97,
            "previous": 100,
            "changePercent": -3.0,
        }
    assert today["totalHits"]["value"] == before + 1


def test_home_is_shown_where_there_are_no_arrows(folder: Path) -> None:
    out = TextIOWrapper(BytesIO(), encoding="latin-1")
    with redirect_stdout(out), opened(folder) as stack:
        show(stack, FIRST_SHOWN, PORT, SIZE)
    out.seek(0)
    assert "? ?3.0 %" in out.read()


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-22T00:00:00+01:00", "2026-11-21"),
        ("2026-11-21T23:59:59+01:00", "2026-11-20"),
        ("2026-11-21T23:30:00+00:00", "2026-11-21"),
    ],
)
def test_yesterday_is_the_companys(now: str, day: str) -> None:
    assert yesterday(round(datetime.fromisoformat(now).timestamp() * 1000)) == date.fromisoformat(
        day
    )


def test_the_whole_company(tmp_path: Path) -> None:
    with printing() as (out, err), morning_after(FIRST_SHOWN):
        demo(port=PORT, no_serve=True, data_dir=tmp_path)
    printed = out.getvalue()
    assert err.getvalue() == ""
    for shown in (
        "Home  23 Oct to 21 Nov 2026, compared with 23 Sep to 22 Oct",
        "▼ \N{MINUS SIGN}3.0 %",
        "★ peak",
        "◐ partial",
        "Most hits",
        "Most attendance",
        "120 days with ",
        "TOKEN=",
        "KEY=src_",
        f"curl -s http://127.0.0.1:{PORT}/graphql",
    ):
        assert shown in printed
    assert "\x1b" not in printed
    for line in printed.split("To try next")[0].splitlines():
        assert len(line) <= 100
    with opened(tmp_path) as stack:
        home = ask_for_home(stack, TENANT)
    check_against_plain_counts(home, Company(FIRST_SHOWN), FIRST_SHOWN)
    assert home.active_users.value + home.inactive_users.value > 280
    assert [person.rank for person in home.top_by_hits[:1]] == [1]
    assert len(home.top_by_hits) == len(home.top_by_attendance) == 10
