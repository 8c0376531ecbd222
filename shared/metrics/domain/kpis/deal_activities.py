"""When something was last done about deals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.happenings import happenings
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.record_types import RecordType

_NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class LastActivities:
    """`at_ms` of the last activity of each deal by the instant of the reading; the lowest int64
    without one. Unless `is_told`, no activity of any deal was ever told of, and nothing is known.
    """

    at_ms: NDArray[np.int64]
    is_told: bool

    def or_creation(self, deals: Deals) -> NDArray[np.int64]:
        """The same, or when the deal was created; if that is not known either, just now."""
        since = np.where(deals.created.happened, deals.created.at_ms, deals.scope.at_ms)
        return np.maximum(since, self.at_ms)


def last_activities(deals: Deals, *, executive: bool = False) -> LastActivities:
    """Of all activities, or of those alone that somebody of the customer's executives took part in;
    then it is told if of any activity of a deal it is known whether one did.
    """
    scope = deals.scope
    activities = scope.table(RecordType.ACTIVITY)
    deal = deals.table.rows_of(activities.column("deal").values)
    happened = happenings(scope, activities.column("happened_at"))
    known = (deal != NO_RECORD) & happened.happened & (happened.at_ms <= scope.at_ms)
    counts = known
    if executive:
        is_executive = activities.column("is_executive")
        known = known & ~is_executive.unknown
        counts = known & is_executive.known & is_executive.values
    last = np.full(len(deals), _NEVER)
    np.maximum.at(last, deal[counts], happened.at_ms[counts])
    return LastActivities(last, bool(known.any()))
