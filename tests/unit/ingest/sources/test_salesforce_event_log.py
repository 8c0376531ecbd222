"""Salesforce's event log files."""

import pytest

from functions.ingest.requests import RefusedError, Request
from functions.ingest.rows import Reason, Rows
from functions.ingest.sent_rows import SentRow
from functions.ingest.sources import salesforce
from functions.ingest.sources.salesforce_ids import long_id
from shared.metrics.domain.events import ActorKind, Signal
from tests.unit.ingest.sources.deliveries import fixture, keys, parsed, request

DAILY = fixture("salesforce/lightning_page_view_daily.csv")
HOURLY = fixture("salesforce/lightning_page_view_hourly.csv")
LOGIN = fixture("salesforce/login.csv")
HEADER = b"EVENT_TYPE,REQUEST_ID,USER_ID_DERIVED,USER_TYPE,TIMESTAMP_DERIVED\n"


def file(body: bytes) -> Request:
    return request(body, content_type="text/csv")


def row_of(
    event_type: str, user_type: str = "Standard", user: str = "0055f000005mc66AAA"
) -> SentRow:
    line = f"{event_type},r,{user},{user_type},2026-11-22T11:58:00.000Z\n".encode()
    delivery = parsed(salesforce, file(HEADER + line))
    assert (len(delivery.rows), delivery.rejections) == (1, [])
    return delivery.rows[0]


def test_a_row_is_what_a_person_did() -> None:
    list_view, record_view = parsed(salesforce, file(DAILY)).rows
    assert (list_view.name, list_view.signal) == ("LightningPageView", Signal.ACTION)
    assert (list_view.person.user_id, list_view.actor_kind) == (
        "0055f000005mc66AAA",
        ActorKind.USER,
    )
    assert list_view.occurred_at_ms == 1_795_348_680_104
    assert list_view.tenant_named == "00D5f000000ABCDEA4"
    assert (list_view.record_id, record_view.record_id) == ("", "0065f00000AbCdEAAV")
    assert list_view.change is None
    assert list_view.fields["PAGE_ENTITY_TYPE"] == "Opportunity"
    assert list_view.context["PAGE_CONTEXT"] == "force:objectHomeDesktop"


def test_a_row_of_the_hourly_and_of_the_daily_file_has_the_same_key() -> None:
    """Cases 1 and 3: the files overlap, and their columns need not be in the same order."""
    daily, hourly = (keys(parsed(salesforce, file(body))) for body in (DAILY, HOURLY))
    assert len(set(daily)) == 2
    assert hourly == daily[1:]
    assert keys(parsed(salesforce, file(HOURLY.replace(b'"640"', b'"641"')))) != hourly


def test_logins_make_sessions_unless_they_failed() -> None:
    good, failed = parsed(salesforce, file(LOGIN)).rows
    assert (good.name, good.signal, good.actor_kind) == ("login", Signal.ACTION, ActorKind.USER)
    assert (failed.name, failed.signal) == ("Login", Signal.SYSTEM)
    assert good.context["BROWSER_TYPE"] == 'Mozilla/5.0 (X11; "Linux")'
    assert row_of("Logout").name == "logout"


@pytest.mark.parametrize(
    ("event_type", "user_type", "signal", "kind"),
    [
        ("Report", "Standard", Signal.ACTION, ActorKind.USER),
        ("RestApi", "Standard", Signal.ACTION, ActorKind.API),
        ("BulkApi2", "Standard", Signal.ACTION, ActorKind.API),
        ("ApexExecution", "Standard", Signal.SYSTEM, ActorKind.UNKNOWN),
        ("NewInNextRelease", "Standard", Signal.SYSTEM, ActorKind.UNKNOWN),
        ("URI", "Guest", Signal.ACTION, ActorKind.UNKNOWN),
        ("URI", "AutomatedProcess", Signal.ACTION, ActorKind.API),
    ],
)
def test_only_what_people_did_counts(
    event_type: str, user_type: str, signal: Signal, kind: ActorKind
) -> None:
    row = row_of(event_type, user_type)
    assert (row.signal, row.actor_kind) == (signal, kind)
    assert row_of("URI", user="").actor_kind is ActorKind.UNKNOWN


