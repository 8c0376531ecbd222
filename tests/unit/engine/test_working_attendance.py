"""Working-day attendance of people: by the calendar of the country that they are in on each day."""

from datetime import date
from pathlib import Path

from shared.metrics.domain.calendar_changes import CalendarChanges, Holiday, Weekday
from shared.metrics.domain.expectations import Expectation, ExpectedSource
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance
from shared.metrics.engine.engagement_requests import PersonRequest
from shared.metrics.engine.requests import EVERYONE, PeopleFilter, UserAnalyticsRequest
from tests.builders import SOURCE, event, upserted
from tests.unit.engine.stack import TENANT, Stack, stack

MONDAY = date(2026, 3, 9)
WEEK = Window(MONDAY, date(2026, 3, 15))


def attendance(
    one: Stack, user_id: str = "ann", people: PeopleFilter = EVERYONE
) -> WorkingDayAttendance | None:
    """That of one person, from user analytics; without a filter also from the view of them."""
    request = UserAnalyticsRequest(tenant=TENANT, window=WEEK, people=people, working_days=True)
    rows = {row.user_id: row for row in one.ask(request).people}
    found = rows[user_id].working_day_attendance
    if people == EVERYONE:
        person = one.ask(PersonRequest(tenant=TENANT, user_id=user_id, window=WEEK))
        assert person.working_day_attendance == found
    return found


def came(one: Stack, *days: int, user_id: str = "ann", source: str = SOURCE) -> None:
    """A hit on these days of March."""
    one.send(*(event(f"2026-03-{day:02d} 10:00", user_id, source=source) for day in days))


def test_four_of_five_working_days_and_a_saturday_are_0_8_and_one_other_day(utc: Stack) -> None:
    utc.send(upserted("2026-01-01 00:00", "ann", country="DE"))
    came(utc, 9, 10, 11, 12, 14)
    assert attendance(utc) == WorkingDayAttendance(4, 5, 1, 0.8, is_default_calendar=False)


def test_who_was_never_there_attended_none_of_the_working_days(utc: Stack) -> None:
    utc.send(upserted("2026-01-01 00:00", "ann", country="DE", account_status="active"))
    assert attendance(utc) == WorkingDayAttendance(0, 5, 0, 0.0, is_default_calendar=False)


def test_where_the_country_is_unknown_the_default_calendar_stands_in(utc: Stack) -> None:
    utc.send(upserted("2026-01-01 00:00", "bob", country="Atlantis"))
    came(utc, 9, user_id="ann")
    came(utc, 9, user_id="bob")
    for user_id in ("ann", "bob"):
        found = attendance(utc, user_id)
        assert found == WorkingDayAttendance(1, 5, 0, 0.2, is_default_calendar=True)


def test_who_moves_has_the_calendar_of_the_country_of_each_day(utc: Stack) -> None:
    utc.send(
        upserted("2026-01-01 00:00", "ann", country="DE"),
        upserted("2026-03-13 12:00", "ann", country="United Arab Emirates"),
    )
    came(utc, 13, 14, 15)
    # Friday is worked there, Saturday and Sunday are the weekend in both.
    assert attendance(utc) == WorkingDayAttendance(1, 5, 2, 0.2, is_default_calendar=False)
    utc.send(upserted("2026-03-11 12:00", "ann", country="Kuwait"))
    utc.send(upserted("2026-03-13 13:00", "ann", country="Kuwait"))
    # Friday and Saturday are the weekend there, Sunday is worked.
    assert attendance(utc) == WorkingDayAttendance(1, 5, 2, 0.2, is_default_calendar=False)


def test_what_the_tenant_says_of_its_calendars_holds(utc: Stack) -> None:
    utc.send(upserted("2026-01-01 00:00", "ann", country="Germany"))
    came(utc, 9, 14)
    own = utc.services.tenancy.open(TENANT).library.working_calendars
    changes = CalendarChanges(
        "DE",
        weekend=(Weekday.SUNDAY,),
        holidays=(Holiday(date(2026, 3, 9), "Founders' day"),),
    )
    own.put(changes.checked(), None)
    assert attendance(utc) == WorkingDayAttendance(1, 5, 1, 0.2, is_default_calendar=False)


def test_only_days_on_which_a_person_matches_the_filter_count(utc: Stack) -> None:
    utc.send(
        upserted("2026-01-01 00:00", "ann", country="DE"),
        upserted("2026-03-12 12:00", "ann", country="AT"),
    )
    came(utc, 9, 12)
    german, austrian = (
        attendance(utc, people=PeopleFilter(country=(country,))) for country in ("DE", "AT")
    )
    assert german == WorkingDayAttendance(1, 3, 0, 1 / 3, is_default_calendar=False)
    assert austrian == WorkingDayAttendance(1, 2, 0, 0.5, is_default_calendar=False)


def test_a_range_without_a_working_day_has_no_rate(utc: Stack) -> None:
    came(utc, 14)
    weekend = Window(date(2026, 3, 14), date(2026, 3, 15))
    request = UserAnalyticsRequest(tenant=TENANT, window=weekend, working_days=True)
    (row,) = utc.ask(request).people
    assert row.working_day_attendance == WorkingDayAttendance(
        0, 0, 1, None, is_default_calendar=True
    )


def test_days_without_data_are_neither_working_days_nor_attended(tmp_path: Path) -> None:
    expectations = {SOURCE: ExpectedSource(Expectation.WEEKDAYS, date(2026, 1, 1))}
    with stack(tmp_path, expectations=expectations) as one:
        came(one, 9, 11)
        came(one, 10, source="erp")
        # Tuesday, Thursday and Friday are without data of the source.
        assert attendance(one) == WorkingDayAttendance(2, 2, 0, 1.0, is_default_calendar=True)
