"""How Zylker sells: leads by source, what becomes deals, and which of them are won.

Referrals are few and good; the web brings many, who convert well and leave soon; fairs are dear.
Each lead's story follows from its number and day alone, so any day can be worked out by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from devstack.demo.chance import Question, chance, one_of
from devstack.demo.record_rows import CURRENCY, Ledger

_LONGEST: Final = 95
"""Days after which nothing more happens to a lead."""

_MOST_A_DAY: Final = 6
_STAGES: Final = ("discovery", "proposal", "negotiation")
_STAGE_EVERY: Final = 8
REGIONS: Final = ("DACH", "Nordics", "US", "India")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where leads come from: the share of them, of those that qualify, and of deals that are won;
    days from the lead to the deal's end, what a deal is worth, and how many leave within a year.
    """

    source: str
    medium: str
    campaign: str
    share: float
    qualifies: float
    wins: float
    days: int
    amount: int
    leaves: float


ORIGINS: Final = (
    Origin("web", "organic", "web-2026", 0.55, 0.42, 0.34, 34, 4_800, 0.45),
    Origin("referral", "partner", "partners", 0.15, 0.60, 0.45, 28, 14_000, 0.08),
    Origin("fair", "event", "autumn-fair", 0.20, 0.35, 0.22, 48, 19_000, 0.12),
    Origin("outbound", "email", "outbound", 0.10, 0.20, 0.15, 40, 11_000, 0.15),
)


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead, and all that is going to happen to it."""

    day: date
    number: int

    @property
    def id(self) -> str:
        """The id of the lead; its deal, account and subscription have it, too."""
        return f"{self.day:%y%m%d}-{self.number}"

    def luck(self, question: int) -> float:
        """A number in [0, 1) that decides one thing about the lead."""
        return chance(Question.BUSINESS, self.day.toordinal(), self.number, question)

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        left = self.luck(0)
        for origin in ORIGINS:
            if left < origin.share:
                return origin
            left -= origin.share
        return ORIGINS[-1]

    @property
    def becomes_deal(self) -> bool:
        """Whether it qualifies."""
        return self.luck(1) < self.origin.qualifies

    @property
    def is_won(self) -> bool:
        """Whether its deal is won."""
        return self.becomes_deal and self.luck(2) < self.origin.wins

    @property
    def ends_after(self) -> int:
        """Days from the lead to the end of its deal; some go on past all there is."""
        return 20 + int(self.origin.days * (0.6 + 0.9 * self.luck(3)))

    @property
    def expected(self) -> date:
        """When its deal is expected to be closed: a week too early or too late at most."""
        return self.day + timedelta(days=self.ends_after - 7 + int(15 * self.luck(9)))

    @property
    def amount(self) -> int:
        """What its deal is worth."""
        return round(self.origin.amount * (0.5 + self.luck(4)) / 100) * 100

    def owner(self, reps: Sequence[str]) -> str:
        """Whose it is."""
        return reps[int(self.luck(5) * len(reps))]


def leads_of(day: date) -> list[Lead]:
    """The leads that come in on a day; half as many on a weekend."""
    most = _MOST_A_DAY if day.weekday() < 5 else _MOST_A_DAY // 2
    return [Lead(day, n) for n in range(1 + one_of(most, Question.BUSINESS, day.toordinal()))]


def sell(ledger: Ledger, day: date, started: date, reps: Sequence[str]) -> None:
    """Write what happens on a day to all leads and deals that are under way; before the demo
    started there were none.
    """
    for before in range(min(_LONGEST, (day - started).days) + 1):
        for lead in leads_of(day - timedelta(days=before)):
            _tell(ledger, lead, before, reps)


def _tell(ledger: Ledger, lead: Lead, age: int, reps: Sequence[str]) -> None:
    origin, owner = lead.origin, lead.owner(reps)
    if age == 0:
        ledger.create(
            "lead",
            f"lead-{lead.id}",
            8 + lead.number,
            source=origin.source,
            medium=origin.medium,
            campaign=origin.campaign,
            owner=owner,
            region=REGIONS[int(lead.luck(6) * len(REGIONS))],
            status="NEW",
        )
    if not lead.becomes_deal:
        if age == 12:
            ledger.update("lead", f"lead-{lead.id}", 9, status="DISQUALIFIED")
        return
    if age == 6:
        _open(ledger, lead, owner)
    done = age - 6
    if done > 0 and done % _STAGE_EVERY == 0 and age < lead.ends_after:
        stage = done // _STAGE_EVERY
        if stage < len(_STAGES):
            ledger.update("deal", f"deal-{lead.id}", 10, stage=_STAGES[stage])
            _meet(ledger, lead, owner, age)
    if age == lead.ends_after:
        _close(ledger, lead)


def _open(ledger: Ledger, lead: Lead, owner: str) -> None:
    now_ms = ledger.at_ms(0, 9)
    account, deal = f"account-{lead.id}", f"deal-{lead.id}"
    ledger.create(
        "account",
        account,
        9,
        name=f"Customer {lead.id}",
        owner=owner,
        region=REGIONS[int(lead.luck(6) * len(REGIONS))],
        segment="enterprise" if lead.amount > 12_000 else "growing",
    )
    ledger.update(
        "lead",
        f"lead-{lead.id}",
        9,
        status="CONVERTED",
        qualified_at=now_ms,
        converted_at=now_ms,
        account=account,
        deal=deal,
    )
    ledger.create(
        "deal",
        deal,
        9,
        account=account,
        lead=f"lead-{lead.id}",
        owner=owner,
        stage=_STAGES[0],
        status="OPEN",
        amount=lead.amount,
        currency=CURRENCY,
        source=lead.origin.source,
        campaign=lead.origin.campaign,
        kind="NEW",
        qualified_at=now_ms,
        close_date=lead.expected.isoformat(),
        next_step="Call back" if lead.luck(7) < 0.8 else None,
    )


def _meet(ledger: Ledger, lead: Lead, owner: str, age: int) -> None:
    at_ms = ledger.at_ms(0, 11)
    ledger.create(
        "activity",
        f"meeting-{lead.id}-{age}",
        11,
        kind="MEETING",
        owner=owner,
        deal=f"deal-{lead.id}",
        account=f"account-{lead.id}",
        happened_at=at_ms,
        is_completed=True,
    )


def _close(ledger: Ledger, lead: Lead) -> None:
    deal, now_ms = f"deal-{lead.id}", ledger.at_ms(0, 15)
    if not lead.is_won:
        reason = ("price", "no decision", "competitor")[int(lead.luck(8) * 3)]
        ledger.update("deal", deal, 15, status="LOST", closed_at=now_ms, lost_reason=reason)
        return
    ledger.update("deal", deal, 15, status="WON", closed_at=now_ms)
    ledger.create(
        "subscription",
        f"subscription-{lead.id}",
        15,
        account=f"account-{lead.id}",
        status="ACTIVE",
        start=(lead.day + timedelta(days=lead.ends_after)).isoformat(),
        recurring_amount=round(lead.amount / 12),
        currency=CURRENCY,
        interval_months=1,
    )
