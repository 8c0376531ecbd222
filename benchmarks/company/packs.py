"""Rows as the packs that ingest would have written, made from arrays: an Event a row would take
minutes for the larger sizes (test: the packs hold the events that they should).
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.company.directory import Upsert, user_id
from benchmarks.company.paths import PATHS
from benchmarks.company.rows import NO_RECORD, DayRows
from shared.metrics.columns.packs import Pack, write_pack
from shared.metrics.columns.sealing import seal
from shared.metrics.domain.events import USER_UPSERTED, ActorKind, Event, Signal

DELIVERY: Final = 5_000
_SOURCE: Final = "crm"


def day_packs(rows: DayRows) -> Iterator[bytes]:
    """The packs of a day, in deliveries of so many rows; each received when its last row was."""
    for first in range(0, len(rows.user), DELIVERY):
        at = slice(first, first + DELIVERY)
        times_ms = rows.times_ms[at]
        users, user = np.unique(rows.user[at], return_inverse=True)
        paths, path = np.unique(rows.path[at], return_inverse=True)
        records, record = np.unique(rows.record[at], return_inverse=True)
        none = _codes(np.zeros(len(times_ms), np.int64))
        base_ms = int(times_ms.min())
        pack = Pack(
            rows=len(times_ms),
            source=_SOURCE,
            received_ms=int(times_ms.max()),
            base_ms=base_ms,
            times=_codes(times_ms - base_ms),
            ids=rows.ids[at].astype("<u8").tobytes(),
            users=[user_id(number) for number in users.tolist()],
            user=_codes(user),
            paths=[msgspec.json.encode(PATHS[number]).decode() for number in paths.tolist()],
            path=_codes(path),
            origin=bytes(len(times_ms)),
            records=[_record_id(number) for number in records.tolist()],
            record=_codes(record),
            accounts=[""],
            account=none,
            contexts=[""],
            context=none,
        )
        yield seal(msgspec.msgpack.encode(pack))


def directory_pack(upserts: list[Upsert]) -> bytes:
    """The directory events as one pack."""
    return write_pack(
        [
            Event(
                number.to_bytes(16, "big"),
                user_id(upsert.user),
                upsert.at_ms,
                upsert.at_ms,
                *("", "", "", USER_UPSERTED),
                *("", ""),
                Signal.SYSTEM,
                ActorKind.USER,
                _SOURCE,
                msgspec.json.encode(upsert.attributes, order="sorted").decode(),
            )
            for number, upsert in enumerate(upserts)
        ]
    )


def _record_id(number: int) -> str:
    return "" if number == NO_RECORD else f"record-{number}"


def _codes(values: NDArray[Any]) -> bytes:
    largest = int(values.max())
    width = next(width for width in (1, 2, 4, 8) if largest < 1 << (8 * width))
    return values.astype(f"<u{width}").tobytes()
