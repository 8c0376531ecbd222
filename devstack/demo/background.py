"""What the CRM records of programs and of itself: stored, and no use by people."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final

from devstack.demo.features import BULK_API
from devstack.demo.rows import Row
from shared.metrics.domain.catalogue import RECORDS_ADDED

INTEGRATION_USER: Final = "integration"
_DAY_MS: Final = 86_400_000
_HALF_DAY_MS: Final = _DAY_MS // 2
_RECORDS: Final = 4_000
_IMPORT_ON: Final = 1
"""Tuesday."""

_SYNCED: Final = ("Accounts", "Contacts", "Deals", "Products", BULK_API)


def background(
    day: date, noon_ms: int, people: int, importer: str, random: Random
) -> Iterator[Row]:
    """Changes by an integration, weekly imports, workflows, and changes that nobody is named for.

    Their number follows the number of people.
    """

    def at_ms() -> int:
        return noon_ms - _HALF_DAY_MS + int(random.random() * _DAY_MS)

    for _ in range(people // 3):
        feature = random.choice(_SYNCED)
        record = f"{feature.lower().replace(' ', '-')}-{int(random.random() * _RECORDS)}"
        yield Row(
            at_ms(),
            INTEGRATION_USER,
            feature,
            action="edit",
            record_id=record,
            signal="CHANGE",
            actor_kind="API",
        )
    for _ in range(people // 10):
        yield Row(
            at_ms(), "", "Workflow Rules", action="run", signal="SYSTEM", actor_kind="UNKNOWN"
        )
    for at in range(people // 50):
        record = f"deals-{day.toordinal() % _RECORDS + at}"
        yield Row(
            at_ms(),
            "",
            "Deals",
            action="edit",
            record_id=record,
            signal="CHANGE",
            actor_kind="UNKNOWN",
        )
    if day.weekday() == _IMPORT_ON:
        started_ms = noon_ms - _HALF_DAY_MS // 6
        for at in range(people // 2):
            yield Row(
                started_ms + at * 40,
                importer,
                "Leads",
                RECORDS_ADDED,
                action="import",
                record_id=f"lead-{day:%y%m%d}-import-{at}",
                signal="CHANGE",
                actor_kind="IMPORT",
            )
