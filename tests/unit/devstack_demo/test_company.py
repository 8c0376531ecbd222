from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from devstack.demo.company import DAYS, PEOPLE, TIME_ZONE, Company
from devstack.demo.features import BULK_API, LASTING, RETIRED
from devstack.demo.rows import Row
from shared.metrics.domain.catalogue import RECORDS_ADDED
from shared.metrics.domain.sessions import DEFAULT_TIMEOUT_MS
from tests.unit.devstack_demo.zylker import (
    FIRST_SHOWN,
    ONE_DAY,
    Days,
    by_person,
    features,
    hits,
    is_activity,
    usage,
    window,
)

THIS_MONTH = window(FIRST_SHOWN, 30)
EARLIER = window(FIRST_SHOWN - 30 * ONE_DAY, 30)


@pytest.fixture(scope="module")
def company() -> Company:
    return Company(FIRST_SHOWN)


@pytest.fixture(scope="module")
def days(company: Company) -> Days:
    return usage(company, company.started, FIRST_SHOWN)


def active_on(days: Days, day: date) -> set[str]:
    return {row.user_id for row in days[day] if is_activity(row)}


def test_it_has_about_half_a_million_rows_in_120_days(days: Days) -> None:
    assert len(days) == DAYS == 120
    assert max(days) == FIRST_SHOWN
    assert 450_000 < sum(map(len, days.values())) < 550_000


def test_every_row_lies_in_its_reporting_day_and_in_order(company: Company, days: Days) -> None:
    for day, rows in days.items():
        bounds = company.calendar.bounds(day)
        times = [row.occurred_at for row in rows]
        assert times == sorted(times)
        assert bounds.start_ms <= times[0]
        assert times[-1] < bounds.end_ms


def test_ids_are_unique(days: Days) -> None:
    ids = [row.event_id for rows in days.values() for row in rows]
    assert len(set(ids)) == len(ids)


def test_a_hundred_features_become_97(days: Days) -> None:
    assert len(features(days, EARLIER)) == 100
    assert len(features(days, THIS_MONTH)) == 97
    assert features(days, EARLIER) - features(days, THIS_MONTH) == set(RETIRED)


def test_leads_is_used_most(days: Days) -> None:
    for month in (THIS_MONTH, EARLIER):
        counts = Counter(row.feature for row in hits(days, month))
        (first, most), (_, second) = counts.most_common(2)
        assert first == "Leads"
        assert most > 1.5 * second


def test_more_than_50_people_have_more_than_50_hits_of_leads_in_a_month(days: Days) -> None:
    counts = Counter(row.user_id for row in hits(days, THIS_MONTH) if row.feature == "Leads")
    assert sum(count > 50 for count in counts.values()) > 50


def test_on_a_working_day_less_than_a_fifth_of_the_active_people_add_records(days: Days) -> None:
    shares = []
    for day in days:
        active = active_on(days, day)
        adding = {row.user_id for row in hits(days, [day]) if row.property == RECORDS_ADDED}
        if len(active) > PEOPLE / 3:
            shares.append(len(adding) / len(active))
    assert 0.05 < median(shares) < 0.2
    assert sum(share < 0.2 for share in shares) > 0.95 * len(shares)


def test_a_tenth_of_the_people_never_log_in(company: Company, days: Days) -> None:
    seen = {row.user_id for rows in days.values() for row in rows if is_by_a_person(row)}
    never = {person.user_id for person in company.people} - seen
    assert 0.08 * PEOPLE < len(never) < 0.15 * PEOPLE


def test_people_work_in_six_countries_and_four_zones(company: Company) -> None:
    offices = {person.office(FIRST_SHOWN) for person in company.people}
    assert len({office.country for office in offices}) == 6
    zones = {office.time_zone for office in offices}
    assert len(zones) == 4
    assert TIME_ZONE in zones


def test_people_mostly_work_in_the_daytime_of_their_own_zone(company: Company, days: Days) -> None:
    rows = by_person(hits(days, THIS_MONTH))
    for person in company.people[::10]:
        zone = ZoneInfo(person.office(FIRST_SHOWN).time_zone)
        hours = [
            datetime.fromtimestamp(row.occurred_at / 1000, UTC).astimezone(zone).hour
            for row in rows[person.user_id]
        ]
        assert sum(8 <= hour < 20 for hour in hours) >= 0.8 * len(hours)


def test_weekends_are_quiet(days: Days) -> None:
    weekend = [len(rows) for day, rows in days.items() if day.weekday() >= 5]
    week = [len(rows) for day, rows in days.items() if day.weekday() < 5]
    assert max(weekend) < 0.25 * median(week)


