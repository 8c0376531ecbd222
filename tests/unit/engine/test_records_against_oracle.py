"""Records that were told of in several deliveries, some late, folded and gathered in between."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.metrics.columns.change_texts import text_of
from shared.metrics.domain.events import ActorKind, Event, Signal, event_id_from_sender
from shared.metrics.domain.records.field_columns import Knowledge
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.from_rows import ChangeRow
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.engine.records import RecordHistories
from tests.builders import DAY_MS, SOURCE, event, instant_ms
from tests.oracles.records import UNKNOWN, Oracle
from tests.unit.domain.records.test_against_oracle import rows
from tests.unit.engine.stack import TENANT, stack

ACCOUNT = RecordType.ACCOUNT
FIRST_MS = instant_ms("2026-02-25 22:00")

deliveries = st.lists(
    st.tuples(st.lists(rows(), min_size=1, max_size=4), st.sampled_from(["", "fold", "sweep"])),
    min_size=1,
    max_size=4,
)


def placed(row: ChangeRow) -> ChangeRow:
    """The change on one of nine days over the end of a month."""
    return replace(row, at=FIRST_MS + int(row.at) * DAY_MS)


def told(row: ChangeRow, number: int) -> Event:
    sent = row.event()
    return event(
        sent.at_ms,
        "ann",
        "",
        record_id=row.id,
        change=text_of(sent.change),
        signal=Signal.SYSTEM,
        actor_kind=ActorKind.IMPORT,
        name=f"change-{number}",
    )


def known(records: FoldedRecords, at_ms: int) -> dict[str, object]:
    table = records.table(ACCOUNT, at_ms)
    segment = table.column("segment")
    return {
        record_id: UNKNOWN if segment.knowledge[row] == Knowledge.UNKNOWN else segment.value(row)
        for row, record_id in enumerate(table.ids)
    }


@settings(max_examples=15)
@given(deliveries)
def test_however_changes_came_records_are_what_they_come_to(
    sent: list[tuple[list[ChangeRow], str]],
) -> None:
    with TemporaryDirectory() as folder, stack(Path(folder), now="2026-03-20 12:00") as one:
        histories = RecordHistories()
        data = one.services.tenancy.open(TENANT)
        history: list[ChangeRow] = []
        for batch, then in sent:
            events = [told(placed(row), len(history) + at) for at, row in enumerate(batch)]
            one.send(*events)
            history += [
                replace(
                    placed(row),
                    received=one.clock.now_ms,
                    event_id=event_id_from_sender(SOURCE, each.event_id.hex()),
                )
                for row, each in zip(batch, events, strict=True)
            ]
            if then:
                one.fold()
            if then == "sweep":
                one.sweep()
            found = histories.read(data)
            for day in range(9):
                at_ms = FIRST_MS + day * DAY_MS
                oracle = Oracle(history, at_ms)
                assert known(found, at_ms) == {
                    each: oracle.value(each, "segment") for each in oracle.ids()
                }
        assert known(RecordHistories().read(data), at_ms) == known(found, at_ms)
