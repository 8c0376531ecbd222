"""A question about KPIs, as an explicit value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import MATURITY, Entry, Setting
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.spans import Span
from shared.metrics.domain.kpis.vocabulary import TimeRule
from shared.metrics.domain.records.records import Records

_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class KpiQuestion:
    """What is asked, and of which records. `as_of_ms` is when.

    A record counts if it has any of the values of each filter, and if it is owned by `owned_by`.
    `currency` is the tenant's reporting currency, if it has one. `draft` are parameters that differ
    from those of the entry.
    """

    records: Records
    as_of_ms: int
    filters: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    owned_by: str | None = None
    group_by: Dimension | None = None
    currency: str = ""
    draft: Mapping[str, Setting] = field(default_factory=dict)

    @property
    def conditions(self) -> tuple[tuple[Dimension, tuple[str, ...]], ...]:
        """All filters."""
        if self.owned_by is None:
            return self.filters
        return (*self.filters, (Dimension.OWNER, (self.owned_by,)))

    def settings(self, entry: Entry) -> Mapping[str, Setting]:
        """The parameters of an entry, with the draft's in place of its own."""
        own = {each.name: each.default for each in entry.drafted}
        return own | {name: value for name, value in self.draft.items() if name in own}

    def scope(self, entry: Entry, span: Span) -> Scope:
        """How a span is read by the time rule of an entry."""
        at_ms = self.as_of_ms
        if entry.rule is TimeRule.INSTANT:
            at_ms = min(span.end_ms - 1, self.as_of_ms)
        elif entry.rule is TimeRule.OPENING:
            at_ms = span.start_ms - 1
        return Scope(
            self.records, at_ms, span.start_ms, span.end_ms, self.as_of_ms, self.settings(entry)
        )

    def matures_ms(self, entry: Entry) -> int:
        """Those of a cohort that began by then are mature."""
        days = self.settings(entry).get(MATURITY, 0.0)
        return self.as_of_ms - int(days * _DAY_MS if isinstance(days, float) else 0)

    def drafted(self, draft: Mapping[str, Setting]) -> "KpiQuestion":
        """The same by a draft of the definitions."""
        return replace(self, draft=draft)
