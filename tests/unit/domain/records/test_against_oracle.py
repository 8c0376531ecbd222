"""Histories that are shuffled, late, deleted, restored and merged, against plain loops."""

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.record_changes import Op, Precision, Value
from shared.metrics.domain.records.field_columns import FieldColumn, Knowledge
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.from_rows import ChangeRow, records_of
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.restated_values import restated_values
from tests.oracles.records import UNKNOWN, Oracle

ACCOUNT = RecordType.ACCOUNT
IDS = ("a", "b", "c", "d")
MOMENTS = range(8)

values = st.sampled_from(["x", "y", None])
parents = st.sampled_from([*IDS, None])


@st.composite
def rows(draw: st.DrawFn) -> ChangeRow:
    record_id = draw(st.sampled_from(IDS))
    op = draw(st.sampled_from([*Op, Op.UPDATE, Op.UPDATE]))
    fields: dict[str, st.SearchStrategy[Value]] = {"segment": values, "parent": parents}
    return ChangeRow(
        ACCOUNT,
        record_id,
        draw(st.sampled_from(MOMENTS)),
        draw(st.fixed_dictionaries({}, optional=fields)),
        op,
        draw(st.fixed_dictionaries({}, optional=fields)),
        draw(st.sampled_from(IDS)) if op is Op.MERGE else "",
        draw(st.none() | st.integers(0, 1)),
        draw(st.sampled_from(Precision)),
        received=draw(st.integers(0, 20)),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[ChangeRow]:
    """Changes with ids of their own, in any order."""
    found = draw(st.lists(rows(), max_size=12))
    ids = draw(st.permutations(range(len(found))))
    return [replace(row, event_id=bytes([at])) for row, at in zip(found, ids, strict=True)]


def said(column: FieldColumn, row: int) -> Value:
    if column.knowledge[row] == Knowledge.UNKNOWN:
        return UNKNOWN
    return column.value(row)


def table(records: FoldedRecords, at_ms: int) -> dict[str, tuple[Value, Value]]:
    """Segment and parent of every account that is there."""
    found = records.table(ACCOUNT, at_ms)
    columns = [found.column(name) for name in ("segment", "parent")]
    return {
        record_id: (said(columns[0], row), said(columns[1], row))
        for row, record_id in enumerate(found.ids)
    }


def expected(history: list[ChangeRow], at_ms: int) -> dict[str, tuple[Value, Value]]:
    oracle = Oracle(history, at_ms)
    found: dict[str, tuple[Value, Value]] = {}
    for record_id in oracle.ids():
        parent = oracle.value(record_id, "parent")
        if isinstance(parent, str) and parent != UNKNOWN:
            parent = oracle.survivor(parent)
        found[record_id] = (oracle.value(record_id, "segment"), parent)
    return found


@given(histories(), st.sampled_from(MOMENTS))
def test_records_as_of_any_instant(history: list[ChangeRow], at_ms: int) -> None:
    records = records_of(history)
    assert table(records, at_ms) == expected(history, at_ms)
    oracle = Oracle(history, at_ms)
    found = records.table(ACCOUNT, at_ms)
    assert dict(zip(found.ids, found.last_changed_ms.tolist(), strict=True)) == {
        record_id: oracle.seen[record_id] for record_id in oracle.ids()
    }
    assert {
        record_id: found.created.value(row)
        for row, record_id in enumerate(found.ids)
        if found.created.known[row]
    } == {each: at for each, at in oracle.created.items() if each in oracle.ids()}
    ids = records.ids(ACCOUNT)
    survivors = records.survivors(ACCOUNT, at_ms).tolist()
    assert [ids[into] for into in survivors] == [oracle.survivor(each) for each in ids]


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_is_of_no_consequence(
    history: list[ChangeRow], random: Random
) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)
    for at_ms in MOMENTS:
        assert table(records_of(shuffled), at_ms) == table(records_of(history), at_ms)


@given(histories())
def test_the_history_of_a_field_has_its_real_changes(history: list[ChangeRow]) -> None:
    records = records_of(history)
    found = records.history(ACCOUNT, "segment")
    ids = records.ids(ACCOUNT)
    entries = list(
        zip(
            (ids[number] for number in found.record.tolist()),
            found.at_ms.tolist(),
            (said(found.column, row) for row in range(len(found))),
            found.is_exact.tolist(),
            found.is_missed.tolist(),
            strict=True,
        )
    )
    oracle = Oracle(history, max(MOMENTS))
    assert entries == [
        (each, entry.at_ms, entry.value, entry.is_exact, entry.is_missed)
        for each in ids
        for entry in oracle.entries(each, "segment")
    ]


@given(histories(), st.lists(st.tuples(st.sampled_from(IDS), st.integers(0, 8)), max_size=5))
def test_a_field_at_an_instant_of_each_record_of_its_own(
    history: list[ChangeRow], asked: list[tuple[str, int]]
) -> None:
    records = records_of(history)
    ids = list(records.ids(ACCOUNT))
    known = [(ids.index(each), at_ms) for each, at_ms in asked if each in ids]
    numbers = np.array([number for number, _ in known], np.int64)
    instants = np.array([at_ms for _, at_ms in known], np.int64)
    found = records.history(ACCOUNT, "segment").as_of(numbers, instants)
    assert [said(found, row) for row in range(len(found))] == [
        Oracle(history, at_ms).value(ids[number], "segment") for number, at_ms in known
    ]


@given(histories(), histories(), st.sampled_from(MOMENTS))
def test_the_past_does_not_change_with_what_comes_later(
    history: list[ChangeRow], later: list[ChangeRow], at_ms: int
) -> None:
    after = [replace(row, at=int(row.at) + at_ms + 1) for row in later]
    assert table(records_of([*history, *after]), at_ms) == table(records_of(history), at_ms)


@given(histories(), st.sampled_from(MOMENTS), st.integers(0, 20))
def test_what_late_edits_have_changed_is_listed(
    history: list[ChangeRow], at_ms: int, known_ms: int
) -> None:
    before = expected([row for row in history if int(row.received or 0) <= known_ms], at_ms)
    after = expected(history, at_ms)
    records = records_of(history)
    listed = restated_values(records, ACCOUNT, "segment", at_ms=at_ms, known_ms=known_ms)
    differing = sorted(
        each
        for each in before.keys() | after.keys()
        if before.get(each, (None,) * 3)[:-1] != after.get(each, (None,) * 3)[:-1]
    )
    assert [each.record_id for each in listed] == differing
