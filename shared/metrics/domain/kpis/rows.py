"""The rows that a KPI counts: one for each record that has a part in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.vocabulary import Flag


@dataclass(frozen=True, slots=True)
class Labels:
    """A value of each row: `names[code[i]]`."""

    names: Sequence[str]
    code: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What a KPI function returns; arrays of one entry a row.

    `record` is the place of the record in its grain's table, `at_ms` when it counts. `denominator`
    is that of a ratio. With `currency`, the place in `currencies` or -1 where it is unknown, the
    numerators are money in minor units, and of a RATIO or MULTIPLE the denominators too.
    `flags` say what to know of which rows. `labels` are values of dimensions that the row has
    itself, and not its record: the stage of a stay, say. `unknown` are the places of records that
    belong here, or may do so, and of which a value is unknown, and `unknown_at_ms` when they would
    count; of no known time without it.
    """

    record: NDArray[np.int64]
    at_ms: NDArray[np.int64]
    numerator: NDArray[np.int64] | NDArray[np.float64]
    denominator: NDArray[np.int64] | NDArray[np.float64] | None = None
    currency: NDArray[np.int64] | None = None
    currencies: Sequence[str] = ()
    flags: Mapping[Flag, NDArray[np.bool_]] = field(default_factory=dict)
    labels: Mapping[str, Labels] = field(default_factory=dict)
    unknown: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    unknown_at_ms: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.record)

    def taken(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Self:
        """Some of the rows, by mask or place."""
        return replace(
            self,
            record=self.record[which],
            at_ms=self.at_ms[which],
            numerator=self.numerator[which],
            denominator=None if self.denominator is None else self.denominator[which],
            currency=None if self.currency is None else self.currency[which],
            flags={flag: mask[which] for flag, mask in self.flags.items()},
            labels={
                name: Labels(found.names, found.code[which]) for name, found in self.labels.items()
            },
        )

    def with_unknown(self, which: NDArray[np.bool_]) -> Self:
        """The rows with only some of the unknown ones."""
        at_ms = None if self.unknown_at_ms is None else self.unknown_at_ms[which]
        return replace(self, unknown=self.unknown[which], unknown_at_ms=at_ms)

    def as_share(self, part: NDArray[np.bool_]) -> Self:
        """The numerators in the denominator, and in the numerator those of the marked rows."""
        return replace(
            self, numerator=np.where(part, self.numerator, 0), denominator=self.numerator
        )
