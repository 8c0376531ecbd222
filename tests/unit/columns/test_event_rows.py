"""The events of a unit, whole and each once, against plain loops over them."""

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.event_rows import EventRows, event_rows
from shared.metrics.columns.packs import write_pack
from shared.metrics.domain.events import ActorKind, Event, Signal
from tests.builders import event
from tests.oracles.deduplication import distinct
from tests.unit.columns.test_packs import any_events


def events_of(rows: EventRows) -> list[Event]:
    """The same events one by one."""
    packs = rows.packs
    found = []
    for row, received_ms in zip(rows.row.tolist(), rows.received_ms.tolist(), strict=True):
        feature, property_, attribute, action = packs.paths[packs.path[row]]
        found.append(
            Event(
                event_id=packs.ids[row].astype("<u8").tobytes(),
                user_id=packs.users[packs.user[row]],
                occurred_at_ms=int(packs.times_ms[row]),
                received_at_ms=received_ms,
                feature=feature,
                property=property_,
                attribute=attribute,
                action=action,
                record_id=packs.names[packs.record[row]],
                account_id=packs.names[packs.account[row]],
                signal=Signal(packs.origin[row] // 4),
                actor_kind=ActorKind(packs.origin[row] % 4),
                source=packs.sources[packs.source[row]],
                context=packs.contexts[packs.context[row]],
                change=packs.changes[packs.change[row]],
            )
        )
    return found


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Event]]:
    """Deliveries in which some events come again, as they were or with something changed."""
    events = draw(st.lists(any_events, min_size=1, max_size=6))
    changed = st.sampled_from(
        [
            lambda each: each,
            lambda each: each._replace(context="{}"),
            lambda each: each._replace(change="{}"),
            lambda each: each._replace(record_id="r"),
            lambda each: each._replace(account_id="a"),
            lambda each: each._replace(user_id="z"),
        ]
    )
    found = []
    for received_ms in range(draw(st.integers(1, 4))):
        sent = []
        for each in draw(st.lists(st.sampled_from(events), min_size=1, max_size=6)):
            copy: Event = draw(changed)(each)
            sent.append(copy._replace(received_at_ms=received_ms, source=draw(sources)))
        # A pack has one source.
        found += [
            [each for each in sent if each.source == source]
            for source in {each.source for each in sent}
        ]
    return found


sources = st.sampled_from(["one", "two"])


@given(deliveries())
def test_every_event_is_there_once_with_all_its_fields(sent: list[list[Event]]) -> None:
    rows = event_rows([write_pack(events) for events in sent])
    assert events_of(rows) == distinct(each for events in sent for each in events)


def test_the_order_of_packs_is_of_no_consequence() -> None:
    sent = [[event(at, f"u{at}", context=f'{{"n":{n}}}')] for n in range(3) for at in (5, 3, 5, 9)]
    bodies = [write_pack(events) for events in sent]
    assert events_of(event_rows(bodies)) == events_of(event_rows(bodies[::-1]))
