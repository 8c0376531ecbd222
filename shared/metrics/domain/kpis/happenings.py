"""When something happened to records, as a field of theirs tells it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.field_columns import FieldColumn, FieldType


@dataclass(frozen=True, slots=True)
class Happenings:
    """One entry a record. `at_ms` (milliseconds UTC) means something where it `happened`; where it
    is `unknown` nothing is said of it.
    """

    at_ms: NDArray[np.int64]
    happened: NDArray[np.bool_]
    unknown: NDArray[np.bool_]

    def else_by(self, other: "Happenings") -> "Happenings":
        """These, and where they have not happened or are unknown the other ones."""
        return Happenings(
            np.where(self.happened, self.at_ms, other.at_ms),
            self.happened | other.happened,
            self.unknown & other.unknown,
        )


def happenings(scope: Scope, column: FieldColumn) -> Happenings:
    """From an INSTANT, or a DATE: then it happened as the local day began.

    Senders say when something happens, and mostly nothing before. So a field that is not known of
    one record has not happened to it; but if it is known of no record, nobody ever sends it, and
    all is unknown.
    """
    at_ms = column.values
    if column.type is FieldType.DATE:
        at_ms = scope.starts_ms(column.values)
    nothing_said = bool(column.unknown.all())
    return Happenings(at_ms, column.known, np.full(len(column), nothing_said))
