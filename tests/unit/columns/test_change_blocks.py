"""Changes of records from packs to blocks and back."""

from collections.abc import Sequence
from itertools import starmap
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.change_blocks import changes_of, read_changes, write_changes
from shared.metrics.columns.change_texts import change_of, text_of
from shared.metrics.columns.fold import fold_day
from shared.metrics.domain.events import ActorKind, Event, Signal
from shared.metrics.domain.periods import DayBounds
from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value
from shared.metrics.domain.records.change_log import NOT_SAID, ChangeLog, OpCode
from shared.metrics.domain.records.joining import joined, rows_between, some_rows
from tests.builders import event, packs_of
from tests.unit.columns.test_change_texts import changes as any_changes

BOUNDS = DayBounds(0, 86_400_000)
Row = tuple[object, ...]


def change_event(
    at_ms: int, record_id: str, change: RecordChange, user_id: str = "ann", **fields: object
) -> Event:
    said = {"record_id": record_id, "change": text_of(change), "signal": Signal.CHANGE}
    return event(at_ms, user_id, "Deals", **{**said, **fields})


def stage(value: str) -> RecordChange:
    return RecordChange("deal", Op.UPDATE, {"stage": value})


def shown(value: Value) -> str:
    """A value with its type; nobody minds the sign of zero."""
    return repr(0.0 if isinstance(value, float) and value == 0 else value)


def rows_in(log: ChangeLog | None) -> list[Row]:
    """What a log says, row by row, without its codes; receipt in seconds, rounded up."""
    if log is None:
        return []
    cells: list[list[Row]] = [[] for _ in range(len(log))]
    values = [*log.values, NOT_SAID]
    for row, field, value, was in zip(log.row, log.field, log.value, log.was, strict=True):
        said = (shown(values[value]), shown(values[was]))
        cells[row].append((log.fields[field], *said))
    actors, records = [*log.actors, ""], [*log.records, ""]
    columns = (log.at_ms, log.object, log.record, log.op, log.merged_into, log.actor)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        (
            at_ms,
            log.objects[object_],
            records[record],
            OpCode(op).name,
            records[merged_into],
            actors[actor],
            ActorKind(int(log.actor_kind[row])).name,
            bool(log.is_exact[row]),
            -(-int(log.received_ms[row]) // 1000),
            sorted(cells[row]),
        )
        for row, (at_ms, object_, record, op, merged_into, actor) in enumerate(rows)
    ]


def expected(events: Sequence[Event]) -> list[Row]:
    """The same of events, each given once."""

    def order(each: Event) -> tuple[object, ...]:
        sequence = change_of(each.change).sequence
        has_sequence = (0, 0) if sequence is None else (1, sequence)
        return (each.occurred_at_ms, *has_sequence, each.received_at_ms, each.event_id)

    def row(each: Event) -> Row:
        change = change_of(each.change)
        fields = {*change.set, *change.was}
        cells = [
            (
                name,
                shown(change.set.get(name, NOT_SAID)),
                shown(change.was.get(name, NOT_SAID)),
            )
            for name in fields
        ]
        return (
            each.occurred_at_ms,
            change.object,
            each.record_id,
            change.op.value,
            change.merged_into,
            each.user_id,
            each.actor_kind.name,
            change.precision is Precision.EXACT,
            -(-each.received_at_ms // 1000),
            sorted(cells),
        )

    return [row(each) for each in sorted(events, key=order)]


events_of_changes = st.lists(
    st.builds(
        change_event,
        st.integers(0, 50),
        st.sampled_from(["r1", "r2", "é"]),
        any_changes,
        user_id=st.sampled_from(["", "ann", "bob"]),
        actor_kind=st.sampled_from(ActorKind),
        received_at_ms=st.sampled_from([0, 999, 1_000, 90_000_000]),
    ),
    max_size=8,
    unique_by=lambda each: each.event_id,
)


@given(events_of_changes, st.randoms(use_true_random=False))
def test_changes_come_out_in_fold_order_whatever_order_they_came_in(
    events: list[Event], random: Random
) -> None:
    delivered = sorted(events, key=lambda each: each.received_at_ms) + events[:2]
    packs = packs_of(delivered)
    random.shuffle(packs)
    assert rows_in(changes_of(packs)) == expected(events)


@given(events_of_changes.filter(bool))
def test_a_block_has_what_was_written_into_it(events: list[Event]) -> None:
    log = changes_of(packs_of(events))
    assert log is not None
    body = write_changes(log)
    assert rows_in(read_changes(body)) == rows_in(log)
    assert write_changes(read_changes(body)) == body


@given(events_of_changes.filter(bool), st.integers(0, 51), st.integers(0, 51))
def test_logs_that_are_cut_by_time_and_joined_are_whole_again(
    events: list[Event], one_ms: int, other_ms: int
) -> None:
    log = changes_of(packs_of(events))
    assert log is not None
    first, second = sorted((one_ms, other_ms))
    cuts = [(0, first), (first, second), (second, 100)]
    parts = [some_rows(log, rows) for rows in starmap(lambda a, b: rows_between(log, a, b), cuts)]
    assert rows_in(joined([parts[2], parts[0], parts[1]])) == rows_in(log)


def test_of_copies_that_differ_in_the_change_the_smallest_is_kept() -> None:
    one = change_event(5, "d", stage("won"), name="same", received_at_ms=2)
    other = change_event(5, "d", stage("lost"), name="same", received_at_ms=1)
    for events in ([one, other], [other, one]):
        rows = rows_in(changes_of(packs_of(events)))
        assert [row[-1] for row in rows] == [[("stage", "'lost'", "-1")]]


def test_a_day_says_whether_anything_happened_to_records() -> None:
    def fold(*events: Event) -> bool:
        packs = packs_of(events)
        return fold_day(packs, BOUNDS, carried_ms={}, timeout_ms=60_000).has_changes

    assert not fold(event(5))
    assert fold(event(5), change_event(6, "d", stage("won")))


def test_events_without_a_record_or_a_change_are_none() -> None:
    assert changes_of(packs_of([event(5), change_event(6, "", stage("won"))])) is None
