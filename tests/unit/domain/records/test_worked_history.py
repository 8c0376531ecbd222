"""Small histories, by hand: what is known of records, and when."""

import numpy as np

from shared.metrics.domain.record_changes import Op
from shared.metrics.domain.records.field_columns import FieldColumn, Knowledge
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.from_rows import (
    ChangeRow,
    created,
    deleted,
    merged,
    records_of,
    updated,
)
from shared.metrics.domain.records.record_types import RecordType

ACCOUNT, DEAL = RecordType.ACCOUNT, RecordType.DEAL
DAY_MS = 86_400_000


def python(column: FieldColumn) -> list[str | int | float | bool | None]:
    return [column.value(row) for row in range(len(column))]


def stage_of(records: FoldedRecords, at_ms: int | None) -> list[str | int | float | bool | None]:
    return python(records.table(DEAL, at_ms).column("stage"))


def test_a_field_is_known_as_of_every_instant() -> None:
    records = records_of([created(DEAL, "d", 10, stage="new"), updated(DEAL, "d", 20, stage="won")])
    assert [stage_of(records, at_ms) for at_ms in (9, 10, 19, 20, None)] == [
        [],
        ["new"],
        ["new"],
        ["won"],
        ["won"],
    ]


def test_what_was_never_seen_is_unknown_and_not_empty() -> None:
    records = records_of(
        [created(DEAL, "d", 10, stage="new"), updated(DEAL, "d", 20, next_step=None)]
    )
    assert records.table(DEAL, 15).column("next_step").knowledge.tolist() == [Knowledge.UNKNOWN]
    assert records.table(DEAL, 20).column("next_step").knowledge.tolist() == [Knowledge.EMPTY]


def test_what_a_field_was_before_its_first_change_stays_unknown() -> None:
    records = records_of(
        [created(DEAL, "d", 10), ChangeRow(DEAL, "d", 20, {"stage": "won"}, was={"stage": "new"})]
    )
    assert records.table(DEAL, 15).column("stage").knowledge.tolist() == [Knowledge.UNKNOWN]
    assert records.history(DEAL, "stage").is_missed.tolist() == [False]


def test_an_earlier_value_that_does_not_match_marks_a_missed_change() -> None:
    records = records_of(
        [
            created(DEAL, "d", 10, stage="new"),
            ChangeRow(DEAL, "d", 20, {"stage": "won"}, was={"stage": "offer"}),
        ]
    )
    assert records.history(DEAL, "stage").is_missed.tolist() == [False, True]


def test_a_value_that_is_written_again_is_no_change() -> None:
    records = records_of([created(DEAL, "d", 10, stage="new"), updated(DEAL, "d", 20, stage="new")])
    assert records.history(DEAL, "stage").at_ms.tolist() == [10]
    assert records.table(DEAL).last_changed_ms.tolist() == [20]


def test_a_deleted_record_is_back_when_it_is_restored_but_not_when_it_is_written() -> None:
    records = records_of(
        [
            created(DEAL, "d", 10, stage="new"),
            deleted(DEAL, "d", 20),
            updated(DEAL, "d", 30, stage="won"),
            ChangeRow(DEAL, "d", 40, op=Op.RESTORE),
        ]
    )
    assert [stage_of(records, at_ms) for at_ms in (19, 20, 30, 40)] == [["new"], [], [], ["won"]]


def test_a_merged_record_is_part_of_its_survivor() -> None:
    records = records_of(
        [
            created(ACCOUNT, "a", 10),
            created(ACCOUNT, "b", 10),
            created(DEAL, "d", 10, account="a"),
            merged(ACCOUNT, "a", 20, into="b"),
            deleted(ACCOUNT, "a", 21),
        ]
    )
    assert records.table(ACCOUNT, 19).ids == ["a", "b"]
    assert records.table(ACCOUNT, 21).ids == ["b"]
    assert python(records.table(DEAL, 19).column("account")) == ["a"]
    assert python(records.table(DEAL, 21).column("account")) == ["b"]
    number = {id_: number for number, id_ in enumerate(records.ids(ACCOUNT))}
    assert records.survivors(ACCOUNT)[number["a"]] == number["b"]


def test_money_is_in_minor_units_of_the_currency_of_its_day() -> None:
    records = records_of(
        [
            created(DEAL, "d", 10, amount="10.50", currency="EUR"),
            updated(DEAL, "d", 20, currency="jpy"),
            created(DEAL, "e", 10, amount=3),
        ]
    )
    before = records.table(DEAL, 10).column("amount")
    after = records.table(DEAL).column("amount")
    assert (python(before), before.currencies[before.currency[0]]) == ([1050, None], "EUR")
    assert (python(after), after.currencies[after.currency[0]]) == ([10, None], "JPY")


def test_money_is_converted_by_the_rate_of_the_day_if_there_is_one() -> None:
    rate = created(
        RecordType.EXCHANGE_RATE, "r", 1, currency="EUR", into="USD", date="1970-01-03", rate="1.1"
    )
    records = records_of(
        [
            rate,
            created(DEAL, "d", 10, amount="10.05", currency="EUR"),
            created(DEAL, "e", 10, amount="11", currency="USD"),
        ]
    )
    money = records.table(DEAL).column("amount")
    in_dollars = records.rates.convert(money, "USD", np.array([2, 2]))
    assert in_dollars.values.tolist() == [1106, 1100]
    in_euros = records.rates.convert(money, "EUR", np.array([1, 1]))
    assert in_euros.has_rate.tolist() == [True, False]


def test_a_record_that_is_only_referred_to_has_a_number_but_no_row() -> None:
    records = records_of([created(DEAL, "d", 10, account="a")])
    account = records.table(DEAL).column("account")
    assert records.ids(ACCOUNT) == ["a"]
    assert len(records.table(ACCOUNT)) == 0
    assert records.table(ACCOUNT).rows_of(account.values).tolist() == [-1]


def test_a_field_is_known_for_each_record_at_an_instant_of_its_own() -> None:
    records = records_of(
        [
            created(DEAL, "d", 10, stage="new"),
            created(DEAL, "e", 10, stage="new"),
            updated(DEAL, "d", 20, stage="won"),
            updated(DEAL, "e", 20, stage="won"),
        ]
    )
    stages = records.history(DEAL, "stage").as_of(np.array([0, 1, 1]), np.array([20, 19, 9]))
    assert python(stages) == ["won", "new", None]


def test_tables_of_many_instants_are_not_all_remembered() -> None:
    records = records_of(
        [created(DEAL, "d", 0), *(updated(DEAL, "d", at, stage=str(at)) for at in range(1, 2_000))]
    )
    tables = [records.table(DEAL, at_ms) for at_ms in range(2_000)]
    assert records.table(DEAL, 1_999) is tables[-1]
    assert records.table(DEAL, 0) is not tables[0]


def test_between_two_changes_the_table_is_the_same() -> None:
    records = records_of([created(DEAL, "d", 10, stage="new"), updated(DEAL, "d", 20, stage="won")])
    assert records.table(DEAL, 19) is records.table(DEAL, 10)
    assert records.table(DEAL, 20) is records.table(DEAL)
    assert records.table(DEAL, 9) is not records.table(DEAL, 10)
