"""The worked numbers of retention in the definitions, and what merges and duplicates do."""

from dataclasses import replace

import pytest

from shared.metrics.domain.kpis.examples import record, records, update
from shared.metrics.domain.kpis.vocabulary import Flag
from shared.metrics.domain.record_changes import Op
from shared.metrics.domain.records.from_rows import ChangeRow
from tests.unit.domain.kpis.asking import asked


def subscribed(name: str, start: str = "2026-01-01", amount: int = 500) -> ChangeRow:
    return record(
        "subscription",
        f"s-{name}",
        start,
        account=name,
        start=start,
        recurring_amount=amount,
        currency="EUR",
        interval_months=1,
    )


def customers(count: int) -> list[ChangeRow]:
    names = [f"a{n}" for n in range(1, count + 1)]
    return [*records(count, "account", "a", "2026-01-01"), *map(subscribed, names)]


def cancelled(name: str, at: str = "2026-11-10") -> ChangeRow:
    return update("subscription", f"s-{name}", at, cancelled_at=at)


def test_100_at_start_2_lost_5_new_is_98_percent() -> None:
    new = [*records(5, "account", "n", "2026-11-05")]
    new += [subscribed(f"n{n}", "2026-11-05") for n in range(1, 6)]
    given = [*customers(100), cancelled("a1"), cancelled("a2"), *new]
    assert asked("LOGO_RETENTION", given).current.value == 0.98
    assert asked("LOGO_CHURN", given).current.value == 0.02


def test_the_margin_variant_of_500_times_0_75_over_0_05_is_7_500() -> None:
    answer = asked("PROJECTED_LIFETIME_MARGIN", [*customers(20), cancelled("a1")])
    assert answer.current.value == pytest.approx(7_500_00)
    assert answer.flags == []


def test_without_churn_a_value_is_that_of_five_years_and_flagged() -> None:
    answer = asked("PROJECTED_LIFETIME_VALUE", customers(4))
    assert answer.current.value == 500_00 * 60
    assert answer.flags == [Flag.CAPPED]


def test_an_account_that_merged_is_no_lost_customer_and_its_revenue_stays() -> None:
    merge = ChangeRow("account", "a2", "2026-11-10", op=Op.MERGE, merged_into="a1")
    given = [*customers(2), merge]
    assert asked("LOGO_CHURN", given).current.value == 0
    assert asked("NET_REVENUE_RETENTION", given).current.value == 1
    assert asked("GROSS_REVENUE_RETENTION", given).current.value == 1


def test_a_duplicated_contact_changes_nothing() -> None:
    given = [*customers(10), cancelled("a1")]
    more = [*given, *records(3, "contact", "c", "2026-01-01", account="a2")]
    for key in ("LOGO_RETENTION", "NET_REVENUE_RETENTION", "PROJECTED_LIFETIME_VALUE"):
        assert asked(key, more).current == asked(key, given).current


def test_an_account_in_two_currencies_is_one_customer() -> None:
    given = [*customers(1), record("account", "b", "2026-01-01")]
    euros = subscribed("a1", amount=100)
    given.append(replace(euros, id="u", set={**euros.set, "currency": "USD"}))
    day = "2026-01-01"
    rate = record("exchange_rate", "r", day, currency="USD", into="EUR", date=day, rate="0.5")
    answer = asked("REVENUE_PER_CUSTOMER", [*given, rate], currency="EUR")
    assert answer.current.value == 550_00


def test_a_renewal_that_came_early_counts_when_it_was_due() -> None:
    given = [record("term", "t", "2026-01-01", end="2026-11-10", renewed_at="2026-08-01")]
    assert asked("RENEWAL_RATE", given).current.value == 1
    assert asked("RENEWAL_RATE", given, ("2026-08-01", "2026-08-31")).current.value is None


def test_within_grace_a_term_is_neither_renewed_nor_lost() -> None:
    given = [record("term", "t", "2026-01-01", end="2026-11-10")]
    assert asked("RENEWAL_RATE", given, at="2026-12-09").current.value is None
    assert asked("RENEWAL_RATE", given, at="2026-12-12").current.value == 0
