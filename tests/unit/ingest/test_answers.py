"""What a request is answered as a whole (docs/events.md)."""

import gzip
import json

import pytest

from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.sources import Source, SourceStore, key_digest
from tests.builders import SOURCE
from tests.faults.world import SECRET, TENANT
from tests.unit.ingest.service import Service, row


def test_good_rows_are_counted_and_kept(service: Service) -> None:
    answer = service.send(row(), row(event_id="e2", user_id="bob"))
    assert answer.status == 200
    assert answer.document == {
        "received": 2,
        "accepted": 2,
        "quarantined": 0,
        "uncatalogued": 2,
        "reasons": {},
        "rejected": [],
    }
    assert sorted(event.user_id for event in service.events()) == ["ann", "bob"]
    assert service.quarantine() == []


def test_one_bad_row_of_a_hundred_costs_itself_alone(service: Service) -> None:
    """Case 20."""
    rows = [json.dumps(row(event_id=f"e{at}")) for at in range(100)]
    rows[42] = '{"event_id" : "e42",  "occurred_at": true, "user_id":"ann","feature":"leads"}'
    answer = service.post(f'{{"events": [{", ".join(rows)}]}}')
    assert (answer.status, answer.counts) == (200, (100, 99, 1))
    assert answer.document["rejected"] == [
        {
            "index": 42,
            "reason": "invalid_row",
            "detail": "Expected `int | datetime`, got `bool` - at `$.occurred_at`",
        }
    ]
    assert len(service.events()) == 99
    [kept] = service.quarantine()
    assert kept.original == rows[42].encode()
    assert (kept.index, kept.reason, kept.source) == (42, "invalid_row", SOURCE)
    assert kept.received_ms == service.clock.now_ms


def test_a_single_event_may_be_the_whole_body(service: Service) -> None:
    assert service.post(json.dumps(row())).counts == (1, 1, 0)
    assert service.post(json.dumps(row(feature=None))).reasons == ["missing_feature"]


@pytest.mark.parametrize("body", ['{"events": []}', '{"events": [], "rejected": []}'])
def test_no_rows_are_no_error(service: Service, body: str) -> None:
    assert (service.post(body).status, service.post(body).counts) == (200, (0, 0, 0))
    assert service.kept_nothing()


def test_rows_that_the_sender_turned_away_are_kept(service: Service) -> None:
    rejected = [{"reason": "line 7 has 3 columns", "original": "a;b;c"}]
    answer = service.post(json.dumps({"events": [row()], "rejected": rejected}))
    assert answer.counts == (2, 1, 1)
    assert answer.reasons == ["turned_away_by_sender"]
    [kept] = service.quarantine()
    assert (kept.index, kept.detail, kept.original) == (1, "line 7 has 3 columns", b"a;b;c")
    alone = service.post(json.dumps({"rejected": rejected}))
    assert alone.counts == (1, 0, 1)


def test_at_most_a_hundred_turned_away_rows_are_listed_and_all_are_kept(service: Service) -> None:
    answer = service.send(*(row(feature=None, event_id=str(at)) for at in range(150)))
    assert answer.counts == (150, 0, 150)
    assert len(answer.document["rejected"]) == 100
    assert len(service.quarantine()) == 150


def test_every_wrong_key_gets_the_same_answer_and_keeps_nothing(service: Service) -> None:
    keys = (
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer .",
        f"Bearer .{SECRET}",
        f"Bearer {SOURCE}",
        f"Bearer {SOURCE}.",
        f"Bearer {SOURCE}.{SECRET}x",
        f"Bearer {SOURCE}.{SECRET[:-1]}",
        f"Bearer nobody.{SECRET}",
        f"Bearer {TENANT}.{SECRET}",
        f"Basic {SOURCE}.{SECRET}",
        f"{SOURCE}.{SECRET}",
        f"Bearer {SOURCE}#.{SECRET}",
        f"Bearer \x00.{SECRET}",
        f"Bearer {'s' * 5_000}.{SECRET}",
        "Bearer s\xf6urce.\xff",
        "Bearer \ud800.\udfff",
        f"Bearer {SOURCE}.\ud800",
    )
    answers = [service.post(json.dumps(row()), authorization=key) for key in keys]
    assert answers[0].status == 401
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"
    assert all(answer == answers[0] for answer in answers)
    assert service.kept_nothing()


def test_the_scheme_may_be_written_in_any_case(service: Service) -> None:
    assert service.post("{}", authorization=f"bEARER  {SOURCE}.{SECRET} ").status == 200


def test_a_secret_may_have_dots(service: Service) -> None:
    digest = key_digest("a.b.c")
    source = Source(
        source_id="dotty",
        tenant=TENANT,
        kind=SourceKind.NATIVE,
        key_digest=digest,
        created_at_ms=0,
    )
    SourceStore(service.store).add(source)
    assert service.post("{}", authorization="Bearer dotty.a.b.c").status == 200


