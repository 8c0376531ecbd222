"""received = stored + duplicates + quarantined, of several sources and formats at once, by way of
the delivery queue or not, while quarantine is replayed and days are folded, whatever fails or dies.
"""

import os

import pytest

from shared.metrics.storage.backlog import Backlog
from tests.builders import MINUTE_MS
from tests.faults.intake import FOREVER, Intake
from tests.faults.world import TENANT, World

BATCHES = 10
CASES_A_BATCH = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 20


def folded(world: World) -> tuple[int, int]:
    """Rows and duplicates of everything that is in packs, also of what was never acknowledged."""
    data = world.data()
    units = {
        item.key.partition.split("#")[3]
        for item in world.store.everything()  # type: ignore[attr-defined]
        if item.key.partition.startswith("packs#")
    }
    for unit in units:
        data.units.mark_minute(unit, world.clock.now_ms // MINUTE_MS + 1_000)
    world.fold()
    manifests = data.manifests.all().values()
    return sum(each.rows for each in manifests), sum(each.duplicates for each in manifests)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_row_that_was_acknowledged_is_stored_or_in_quarantine(batch: int) -> None:
    """Cases 1, 3, 13, 20, 24 to 27."""
    for seed in range(batch * CASES_A_BATCH, (batch + 1) * CASES_A_BATCH):
        intake = Intake(seed)
        intake.run()
        rows = [row for delivery in intake.deliveries for row in delivery.rows]
        good = {row.event_id for row in rows if row.is_good}
        stored = intake.stored_ids()
        # By now the future is past, and whatever could be stored has been.
        assert stored.keys() == good, f"seed {seed}"
        assert intake.queued_ids() == set(), f"seed {seed}"
        intake.check_nothing_is_missing()
        names = b"\n".join(intake.quarantined())
        assert not any(row.name.encode() in names for row in rows if row.is_good), f"seed {seed}"

        distinct, duplicates = folded(intake.world)
        assert (distinct, distinct + duplicates) == (len(good), stored.total()), f"seed {seed}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_where_nothing_fails_the_sum_is_exact(batch: int) -> None:
    for seed in range(batch * CASES_A_BATCH // 4, (batch + 1) * CASES_A_BATCH // 4):
        intake = Intake(seed)
        intake.run(may_fail=False)
        received = sum(
            times * len(delivery.rows) for delivery, times in intake.acknowledged.items()
        )
        distinct, duplicates = folded(intake.world)
        quarantined = len(intake.quarantined())
        assert received == distinct + duplicates + quarantined, f"seed {seed}"


def test_the_watermark_of_a_queue_that_is_empty_is_now_after_a_few_minutes() -> None:
    intake = Intake(1)
    intake.queues = True
    intake.restart()
    for _ in range(5):
        intake.send_new()
    intake.drain(FOREVER)
    for _ in range(5):
        intake.clock.now_ms += MINUTE_MS
        intake.drain()
    assert Backlog(intake.store).oldest_ms(TENANT) is None
