"""A watermark claims no more than was read."""

from dataclasses import dataclass

from shared.metrics.engine.requests import HomeRequest
from shared.metrics.engine.views import Views
from shared.metrics.storage.backlog import Backlog
from shared.metrics.storage.tenant_data import Tenancy, TenantData
from tests.unit.engine.stack import TENANT, Clock, Stack


@dataclass
class SlowTenancy:
    """Settings that take a minute to read."""

    tenancy: Tenancy
    clock: Clock

    def open(self, name: str) -> TenantData:
        data = self.tenancy.open(name)
        self.clock.now_ms += 60_000
        return data


def test_the_watermark_is_from_before_anything_was_read(utc: Stack) -> None:
    slow = SlowTenancy(utc.services.tenancy, utc.clock)
    asked_at_ms = utc.clock.now_ms
    proof = Views(slow, utc.clock).ask(HomeRequest(tenant=TENANT)).proof  # type: ignore[arg-type]
    assert proof.as_of_ms == proof.watermark_ms == asked_at_ms < utc.clock.now_ms


def test_the_watermark_is_not_later_than_what_waits_to_be_stored(utc: Stack) -> None:
    backlog = Backlog(utc.services.store)
    views = Views(utc.services.tenancy, utc.clock, backlog)
    now_ms = utc.clock.now_ms
    assert views.ask(HomeRequest(tenant=TENANT)).proof.watermark_ms == now_ms
    backlog.mark(TENANT, now_ms - 120_000)
    marked_ms = (now_ms - 120_000) // 60_000 * 60_000
    assert views.ask(HomeRequest(tenant=TENANT)).proof.watermark_ms == marked_ms
    backlog.settle(now_ms)
    backlog.mark(TENANT, now_ms + 180_000)  # by a process whose clock is ahead
    assert views.ask(HomeRequest(tenant=TENANT)).proof.watermark_ms == now_ms