def test_a_body_over_the_limit_is_refused_before_it_is_parsed(service: Service) -> None:
    broken = b"[" + b" " * 1_000_000
    answer = service.post(broken)
    assert (answer.status, answer.code) == (413, "too_large")
    assert service.post(broken.decode(), base64=False).status == 413
    assert service.post(b" " * 2_000_000).status == 413
    assert service.post("{" + " " * 999_998 + "}").status == 200


def test_more_rows_than_allowed_are_refused(service: Service) -> None:
    assert service.post('{"events":[' + ",".join(["1"] * 10_001) + "]}").status == 413
    assert service.post('{"events":[' + ",".join(["1"] * 10_000) + "]}").counts == (
        10_000,
        0,
        10_000,
    )
    rejected = ",".join(['{"reason":"","original":""}'] * 10_000)
    assert service.post(f'{{"events":[],"rejected":[{rejected}]}}').counts == (10_000, 0, 10_000)
    assert service.post(f'{{"events":[1],"rejected":[{rejected}]}}').status == 413
    too_many_lines = service.post("1\n" * 10_001, content_type="application/jsonl")
    assert (too_many_lines.status, too_many_lines.code) == (413, "too_many_rows")


def test_a_gzip_bomb_is_refused_without_inflating_it(service: Service) -> None:
    bomb = gzip.compress(b" " * 100_000_000, 9)
    assert len(bomb) < 100_000
    assert service.post(bomb, content_encoding="gzip").status == 413


def test_a_gzip_body_is_inflated(service: Service) -> None:
    body = gzip.compress(json.dumps(row()).encode())
    assert service.post(body, content_encoding="gzip").counts == (1, 1, 0)
    assert service.post(body, content_encoding=" GZip ").counts == (1, 1, 0)
    largest = gzip.compress(b"{" + b" " * 999_998 + b"}")
    assert service.post(largest, content_encoding="gzip").status == 200


def test_broken_gzip_is_malformed(service: Service) -> None:
    body = gzip.compress(json.dumps(row()).encode())
    wrong_checksum = body[:-8] + bytes(4) + body[-4:]
    for broken in (b"", b"no gzip", body[:-1], body[:10], body + b"x", body + body, wrong_checksum):
        answer = service.post(broken, content_encoding="gzip")
        assert (answer.status, answer.code) == (400, "bad_gzip")
    assert service.kept_nothing()


def test_bad_base64_is_malformed_and_not_an_empty_body(service: Service) -> None:
    for body in ("e30", "e30=x", "????", "e3 0=", "\xfc", "\ud800"):
        answer = service.answer(
            {
                "rawPath": "/v1/events",
                "requestContext": {"http": {"method": "POST"}},
                "headers": {"authorization": f"Bearer {SOURCE}.{SECRET}"},
                "body": body,
                "isBase64Encoded": True,
            }
        )
        assert (answer.status, answer.code) == (400, "bad_encoding")


def test_a_request_without_a_body_is_malformed(service: Service) -> None:
    answer = service.answer(
        {
            "rawPath": "/v1/events",
            "requestContext": {"http": {"method": "POST"}},
            "headers": {"authorization": f"Bearer {SOURCE}.{SECRET}"},
        }
    )
    assert (answer.status, answer.code) == (400, "bad_json")


def test_wrong_paths_methods_and_content_types_are_told_apart(service: Service) -> None:
    secret = '{"events": "do not repeat me"}'
    for path in ("/", "/v1", "/v1/event", "/v1/events/x", "/V1/EVENTS", "//v1/events"):
        assert service.post(secret, path=path).status == 404
    for method in ("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "post"):
        answer = service.post(secret, method=method)
        assert (answer.status, answer.headers["allow"]) == (405, "POST")
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = service.post(secret, content_type=content_type)
        assert (answer.status, answer.code) == (415, "unsupported_content_type")
    refused = service.post(secret, content_encoding="br")
    assert (refused.status, refused.code) == (415, "unsupported_encoding")
    assert service.kept_nothing()


def test_a_refusal_does_not_repeat_the_body(service: Service) -> None:
    for body in ('{"events": "do not repeat me"}', "do not repeat me", '{"do not repeat me": 1'):
        for changes in ({}, {"content_type": "text/x"}, {"path": "/"}, {"method": "GET"}):
            answer = service.post(body, **changes)  # type: ignore[arg-type]
            assert answer.status >= 400
            assert "repeat" not in json.dumps(answer.document)


def test_content_types_with_parameters_and_the_path_with_a_slash_are_fine(
    service: Service,
) -> None:
    body = json.dumps(row())
    assert service.post(body, content_type="Application/JSON; charset=utf-8").status == 200
    assert service.post(body, content_type=None).status == 200
    assert service.post(body, path="/v1/events/").status == 200


def test_what_was_done_is_counted(service: Service) -> None:
    service.send(row(), row(feature=None), row(user_id=None), row(user_id=None))
    counted = service.world.counted
    assert counted["EventsAccepted"] == 1
    assert counted["EventsUncatalogued"] == 1
    assert counted["Quarantined_missing_user"] == 2
    assert counted["Quarantined_missing_feature"] == 1
