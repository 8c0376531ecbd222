"""Blocks that are written piece by piece, in parts of their own size."""

import random

import pytest

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.storage import blocks
from shared.metrics.storage.blocks import Blocks, part_bytes
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Store

UNIT, ATTEMPT = "hits-2026-02", "1"
KIND = BlockKind.MONTH_HITS


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_SMALL_PARTS", {KIND: 100})


def test_pieces_are_read_as_one_block_each_from_the_part_it_begins_with(store: Store) -> None:
    pieces = [random.Random(size).randbytes(size) for size in (250, 1, 100, 330)]
    written = Blocks(store, "acme", 1)
    written.begin(UNIT, ATTEMPT)
    parts = 0
    ranges = []
    for piece in pieces:
        start = parts * part_bytes(KIND)
        ranges.append((start, start + len(piece)))
        parts += written.append(UNIT, ATTEMPT, KIND, piece, first_part=parts)
    assert parts == 3 + 1 + 1 + 4
    assert written.read_ranges(KIND, {UNIT: (ATTEMPT, ranges)}) == {UNIT: pieces}
    inner = [(start + 20, start + 220) for start, end in ranges if end - start > 220]
    expected = [piece[20:220] for piece in pieces if len(piece) > 220]
    assert written.read_ranges(KIND, {UNIT: (ATTEMPT, inner)}) == {UNIT: expected}


def test_other_kinds_have_parts_as_large_as_items_may_be() -> None:
    assert part_bytes(BlockKind.EVENTS) == MAX_ITEM_BYTES


def test_all_pieces_of_an_attempt_are_deleted_with_it(store: Store) -> None:
    written = Blocks(store, "acme", 1)
    written.begin(UNIT, ATTEMPT)
    for first_part in (0, 3):
        written.append(UNIT, ATTEMPT, KIND, bytes(250), first_part=first_part)
    written.delete(UNIT, ATTEMPT)
    assert list(written.attempts()) == []
    key = written._key(KIND.value, UNIT, ATTEMPT, 0)
    assert list(store.query(key.table, key.partition)) == []
