"""A tenant's own working calendars, one a country."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from shared.metrics.domain.calendar_changes import CalendarChanges
from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Key, Store, Table

MAX_CALENDARS: Final = 300
"""There are 250 countries."""

_KIND: Final = "WorkingCalendar"
DEFAULT: Final = "default"
"""Where the calendar of those without a known country is; every code has two letters."""

_CODE: Final = re.compile("[A-Z]{2}")

_decoder = msgspec.json.Decoder(CalendarChanges)


class StoredCalendar(NamedTuple):
    """A tenant's calendar of a country; `version` grows with every change."""

    changes: CalendarChanges
    version: int


class WorkingCalendars:
    """The working calendars of one tenant. A country without one is as the public knows it."""

    def __init__(self, store: Store, tenant: str, clock: Callable[[], int]) -> None:
        """`clock` tells milliseconds UTC."""
        self._store = store
        self._tenant = tenant
        self._clock = clock

    def all(self) -> list[StoredCalendar]:
        """Every one, by country; the default one comes last."""
        found = self._store.query(Table.EVENTS, keys.library_partition(self._tenant, _KIND))
        return [StoredCalendar(_decoder.decode(item.body), item.version) for item in found]

    def changes(self) -> dict[str | None, CalendarChanges]:
        """What the tenant says, by country code; of the default calendar under None."""
        return {stored.changes.country: stored.changes for stored in self.all()}

    def get(self, country: str | None) -> StoredCalendar:
        """The calendar of a country, or the default one; NotFoundError if there is none."""
        # What has no form of a code is no key that every store could look up.
        item = self._store.get(self._key(country)) if _CODE.fullmatch(country or "XX") else None
        if item is None:
            raise NotFoundError("there is no such working calendar")
        return StoredCalendar(_decoder.decode(item.body), item.version)

    def put(self, changes: CalendarChanges, expected_version: int | None) -> StoredCalendar:
        """Write a calendar over the version that is expected; None: there is none yet.

        ConflictError when it is not so, BadInputError when there are as many as may be.
        """
        if expected_version is None and len(self.all()) >= MAX_CALENDARS:
            message = f"there are {MAX_CALENDARS} working calendars already; delete one first"
            raise BadInputError(message)
        # Never a version that there was before, also not after a deletion.
        version = max(self._clock(), (expected_version or 0) + 1)
        item = Item(self._key(changes.country), msgspec.json.encode(changes), version)
        if not self._store.put_if(item, expected_version=expected_version):
            expected = "there is one" if expected_version is None else "someone has changed it"
            raise ConflictError(
                f"{expected} already; read the working calendar, and repeat the change with its "
                "version"
            )
        return StoredCalendar(changes, version)

    def delete(self, country: str | None) -> None:
        """Delete a calendar, after which the country is as the public knows it."""
        self._store.delete_many([self._key(country)])

    def _key(self, country: str | None) -> Key:
        return keys.library_key(self._tenant, _KIND, country or DEFAULT)
