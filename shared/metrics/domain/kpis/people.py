"""The people of the roster as the KPIs see them."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.happenings import happenings
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.roster import INACTIVE


class People:
    """The people of a reading; arrays of one entry a person."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.table = scope.table(RecordType.PERSON)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.table)

    @property
    def now_ms(self) -> NDArray[np.int64]:
        """The instant of the reading."""
        return np.full(len(self), self.scope.at_ms)

    @cached_property
    def is_employed(self) -> NDArray[np.bool_]:
        """Who may work with the CRM: no integration, and not deactivated."""
        integration = self.table.column("is_integration")
        is_integration = integration.known & integration.values
        is_inactive = self.table.column("account_status").equal_to(INACTIVE)
        employed: NDArray[np.bool_] = ~is_integration & ~is_inactive
        return employed


def activities_of(people: People) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The row of the person, and the instant, of each activity that has an owner in the roster, as
    they are known when asked.
    """
    scope = people.scope.read_at(people.scope.as_of_ms)
    activities = scope.table(RecordType.ACTIVITY)
    row = people.table.rows_of(activities.column("owner").values)
    happened = happenings(scope, activities.column("happened_at"))
    counts = (row != NO_RECORD) & happened.happened & (happened.at_ms <= scope.at_ms)
    return row[counts], happened.at_ms[counts]
