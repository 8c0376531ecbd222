"""Rows that were turned away, kept with their reason and original bytes until they expire.

Of each delivery there are the rows, in parts that never change, and a *docket*: one small item that
says which of them are in quarantine, and why. The docket is written last, so what it names is there
whole; replaying takes rows off it by one conditional write.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.storage import keys
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Item, Key, Store, Table

KEPT_SECONDS: Final = 90 * 24 * 3600
MAX_DETAIL_LENGTH: Final = 200
"""Characters kept of what a replay found wrong."""


class QuarantinedRow(msgspec.Struct, frozen=True):
    """A row that was turned away. Times are milliseconds UTC."""

    source: str
    received_ms: int
    index: int
    reason: str
    detail: str
    original: bytes


class Docket(msgspec.Struct, frozen=True, kw_only=True):
    """What is in quarantine of one delivery: `reasons` has the places of rows by reason.

    `turned_away` is how many there were at first, `parts` in how many items they are; `details` are
    those of rows that a replay has turned away again. `path` and `content_type` are the request's.
    """

    source: str
    received_ms: int
    parts: int
    turned_away: int
    reasons: dict[str, list[int]]
    details: dict[int, str] = {}
    path: str = ""
    content_type: str = ""

    @property
    def reason_of(self) -> dict[int, str]:
        """The reason of each row that is in quarantine, by its place, in order."""
        pairs = [(index, reason) for reason, places in self.reasons.items() for index in places]
        return dict(sorted(pairs))


class Turned(NamedTuple):
    """Why a row was turned away (again)."""

    reason: str
    detail: str


class StoredDocket(NamedTuple):
    """A docket, its name, which sorts by time of arrival, and its version."""

    name: str
    docket: Docket
    version: int
    expires_at: int


class QuarantineItems(NamedTuple):
    """What has to be written of one delivery: the parts, and after them the docket."""

    parts: list[Item]
    docket: list[Item]


_encoder = msgspec.msgpack.Encoder()
_rows_decoder = msgspec.msgpack.Decoder(list[QuarantinedRow])
_docket_decoder = msgspec.msgpack.Decoder(Docket)
NOTHING_TURNED_AWAY: Final = QuarantineItems([], [])


def quarantine_items(
    tenant: str,
    rows: Sequence[QuarantinedRow],
    request_id: str,
    received_ms: int,
    *,
    path: str = "",
    content_type: str = "",
) -> QuarantineItems:
    """The items that hold the turned-away rows of one delivery: none if there are none."""
    if not rows:
        return NOTHING_TURNED_AWAY
    body = seal(_encoder.encode(list(rows)))
    content = blake2b(body + request_id.encode(), digest_size=12).hexdigest()
    name = keys.quarantine_name(from_milliseconds(received_ms).date(), received_ms, content)
    pieces = [body[at : at + MAX_ITEM_BYTES] for at in range(0, len(body), MAX_ITEM_BYTES)]
    expires_at = received_ms // 1000 + KEPT_SECONDS
    reasons: dict[str, list[int]] = {}
    for row in rows:
        reasons.setdefault(row.reason, []).append(row.index)
    docket = Docket(
        source=rows[0].source,
        received_ms=received_ms,
        parts=len(pieces),
        turned_away=len(rows),
        reasons=reasons,
        path=path,
        content_type=content_type,
    )
    return QuarantineItems(
        [
            Item(keys.quarantine_key(tenant, name, part), piece, expires_at=expires_at)
            for part, piece in enumerate(pieces)
        ],
        [_docket_item(tenant, name, docket, 0, expires_at)],
    )


class Quarantine:
    """The quarantine of one tenant."""

    def __init__(self, store: Store, tenant: str) -> None:
        self._store = store
        self._tenant = tenant

    def dockets(self, *, first: str = "", through: str | None = None) -> Iterator[StoredDocket]:
        """The deliveries with rows in quarantine, by arrival, from `first` on."""
        partition = keys.dockets_partition(self._tenant)
        last = None if through is None else keys.up_to(through)
        for item in self._store.query(Table.EVENTS, partition, first, last):
            found = _stored(item)
            if found.docket.reasons:
                yield found

    def docket(self, name: str) -> StoredDocket | None:
        """One of them, if it is there and has rows in quarantine."""
        item = self._store.get(keys.docket_key(self._tenant, name))
        found = None if item is None else _stored(item)
        return found if found is not None and found.docket.reasons else None

    def rows(self, stored: StoredDocket) -> list[QuarantinedRow]:
        """The rows of a delivery that are in quarantine, with the reasons of now, by place."""
        docket = stored.docket
        wanted = [keys.quarantine_key(self._tenant, stored.name, at) for at in range(docket.parts)]
        parts = self._store.get_many(wanted)
        if len(parts) < len(wanted):
            return []  # its last rows were replayed just now
        body = unseal(b"".join(parts[key].body for key in wanted))
        reason_of = docket.reason_of
        return [
            replace(
                row,
                reason=reason_of[row.index],
                detail=docket.details.get(row.index, row.detail),
            )
            for row in _rows_decoder.decode(body)
            if row.index in reason_of
        ]

    def all_rows(self) -> Iterator[QuarantinedRow]:
        """Every row in quarantine, by arrival."""
        for stored in self.dockets():
            yield from self.rows(stored)

    def settle(
        self, stored: StoredDocket, passed: Collection[int], again: Mapping[int, Turned]
    ) -> bool:
        """Let rows go that have been stored, and note why others were turned away again.

        False if someone else has changed the docket since it was read.
        """
        docket = stored.docket
        reason_of = {
            index: again[index].reason if index in again else reason
            for index, reason in docket.reason_of.items()
            if index not in passed
        }
        details = docket.details | {
            index: turned.detail[:MAX_DETAIL_LENGTH] for index, turned in again.items()
        }
        reasons: dict[str, list[int]] = {}
        for index, reason in reason_of.items():
            reasons.setdefault(reason, []).append(index)
        after = replace(
            docket,
            reasons=reasons,
            details={index: text for index, text in details.items() if index in reason_of},
        )
        item = self._item(stored, after)
        if len(item.body) > MAX_ITEM_BYTES:
            # The details at first are still with the rows; the reasons are those of now.
            item = self._item(stored, replace(after, details={}))
        if not self._store.put_if(item, expected_version=stored.version):
            return False
        if not reasons:
            self._store.delete_many(self._parts(stored))
        return True

    def _item(self, stored: StoredDocket, docket: Docket) -> Item:
        version = stored.version + 1
        return _docket_item(self._tenant, stored.name, docket, version, stored.expires_at)

    def _parts(self, stored: StoredDocket) -> list[Key]:
        parts = range(stored.docket.parts)
        return [keys.quarantine_key(self._tenant, stored.name, part) for part in parts]


def _docket_item(tenant: str, name: str, docket: Docket, version: int, expires_at: int) -> Item:
    return Item(keys.docket_key(tenant, name), seal(_encoder.encode(docket)), version, expires_at)


def _stored(item: Item) -> StoredDocket:
    docket = _docket_decoder.decode(unseal(item.body))
    return StoredDocket(item.key.sort, docket, item.version, item.expires_at or 0)
