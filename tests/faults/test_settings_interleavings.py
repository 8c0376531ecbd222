"""Time zone and session timeout change while events come in, are folded, swept and read.

Every event that is acknowledged, whenever and by whoever, is counted once: by the old rules until
the new ones are served, by the new ones from then on, and never by some of both.
"""

import os
from collections.abc import Callable, Iterable

import pytest

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event
from shared.metrics.storage.tenants import SettingsChange, TenantStore
from tests.faults.play import Play, Rules
from tests.faults.probes import CrashError
from tests.faults.published import published_figures
from tests.faults.world import TENANT

BATCHES = 20
SEEDS_A_BATCH = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 10
ZONES = ("Asia/Tokyo", "America/Los_Angeles", "Asia/Kathmandu", "UTC")
TIMEOUTS = (15, 15, 5, 60)


class SettingsPlay(Play):
    """Someone changes the settings once or twice, not waiting for what the first change does."""

    rounds_of_folds = 8
    delivered = 0
    """Rows of all deliveries, repeated ones included; an attempt that failed adds to them, too."""

    def ingest(self, deliveries: Iterable[list[Event]]) -> None:
        for events in deliveries:
            self.delivered += len(events)
            super().ingest([events])

    def others(self) -> dict[str, Callable[[], None]]:
        return {"settings": self.change}

    def change(self) -> None:
        for _ in range(self.random.choice((1, 1, 2))):
            for _ in range(self.random.choice((0, 20, 100))):
                self.schedule.pause()
            rules = Rules(self.random.choice(ZONES), self.random.choice(TIMEOUTS))
            self.rules.append(rules)
            self.ask_for(rules)

    def ask_for(self, rules: Rules) -> None:
        while True:
            tenants = TenantStore(self.store())
            try:
                tenants.change(
                    TENANT, SettingsChange(**rules._asdict()), now_ms=self.world.clock.now_ms
                )
            except (StorageUnavailableError, CrashError):
                continue
            return


@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_the_order_of_steps_days_come_out_by_the_new_rules(batch: int) -> None:
    for seed in range(batch * SEEDS_A_BATCH, (batch + 1) * SEEDS_A_BATCH):
        play = SettingsPlay(seed)
        play.run()
        data = play.world.data()
        wanted = play.rules[-1]
        assert data.settings.next is None, f"seed {seed}"
        served = (data.settings.time_zone, data.settings.session_timeout_minutes)
        assert served == wanted, f"seed {seed}"
        assert play.acknowledged == play.sent
        assert published_figures(data) == wanted.figures(play.sent), f"seed {seed}"
        if not play.chance.failing:
            # What is split again twice, by ingest and by the refold, is no duplicate.
            manifests = data.manifests.all().values()
            received = sum(manifest.rows + manifest.duplicates for manifest in manifests)
            assert received == play.delivered, f"seed {seed}"
