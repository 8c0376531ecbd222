"""Keys never collide, stay within DynamoDB's limits, and keep one tenant from reading another's."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Key, Store, Table

MAX_PARTITION_BYTES: Final = 2048
MAX_SORT_BYTES: Final = 1024

DAY: Final = date(2026, 11, 22)

UNITS: Final = [DAY.isoformat(), "2026-11-23", keys.DIRECTORY]
NUMBERS: Final = [0, 1, 10]

ids = st.one_of(
    st.text("#%|ab2h35", max_size=6),  # what escapes are made of
    st.sampled_from(["source", "sources", "tenants", "packs", "marks", "directory", "carry"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.text("ab#\U0001f600", min_size=45, max_size=400),  # on both sides of 200 bytes
)


def all_things(some: list[str]) -> Iterator[tuple[tuple[object, ...], Key]]:
    """Everything that has a key, with these ids in every place: what it is, and its key."""
    for one in some:
        yield ("tenant", one), keys.tenant_key(one)
        yield ("source", one), keys.source_key(one)
        for number in NUMBERS:
            yield ("names", one, number), keys.dictionary_key(one, "people", number)
            name = keys.quarantine_name(DAY, number, "c0ffee")
            yield ("quarantine", one, number), keys.quarantine_key(one, name, 0)
            yield ("docket", one, number), keys.docket_key(one, name)
            yield ("backlog", one, number), keys.backlog_key(one, number)
            yield ("replay", one, number), keys.replay_key(one, f"r{number}")
            yield ("waiting replay", one, number), keys.waiting_replay_key(one, f"r{number}")
    for one, other in product(some, repeat=2):
        yield ("held", one, other), keys.held_key(one, 1, other)
        yield ("bucket", one, other), keys.bucket_key(one, other)
        yield ("tenant's source", one, other), keys.tenant_source_key(one, other)
        for kind in ("SavedView", "Segment"):
            yield ("saved", one, kind, other), keys.library_key(one, kind, other)
    for one, number in product(some, NUMBERS):
        yield ("successor", one, number), keys.successor_key(one, number)
        yield ("refold", one, number), keys.refold_key(one, number)
        yield ("restated", one, number), keys.restatement_key(one, DAY, f"a-g{number}")
    for one, unit, number in product(some, UNITS, NUMBERS):
        yield ("fence", one, unit, number), keys.fence_key(one, number, unit)
        yield ("carry", one, unit, number), keys.carry_mark_key(one, number, unit, "t0ken")
        yield ("split", one, unit, number), keys.split_key(one, number, unit)
    for one, unit in product(some, UNITS):
        yield ("manifest", one, unit), keys.manifest_key(one, 1, unit)
        for number in NUMBERS:
            yield ("mark", one, unit, number), keys.minute_mark_key(one, 1, unit, number)
            yield ("later mark", one, unit, number), keys.minute_mark_key(one, 2, unit, number)
            yield ("block", one, unit, number), keys.block_key(one, 1, "sum", unit, "a1", number)
    for one, other, unit in product(some, some, UNITS):
        yield ("pack", one, other, unit), keys.pack_key(one, 1, unit, 1, "c0ffee", other)


@given(ids, ids)
def test_different_ids_make_different_parts(one: str, other: str) -> None:
    assert (keys.escaped(one) == keys.escaped(other)) == (one == other)


@given(ids)
def test_no_id_makes_the_part_of_another(one: str) -> None:
    part = keys.escaped(one)
    assert (keys.escaped(part) == part) == (one == part)


@given(st.lists(ids, max_size=6, unique=True))
def test_different_things_have_different_keys(some: list[str]) -> None:
    things = list(all_things(some))
    assert len({key for _, key in things}) == len(things)


@given(ids)
@example("x" * 200)
@example("x" * 2000)
def test_every_key_is_short_enough_for_dynamodb(one: str) -> None:
    for _, key in all_things([one]):
        assert len(key.partition.encode()) <= MAX_PARTITION_BYTES
        assert len(key.sort.encode()) <= MAX_SORT_BYTES


@given(ids, ids, st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_the_range_of_a_prefix_holds_marks_of_its_own_only(
    tenant: str, other: str, unit: str, other_unit: str
) -> None:
    for generation in (1, 2, 12):
        mark = keys.minute_mark_key(other, generation, other_unit, 1).sort
        of_tenant = keys.marks_prefix(tenant, 1)
        of_unit = keys.marks_prefix(tenant, 1, unit)
        is_theirs = (tenant, 1) == (other, generation)
        assert (of_tenant <= mark <= keys.up_to(of_tenant)) == is_theirs
        is_of_unit = is_theirs and unit == other_unit
        assert (of_unit <= mark <= keys.up_to(of_unit)) == is_of_unit


TENANTS: Final = ["a", "a#", "a#b", "a%23b", "a%", "ab", "\U0001f600", "a" * 300, "a" * 301]


@pytest.mark.parametrize("tenant", TENANTS)
def test_a_query_for_a_tenants_marks_finds_no_others(store: Store, tenant: str) -> None:
    shard = keys.marks_shard(0)
    marks = {
        name: Key(Table.EVENTS, shard, keys.minute_mark_key(name, 1, "2026-11-22", 1).sort)
        for name in TENANTS
    }
    store.put_many(Item(key, name.encode()) for name, key in marks.items())
    prefix = keys.marks_prefix(tenant, 1)
    found = list(store.query(Table.EVENTS, shard, prefix, keys.up_to(prefix)))
    assert found == [Item(marks[tenant], tenant.encode())]
