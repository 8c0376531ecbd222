"""A watermark claims no more than was read."""

from dataclasses import dataclass

from shared.metrics.engine.requests import HomeRequest
from shared.metrics.engine.views import Views
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
