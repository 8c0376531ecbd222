"""Who used what over many days: weeks of months spare reads and change no answer."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.engine.hub_requests import PopularityRequest
from shared.metrics.storage.blocks import Blocks
from tests.builders import DAY_MS, event, instant_ms, login
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.test_views_against_oracle import fold_some, in_one_folder

FIRST = date(2026, 1, 20)
DAYS = 60
"""The sixtieth is 20 March."""

windows = st.tuples(st.integers(0, DAYS - 1), st.integers(0, DAYS - 1)).map(
    lambda ends: Window(FIRST + timedelta(days=min(ends)), FIRST + timedelta(days=max(ends)))
)


@in_one_folder
@given(st.data())
def test_popularity_is_that_of_plain_loops_whatever_is_gathered_and_changes_again(
    tmp_path: Path, data: st.DataObject
) -> None:
    hits = st.builds(
        event,
        st.integers(0, DAYS - 1).map(lambda day: instant_ms("2026-01-20 10:00") + day * DAY_MS),
        st.sampled_from(["ann", "bob", "cyd"]),
        st.sampled_from(["Leads", "Deals", "Rockets"]),
    )
    logins = st.builds(
        login,
        st.integers(0, DAYS - 1).map(lambda day: instant_ms("2026-01-20 09:00") + day * DAY_MS),
        st.sampled_from(["ann", "zoe"]),
    )
    events = st.lists(hits | logins, max_size=40)
    asked = [
        PopularityRequest(tenant=TENANT, window=window, part=part)
        for window in data.draw(st.lists(windows, min_size=1, max_size=3))
        for part in (Part.FEATURE, Part.CATEGORY)
    ]
    with stack(tmp_path) as one:
        one.send(*data.draw(events), event("2026-01-20 08:00"))
        one.fold()
        one.sweep()
        one.check(*asked)
        one.send(*data.draw(events), event("2026-03-01 08:00"))
        one.check(*asked)
        fold_some(data, one)
        one.restarted().check(*asked)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[BlockKind, list[str]]]:
    """The kinds of blocks that are read, and the units."""
    found: list[tuple[BlockKind, list[str]]] = []
    original = Blocks.read

    def read(
        self: Blocks, kind: BlockKind, attempts: dict[str, tuple[str, int]]
    ) -> dict[str, bytes]:
        if attempts:
            found.append((kind, sorted(attempts)))
        return original(self, kind, attempts)

    monkeypatch.setattr(Blocks, "read", read)
    return found


def test_only_days_at_the_ends_are_read_one_by_one(
    utc: Stack, reads: list[tuple[BlockKind, list[str]]]
) -> None:
    for number in range(DAYS):
        utc.send(event(f"{FIRST + timedelta(days=number)} 10:00"))
    utc.fold()
    utc.sweep()
    reads.clear()
    window = Window(date(2026, 2, 10), date(2026, 3, 8))
    answer = utc.restarted().ask(PopularityRequest(tenant=TENANT, window=window))
    assert (answer.people, answer.hits) == ([1], [27])
    kinds = {kind for kind, _ in reads}
    assert not kinds & {BlockKind.CUBE, BlockKind.CORE, BlockKind.MONTH_CORE, BlockKind.PATHS}
    days = sorted(day for kind, units in reads if kind is BlockKind.WHO for day in units)
    # The week from the 8th to the 14th is partly in the compared window.
    assert days == [*(f"2026-02-{day:02d}" for day in range(8, 15)), "2026-03-08"]
