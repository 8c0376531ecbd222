"""The hits of a month come back from their frames as they were."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.blocks import read_block, write_block
from shared.metrics.columns.month_hits import HitColumn, MonthHitsWriter, frames_of, in_order

LARGEST = 31 * 25 * 3_600_000
values = st.sampled_from([0, 0, 1, 255, 256, 65_536, LARGEST])


@st.composite
def paths_hits(draw: st.DrawFn) -> dict[HitColumn, list[int]]:
    """The columns of a path: some may be left out, others ascend."""
    hits = draw(st.integers(1, 5))
    rows = {column: hits for column in HitColumn if not column.is_of_records}
    named = draw(st.integers(0, hits))
    rows |= {column: named for column in HitColumn if column.is_of_records and named}
    if draw(st.booleans()):
        del rows[HitColumn.ACCOUNT]
    found = {
        column: draw(st.lists(values, min_size=count, max_size=count))
        for column, count in rows.items()
    }
    for column in (HitColumn.PERSON, HitColumn.RECORD):
        found.get(column, []).sort()
    return found


@given(st.dictionaries(st.integers(0, 9), paths_hits(), max_size=4), st.data())
def test_the_columns_of_the_paths_that_are_asked_for_come_back(
    paths: dict[int, dict[HitColumn, list[int]]], data: st.DataObject
) -> None:
    writer = MonthHitsWriter()
    body = b""
    for number in sorted(paths):
        if data.draw(st.booleans()):
            body += bytes(7)
            writer.begin_at(len(body))
        columns = {column: np.array(of, np.uint32) for column, of in paths[number].items()}
        body += writer.add(number, columns)
    index = read_block(write_block(writer.index()))
    wanted = data.draw(st.permutations(list(HitColumn)))[: data.draw(st.integers(1, 6))]
    selected = np.array(data.draw(st.lists(st.booleans(), max_size=10)), bool)
    found = frames_of(index, selected, wanted)
    assert {
        number: [frame.read(body[slice(*frame.range)]).tolist() for frame in of_path.frames]
        for number, of_path in found.items()
    } == {
        number: [columns.get(column, []) for column in wanted]
        for number, columns in paths.items()
        if number < len(selected) and selected[number]
    }
    for number, of_path in found.items():
        assert of_path.rows == len(paths[number][HitColumn.TIME])
        assert of_path.named == len(paths[number].get(HitColumn.RECORD, []))
        assert [frame.column for frame in of_path.frames] == wanted


@given(st.lists(st.integers(0, 5)), st.lists(values, min_size=6, max_size=6))
def test_rows_with_the_same_number_stay_in_their_order(rows: list[int], numbers: list[int]) -> None:
    found = in_order(np.array(rows, np.int64), np.array(numbers, np.uint32))
    assert found.tolist() == sorted(rows, key=lambda row: numbers[row])
