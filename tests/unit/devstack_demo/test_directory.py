from collections import Counter

from devstack.demo.company import Company
from devstack.demo.directory import changes, snapshot
from devstack.demo.rows import DirectoryRow
from tests.unit.devstack_demo.zylker import FIRST_SHOWN, ONE_DAY


def told(company: Company) -> list[DirectoryRow]:
    """All that the directory tells until the demo is first shown."""
    rows = list(
        snapshot(company.people, company.started, company.calendar.start_ms(company.started))
    )
    day = company.started
    while day < FIRST_SHOWN:
        day += ONE_DAY
        rows += changes(company.people, day)
    return rows


def test_everyone_is_told_of_and_changes_follow() -> None:
    company = Company(FIRST_SHOWN)
    rows = told(company)
    assert {row.user_id for row in rows} == {
        "integration",
        *(person.user_id for person in company.people if person.hired <= FIRST_SHOWN),
    }
    kinds = Counter(row.type for row in rows)
    assert kinds["user.deactivated"] >= 3
    assert kinds["user.upserted"] > len(company.people)
    assert len({row.event_id for row in rows}) == len(rows)


def test_some_people_are_hired_later() -> None:
    company = Company(FIRST_SHOWN)
    first_ms = company.calendar.start_ms(company.started)
    people = {person.user_id: person for person in company.people}
    late = {row.user_id for row in told(company) if row.occurred_at > first_ms}
    assert sum(people[user_id].hired > company.started for user_id in late) >= 3


def test_some_people_move_to_another_country() -> None:
    rows = told(Company(FIRST_SHOWN))
    countries: dict[str, list[str]] = {}
    for row in rows:
        if row.type == "user.upserted":
            countries.setdefault(row.user_id, []).append(row.country)
    moves = [known for known in countries.values() if len(known) > 1]
    assert len(moves) >= 3
    assert all(known[0] != known[1] for known in moves)


def test_there_is_one_integration() -> None:
    rows = told(Company(FIRST_SHOWN, size=12))
    assert [row.user_id for row in rows if row.is_integration] == ["integration"]


def test_addresses_are_plain_and_unique() -> None:
    people = Company(FIRST_SHOWN).people
    addresses = {person.email for person in people}
    assert len(addresses) == len(people)
    assert all(address.isascii() and address.endswith("@zylker.example") for address in addresses)
    assert any(not person.name.isascii() for person in people)
