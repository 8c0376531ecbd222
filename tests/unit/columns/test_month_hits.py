"""The hits of a month come back from their frames as they were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns import month_hits
from shared.metrics.columns.blocks import read_block, write_block
from shared.metrics.columns.day_events import identities_of
from shared.metrics.columns.month_hits import (
    NO_NAME,
    HitColumn,
    MonthHitsWriter,
    NameTable,
    frames_of,
)

LARGEST = 31 * 25 * 3_600_000
values = st.sampled_from([0, 0, 1, 255, 256, 65_536, LARGEST])
hits = st.lists(st.tuples(values, values, values, values), min_size=1, max_size=5)
Columns = list[list[int]]


@given(st.dictionaries(st.integers(0, 9), hits, max_size=4), st.sets(st.integers(0, 9)), st.data())
def test_the_columns_of_the_paths_that_are_asked_for_come_back(
    paths: dict[int, list[tuple[int, int, int, int]]], wanted: set[int], data: st.DataObject
) -> None:
    writer = MonthHitsWriter()
    body = b""
    for number in sorted(paths):
        if data.draw(st.booleans()):
            body += bytes(7)
            writer.begin_at(len(body))
        body += writer.add(number, tuple(np.array(paths[number], np.int64).T))
    index = read_block(write_block(writer.index()))
    columns = data.draw(st.permutations(list(HitColumn)))[: data.draw(st.integers(1, 4))]
    selected = np.zeros(data.draw(st.integers(0, 10)), bool)
    selected[[number for number in wanted if number < len(selected)]] = True
    found = {
        number: [frame.read(body[slice(*frame.range)]).tolist() for frame in frames]
        for number, frames in frames_of(index, selected, columns).items()
    }
    assert found == {
        number: [[hit[column] for hit in hits_of] for column in columns]
        for number, hits_of in paths.items()
        if number < len(selected) and selected[number]
    }
    for number, frames in frames_of(index, selected, columns).items():
        assert {frame.rows for frame in frames} == {len(paths[number])}


names = st.lists(st.sampled_from(["", "r1", "r2", "r3", "Ö"]))


@given(st.lists(names, max_size=4))
def test_a_name_has_one_code_however_many_are_added_at_a_time(batches: list[list[str]]) -> None:
    table = NameTable()
    codes = [table.codes(identities_of(batch).T).tolist() for batch in batches]
    known: dict[str, int] = {"": NO_NAME}
    for batch, of_batch in zip(batches, codes, strict=True):
        for name, code in zip(batch, of_batch, strict=True):
            assert known.setdefault(name, code) == code
    assert sorted(known.values()) == list(range(len(known)))
    named = [name for name, code in sorted(known.items(), key=lambda item: item[1]) if code]
    assert table.identities.T.tolist() == identities_of(named).tolist()


@given(st.lists(names, max_size=5), st.integers(1, 4))
def test_columns_may_be_looked_up_together_and_in_pieces(
    columns: list[list[str]], at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(month_hits, "_NAMES_AT_ONCE", at_once)
        table = NameTable()
        codes = table.codes_of([identities_of(column) for column in columns])
    known = table.identities.T.tolist()
    for column, of_column in zip(columns, codes, strict=True):
        assert [known[code - 1] if code else [0, 0] for code in of_column.tolist()] == [
            identities_of([name])[0].tolist() for name in column
        ]
