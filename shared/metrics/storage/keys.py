"""Every key template, and nothing else that builds a key.

Parts are escaped, so that ids with `#`, `%` or emoji round-trip and never collide; a part that
would make a key too long is replaced by its hash, and stored whole in the item. Partitions begin
with what they hold, so that no tenant's name can reach into another kind.
"""

from datetime import date
from hashlib import blake2b
from typing import Final
from zlib import crc32

from shared.metrics.storage.ports import Key, Table

DIRECTORY: Final = "directory"
"""The unit that directory events are folded in; every other unit is a local day, `2026-11-22`."""

LAST_DAY: Final = "9999-12-31"
"""No unit of a day comes after it, and the directory does."""

MARK_SHARDS: Final = 16
_MAX_PART_BYTES: Final = 200
_LAST: Final = "\U0010ffff"


def escaped(part: str) -> str:
    """A key part in which `#` cannot occur; longer than 200 bytes, its hash."""
    safe = part.replace("%", "%25").replace("#", "%23")
    if len(safe.encode()) <= _MAX_PART_BYTES:
        return safe
    return f"%h{blake2b(part.encode(), digest_size=16).hexdigest()}"


def up_to(prefix: str) -> str:
    """The largest sort key that begins with `prefix`, to bound a query."""
    return prefix + _LAST


def minute_part(minute: int) -> str:
    """A minute since 1970, so that the order of strings is the order of time."""
    return f"{minute:010d}"


def tenant_key(tenant: str) -> Key:
    """The settings of a tenant."""
    return Key(Table.EVENTS, "tenants", escaped(tenant))


def source_key(source_id: str) -> Key:
    """A source, found by the id in its write key or route."""
    return Key(Table.EVENTS, f"source#{escaped(source_id)}", "source")


def tenant_source_key(tenant: str, source_id: str) -> Key:
    """A source in its tenant's list."""
    return Key(Table.EVENTS, sources_partition(tenant), escaped(source_id))


def sources_partition(tenant: str) -> str:
    """The list of a tenant's sources."""
    return f"sources#{escaped(tenant)}"


def receipt_key(tenant: str, event_id: bytes) -> Key:
    """When something that says no time of its own was first received."""
    return Key(Table.EVENTS, f"receipt#{escaped(tenant)}#{event_id.hex()}", "receipt")


def record_maps_key(tenant: str) -> Key:
    """How a tenant's objects and fields are records here."""
    return Key(Table.EVENTS, f"record_maps#{escaped(tenant)}", "maps")


def packs_partition(tenant: str, generation: int, unit: str, shard: int = 0) -> str:
    """Packs of a unit, split with the rules of a generation; of a hot tenant one part of them."""
    whole = f"packs#{escaped(tenant)}#{generation}#{unit}"
    return f"{whole}#{shard}" if shard else whole


def pack_shard(name: str, shards: int) -> int:
    """Which part of the packs of its unit a pack belongs to: the same wherever it is put."""
    return crc32(name.encode()) % shards if shards > 1 else 0


def pack_name(content: str, request_id: str) -> str:
    """What a pack is called: the hash of its content, the request it came with."""
    return f"{content}#{escaped(request_id)}"


def pack_key(
    tenant: str, generation: int, unit: str, minute: int, content: str, request_id: str
) -> Key:
    """A pack: the minute of its put, the hash of its content, the request it came with."""
    return named_pack_key(tenant, generation, unit, minute, pack_name(content, request_id))


def named_pack_key(
    tenant: str, generation: int, unit: str, minute: int, name: str, shards: int = 1
) -> Key:
    """A pack: the minute of its put, and its name."""
    partition = packs_partition(tenant, generation, unit, pack_shard(name, shards))
    return Key(Table.EVENTS, partition, f"{minute_part(minute)}#{name}")


def fence_key(tenant: str, generation: int, unit: str) -> Key:
    """How far folds of a unit have listed its packs."""
    return Key(Table.EVENTS, f"fence#{escaped(tenant)}#{generation}", unit)


