"""What senders wrote in mapped fields and could not be used: to be mended there, or in maps."""

from collections.abc import Iterator
from typing import Final

from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.record_fields import FIELDS

MOST: Final = 100
"""Texts listed of a field; there may be as many as records."""

Listed = dict[str, list[str]]
"""By `unreadable` and `unmapped` the texts, sorted."""


def listed_misses(records: FoldedRecords) -> Iterator[tuple[str, Listed]]:
    """The misses of every field that has any, by `type.field`."""
    for record_type, fields in FIELDS.items():
        for name in fields:
            misses = records.misses(record_type, name)
            listed = {
                why: sorted(texts)[:MOST]
                for why, texts in (("unreadable", misses.unreadable), ("unmapped", misses.unmapped))
                if texts
            }
            if listed:
                yield f"{record_type.value}.{name}", listed
