"""What campaigns bring."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.building import money, share
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import EARLIER, Example, record
from shared.metrics.domain.kpis.happenings import happenings
from shared.metrics.domain.kpis.kpi import Counted, Derived, Kpi, Outcome, quotient
from shared.metrics.domain.kpis.leads import Leads
from shared.metrics.domain.kpis.marketing.stewardship import MARKETING
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
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.record_types import RecordType


def campaign_conversion(scope: Scope) -> Rows:
    """Each person that a campaign reached, when it first did, and whether the person did what was
    desired; a person who is a member of a campaign twice is one.
    """
    table = scope.table(RecordType.CAMPAIGN_MEMBER)
    reached = happenings(scope, table.column("reached_at"))
    acted = happenings(scope, table.column("responded_at"))
    person = _person(scope)
    key = np.stack((table.column("campaign").values, person[0], person[1]))
    order = np.lexsort((reached.at_ms, ~reached.happened, *key))
    ordered = key[:, order]
    begins = np.append(True, (ordered[:, 1:] != ordered[:, :-1]).any(axis=0))[: len(order)]
    who = np.cumsum(begins) - 1
    first = order[begins]
    did = np.zeros(len(first), bool)
    np.logical_or.at(did, who, acted.happened[order])
    has_acted = np.zeros(len(table), bool)
    has_acted[first[did]] = True
    is_first = np.zeros(len(table), bool)
    is_first[first] = True
    unknown = is_first & (reached.unknown | acted.unknown)
    return share(is_first & reached.happened & ~unknown, has_acted, reached.at_ms, unknown)


def _person(scope: Scope) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The contact and the lead that each member is; a member that names nobody is somebody."""
    table = scope.table(RecordType.CAMPAIGN_MEMBER)
    contact, lead = table.column("contact").values, table.column("lead").values
    alone = (contact == NO_RECORD) & (lead == NO_RECORD)
    return np.where(alone, -2 - np.arange(len(table)), contact), np.where(contact >= 0, -1, lead)


def attributed_revenue(scope: Scope) -> Rows:
    """The amount of each deal that is won and came from a campaign, itself or by its lead."""
    leads = Leads(scope)
    deals, lead = leads.deals, leads.of_deals
    from_campaign = deals.table.column("campaign").known
    by_lead = lead != NO_RECORD
    by_lead[by_lead] = leads.table.column("campaign").known[lead[by_lead]]
    won = deals.is_won & deals.closed.happened & (from_campaign | by_lead)
    return money(won, deals.amount, deals.closed.at_ms, deals.unknown)


def return_on_investment(parts: Sequence[Floats]) -> Outcome:
    """(Attributed revenue - spend) / spend."""
    revenue, spend = parts
    return Outcome(quotient(revenue - spend, spend))


def return_on_spend(parts: Sequence[Floats]) -> Outcome:
    """Attributed revenue / spend."""
    revenue, spend = parts
    return Outcome(quotient(revenue, spend))


def influenced_by_any_touch(scope: Scope) -> Rows:
    """The amount of each deal that is won and was touched before: itself, its lead, its contact or
    its account.
    """
    touches = scope.table(RecordType.TOUCH)
    return _influenced(scope, np.ones(len(touches), bool))


def influenced_by_meeting_request(scope: Scope) -> Rows:
    """The same, if one of the touches was the request of a meeting."""
    touches = scope.table(RecordType.TOUCH)
    return _influenced(scope, touches.column("kind").equal_to("MEETING_REQUEST"))


def _influenced(scope: Scope, which: NDArray[np.bool_]) -> Rows:
    leads = Leads(scope)
    deals, touches = leads.deals, scope.table(RecordType.TOUCH)
    happened = happenings(scope, touches.column("happened_at"))
    counts = which & happened.happened
    first = np.full(len(deals), _NEVER)
    for name, own in (
        ("deal", deals.table.number),
        ("lead", _numbers(leads)),
        ("contact", deals.table.column("contact").values),
        ("account", deals.table.column("account").values),
    ):
        touched = touches.column(name).values
        earliest = np.full(max(int(own.max(initial=0)), int(touched.max(initial=0))) + 1, _NEVER)
        named = counts & (touched != NO_RECORD)
        np.minimum.at(earliest, touched[named], happened.at_ms[named])
        first = np.where(own >= 0, np.minimum(first, earliest[own]), first)
    won = deals.is_won & deals.closed.happened & (first <= deals.closed.at_ms)
    return money(won, deals.amount, deals.closed.at_ms, deals.unknown)


_NEVER: Final = np.iinfo(np.int64).max


def _numbers(leads: Leads) -> NDArray[np.int64]:
    """The number of the lead that each deal came from."""
    found = np.full(len(leads.deals), NO_RECORD)
    known = leads.of_deals != NO_RECORD
    found[known] = leads.table.number[leads.of_deals[known]]
    return found


_MEMBERS: Final = (
    record(
        "campaign_member",
        "m1",
        "2026-11-02",
        campaign="c1",
        contact="k1",
        reached_at="2026-11-02",
        responded_at="2026-11-03",
    ),
    record(
        "campaign_member", "m2", "2026-11-02", campaign="c1", contact="k1", reached_at="2026-11-04"
    ),
    record(
        "campaign_member", "m3", "2026-11-02", campaign="c1", contact="k2", reached_at="2026-11-02"
    ),
    record(
        "campaign_member", "m4", "2026-11-02", campaign="c2", lead="l1", reached_at="2026-11-02"
    ),
    record("campaign_member", "m5", "2026-11-02", campaign="c2", lead="l2"),
)
"""Two were reached by the one campaign, of whom one acted; one of two by the other."""

