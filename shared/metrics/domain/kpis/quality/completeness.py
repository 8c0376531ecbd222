"""How much of what has to be filled is filled (definitions §5)."""

from typing import Final

from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.examples import Example, record
from shared.metrics.domain.kpis.fillings import filling
from shared.metrics.domain.kpis.quality.by_type import Topic, kpi_of_fields
from shared.metrics.domain.kpis.quality.policies import Policies
from shared.metrics.domain.kpis.quality.tally import Tally
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import Reason
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.unset import NOT_SET


def account_completeness(scope: Scope) -> Rows:
    """Of each account how many required fields are filled, of those of which that is known."""
    return _completeness(scope, RecordType.ACCOUNT)


def contact_completeness(scope: Scope) -> Rows:
    """Of each contact how many required fields are filled, of those of which that is known."""
    return _completeness(scope, RecordType.CONTACT)


def lead_completeness(scope: Scope) -> Rows:
    """Of each lead how many required fields are filled, of those of which that is known."""
    return _completeness(scope, RecordType.LEAD)


def deal_completeness(scope: Scope) -> Rows:
    """Of each deal how many required fields are filled, of those of which that is known."""
    return _completeness(scope, RecordType.DEAL)


def _completeness(scope: Scope, record_type: RecordType) -> Rows:
    table = scope.table(record_type)
    tally = Tally(scope, len(table))
    for name in Policies(scope, record_type).required:
        found = filling(table, name)
        tally.add(found.filled | found.blank, found.filled)
        tally.add_unknown(found.unknown)
    return tally.rows()


_TOPIC: Final = Topic(
    "Completeness",
    "required fields that are filled / required fields, where it is known whether they are",
    "Know enough of every record to act on it.",
    "Which fields to require, to fill from elsewhere, or no longer to ask for.",
)


def _examples(name: str) -> tuple[Example, ...]:
    given = (
        record("field_policy", "p1", "2026-11-01", object=name, field="name", is_required=True),
        record("field_policy", "p2", "2026-11-01", object=name, field="owner", is_required=True),
        record("field_policy", "p3", "2026-11-01", object=name, field="region", is_required=False),
        record(name, "r1", "2026-11-02", name="Zylker", owner="ada"),
        record(name, "r2", "2026-11-02", name="", owner="ada"),
        record(name, "r3", "2026-11-02", owner="bob", name="Oakly"),
        record(name, "r4", "2026-11-02", name="Pine", owner=""),
    )
    return (
        Example(
            name="no name and no owner, each once",
            given=given,
            value=6 / 8,
            group_by=Dimension.OWNER,
            groups={"ada": 3 / 4, "bob": 1, NOT_SET: 1 / 2},
        ),
        Example(
            name="nothing is required",
            given=given[3:],
            value=None,
            reason=Reason.EMPTY_DENOMINATOR,
        ),
        Example(
            name="what is required is never sent",
            given=(given[0], record(name, "r1", "2026-11-02", owner="ada")),
            value=None,
            reason=Reason.UNKNOWN_FIELD,
        ),
    )


KPIS: Final = (
    kpi_of_fields(_TOPIC, RecordType.ACCOUNT, account_completeness, _examples("account")),
    kpi_of_fields(_TOPIC, RecordType.CONTACT, contact_completeness, _examples("contact")),
    kpi_of_fields(_TOPIC, RecordType.LEAD, lead_completeness, _examples("lead")),
    kpi_of_fields(_TOPIC, RecordType.DEAL, deal_completeness, _examples("deal")),
)
