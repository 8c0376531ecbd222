"""What every store promises; the same for each adapter."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.metrics.storage.keys import up_to
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Item, Key, Store, Table
from tests.contract.conftest import Clock

ODD_STRINGS = [
    " ",
    "'; DROP TABLE events; --",
    "#",
    "%",
    "%23",
    "0",
    "a",
    "a b",
    "a#",
    "a#b",
    "a%23b",
    "a\tb\nc",
    "A",
    "e\u0301",  # é as two characters, which must not become one
    "\u00e9",
    "\u202eabc",
    "\uff61",  # before emoji in UTF-8, behind them in UTF-16
    "\uffff",
    "\U0001f469\u200d\U0001f4bb",
    "\U0001f600",
    "\U0010ffff",
]


def key(sort: str, partition: str = "p", table: Table = Table.EVENTS) -> Key:
    return Key(table, partition, sort)


def item(sort: str, body: bytes = b"body", *, version: int = 0, expires: int | None = None) -> Item:
    return Item(key(sort), body, version, expires)


def sorts(items: Iterator[Item]) -> list[str]:
    return [item.key.sort for item in items]


def in_threads(work: Callable[[str], None], names: list[str]) -> None:
    """Run the work once for each name, all at the same time; raise what any of them raised."""
    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(work, names))


class TestReadingAndWriting:
    def test_an_item_comes_back_whole(self, store: Store, clock: Clock) -> None:
        written = item("s", bytes(range(256)), version=7, expires=clock.now_seconds + 60)
        store.put_many([written])
        assert store.get(written.key) == written

    def test_what_was_never_written_is_absent(self, store: Store) -> None:
        assert store.get(key("s")) is None
        assert list(store.query(Table.EVENTS, "p")) == []

    def test_a_put_replaces(self, store: Store) -> None:
        store.put_many([item("s", b"old", version=3)])
        store.put_many([item("s", b"new", version=1)])
        assert store.get(key("s")) == item("s", b"new", version=1)

    def test_tables_and_partitions_are_apart(self, store: Store) -> None:
        store.put_many([item("s")])
        assert store.get(key("s", table=Table.METRICS)) is None
        assert store.get(key("s", partition="q")) is None
        assert list(store.query(Table.METRICS, "p")) == []
        assert list(store.query(Table.EVENTS, "q")) == []

    @pytest.mark.parametrize("body", [b"", bytes(MAX_ITEM_BYTES)], ids=["empty", "largest"])
    def test_a_body_of_any_size(self, store: Store, body: bytes) -> None:
        store.put_many([item("s", body)])
        assert store.get(key("s")) == item("s", body)
        assert list(store.query(Table.EVENTS, "p")) == [item("s", body)]

    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
        st.binary(),
    )
    def test_any_strings_are_keys(
        self, store: Store, partition: str, sort: str, body: bytes
    ) -> None:
        written = Item(key(sort, partition), body)
        store.put_many([written])
        assert store.get(written.key) == written
        assert list(store.query(Table.EVENTS, partition, sort, sort)) == [written]


class TestQuery:
    def test_the_order_is_that_of_utf_8_bytes(self, store: Store) -> None:
        store.put_many(item(sort) for sort in ODD_STRINGS)
        expected = sorted(ODD_STRINGS, key=str.encode)
        assert sorts(store.query(Table.EVENTS, "p")) == expected

    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [
            ("", None, "abcd"),
            ("b", None, "bcd"),
            ("", "c", "abc"),
            ("b", "c", "bc"),
            ("b", "b", "b"),
            ("aa", "cc", "bc"),
            ("e", None, ""),
            ("aa", "az", ""),
            ("c", "b", ""),
            ("", "", ""),
        ],
    )
    def test_both_bounds_are_part_of_the_range(
        self, store: Store, first: str, last: str | None, expected: str
    ) -> None:
        store.put_many(item(sort) for sort in "abcd")
        assert sorts(store.query(Table.EVENTS, "p", first, last)) == list(expected)

    def test_a_prefix_bounds_a_range(self, store: Store) -> None:
        store.put_many(item(sort) for sort in ["a", "a#", "a#\U0001f600", "a#b", "a$", "b#"])
        prefixed = store.query(Table.EVENTS, "p", "a#", up_to("a#"))
        assert sorts(prefixed) == ["a#", "a#b", "a#\U0001f600"]

    def test_more_than_a_page_of_bytes(self, store: Store) -> None:
        """DynamoDB ends a page after 1 MB."""
        written = [item(sort, sort.encode() * 300_000) for sort in "abcdefg"]
        store.put_many(written)
        assert list(store.query(Table.EVENTS, "p")) == written
        assert list(store.query(Table.EVENTS, "p", "b", "f")) == written[1:6]

    def test_more_than_a_batch_of_rows(self, store: Store) -> None:
        names = [f"{number:03d}" for number in range(300)]
        store.put_many(item(name) for name in names)
        assert sorts(store.query(Table.EVENTS, "p")) == names

    @pytest.mark.parametrize(("first", "last", "expected"), [("", None, "abcd"), ("b", "c", "bc")])
    def test_the_versions_alone(
        self, store: Store, first: str, last: str | None, expected: str
    ) -> None:
        numbered = {sort: at for at, sort in enumerate("abcd", start=7)}
        store.put_many(item(sort, version=version) for sort, version in numbered.items())
        found = store.versions(Table.EVENTS, "p", first, last)
        assert list(found.items()) == [(sort, numbered[sort]) for sort in expected]

    def test_the_versions_of_more_than_a_page(self, store: Store) -> None:
        written = [item(sort, sort.encode() * 300_000) for sort in "abcdefg"]
        store.put_many(written)
        assert list(store.versions(Table.EVENTS, "p")) == list("abcdefg")

    def test_no_versions_of_an_empty_range(self, store: Store) -> None:
        store.put_many([item("a")])
        assert store.versions(Table.EVENTS, "p", "b", "a") == {}

    def test_the_caller_may_write_while_it_reads(self, store: Store) -> None:
        store.put_many(item(sort) for sort in "abc")
        seen = []
        for found in store.query(Table.EVENTS, "p"):
            seen.append(found.key.sort)
            store.delete_many([found.key])
        assert seen == ["a", "b", "c"]
        assert list(store.query(Table.EVENTS, "p")) == []


class TestConditionalWrites:
    def test_creates_what_does_not_exist(self, store: Store) -> None:
        assert store.put_if(item("s", version=1), expected_version=None)
        assert store.get(key("s")) == item("s", version=1)

    def test_does_not_create_what_exists(self, store: Store) -> None:
        store.put_many([item("s", b"first")])
        assert not store.put_if(item("s", b"second"), expected_version=None)
        assert store.get(key("s")) == item("s", b"first")

    def test_updates_the_expected_version(self, store: Store) -> None:
        store.put_many([item("s", b"old", version=4)])
        assert store.put_if(item("s", b"new", version=5), expected_version=4)
        assert store.get(key("s")) == item("s", b"new", version=5)

    @pytest.mark.parametrize("expected", [0, 3, 5, None])
    def test_does_not_update_another_version(self, store: Store, expected: int | None) -> None:
        store.put_many([item("s", b"old", version=4)])
        assert not store.put_if(item("s", b"new", version=5), expected_version=expected)
        assert store.get(key("s")) == item("s", b"old", version=4)

    def test_does_not_update_what_does_not_exist(self, store: Store) -> None:
        assert not store.put_if(item("s", version=1), expected_version=0)
        assert store.get(key("s")) is None

    def test_a_write_that_was_done_already_counts_as_done(self, store: Store) -> None:
        written = item("s", b"mine", version=1)
        assert store.put_if(written, expected_version=None)
        assert store.put_if(written, expected_version=None)

    @pytest.mark.parametrize(
        "other",
        [item("s", b"theirs", version=1), item("s", b"mine", version=2)],
        ids=["body", "version"],
    )
    def test_a_write_of_another_does_not_count_as_done(self, store: Store, other: Item) -> None:
        store.put_many([other])
        assert not store.put_if(item("s", b"mine", version=1), expected_version=0)
        assert store.get(key("s")) == other

    def test_of_two_writers_exactly_one_wins(self, store: Store) -> None:
        rounds = 20
        start = Barrier(2, timeout=30)
        wins: dict[str, list[bool]] = {"left": [], "right": []}

        def write(name: str) -> None:
            for version in range(rounds):
                start.wait()
                mine = item("s", f"{name} {version}".encode(), version=version + 1)
                wins[name].append(store.put_if(mine, expected_version=version or None))

        in_threads(write, ["left", "right"])
        assert [left != right for left, right in zip(*wins.values(), strict=True)] == [
            True
        ] * rounds
        last_winner = "left" if wins["left"][-1] else "right"
        expected = item("s", f"{last_winner} {rounds - 1}".encode(), version=rounds)
        assert store.get(key("s")) == expected

    def test_no_update_is_lost(self, store: Store) -> None:
        store.put_many([item("s")])

        def count(name: str) -> None:
            for number in range(20):
                while True:
                    stored = store.get(key("s"))
                    assert stored is not None
                    line = f"{name} {number}\n".encode()
                    changed = item("s", stored.body + line, version=stored.version + 1)
                    if store.put_if(changed, expected_version=stored.version):
                        break

        in_threads(count, ["left", "right"])
        counted = store.get(key("s"))
        assert counted is not None
        assert counted.version == 40
        assert len(set(counted.body.splitlines())) == 40


class TestExpiry:
    def test_an_item_is_there_until_its_second(self, store: Store, clock: Clock) -> None:
        written = item("s", expires=clock.now_seconds + 1)
        store.put_many([written])
        clock.now_ms += 999
        assert store.get(key("s")) == written

    def test_an_expired_item_is_invisible(self, store: Store, clock: Clock) -> None:
        """Case 39."""
        store.put_many([item("a"), item("b", expires=clock.now_seconds + 1), item("c")])
        clock.now_ms += 1000
        assert store.get(key("b")) is None
        assert store.get_many([key("b")]) == {}
        assert sorts(store.query(Table.EVENTS, "p")) == ["a", "c"]
        assert list(store.versions(Table.EVENTS, "p")) == ["a", "c"]

    def test_an_expired_item_may_be_created_anew(self, store: Store, clock: Clock) -> None:
        store.put_many([item("s", b"old", version=4, expires=clock.now_seconds)])
        assert store.put_if(item("s", b"new", version=1), expected_version=None)
        assert store.get(key("s")) == item("s", b"new", version=1)

    def test_an_expired_item_cannot_be_updated(self, store: Store, clock: Clock) -> None:
        store.put_many([item("s", b"old", version=4, expires=clock.now_seconds)])
        assert not store.put_if(item("s", b"new", version=5), expected_version=4)
        assert store.get(key("s")) is None

    def test_an_item_that_will_expire_can_be_updated(self, store: Store, clock: Clock) -> None:
        store.put_many([item("s", b"old", version=4, expires=clock.now_seconds + 1)])
        assert not store.put_if(item("s", b"new", version=5), expected_version=None)
        assert store.put_if(item("s", b"new", version=5), expected_version=4)


class TestManyItems:
    def test_more_than_one_batch(self, store: Store) -> None:
        written = [
            Item(key(f"{number:03d}", table=table), str(number).encode())
            for number in range(60)
            for table in Table
        ]
        store.put_many(iter(written))
        for table in Table:
            expected = [item for item in written if item.key.table is table]
            assert list(store.query(table, "p")) == expected
        store.delete_many(item.key for item in written[:110])
        left = [*store.query(Table.EVENTS, "p"), *store.query(Table.METRICS, "p")]
        assert {item.key for item in left} == {item.key for item in written[110:]}

    def test_get_many_finds_all_that_exist(self, store: Store) -> None:
        written = [
            Item(key(f"{number}", table=table), b"body") for number in range(130) for table in Table
        ]
        store.put_many(written)
        wanted = [item.key for item in written] + [key("absent"), written[0].key]
        assert store.get_many(wanted) == {item.key: item for item in written}

    def test_of_items_with_the_same_key_the_last_one_stays(self, store: Store) -> None:
        store.put_many(item(f"{number % 20:02d}", str(number).encode()) for number in range(70))
        expected = [str(number).encode() for number in [*range(60, 70), *range(50, 60)]]
        assert [item.body for item in store.query(Table.EVENTS, "p")] == expected

    def test_deleting_what_is_absent_or_named_twice_is_no_error(self, store: Store) -> None:
        store.put_many([item("a"), item("b")])
        store.delete_many([key("absent"), key("a"), key("a")])
        assert sorts(store.query(Table.EVENTS, "p")) == ["b"]

    def test_nothing_is_a_batch_too(self, store: Store) -> None:
        store.put_many([])
        store.delete_many([])
        assert store.get_many([]) == {}
