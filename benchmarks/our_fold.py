"""Our fold of a day, as the aggregate function does it between reading packs and writing blocks."""

from typing import Final

from benchmarks.workload import DAY_MS, FIRST_DAY_MS
from shared.metrics.columns.blocks import write_block
from shared.metrics.columns.day_arrays import day_arrays
from shared.metrics.columns.fold import FoldedDay, fold_day
from shared.metrics.domain.periods import DayBounds
from shared.metrics.domain.sessions import DEFAULT_TIMEOUT_MS

BOUNDS: Final = DayBounds(FIRST_DAY_MS, FIRST_DAY_MS + DAY_MS)


def fold_and_seal(packs: list[bytes]) -> FoldedDay:
    """Fold packs and seal the blocks."""
    folded = fold_day(packs, BOUNDS, carried_ms={}, timeout_ms=DEFAULT_TIMEOUT_MS)
    rollup = folded.rollup
    people, features, paths = (
        range(len(names)) for names in (rollup.user_ids, rollup.features, rollup.paths)
    )
    arrays = day_arrays(rollup, people, features, paths, BOUNDS.start_ms)
    for columns in arrays.values():
        write_block(columns)
    return folded
