from hashlib import sha256

import msgspec

from devstack.demo.company import Company
from devstack.demo.deliveries import deliveries
from functions.ingest.requests import MAX_BODY_BYTES
from functions.ingest.rows import MAX_ROWS
from functions.ingest.sources.native import NativeRow
from tests.unit.devstack_demo.zylker import FIRST_SHOWN, ONE_DAY

_lines = msgspec.json.Decoder(NativeRow)


def test_a_busy_day_stays_within_the_limits_of_ingest() -> None:
    company = Company(FIRST_SHOWN)
    for _, rows in company.reporting_days(company.started, company.started + 7 * ONE_DAY):
        for delivery in deliveries(rows):
            assert len(delivery.body) < MAX_BODY_BYTES
            assert delivery.rows < MAX_ROWS
            assert delivery.body.count(b"\n") == delivery.rows


def test_every_row_is_sent_and_some_twice() -> None:
    company = Company(FIRST_SHOWN, size=60)
    ((_, rows),) = company.reporting_days(FIRST_SHOWN - ONE_DAY, FIRST_SHOWN - ONE_DAY)
    sent = [row for each in deliveries(rows) for row in _lines.decode_lines(each.body)]
    ids = [row.event_id for row in sent]
    assert sorted(set(ids), key=str) == sorted((row.event_id for row in rows), key=str)
    again = [row for row in sent if ids.count(row.event_id) == 2]
    assert len(sent) - len(rows) == len(again) / 2
    assert len(again) > 2
    for row in again:
        assert again.count(row) == 2


def test_no_rows_make_no_delivery() -> None:
    assert list(deliveries([])) == []


def test_a_day_is_the_same_bytes_on_every_python_and_for_ever() -> None:
    """A data folder may be continued with a later version: then this must not change."""
    company = Company(FIRST_SHOWN, size=20)
    digest = sha256()
    for _, rows in company.reporting_days(FIRST_SHOWN - 4 * ONE_DAY, FIRST_SHOWN):
        for delivery in deliveries(rows):
            digest.update(delivery.body)
    assert digest.hexdigest() == (
        "842ed8c117741ba73d7d9a0d38256d30f3132c2410077c418857a0a6e6bf77b9"
    )
