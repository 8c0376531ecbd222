"""The store in DynamoDB: two tables of the same form, every read consistent.

Calls go through pynamodb's low-level `Connection`, because the batches of its models send what was
left over again without a pause (and, for reads, for ever). One connection serves both tables: a
second client would load and parse the description of DynamoDB once more.

botocore repeats a call that was throttled, failed or lost; all calls here may be repeated. What
still fails comes out as `StorageUnavailableError`. DynamoDB deletes expired items hours late, so
reads leave them out.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable
from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from tenacity import RetryError, Retrying, retry_if_result, stop_after_attempt
from tenacity.wait import wait_random_exponential

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.storage.dynamodb_errors import (
    NOT_DYNAMODB,
    OVERLOADED,
    ConditionFailedError,
    translated,
    unavailable,
)
from shared.metrics.storage.ports import Item, Key, Table

_CONNECT_SECONDS: Final = 2
_READ_SECONDS: Final = 5
_CALL_ATTEMPTS: Final = 4
"""Together under 30 s: a function must be able to answer before it is ended."""

_WITHOUT_BODY: Final = ["partition", "sort", "version", "expires_at"]

_GET_BATCH: Final = 100
_WRITE_BATCH: Final = 25
"""DynamoDB's limits. 25 items of 400 KB are 13.4 MB as base64, so that its limit of 16 MB a request
cannot be met; a read of more than 16 MB gives the rest back as unprocessed."""

_BATCH_ATTEMPTS: Final = 8
_BATCH_WAIT: Final = wait_random_exponential(multiplier=0.05, max=2)
"""What a batch left over is sent again after 0 to 50 ms, 0 to 100 ms, …; in all, 5.2 s at most."""

_Raw = dict[str, Any]


class _Row(Model):
    """An item as attributes; of no table, because a model's `Meta` is global to the process."""

    partition = UnicodeAttribute(hash_key=True)
    sort = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    expires_at = NumberAttribute(null=True)
    body = BinaryAttribute(legacy_encoding=False)


_KEY_SCHEMA: Final = [
    {"AttributeName": "partition", "KeyType": "HASH"},
    {"AttributeName": "sort", "KeyType": "RANGE"},
]
_KEY_ATTRIBUTES: Final = [
    {"AttributeName": "partition", "AttributeType": "S"},
    {"AttributeName": "sort", "AttributeType": "S"},
]


