"""Zylker's business on each of its days: plans, sales and customers, as changes of records."""

from datetime import date, timedelta
from typing import Final

from devstack.demo.company import Company
from devstack.demo.customer_story import begin, keep
from devstack.demo.record_rows import CURRENCY, Ledger, RecordChangeRow
from devstack.demo.roles import Role
from devstack.demo.sales_story import sell

_COSTS: Final = (
    ("web-2026", "web", "organic", 9_000),
    ("partners", "referral", "partner", 4_000),
    ("autumn-fair", "fair", "event", 26_000),
    ("outbound", "outbound", "email", 7_000),
)
"""What a month of each campaign costs."""

_STAGES: Final = (("discovery", 1, 0.2), ("proposal", 2, 0.4), ("negotiation", 3, 0.7))
_QUOTA: Final = 240_000
_FORECAST: Final = 150_000
_SALARIES: Final = 60_000
_CARE: Final = 6_000
_DAYS: Final = 30


class Business:
    """What happens to the company's records. Everything follows from the company and the day."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._reps = self._of(Role.SALES_REPRESENTATIVE)
        self._agents = self._of(Role.SUPPORT_AGENT)

    def changes(self, day: date) -> list[RecordChangeRow]:
        """What happens to records on a day, by time."""
        company = self._company
        ledger = Ledger(company.calendar, day)
        if day == company.started:
            self._plan(ledger)
            begin(ledger, self._reps)
        if (day - company.started).days % _DAYS == 0:
            self._budget(ledger, day)
        sell(ledger, day, company.started, self._reps)
        keep(ledger, day, company.started, self._agents)
        return sorted(ledger.rows, key=lambda row: row.occurred_at)

    def _of(self, role: Role) -> list[str]:
        found = [person.user_id for person in self._company.people if person.role is role]
        return found or [self._company.people[0].user_id]

    def _plan(self, ledger: Ledger) -> None:
        for name, position, probability in _STAGES:
            ledger.create(
                "stage",
                name,
                0.25,
                name=name,
                position=position,
                probability=probability,
                is_qualified=True,
                is_late=position == len(_STAGES),
            )
        for campaign, source, medium, _ in _COSTS:
            ledger.create("campaign", campaign, 0.25, name=campaign, source=source, medium=medium)

    def _budget(self, ledger: Ledger, day: date) -> None:
        """The costs and quotas of the thirty days that begin."""
        span = {"start": day.isoformat(), "end": (day + timedelta(days=_DAYS - 1)).isoformat()}
        for campaign, source, medium, amount in _COSTS:
            ledger.create(
                "cost",
                f"{campaign}-{day}",
                0.75,
                kind="MARKETING",
                campaign=campaign,
                source=source,
                medium=medium,
                amount=amount,
                currency=CURRENCY,
                **span,
            )
        for kind, amount in (("SALES", _SALARIES), ("RETENTION", _CARE)):
            ledger.create(
                "cost",
                f"{kind.lower()}-{day}",
                0.75,
                kind=kind,
                amount=amount,
                currency=CURRENCY,
                **span,
            )
        ledger.create("quota", f"quota-{day}", 0.75, amount=_QUOTA, currency=CURRENCY, **span)
        ledger.create(
            "forecast",
            f"forecast-{day}",
            0.75,
            category="COMMIT",
            amount=_FORECAST,
            currency=CURRENCY,
            submitted_at=ledger.at_ms(0, 0.75),
            **span,
        )
