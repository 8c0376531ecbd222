"""The records of a tenant: what questions about the business are answered from."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.business_calendar import BusinessCalendar
from shared.metrics.domain.records.exchange_rates import ExchangeRates
from shared.metrics.domain.records.field_history import FieldHistory
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import RecordType


class Records(Protocol):
    """Records as of any instant, and the history of any field.

    The records of a type have numbers, which stay the same for one `Records`. Also those have one
    that were never seen, but are referred to.
    """

    def ids(self, record_type: RecordType) -> Sequence[str]:
        """The id of each record of a type by number."""
        ...

    def table(self, record_type: RecordType, at_ms: int | None = None) -> RecordTable:
        """The records of a type after all changes up to an instant, inclusive; now without one."""
        ...

    def history(self, record_type: RecordType, field: str) -> FieldHistory:
        """All values of a field of all records of a type, deleted and merged ones too.

        BadInputError if the type has no such field. References are not resolved to survivors.
        """
        ...

    def survivors(self, record_type: RecordType, at_ms: int | None = None) -> NDArray[np.int64]:
        """For each record the one that it is part of at an instant: itself, unless it merged."""
        ...

    @property
    def rates(self) -> ExchangeRates:
        """What currencies were worth, by day."""
        ...

    @property
    def calendar(self) -> BusinessCalendar:
        """When the business is open."""
        ...