def test_columns_that_are_new_are_kept() -> None:
    """Case 21."""
    header = HEADER.replace(b"EVENT_TYPE", b"EVENT_TYPE,NEW")
    body = header + b"Report,x,r,005,Standard,2026-11-22T11:58:00.000Z"
    assert parsed(salesforce, file(body)).rows[0].context["NEW"] == "x"


def test_a_bad_row_costs_itself_alone() -> None:
    """Cases 14, 17 and 20."""
    good = b"Report,r%d,005,Standard,2026-11-22T11:58:00.000Z\r\n"
    bad = [
        b"Report,r,005\n",
        b"Report,\xe9,005,Standard,2026-11-22T11:58:00.000Z\n",
        b"Report,r,005,Standard,20261122115800.104\n",
        b"Report,r,005,Standard,2026-11-22T11:58:00.000\n",
        b",r,005,Standard,2026-11-22T11:58:00.000Z\n",
        b'Report,"a"b,005,Standard,2026-11-22T11:58:00.000Z\n',
        b"Report," + b"x" * 200_000 + b",005,Standard,2026-11-22T11:58:00.000Z\n",
    ]
    delivery = parsed(salesforce, file(HEADER + good % 1 + b"\n" + b"".join(bad) + good % 2))
    assert len(delivery.rows) == 2
    assert [each.index for each in delivery.rejections] == [1, 2, 3, 4, 5, 6, 7]
    assert [each.original for each in delivery.rejections] == [HEADER + each for each in bad]
    assert delivery.rejections[3].reason is Reason.AMBIGUOUS_TIME


def test_a_cell_may_have_lines_and_a_quote_that_never_ends_costs_the_rest() -> None:
    body = HEADER + b'Report,"a\n""b""\nc",005,Standard,2026-11-22T11:58:00.000Z\nURI,"x,005\ny'
    delivery = parsed(salesforce, file(body))
    assert delivery.rows[0].fields["REQUEST_ID"] == 'a\n"b"\nc'
    assert len(delivery.rejections) == 1


def test_what_is_kept_of_a_row_is_that_row_with_its_columns() -> None:
    for row in parsed(salesforce, file(LOGIN)).rows:
        assert parsed(salesforce, file(row.original)).rows == [row]


@pytest.mark.parametrize(
    "body",
    [b"", b"\n", b"a,b\n1,2\n", b"{}", DAILY.decode().encode("utf-16"), b"x" * 20_000 + DAILY],
)
def test_a_file_without_the_columns_is_refused(body: bytes) -> None:
    """Case 17."""
    with pytest.raises(RefusedError) as caught:
        parsed(salesforce, file(body))
    assert caught.value.status == 400


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert keys(parsed(salesforce, file(b"\xef\xbb\xbf" + DAILY))) == (
        keys(parsed(salesforce, file(DAILY)))
    )


def test_more_rows_than_a_delivery_may_have_are_refused() -> None:
    """Case 15."""
    with pytest.raises(RefusedError) as caught:
        parsed(salesforce, file(HEADER + b"x\n" * 10_001))
    assert caught.value.status == 413


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("0055j00000AT6I1", "0055j00000AT6I1AAL"),
        ("0055j000000utlP", "0055j000000utlPAAQ"),
        ("000000000000000", "000000000000000AAA"),
        ("0055j00000AT6I1AAL", "0055j00000AT6I1AAL"),
        ("", ""),
        ("15 characters!!", "15 characters!!"),
        ("fünfzehnzeichen", "fünfzehnzeichen"),
    ],
)
def test_short_ids_have_one_long_form(short: str, long: str) -> None:
    assert long_id(short) == long


def test_the_usual_answer_will_do() -> None:
    assert salesforce.answer(file(b""), Rows()) is None
