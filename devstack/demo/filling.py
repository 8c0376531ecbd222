"""Sends the company's days through the ingest function and has the aggregate function fold them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

from msgspec.structs import replace

from devstack.demo.business import Business
from devstack.demo.company import COMPARED_DAYS, PEOPLE, TIME_ZONE, Company
from devstack.demo.deliveries import CONTENT_TYPE, Delivery, deliveries
from devstack.demo.memory import Memory, remember, remembered
from devstack.environment import DATABASE_FILE
from devstack.folding import Wanted
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError, NotFoundError, StorageUnavailableError
from shared.metrics.domain.periods import LocalCalendar

TENANT: Final = "zylker"
_ONE_DAY: Final = timedelta(days=1)


class Watcher(Protocol):
    """Is told how far the filling has come."""

    def sent(self, days: int, of: int) -> None:
        """So many days are sent."""

    def folded(self, units: int, of: int) -> None:
        """So many units are folded, of those known to be dirty."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a run has added; nothing if `days` is 0."""

    days: int
    rows: int
    write_key: str


def yesterday(now_ms: int) -> date:
    """The last complete day of the company."""
    calendar = LocalCalendar(TIME_ZONE)
    return calendar.previous_day(calendar.day_of(now_ms))


def fill(stack: LocalStack, last_day: date, watcher: Watcher, size: int = PEOPLE) -> Filled:
    """Send the days that the data folder does not have yet, up to `last_day`, and fold them.

    Sending is safe to repeat: an interrupted run is sent again, and its events are known by id.
    """
    memory, write_key = _opened(stack, last_day, size)
    company = Company(memory.first_shown, memory.size)
    first = company.started
    if memory.sent_through is not None:
        first = memory.sent_through + _ONE_DAY
    days = max((last_day - first).days + 1, 0)
    rows = 0
    if days:
        for done, day in enumerate(_sent(stack, company, first, last_day, write_key), start=1):
            rows += day
            watcher.sent(done, days)
    # Also when there is nothing to send: a run may have been interrupted between the two.
    summary = stack.aggregate(watcher.folded, Wanted(TENANT))
    if summary.failed:
        message = f"{len(summary.failed)} days could not be folded; run the demo again"
        raise StorageUnavailableError(message)
    if days:
        remember(stack.data_dir, replace(memory, sent_through=last_day))
    return Filled(days, rows, write_key)


def set_aside_if_outdated(data_dir: Path, last_day: date) -> Path | None:
    """Move a database away whose demo is too old to be continued; answers where it is now.

    After a month the days in which the retired features were used have left Home's two periods.
    BadInputError if there is more in the database than the demo. No stack may be open.
    """
    memory = remembered(data_dir)
    if memory is None or (last_day - memory.first_shown).days < COMPARED_DAYS:
        return None
    with LocalStack(data_dir) as stack:
        tenants = [tenant.name for tenant in stack.services.tenants.all()]
    if TENANT not in tenants:
        return None
    if others := [name for name in tenants if name != TENANT]:
        message = (
            f"the demo in {data_dir} is over a month old, and would be made anew if there were no "
            f"other tenants ({', '.join(others)}); give another --data-dir"
        )
        raise BadInputError(message)
    database = data_dir / DATABASE_FILE
    aside = database.with_name(f"{memory.first_shown}-{DATABASE_FILE}")
    for suffix in ("-shm", "-wal", ""):
        part = database.with_name(database.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside


def _sent(
    stack: LocalStack, company: Company, first: date, last: date, write_key: str
) -> Iterator[int]:
    """Send day after day; yields the number of rows of each."""
    business = Business(company)
    for day, rows in company.reporting_days(first, last):
        sent = (*deliveries(rows), *deliveries(business.changes(day)))
        yield sum(_send(stack, delivery, write_key) for delivery in sent)


def _send(stack: LocalStack, delivery: Delivery, write_key: str) -> int:
    """Send a delivery; StorageUnavailableError unless all of it was accepted."""
    reply = stack.ingest(delivery.body, write_key, CONTENT_TYPE)
    if reply.status != HTTPStatus.OK or reply.document["accepted"] != delivery.rows:
        message = f"ingest did not accept a delivery of {delivery.rows} rows: {reply.document}"
        raise StorageUnavailableError(message)
    return delivery.rows


def _opened(stack: LocalStack, last_day: date, size: int) -> tuple[Memory, str]:
    """The demo's memory and write key; its tenant and source are made if need be."""
    memory = remembered(stack.data_dir)
    try:
        stack.services.tenants.get(TENANT)
    except NotFoundError:
        memory = Memory(last_day, size)
        remember(stack.data_dir, memory)
        stack.create_tenant(TENANT, TIME_ZONE)
    if memory is None:
        message = (
            f"{stack.data_dir} has a tenant {TENANT!r} that the demo has not made; "
            "give the demo another --data-dir"
        )
        raise BadInputError(message)
    write_key = memory.write_key
    if write_key is None:
        write_key = stack.create_source(TENANT, "native").secret
        memory = replace(memory, write_key=write_key)
        remember(stack.data_dir, memory)
    return memory, write_key
