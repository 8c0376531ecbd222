"""Readers beside folds: whatever is replaced while they read, they answer with what there is."""

from collections import Counter
from datetime import timedelta

import pytest

from functions.aggregate.tasks import sweep
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.engine.requests import HomeRequest, PeopleFilter
from shared.metrics.storage import blocks
from tests.builders import DAY_MS, MINUTE_MS, event, upserted
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import ProbedStore
from tests.faults.probes import Meanwhile
from tests.faults.published import answered_hits, answered_totals, figures_of
from tests.faults.world import NOON_MS, TENANT, TODAY, Clock, World

SPAN = Window(TODAY - timedelta(days=2), TODAY)
HOUR_MS = 60 * MINUTE_MS
HIT = event(NOON_MS)
OTHER = event(NOON_MS - MINUTE_MS, "bob")


@pytest.fixture
def world() -> World:
    clock = Clock()
    return World(MemoryStore(clock), clock)


def replace_and_delete(world: World) -> None:
    """Publish today once more, and delete the blocks that were replaced by it."""
    world.send(event(NOON_MS, f"user {world.clock.now_ms}"))
    world.fold()
    world.clock.now_ms += 2 * HOUR_MS
    sweep(world.services())


@pytest.mark.parametrize("kind", ["core", "who", "time"])
def test_blocks_that_were_deleted_while_reading_are_looked_for_anew(
    world: World, kind: str
) -> None:
    world.send(HIT)
    world.fold()
    meanwhile = Meanwhile(f"query block#acme#1#{kind}", lambda: replace_and_delete(world))
    reader = world.services(ProbedStore(world.store, before=meanwhile))
    hits = answered_hits(reader, SPAN)
    assert meanwhile.has_happened
    assert hits == {"ann": 1, f"user {NOON_MS}": 1}


def test_a_part_of_a_block_that_is_missing_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MAX_ITEM_BYTES", 20)
    world.send(*(event(NOON_MS, f"user {at}") for at in range(100)))
    world.fold()
    store = world.store
    parts = [
        item.key
        for item in store.everything()  # type: ignore[attr-defined]
        if item.key.partition == f"block#acme#1#{BlockKind.CORE.value}"
    ]
    assert len(parts) > 2
    assert sum(answered_hits(world.services(), SPAN).values()) == 100
    for key in (parts[0], parts[-1]):
        missing = store.get(key)
        assert missing is not None
        put_back = Meanwhile("query marks", lambda item=missing: store.put_many([item]))  # type: ignore[misc]
        store.delete_many([key])
        with pytest.raises(StorageUnavailableError, match="ask again"):
            answered_hits(world.services(), SPAN)
        reader = world.services(ProbedStore(store, after=SecondTime(put_back)))
        assert sum(answered_hits(reader, SPAN).values()) == 100


class SecondTime:
    """Passes steps on only from the second reading of the marks on."""

    def __init__(self, probe: Meanwhile) -> None:
        self._probe = probe
        self._readings = 0

    def __call__(self, step: str) -> None:
        self._readings += step.startswith("query marks")
        if self._readings > 1:
            self._probe(step)


def test_a_reader_that_is_always_too_late_says_so(world: World) -> None:
    world.send(HIT)
    world.fold()
    meanwhile = Meanwhile("query block#acme#1#core", lambda: replace_and_delete(world), times=99)
    reader = world.services(ProbedStore(world.store, before=meanwhile))
    with pytest.raises(StorageUnavailableError, match="ask again"):
        answered_hits(reader, SPAN)


@pytest.mark.parametrize(
    "step", ["query marks", "query manifest", "query packs", "query block", "query names"]
)
@pytest.mark.parametrize("is_folded", [False, True])
def test_what_was_acknowledged_before_is_in_the_answer_whenever_it_is_folded(
    world: World, step: str, *, is_folded: bool
) -> None:
    world.send(HIT)
    if is_folded:
        world.fold()
    world.send(OTHER)
    acknowledged = figures_of([HIT, OTHER]).totals_of(SPAN)
    for place in ("before", "after"):
        probes = {place: Meanwhile(step, world.fold)}
        reader = world.services(ProbedStore(world.store, **probes))  # type: ignore[arg-type]
        assert answered_totals(reader, SPAN) == acknowledged


def test_what_is_acknowledged_meanwhile_may_be_in_the_answer_and_is_in_the_next(
    world: World,
) -> None:
    world.send(HIT)
    world.fold()
    for step in ("query marks", "query manifest", "query block"):
        late = event(NOON_MS, step)

        def arrive(late: Event = late) -> None:
            world.send(late)
            world.fold()

        reader = world.services(ProbedStore(world.store, before=Meanwhile(step, arrive)))
        before = answered_hits(world.services(), SPAN)
        assert answered_hits(reader, SPAN) in (before, before + Counter({step: 1}))
        assert answered_hits(reader, SPAN)[step] == 1


def test_a_warm_reader_goes_on_while_people_and_features_are_added(world: World) -> None:
    """What it keeps of one span must not break when another one makes it read the names anew."""
    world.send(HIT, upserted(NOON_MS, "ann", country="DE"))
    world.fold()
    reader = world.services()
    yesterday = Window(TODAY - timedelta(days=1), TODAY - timedelta(days=1))
    filters = (PeopleFilter(), PeopleFilter(country=("DE",)))
    for round_number in range(3):
        for people in filters:
            for window in (SPAN, Window(TODAY, TODAY), yesterday):
                reader.views.ask(HomeRequest(tenant=TENANT, window=window, people=people))
        at_ms = NOON_MS - DAY_MS
        world.send(event(at_ms, f"a{round_number}", f"feature {round_number}"))
        if round_number:
            world.fold()
    home = reader.views.ask(HomeRequest(tenant=TENANT, window=SPAN, people=filters[1]))
    assert (home.total_hits.value, home.active_users.value) == (1, 1)