def successor_key(tenant: str, generation: int) -> Key:
    """That there is, or is to be, a generation that takes the place of this one."""
    return Key(Table.EVENTS, f"successor#{escaped(tenant)}", str(generation))


def marks_partition(tenant: str) -> str:
    """The shard that holds the dirty marks of a tenant."""
    return marks_shard(crc32(tenant.encode()) % MARK_SHARDS)


def marks_shard(shard: int) -> str:
    """One of the partitions that together hold all dirty marks."""
    return f"marks#{shard:02d}"


def marks_prefix(tenant: str, generation: int, unit: str | None = None) -> str:
    """What the sort keys of the marks of a generation, or of one unit in it, begin with."""
    prefix = f"{escaped(tenant)}#{generation}#"
    return prefix if unit is None else f"{prefix}{unit}#"


def minute_mark_key(tenant: str, generation: int, unit: str, minute: int) -> Key:
    """The mark that packs were put in this minute."""
    sort = f"{marks_prefix(tenant, generation, unit)}{minute_part(minute)}"
    return Key(Table.EVENTS, marks_partition(tenant), sort)


def carry_mark_key(tenant: str, generation: int, unit: str, token: str) -> Key:
    """The mark that the day before hands over other open sessions than those folded in."""
    sort = f"{marks_prefix(tenant, generation, unit)}carry#{token}"
    return Key(Table.EVENTS, marks_partition(tenant), sort)


def refolds_partition() -> str:
    """The refolds that are under way, of all tenants."""
    return "refolds"


def refold_key(tenant: str, generation: int) -> Key:
    """That a new generation of a tenant is being built."""
    return Key(Table.EVENTS, refolds_partition(), f"{escaped(tenant)}#{generation}")


def split_key(tenant: str, generation: int, unit: str) -> Key:
    """Whether the packs of a unit have been split again into a new generation."""
    return Key(Table.METRICS, splits_partition(tenant, generation), unit)


def splits_partition(tenant: str, generation: int) -> str:
    """All units that are to be split again into a new generation."""
    return f"splits#{escaped(tenant)}#{generation}"


def restatement_key(tenant: str, day: date, name: str) -> Key:
    """What one fold, or one new generation, has changed of a day that was final."""
    return Key(Table.EVENTS, restatements_partition(tenant), f"{day.isoformat()}#{name}")


def restatements_partition(tenant: str) -> str:
    """The restatement log of a tenant."""
    return f"restatements#{escaped(tenant)}"


def manifests_partition(tenant: str, generation: int) -> str:
    """One manifest per unit."""
    return f"manifest#{escaped(tenant)}#{generation}"


def manifest_key(tenant: str, generation: int, unit: str) -> Key:
    """What is visible of a unit."""
    return Key(Table.METRICS, manifests_partition(tenant, generation), unit)


def months_partition(tenant: str, generation: int) -> str:
    """What is gathered of every month."""
    return f"month#{escaped(tenant)}#{generation}"


def month_key(tenant: str, generation: int, month: str) -> Key:
    """What is gathered of a month, 2026-10."""
    return Key(Table.METRICS, months_partition(tenant, generation), month)


def silences_key(tenant: str, generation: int) -> Key:
    """On which days sources were silent against their own rhythm."""
    return Key(Table.METRICS, f"silences#{escaped(tenant)}#{generation}", "days")


def blocks_partition(tenant: str, generation: int, kind: str) -> str:
    """The blocks of one kind, by day."""
    return f"block#{escaped(tenant)}#{generation}#{kind}"


def block_key(tenant: str, generation: int, kind: str, unit: str, attempt: str, part: int) -> Key:
    """A part of a block, under the attempt that wrote it."""
    sort = f"{attempt_prefix(unit, attempt)}{part:04d}"
    return Key(Table.METRICS, blocks_partition(tenant, generation, kind), sort)


def attempt_prefix(unit: str, attempt: str) -> str:
    """What the sort keys of the blocks of one attempt begin with."""
    return f"{unit}#{attempt}#"