def test_a_holiday_is_quiet_where_it_is_one(company: Company, days: Days) -> None:
    americans = {
        person.user_id for person in company.people if person.office(FIRST_SHOWN).country == "US"
    }
    day_before, veterans_day = date(2026, 11, 10), date(2026, 11, 11)
    assert len(active_on(days, veterans_day) & americans) < 0.3 * len(
        active_on(days, day_before) & americans
    )
    assert len(active_on(days, veterans_day) - americans) > 0.8 * len(
        active_on(days, day_before) - americans
    )


def test_a_few_people_do_a_great_part(days: Days) -> None:
    counts = sorted(map(len, by_person(hits(days, THIS_MONTH)).values()), reverse=True)
    assert sum(counts[: len(counts) // 10]) > 0.25 * sum(counts)


def test_some_sessions_go_on_across_midnight(company: Company, days: Days) -> None:
    rows = by_person(row for day in sorted(THIS_MONTH) for row in days[day] if is_by_a_person(row))
    across = [
        (before, after)
        for of_person in rows.values()
        for before, after in pairwise(of_person)
        if company.calendar.day_of(before.occurred_at) < company.calendar.day_of(after.occurred_at)
        and after.occurred_at - before.occurred_at <= DEFAULT_TIMEOUT_MS
        and before.action != "logout"
    ]
    assert len(across) > 10


def is_by_a_person(row: Row) -> bool:
    return row.actor_kind == "USER"


def test_there_are_logins_heartbeats_and_logouts_too(days: Days) -> None:
    counts = Counter(row.action for day in THIS_MONTH for row in days[day])
    active = sum(len(active_on(days, day)) for day in THIS_MONTH)
    assert active < counts["login"] < 2.5 * active
    assert counts["heartbeat"] > 1_000
    assert 1_000 < counts["logout"] < counts["login"]


def test_programs_imports_and_the_system_do_what_does_not_count(days: Days) -> None:
    rows = [row for day in THIS_MONTH for row in days[day]]
    kinds = Counter((row.signal, row.actor_kind) for row in rows)
    assert set(kinds) == {
        ("ACTION", "USER"),
        ("CHANGE", "USER"),
        ("CHANGE", "API"),
        ("CHANGE", "IMPORT"),
        ("CHANGE", "UNKNOWN"),
        ("SYSTEM", "UNKNOWN"),
    }
    assert kinds["ACTION", "USER"] > 0.9 * len(rows)
    assert {row.actor_kind for row in rows if row.feature == BULK_API} == {"API"}


def test_each_feature_is_known_by_one_signal(days: Days) -> None:
    signals = {(row.feature, row.signal) for row in hits(days, THIS_MONTH)}
    assert len(signals) == len(LASTING)


def test_nobody_acts_before_being_hired_or_after_leaving(company: Company, days: Days) -> None:
    rows = by_person(row for day in sorted(days) for row in days[day] if is_by_a_person(row))
    for person in company.people:
        of_person = rows[person.user_id]
        if not of_person:
            continue
        # What is one date for the person may be the next one in the company's time zone.
        assert company.calendar.day_of(of_person[0].occurred_at) + ONE_DAY >= person.hired
        assert company.calendar.day_of(of_person[-1].occurred_at) - ONE_DAY <= person.last_day


def test_leads_are_added_before_they_are_worked_on(days: Days) -> None:
    rows = [row for day in sorted(days) for row in hits(days, [day]) if row.feature == "Leads"]
    added = {row.record_id: row for row in rows if row.property == RECORDS_ADDED}
    converted = [row for row in rows if row.action == "convert"]
    assert len(converted) > 100
    for row in converted:
        if row.record_id in added:
            assert added[row.record_id].occurred_at < row.occurred_at
            assert added[row.record_id].account_id == row.account_id
    oldest = min(days) + 21 * ONE_DAY
    recent = [row for row in converted if row.occurred_at > midnight_ms(oldest)]
    assert all(row.record_id in added for row in recent)


def midnight_ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def test_a_day_is_the_same_whichever_days_are_asked_for(days: Days) -> None:
    again = usage(Company(FIRST_SHOWN), FIRST_SHOWN - 3 * ONE_DAY, FIRST_SHOWN - ONE_DAY)
    assert again == {day: days[day] for day in again}
    assert all(isinstance(row, Row) for row in again[FIRST_SHOWN - ONE_DAY])
