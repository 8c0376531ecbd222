"""Leads as the KPIs see them: since when they are there, and what became of them."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.happenings import Happenings, happenings
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.record_types import RecordType


class Leads:
    """The leads of a reading; arrays of one entry a lead."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.table = scope.table(RecordType.LEAD)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.table)

    @property
    def created(self) -> Happenings:
        """When they were created."""
        return self.table.derived("created", self._created)

    def _created(self) -> Happenings:
        return happenings(self.scope, self.table.created)

    @property
    def converted(self) -> Happenings:
        """When they were converted."""
        return self.table.derived("converted", self._converted)

    def _converted(self) -> Happenings:
        return happenings(self.scope, self.table.column("converted_at"))

    @cached_property
    def deals(self) -> Deals:
        """The deals of the same reading."""
        return Deals(self.scope)

    @property
    def of_deals(self) -> NDArray[np.int64]:
        """The lead that each deal came from; -1 if from none that is known."""
        return self.table.derived("of_deals", self._of_deals)

    def _of_deals(self) -> NDArray[np.int64]:
        deals = self.deals.table
        found = self.table.rows_of(deals.column("lead").values)
        deal_of_lead = deals.rows_of(self.table.column("deal").values)
        named = np.flatnonzero(deal_of_lead != NO_RECORD)
        by_lead = np.full(len(deals), NO_RECORD, np.int64)
        by_lead[deal_of_lead[named]] = named
        return np.where(found != NO_RECORD, found, by_lead)

    @property
    def is_won(self) -> NDArray[np.bool_]:
        """Which have led to a deal that was won."""
        return self.table.derived("is_won", self._is_won)

    def _is_won(self) -> NDArray[np.bool_]:
        won = np.zeros(len(self), bool)
        lead = self.of_deals[self.deals.is_won]
        won[lead[lead != NO_RECORD]] = True
        return won

    @property
    def first_contact_ms(self) -> NDArray[np.int64]:
        """The earliest of a lead's creation, first touch and touches that were recorded; the
        largest int64 where none is known.
        """
        return self.table.derived("first_contact_ms", self._first_contact_ms)

    def _first_contact_ms(self) -> NDArray[np.int64]:
        first = np.full(len(self), np.iinfo(np.int64).max)
        for told in (self.created, happenings(self.scope, self.table.column("first_touch_at"))):
            first = np.where(told.happened, np.minimum(first, told.at_ms), first)
        touches = self.scope.table(RecordType.TOUCH)
        lead = self.table.rows_of(touches.column("lead").values)
        touched = happenings(self.scope, touches.column("happened_at"))
        known = (lead != NO_RECORD) & touched.happened
        np.minimum.at(first, lead[known], touched.at_ms[known])
        return first
