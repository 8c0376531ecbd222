"""How Zylker keeps its customers: those it had before the demo begins, their tickets, what they
answer when they are asked, and who leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from devstack.demo.chance import Question, chance, one_of
from devstack.demo.record_rows import CURRENCY, Ledger
from devstack.demo.sales_story import ORIGINS, REGIONS, Origin

CUSTOMERS: Final = 120
_TICKETS_A_DAY: Final = 7
_LONGEST_TICKET: Final = 9
_CATEGORIES: Final = ("login", "import", "billing", "reports", "other")
_REASONS: Final = ("price", "missing feature", "moved to a competitor")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer from before the demo."""

    number: int

    @property
    def account(self) -> str:
        """The id of the account."""
        return f"account-{self.number:03d}"

    def luck(self, question: int) -> float:
        """A number in [0, 1) that decides one thing about the customer."""
        return chance(Question.BUSINESS, -1, self.number, question)

    @property
    def origin(self) -> Origin:
        """Where it once came from."""
        return ORIGINS[one_of(len(ORIGINS), Question.BUSINESS, -2, self.number)]

    def leaves_on(self, started: date) -> date | None:
        """The day on which it leaves, in the year that begins with the demo; None if it stays."""
        if self.luck(0) >= self.origin.leaves:
            return None
        return started + timedelta(days=int(365 * self.luck(1)))


def begin(ledger: Ledger, reps: Sequence[str]) -> None:
    """Write the customers that there are on the first day."""
    for number in range(CUSTOMERS):
        customer = Customer(number)
        ledger.create(
            "account",
            customer.account,
            0.5,
            name=f"Customer {number:03d}",
            owner=reps[int(customer.luck(2) * len(reps))],
            region=REGIONS[int(customer.luck(3) * len(REGIONS))],
            segment="enterprise" if customer.luck(4) < 0.3 else "growing",
        )
        ledger.create(
            "subscription",
            f"subscription-{number:03d}",
            0.5,
            account=customer.account,
            status="ACTIVE",
            start="2025-01-01",
            recurring_amount=round(customer.origin.amount * (0.5 + customer.luck(5)) / 12),
            currency=CURRENCY,
            interval_months=1,
        )


def keep(ledger: Ledger, day: date, started: date, agents: Sequence[str]) -> None:
    """Write who leaves on a day, and what happens to tickets."""
    for number in range(CUSTOMERS):
        customer = Customer(number)
        if customer.leaves_on(started) == day:
            ledger.update(
                "subscription",
                f"subscription-{number:03d}",
                16,
                status="CANCELLED",
                cancelled_at=ledger.at_ms(0, 16),
                churn_reason=_REASONS[int(customer.luck(6) * len(_REASONS))],
            )
    for before in range(min(_LONGEST_TICKET, (day - started).days) + 1):
        created = day - timedelta(days=before)
        for number in range(_tickets_on(created)):
            _serve(ledger, created, number, before, agents)


def _tickets_on(day: date) -> int:
    busy = _TICKETS_A_DAY if day.weekday() < 5 else 2
    return one_of(busy + 1, Question.BUSINESS, -3, day.toordinal())


def _serve(ledger: Ledger, created: date, number: int, age: int, agents: Sequence[str]) -> None:
    def luck(question: int) -> float:
        return chance(Question.BUSINESS, -4, created.toordinal(), number, question)

    ticket = f"ticket-{created:%y%m%d}-{number}"
    customer = Customer(int(luck(0) * CUSTOMERS))
    agent = agents[int(luck(1) * len(agents))]
    hour = 8 + 8 * luck(2)
    waits = 0.2 + 6 * luck(3) ** 2
    resolved_after = int(luck(4) * _LONGEST_TICKET)
    if age == 0:
        due_ms = ledger.at_ms(0, hour + 4)
        ledger.create(
            "ticket",
            ticket,
            hour,
            account=customer.account,
            owner=agent,
            status="NEW",
            category=_CATEGORIES[int(luck(5) * len(_CATEGORIES))],
            response_due_at=due_ms,
            is_escalated=luck(6) < 0.1,
        )
        asked = {"ticket": ticket, "is_inbound": True, "sent_at": ledger.at_ms(0, hour)}
        ledger.create("message", f"{ticket}-asked", hour, **asked)
        if luck(7) < 0.94:
            answer = hour + waits
            replied = {"is_inbound": False, "author": agent, "sent_at": ledger.at_ms(0, answer)}
            ledger.create("message", f"{ticket}-answered", answer, ticket=ticket, **replied)
    if age == resolved_after and luck(7) < 0.94:
        _resolve(ledger, ticket, customer, luck(8), with_article=luck(9) < 0.4)


def _resolve(
    ledger: Ledger, ticket: str, customer: Customer, luck: float, *, with_article: bool
) -> None:
    now_ms = ledger.at_ms(0, 23)
    article = {"article": "kb-7"} if with_article else {}
    ledger.update("ticket", ticket, 23, status="RESOLVED", resolved_at=now_ms, **article)
    # Who came from the web is less content than others, and is asked as often.
    bonus = -1 if customer.origin.source == "web" else 0
    if luck < 0.35:
        score = min(5, 3 + bonus + int(luck / 0.35 * 3))
        asked = {"ticket": ticket, "account": customer.account, "sent_at": now_ms}
        ledger.create(
            "survey_response",
            f"{ticket}-csat",
            23,
            kind="CSAT",
            score=score,
            answered_at=now_ms,
            **asked,
        )
    elif luck < 0.5:
        score = min(10, max(0, 7 + 2 * bonus + int((luck - 0.35) / 0.15 * 4)))
        ledger.create(
            "survey_response",
            f"{ticket}-nps",
            23,
            kind="NPS",
            score=score,
            answered_at=now_ms,
            contact=customer.account,
            account=customer.account,
        )
