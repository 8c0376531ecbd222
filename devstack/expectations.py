"""What is expected of sources, as options say it and as it is shown."""

from typing import Any

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.expectations import Expectation
from shared.metrics.storage.tenants import Tenant


def expectation_of(text: str) -> Expectation:
    """The expectation of that name, in any case; BadInputError lists those that there are."""
    name = text.strip().upper()
    if name not in Expectation.__members__:
        listed = ", ".join(Expectation.__members__)
        message = f"there is no expectation {text!r}; there are {listed}"
        raise BadInputError(message, field="expects")
    return Expectation[name]


def expectations_of(tenant: Tenant) -> dict[str, Any]:
    """The sources that something is expected of, on which days, and since when."""
    return {
        source_id: {"days": expected.days.value, "since": expected.since.isoformat()}
        for source_id, expected in sorted(tenant.expectations.items())
    }