def attempt_key(tenant: str, generation: int, attempt: str) -> Key:
    """The ledger entry of an attempt to fold; its blocks are deleted when it is superseded."""
    return Key(Table.METRICS, f"attempts#{escaped(tenant)}#{generation}", attempt)


def dictionary_key(tenant: str, kind: str, chunk: int) -> Key:
    """A chunk of the append-only list that gives names their numbers."""
    return Key(Table.METRICS, f"names#{escaped(tenant)}#{kind}", f"{chunk:06d}")


def dictionary_partition(tenant: str, kind: str) -> str:
    """All chunks of a dictionary."""
    return dictionary_key(tenant, kind, 0).partition


def backlog_partition() -> str:
    """Of which minutes deliveries may wait in the delivery queue, of all tenants."""
    return "backlog"


def backlog_key(tenant: str, minute: int) -> Key:
    """That deliveries of a minute may wait there."""
    return Key(Table.EVENTS, backlog_partition(), f"{escaped(tenant)}#{minute_part(minute)}")


def held_key(tenant: str, minute: int, request_id: str) -> Key:
    """That a delivery of a minute could not be stored."""
    sort = f"{backlog_key(tenant, minute).sort}#{escaped(request_id)}"
    return Key(Table.EVENTS, backlog_partition(), sort)


def seen_empty_key() -> Key:
    """Since when the delivery queue has been seen to be empty."""
    return Key(Table.EVENTS, "delivery-queue", "seen-empty")


def waiting_partition(*, dead: bool = False) -> str:
    """The delivery queue of one machine; or what could not be stored of it."""
    return "dead-deliveries" if dead else "deliveries"


def waiting_key(name: str, *, dead: bool = False) -> Key:
    """A delivery in the queue of one machine, by the time it was put there."""
    return Key(Table.EVENTS, waiting_partition(dead=dead), name)


def bucket_key(tenant: str, source_id: str) -> Key:
    """How many events a tenant (`""`), or one of its sources, may send at the moment."""
    return Key(Table.EVENTS, f"quota#{escaped(tenant)}", f"source#{escaped(source_id)}")


def quarantine_name(received: date, received_ms: int, content: str) -> str:
    """What the turned-away rows of one delivery are called: by arrival, and what they are."""
    return f"{received.isoformat()}#{received_ms:015d}#{content}"


def quarantine_key(tenant: str, name: str, part: int) -> Key:
    """A part of the turned-away rows of one delivery."""
    return Key(Table.EVENTS, f"quarantine#{escaped(tenant)}", f"{name}#{part:04d}")


def dockets_partition(tenant: str) -> str:
    """What is in quarantine, by arrival, without the rows themselves."""
    return f"dockets#{escaped(tenant)}"


def docket_key(tenant: str, name: str) -> Key:
    """Which rows of one delivery are in quarantine, and why."""
    return Key(Table.EVENTS, dockets_partition(tenant), name)


def replays_partition() -> str:
    """The replays that are to be done, of all tenants."""
    return "replays"


def waiting_replay_key(tenant: str, replay_id: str) -> Key:
    """That a replay is to be done."""
    return Key(Table.EVENTS, replays_partition(), f"{escaped(tenant)}#{replay_id}")


def replay_partition(tenant: str) -> str:
    """The replays of a tenant, also those that are done."""
    return f"replay#{escaped(tenant)}"


def replay_key(tenant: str, replay_id: str) -> Key:
    """What is to be replayed, and how far that is."""
    return Key(Table.EVENTS, replay_partition(tenant), replay_id)


def library_partition(tenant: str, kind: str) -> str:
    """Everything of one kind that people of a tenant have saved."""
    return f"library#{escaped(tenant)}#{kind}"


def library_key(tenant: str, kind: str, name: str) -> Key:
    """One saved object, by its id."""
    return Key(Table.EVENTS, library_partition(tenant, kind), escaped(name))