class DynamoStore:
    """The port `Store` over two DynamoDB tables; threads may share it.

    `clock` gives milliseconds since 1970, `sleep` waits for seconds. Every method, and making one,
    raises StorageUnavailableError, with the table's name and what to do.
    """

    def __init__(
        self,
        events_table: str,
        metrics_table: str,
        *,
        endpoint_url: str | None = None,
        region: str | None = None,
        clock: Callable[[], int],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._names = {Table.EVENTS: events_table, Table.METRICS: metrics_table}
        self._clock = clock
        self._sleep = sleep
        self._connection = Connection(
            region=region,
            host=endpoint_url,
            connect_timeout_seconds=_CONNECT_SECONDS,
            read_timeout_seconds=_READ_SECONDS,
            retry_configuration={"total_max_attempts": _CALL_ATTEMPTS, "mode": "standard"},
        )
        for name in self._names.values():
            schema = {"KeySchema": _KEY_SCHEMA, "AttributeDefinitions": _KEY_ATTRIBUTES}
            self._connection.add_meta_table(MetaTable({"TableName": name, **schema}))
        try:
            # Here, not at the first request: a function's initialisation has more CPU.
            _ = self._connection.client
        except (BotoCoreError, ValueError) as error:
            raise StorageUnavailableError(
                f"There is no way to DynamoDB: check the region and the endpoint ({error})."
            ) from None

    def get(self, key: Key) -> Item | None:
        """Read one item."""
        answer = self._call(
            key.table,
            self._connection.get_item,
            hash_key=key.partition,
            range_key=key.sort,
            consistent_read=True,
        )
        return self._visible(key.table, answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Read many items; those that do not exist are absent from the answer."""
        found: dict[Key, Item] = {}

        def send(table: Table, rest: list[_Raw]) -> list[_Raw]:
            answer = self._call(
                table, self._connection.batch_get_item, keys=rest, consistent_read=True
            )
            name = self._names[table]
            for raw in answer["Responses"].get(name, ()):
                item = self._visible(table, raw)
                if item is not None:
                    found[item.key] = item
            unprocessed: list[_Raw] = answer["UnprocessedKeys"].get(name, {}).get("Keys", [])
            return unprocessed

        self._send_batches(send, ((key, _key_attributes(key)) for key in keys), _GET_BATCH)
        return found

    def query(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> Iterator[Item]:
        """Read the items with `first <= sort <= last`, ascending, page by page."""
        for raw in self._pages(table, partition, first, last):
            item = self._visible(table, raw)
            if item is not None:
                yield item

    def versions(
        self, table: Table, partition: str, first: str = "", last: str | None = None
    ) -> dict[str, int]:
        """The versions of the items with `first <= sort <= last`, ascending. Costs as many read
        units as the items themselves, but neither their transfer nor their decoding.
        """
        now = self._now_seconds()
        found = {}
        for raw in self._pages(table, partition, first, last, _WITHOUT_BODY):
            row = _Row.from_raw_data(raw)
            if "expires_at" not in raw or int(row.expires_at) > now:
                found[row.sort] = int(row.version)
        return found

    def _pages(
        self,
        table: Table,
        partition: str,
        first: str,
        last: str | None,
        attributes: list[str] | None = None,
    ) -> Iterator[_Raw]:
        if last is not None and (not last or last < first):
            return  # which DynamoDB would refuse
        start: _Raw | None = None
        while True:
            page = self._call(
                table,
                self._connection.query,
                hash_key=partition,
                range_key_condition=_range(first, last),
                consistent_read=True,
                exclusive_start_key=start,
                attributes_to_get=attributes,
            )
            yield from page["Items"]
            start = page.get("LastEvaluatedKey")
            if start is None:
                return

    def put_many(self, items: Iterable[Item]) -> None:
        """Write all items, replacing any that exist; of those with the same key, the last one."""

        def send(table: Table, rest: list[_Raw]) -> list[_Raw]:
            answer = self._call(table, self._connection.batch_write_item, put_items=rest)
            unprocessed = answer["UnprocessedItems"].get(self._names[table], ())
            return [request["PutRequest"]["Item"] for request in unprocessed]

        self._send_batches(send, ((item.key, _attributes(item)) for item in items), _WRITE_BATCH)

    def put_if(self, item: Item, *, expected_version: int | None) -> bool:
        """Write the item if the stored version is the expected one (None: there is no item).

        False when it is not, unless the stored item equals `item`: botocore repeats a write whose
        answer was lost, and the repetition meets the first one.
        """
        try:
            self._call(
                item.key.table,
                self._connection.put_item,
                hash_key=item.key.partition,
                range_key=item.key.sort,
                attributes=_attributes(item),
                condition=self._still(expected_version),
            )
        except ConditionFailedError:
            return self.get(item.key) == item
        return True

    def delete_many(self, keys: Iterable[Key]) -> None:
        """Delete items; deleting one that does not exist is no error."""

        def send(table: Table, rest: list[_Raw]) -> list[_Raw]:
            answer = self._call(table, self._connection.batch_write_item, delete_items=rest)
            unprocessed = answer["UnprocessedItems"].get(self._names[table], ())
            return [request["DeleteRequest"]["Key"] for request in unprocessed]

        self._send_batches(send, ((key, _key_attributes(key)) for key in keys), _WRITE_BATCH)

    def create_tables(self) -> None:
        """Create the tables, with their expiry, for tests and local endpoints, which do so at once.

        Raises StorageUnavailableError also when one exists already.
        """
        for table in Table:
            self._call(
                table,
                self._connection.create_table,
                attribute_definitions=_KEY_ATTRIBUTES,
                key_schema=_KEY_SCHEMA,
                billing_mode="PAY_PER_REQUEST",
            )
            self._call(table, self._connection.update_time_to_live, ttl_attribute_name="expires_at")

    def _now_seconds(self) -> int:
        return self._clock() // 1000

    def _still(self, expected_version: int | None) -> Condition:
        """That the visible item has this version, or that there is none."""
        now = self._now_seconds()
        condition: Condition
        if expected_version is None:
            condition = _Row.partition.does_not_exist() | (_Row.expires_at <= now)
        else:
            unexpired = _Row.expires_at.does_not_exist() | (_Row.expires_at > now)
            condition = (_Row.version == expected_version) & unexpired
        return condition

    def _visible(self, table: Table, raw: _Raw) -> Item | None:
        row = _Row.from_raw_data(raw)
        expires_at = int(row.expires_at) if "expires_at" in raw else None
        if expires_at is not None and expires_at <= self._now_seconds():
            return None
        return Item(Key(table, row.partition, row.sort), row.body, int(row.version), expires_at)

    def _send_batches(
        self,
        send: Callable[[Table, list[_Raw]], list[_Raw]],
        requests: Iterable[tuple[Key, _Raw]],
        size: int,
    ) -> None:
        """Send requests in batches without duplicates, which DynamoDB would refuse."""
        batches: dict[Table, dict[Key, _Raw]] = {table: {} for table in Table}
        for key, raw in requests:
            batch = batches[key.table]
            batch[key] = raw
            if len(batch) == size:
                self._send_batch(send, key.table, list(batch.values()))
                batch.clear()
        for table, batch in batches.items():
            if batch:
                self._send_batch(send, table, list(batch.values()))

    def _send_batch(
        self, send: Callable[[Table, list[_Raw]], list[_Raw]], table: Table, rest: list[_Raw]
    ) -> None:
        """Send a batch, and again what was left over of it, until nothing is."""

        def send_rest() -> list[_Raw]:
            nonlocal rest
            rest = send(table, rest)
            return rest

        retrying = Retrying(
            retry=retry_if_result(bool),
            stop=stop_after_attempt(_BATCH_ATTEMPTS),
            wait=_BATCH_WAIT,
            sleep=self._sleep,
        )
        try:
            retrying(send_rest)
        except RetryError:
            left = f"{len(rest)} items were left over {_BATCH_ATTEMPTS} times"
            raise unavailable(self._names[table], OVERLOADED, left) from None

    def _call(self, table: Table, send: Callable[..., _Raw], **arguments: object) -> _Raw:
        name = self._names[table]
        try:
            answer = send(name, **arguments)
        except PynamoDBException as error:
            raise translated(name, error) from None
        form = answer["ResponseMetadata"]["HTTPHeaders"].get("content-type")
        if form != "application/x-amz-json-1.0":
            # To botocore, "200 OK" is a success, whichever server says it; a write would be lost.
            raise unavailable(name, NOT_DYNAMODB, f"which answered with {form}")
        return answer


def _attributes(item: Item) -> _Raw:
    return _Row(
        partition=item.key.partition,
        sort=item.key.sort,
        version=item.version,
        expires_at=item.expires_at,
        body=item.body,
    ).serialize()


def _key_attributes(key: Key) -> _Raw:
    return {"partition": key.partition, "sort": key.sort}


def _range(first: str, last: str | None) -> Condition | None:
    """The condition on `sort`; none of an empty bound, which DynamoDB would refuse."""
    if last is None:
        return _Row.sort >= first if first else None
    return _Row.sort.between(first, last) if first else _Row.sort <= last
