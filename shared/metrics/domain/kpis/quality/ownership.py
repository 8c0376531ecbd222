"""Whether somebody answers for each family of fields (definitions §5)."""

from typing import Final

import numpy as np

from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record
from shared.metrics.domain.kpis.fillings import filling
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.quality.stewardship import DATA_QUALITY
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)
from shared.metrics.domain.records.record_types import RecordType


def family_ownership(scope: Scope) -> Rows:
    """Each family of fields once, by its first policy, and whether any of its policies has an
    owner.
    """
    table = scope.table(RecordType.FIELD_POLICY)
    family, owner = table.column("family"), filling(table, "owner")
    told = np.flatnonzero(family.known)
    _, first, number = np.unique(family.values[told], return_index=True, return_inverse=True)
    families = len(first)
    has_owner = np.bincount(number, owner.filled[told], families) > 0
    is_unknown = ~has_owner & (np.bincount(number, owner.unknown[told], families) > 0)
    record_ = told[first]
    return Rows(
        record=record_[~is_unknown],
        at_ms=np.full(families, scope.at_ms)[~is_unknown],
        numerator=has_owner[~is_unknown].astype(np.int64),
        denominator=np.ones(families, np.int64)[~is_unknown],
        unknown=record_[is_unknown],
    )


_POLICIES: Final = (
    record("field_policy", "p1", "2026-11-01", object="account", field="name", family="Identity"),
    record(
        "field_policy",
        "p2",
        "2026-11-01",
        object="account",
        field="domain",
        family="Identity",
        owner="ada",
    ),
    record("field_policy", "p3", "2026-11-01", object="deal", field="amount", family="Money"),
)

KPIS: Final = (
    Kpi(
        Entry(
            key="FIELD_FAMILY_OWNERSHIP",
            name="Ownership of field families",
            formula="families of fields with an owner / families of fields",
            unit=MetricUnit.RATIO,
            grain="field_policy",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=DATA_QUALITY,
            objective="Have somebody answer for every field.",
            decision="Whom to make responsible for which fields.",
            target=1.0,
        ),
        Counted(family_ownership, Aggregation.RATIO),
        (
            Example(name="one of two", given=_POLICIES, value=1 / 2),
            Example(
                name="no policy yet",
                given=_POLICIES,
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
)