_WON: Final = (
    record("lead", "l1", "2026-10-02", campaign="c1"),
    record(
        "deal",
        "d1",
        "2026-11-02",
        lead="l1",
        status="WON",
        closed_at="2026-11-10",
        amount=900,
        currency="EUR",
    ),
    record(
        "deal",
        "d2",
        "2026-11-02",
        account="x",
        status="WON",
        closed_at="2026-11-11",
        amount=500,
        currency="EUR",
    ),
    record(
        "deal",
        "d3",
        "2026-11-02",
        campaign="c1",
        status="WON",
        closed_at="2026-11-12",
        amount=100,
        currency="EUR",
    ),
    record("touch", "t1", "2026-11-01", account="x", kind="WEBINAR", happened_at="2026-11-01"),
    record(
        "touch", "t2", "2026-11-01", lead="l1", kind="MEETING_REQUEST", happened_at="2026-10-20"
    ),
    record("touch", "t3", "2026-11-30", deal="d3", kind="WEBINAR", happened_at="2026-11-30"),
    record(
        "cost",
        "s1",
        "2026-11-01",
        kind="MARKETING",
        campaign="c1",
        amount=400,
        currency="EUR",
        start="2026-11-01",
        end="2026-11-30",
    ),
)
_NOTHING_SPENT: Final = Example(
    name="nothing was spent",
    given=_WON,
    period=EARLIER,
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)
_NO_DEALS: Final = Example(
    name="no deal was ever sent", given=(), value=None, reason=Reason.NO_RECORDS
)


def _influence(key: str, name: str, formula: str) -> Entry:
    return Entry(
        key=key,
        name=name,
        formula=formula,
        unit=MetricUnit.MONEY,
        grain="deal",
        kind=Kind.METRIC,
        type=MetricType.DESCRIPTIVE,
        rule=TimeRule.EVENT,
        better_is=BetterIs.HIGHER,
        stewardship=MARKETING,
        vanity=True,
    )


KPIS: Final = (
    Kpi(
        Entry(
            key="CAMPAIGN_CONVERSION",
            name="Campaign conversion",
            formula="distinct members reached by a campaign in the period who did what was desired "
            "/ distinct members reached in it",
            unit=MetricUnit.RATIO,
            grain="campaign_member",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.COHORT,
            better_is=BetterIs.HIGHER,
            stewardship=MARKETING,
            objective="Move people to act.",
            decision="Which campaigns to repeat, change or stop.",
            maturity_days=30,
        ),
        Counted(campaign_conversion, Aggregation.RATIO),
        (
            Example(
                name="one of three, who is a member twice",
                given=_MEMBERS,
                value=1 / 3,
                group_by=Dimension.CAMPAIGN,
                groups={"c1": 0.5, "c2": 0},
            ),
            Example(
                name="nobody was reached",
                given=_MEMBERS,
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
    Kpi(
        Entry(
            key="ATTRIBUTED_REVENUE",
            name="Attributed revenue",
            formula="won revenue of deals that came from a campaign, themselves or by their lead",
            unit=MetricUnit.MONEY,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=MARKETING,
        ),
        Counted(attributed_revenue, Aggregation.SUM),
        (Example(name="900 by the lead, and 100", given=_WON, value=1_000_00), _NO_DEALS),
    ),
    Kpi(
        Entry(
            key="MARKETING_ROI",
            name="Marketing ROI",
            formula="(attributed revenue - marketing spend) / marketing spend",
            unit=MetricUnit.RATIO,
            grain="deal",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=MARKETING,
            objective="Earn more by marketing than it costs.",
            decision="How large the budget is, and for which campaigns.",
        ),
        Derived(("ATTRIBUTED_REVENUE", "MARKETING_SPEND"), return_on_investment),
        (Example(name="1 000 for 400", given=_WON, value=1.5), _NOTHING_SPENT),
    ),
    Kpi(
        Entry(
            key="ROAS",
            name="Return on ad spend",
            formula="attributed revenue / marketing spend",
            unit=MetricUnit.MULTIPLE,
            grain="deal",
            kind=Kind.METRIC,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.EVENT,
            better_is=BetterIs.HIGHER,
            stewardship=MARKETING,
        ),
        Derived(("ATTRIBUTED_REVENUE", "MARKETING_SPEND"), return_on_spend),
        (Example(name="1 000 for 400", given=_WON, value=2.5), _NOTHING_SPENT),
    ),
    Kpi(
        _influence(
            "INFLUENCED_REVENUE_ANY_TOUCH",
            "Influenced revenue, by any touch",
            "won revenue of deals that were touched before their close: themselves, their lead, "
            "contact or account",
        ),
        Counted(influenced_by_any_touch, Aggregation.SUM),
        (Example(name="900 and 500", given=_WON, value=1_400_00), _NO_DEALS),
    ),
    Kpi(
        _influence(
            "INFLUENCED_REVENUE_MEETING_REQUEST",
            "Influenced revenue, by a request for a meeting",
            "won revenue of deals that were touched before their close by the request of a "
            "meeting: themselves, their lead, contact or account",
        ),
        Counted(influenced_by_meeting_request, Aggregation.SUM),
        (Example(name="900 of the same data", given=_WON, value=900_00), _NO_DEALS),
    ),
)
