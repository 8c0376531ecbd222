"""Parts of blocks, read from every store."""

import random

import pytest

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.storage.blocks import Blocks, MissingBlockError
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Store

BODY = random.Random(7).randbytes(2 * MAX_ITEM_BYTES + 1_000)
RANGES = [
    (0, 10),
    (MAX_ITEM_BYTES - 5, MAX_ITEM_BYTES),
    (MAX_ITEM_BYTES - 5, MAX_ITEM_BYTES + 5),
    (MAX_ITEM_BYTES, MAX_ITEM_BYTES + 5),
    (10, len(BODY)),
    (len(BODY) - 1, len(BODY)),
]


@pytest.fixture
def blocks(store: Store) -> Blocks:
    blocks = Blocks(store, "acme", 1)
    for unit in ("2026-03-09", "2026-03-10"):
        blocks.begin(unit, f"attempt-{unit}")
        blocks.write(unit, f"attempt-{unit}", {BlockKind.EVENTS: BODY})
    return blocks


def test_ranges_come_back_whatever_parts_they_lie_in(blocks: Blocks) -> None:
    wanted = {unit: (f"attempt-{unit}", RANGES) for unit in ("2026-03-09", "2026-03-10")}
    found = blocks.read_ranges(BlockKind.EVENTS, wanted)
    assert found == {unit: [BODY[start:end] for start, end in RANGES] for unit in wanted}


def test_no_ranges_read_nothing(blocks: Blocks) -> None:
    assert blocks.read_ranges(BlockKind.EVENTS, {}) == {}
    found = blocks.read_ranges(BlockKind.EVENTS, {"2026-03-09": ("attempt-2026-03-09", [])})
    assert found == {"2026-03-09": []}


def test_a_part_that_is_gone_is_missed(blocks: Blocks) -> None:
    with pytest.raises(MissingBlockError, match="events of 2026-03-09, part 1"):
        blocks.read_ranges(
            BlockKind.EVENTS, {"2026-03-09": ("other", [(MAX_ITEM_BYTES, MAX_ITEM_BYTES + 1)])}
        )
