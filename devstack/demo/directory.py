"""What the CRM's directory tells: who is there at the start, and each change after."""

from collections.abc import Iterator
from datetime import date

from devstack.demo.background import INTEGRATION_USER
from devstack.demo.names import email_address
from devstack.demo.offices import OFFICES
from devstack.demo.people import Person
from devstack.demo.rows import DirectoryRow

_HOUR_MS = 3_600_000


def snapshot(people: list[Person], day: date, midnight_ms: int) -> Iterator[DirectoryRow]:
    """Everyone who is there on the first day, and the integration."""
    for person in people:
        if person.is_employed(day):
            yield _upserted(person, day, midnight_ms)
    yield DirectoryRow(
        midnight_ms,
        INTEGRATION_USER,
        "user.upserted",
        f"directory/{INTEGRATION_USER}/{day}",
        email=email_address("Data Exchange"),
        name="Data Exchange",
        time_zone=OFFICES["DE"].time_zone,
        account_status="active",
        is_integration=True,
    )


def changes(people: list[Person], day: date) -> Iterator[DirectoryRow]:
    """Who is hired, moves or leaves on a day: before work in the morning, or after it."""
    for person in people:
        noon_ms = person.office(day).noon_ms(day)
        if person.hired == day or (
            person.is_employed(day) and any(posting.since == day for posting in person.postings)
        ):
            yield _upserted(person, day, noon_ms - 6 * _HOUR_MS)
        if person.last_day == day:
            yield DirectoryRow(
                noon_ms + 12 * _HOUR_MS,
                person.user_id,
                "user.deactivated",
                f"directory/{person.user_id}/{day}/left",
            )


def _upserted(person: Person, day: date, at_ms: int) -> DirectoryRow:
    office = person.office(day)
    return DirectoryRow(
        at_ms,
        person.user_id,
        "user.upserted",
        f"directory/{person.user_id}/{day}",
        email=person.email,
        name=person.name,
        language=person.language(office),
        country=office.country,
        time_zone=office.time_zone,
        account_status="active",
        role=person.role.value,
        team=person.team(office),
    )
