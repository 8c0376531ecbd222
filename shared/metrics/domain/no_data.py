"""Days without data (definitions §6): a source that should have sent something on them did not.

It touches only the features that the source feeds: those that it had hits of on the 60 days before.
If it had sent nothing at all on those, it may feed everything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.catalogue import BUILT_IN, Catalogue
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import EVERYTHING, FeatureSelection

DAYS_BEFORE: Final = 60
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SourceDays:
    """What one source did: `silent` are the days of a span on which it should have sent something
    and did not; `sent` (days) and `fed` (days × features) say on which days it sent anything, and
    hits of what, of the 60 days before the span and the span.
    """

    silent: Flags
    sent: Flags
    fed: Flags


@dataclass(frozen=True, slots=True)
class NoData:
    """The days without data of a span. `silent` are days by source. Of each day, `touched` (days ×
    features) are the features that a silent source feeds, and `unknown` says whether there is one
    that may feed everything. Categories are those of the tenant's `catalogue`.
    """

    span: Window
    features: list[str]
    silent: Mapping[str, Flags]
    touched: Flags
    unknown: Flags
    catalogue: Catalogue = BUILT_IN

    @property
    def any_day(self) -> Flags:
        """The days on which any source was silent."""
        found = np.zeros(self.span.length, bool)
        for silent in self.silent.values():
            found |= silent
        return found

    def days(self, window: Window, selection: FeatureSelection = EVERYTHING) -> Flags:
        """Which days of a window of the span are without data for a selection."""
        if selection.is_everything():
            return self.any_day[self._rows(window)]
        features = (
            name for name in self.features if selection.covers_feature(name, self.catalogue)
        )
        return self.days_of(window, features)

    def dates(self, window: Window, *selections: FeatureSelection) -> list[date]:
        """The days of a window of the span that are without data for any of some selections."""
        found = np.zeros(window.length, bool)
        for selection in selections:
            found |= self.days(window, selection)
        return [day for day, is_gap in zip(window.days(), found.tolist(), strict=True) if is_gap]

    def days_of(self, window: Window, features: Iterable[str]) -> Flags:
        """Which days of a window of the span are without data for any of some features."""
        rows, wanted = self._rows(window), set(features)
        columns = [at for at, name in enumerate(self.features) if name in wanted]
        found: Flags = self.unknown[rows] | self.touched[rows][:, columns].any(axis=1)
        return found

    def features_missing(self, window: Window) -> frozenset[str] | None:
        """The features whose hits may be missing on some day of a window; None: all of them."""
        rows = self._rows(window)
        if self.unknown[rows].any():
            return None
        columns = np.flatnonzero(self.touched[rows].any(axis=0)).tolist()
        return frozenset(self.features[at] for at in columns)

    def sources(self, window: Window) -> list[str]:
        """The sources that were silent in a window of the span, by name."""
        rows = self._rows(window)
        return sorted(source for source, silent in self.silent.items() if silent[rows].any())

    def _rows(self, window: Window) -> slice:
        first = (window.first - self.span.first).days
        return slice(first, first + window.length)


def nothing_missing(span: Window) -> NoData:
    """A span whose days all have data."""
    return NoData(span, [], {}, np.zeros((span.length, 0), bool), np.zeros(span.length, bool))


def no_data(
    span: Window,
    features: list[str],
    sources: Mapping[str, SourceDays],
    catalogue: Catalogue = BUILT_IN,
) -> NoData:
    """The days without data, from what each source did."""
    touched = np.zeros((span.length, len(features)), bool)
    unknown = np.zeros(span.length, bool)
    for source in sources.values():
        rows = np.flatnonzero(source.silent)
        unknown[rows] |= ~_any_before(source.sent[:, np.newaxis], rows)[:, 0]
        touched[rows] |= _any_before(source.fed, rows)
    silent = {name: source.silent for name, source in sources.items()}
    return NoData(span, features, silent, touched, unknown, catalogue)


def days_before(span: Window) -> Window:
    """A span with the days before it that tell what sources feed."""
    return Window(span.first - timedelta(days=DAYS_BEFORE), span.last)


def _any_before(flags: Flags, rows: NDArray[np.intp]) -> Flags:
    """Of some days of the span, by column, whether any of the 60 days before is set. `flags` begins
    60 days before the span.
    """
    added = np.zeros((len(flags) + 1, flags.shape[1]), np.int32)
    np.cumsum(flags, axis=0, out=added[1:])
    found: Flags = added[rows + DAYS_BEFORE] > added[rows]
    return found
