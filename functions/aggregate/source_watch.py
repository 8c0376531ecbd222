"""Looks once an hour how the sources of all tenants are doing."""

from collections import Counter

from shared.metrics.domain.source_health import SourceState
from shared.metrics.engine.source_health import health_of_sources
from shared.metrics.observability import logger
from shared.metrics.services import Services
from shared.metrics.storage.blocks import MissingBlockError


def watch_sources(services: Services) -> Counter[SourceState]:
    """How many sources are in which state. A tenant whose days are being replaced while they are
    read is looked at again in an hour.
    """
    states: Counter[SourceState] = Counter()
    for tenant in services.tenants.all():
        try:
            data = services.tenancy.open(tenant.name)
            found = health_of_sources(data, tenant.name, services.clock())
        except MissingBlockError:
            logger().warning("sources not looked at", extra={"tenant": tenant.name})
            continue
        states.update(health.state for health in found.values())
    return states
