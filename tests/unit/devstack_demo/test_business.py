"""Zylker's business: the same whenever it is asked, and a story that hangs together."""

import json
from collections import Counter
from datetime import timedelta
from functools import cache

import msgspec

from devstack.demo.business import Business
from devstack.demo.company import DAYS, Company
from devstack.demo.record_rows import RecordChangeRow
from devstack.demo.sales_story import ORIGINS, Lead, leads_of
from tests.unit.devstack_demo.zylker import FIRST_SHOWN

ONE_DAY = timedelta(days=1)
COMPANY = Company(FIRST_SHOWN, 50)


@cache
def changes() -> list[RecordChangeRow]:
    business = Business(COMPANY)
    days = [COMPANY.started + n * ONE_DAY for n in range(DAYS)]
    return [row for day in days for row in business.changes(day)]


def leads() -> list[Lead]:
    return [lead for n in range(DAYS) for lead in leads_of(COMPANY.started + n * ONE_DAY)]


def test_a_day_is_the_same_whenever_it_is_asked_for() -> None:
    day = COMPANY.started + 50 * ONE_DAY
    encoded = msgspec.json.encode(Business(COMPANY).changes(day))
    assert encoded == msgspec.json.encode(Business(COMPANY).changes(day))


def test_ids_are_unique_and_times_lie_on_their_day() -> None:
    found = changes()
    assert len({row.event_id for row in found}) == len(found)
    for day in (COMPANY.started, COMPANY.started + 70 * ONE_DAY):
        for row in Business(COMPANY).changes(day):
            assert day <= COMPANY.calendar.day_of(row.occurred_at) <= day + ONE_DAY


def test_every_record_is_created_before_it_changes() -> None:
    there: set[tuple[object, str]] = set()
    for row in changes():
        record = (row.change["object"], row.record_id)
        assert (row.change["op"] == "CREATE") != (record in there), row
        there.add(record)


def test_all_that_the_kpis_are_made_of_is_there() -> None:
    objects = Counter(str(row.change["object"]) for row in changes())
    wanted = "lead deal account subscription campaign cost quota forecast ticket message"
    assert set(wanted.split()) | {"stage", "activity", "survey_response"} <= objects.keys()
    assert 2_000 < sum(objects.values()) < 20_000


def test_referrals_are_won_more_often_than_fairs_and_the_web_leaves_soonest() -> None:
    won = {
        origin.source: [lead.is_won for lead in leads() if lead.origin == origin]
        for origin in ORIGINS
    }
    rate = {source: sum(found) / len(found) for source, found in won.items()}
    assert rate["referral"] > rate["web"] > rate["fair"] > 0
    assert max(ORIGINS, key=lambda origin: origin.leaves).source == "web"


def test_rows_are_ones_that_can_be_posted() -> None:
    for row in changes()[:200]:
        document = json.loads(msgspec.json.encode(row))
        assert document["signal"] == "SYSTEM"
        assert document["change"].keys() == {"object", "op", "set"}
