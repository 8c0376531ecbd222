"""The dictionaries of names: a number for ever, whoever else is appending."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

import pytest

from shared.metrics.storage import names
from shared.metrics.storage.keys import dictionary_partition
from shared.metrics.storage.names import FEATURES, OTHER, PEOPLE, NameDictionary
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Item, Store, Table
from tests.faults.memory_store import MemoryStore
from tests.faults.probed_store import ProbedStore
from tests.faults.schedule import Schedule
from tests.faults.world import Clock


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(Clock())


def people(store: Store, limit: int | None = None) -> NameDictionary:
    return NameDictionary(store, "acme", PEOPLE, limit)


def chunks(store: Store) -> list[Item]:
    return list(store.query(Table.METRICS, dictionary_partition("acme", PEOPLE)))


def read_anew(store: Store) -> list[str]:
    found = people(store).names(1)
    assert len(set(found)) == len(found)
    return found


def test_new_names_are_numbered_in_their_order(store: Store) -> None:
    assert people(store).numbers(["cem", "ann", "bob", "ann"]) == [2, 0, 1, 0]
    assert people(store).numbers(["dan", "ann"]) == [3, 0]
    assert read_anew(store) == ["ann", "bob", "cem", "dan"]


def test_dictionaries_of_tenants_and_kinds_are_apart(store: Store) -> None:
    people(store).numbers(["ann"])
    assert NameDictionary(store, "acme", FEATURES).numbers(["leads"]) == [0]
    assert NameDictionary(store, "acme#people", PEOPLE).numbers(["bob"]) == [0]
    assert read_anew(store) == ["ann"]


def test_a_dictionary_is_read_again_only_if_too_short(store: Store) -> None:
    one, other = people(store), people(store)
    one.numbers(["ann"])
    assert other.names(1) == ["ann"]
    one.numbers(["bob"])
    assert other.names(1) == ["ann"]
    assert other.names(2) == ["ann", "bob"]


def test_large_dictionaries_are_split_and_read_on_from_the_last_part(store: Store) -> None:
    noise = Random(1)
    sent = sorted(noise.randbytes(500).hex() for _ in range(1_000))
    writer, reader = people(store), people(store)
    reader.numbers(sent[:1])
    assert writer.numbers(sent) == list(range(1_000))
    assert len(chunks(store)) == 5
    assert all(len(item.body) <= MAX_ITEM_BYTES for item in chunks(store))
    assert reader.names(1_000) == sent
    assert read_anew(store) == sent


@pytest.mark.parametrize("short_one_first", [False, True])
def test_a_full_part_never_grows_beside_a_new_one(store: Store, *, short_one_first: bool) -> None:
    """A long name that begins a new part must not race with a short one that still fits the old."""
    people(store).numbers([f"{at:03d}" + "x" * 997 for at in range(199)])
    writers = [("short",), ("l" + "o" * 1_000 + "ng",)]
    if not short_one_first:
        writers.reverse()
    first, second = writers

    def overtake() -> Iterator[None]:
        for step in range(1_000):
            if step == 1:
                people(store).numbers(first)
            yield

    steps = overtake()
    overtaken = people(ProbedStore(store, before=lambda step: next(steps)))
    overtaken.numbers(second)
    assert sorted(read_anew(store)[199:]) == sorted([*first, *second])
    assert read_anew(store)[overtaken.numbers(first)[0]] == first[0]


@pytest.mark.parametrize("seed", range(40))
def test_concurrent_appends_give_every_name_one_number(
    store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "_FULL_BYTES", 10)
    given: list[tuple[str, int]] = []

    def append(mine: NameDictionary, random: Random) -> None:
        for _ in range(4):
            wanted = [f"{'n' * random.randint(1, 4)}{random.randrange(9)}" for _ in range(3)]
            given.extend(zip(wanted, mine.numbers(wanted), strict=True))

    append_together(seed, store, append)
    found = read_anew(store)
    assert all(found[number] == name for name, number in given)


def test_a_thread_that_finds_the_same_name_missing_does_not_add_it_again(
    store: Store,
) -> None:
    class Overtaken(NameDictionary):
        """Another thread finds the same names missing, and is the first to append them."""

        def _append(self, names: Sequence[str]) -> None:
            super()._append(names)
            super()._append(names)

    assert Overtaken(store, "acme", PEOPLE).numbers(["ann"]) == [0]
    assert read_anew(store) == ["ann"]
    Overtaken(store, "acme", PEOPLE, limit=2).numbers(["bob", "cem", "dan"])
    assert read_anew(store) == ["ann", "bob", OTHER]


def test_names_beyond_the_limit_are_other(store: Store) -> None:
    limited = people(store, limit=3)
    assert limited.numbers(["a", "b"]) == [0, 1]
    assert limited.numbers(["c", "d", "e", "a"]) == [2, 3, 3, 0]
    assert people(store, limit=3).numbers(["d", "f", "b"]) == [3, 3, 1]
    assert read_anew(store) == ["a", "b", "c", OTHER]


@pytest.mark.parametrize("seed", range(20))
def test_concurrent_appends_respect_the_limit(store: Store, seed: int) -> None:
    def append(mine: NameDictionary, random: Random) -> None:
        numbers = mine.numbers([f"n{random.randrange(9)}" for _ in range(6)])
        assert all(number <= 5 for number in numbers)

    append_together(seed, store, append, limit=5)
    assert read_anew(store)[5:] in ([], [OTHER])


def append_together(
    seed: int,
    store: Store,
    append: Callable[[NameDictionary, Random], None],
    limit: int | None = None,
) -> None:
    """Three processes append, step by step in some order."""
    random = Random(seed)
    schedule = Schedule(random, switching=0.5)

    def process() -> None:
        page = random.choice((1, 2, 99))
        probed = ProbedStore(store, before=lambda step: schedule.pause(), page=page)
        append(people(probed, limit), random)

    schedule.run(dict.fromkeys("abc", process))
