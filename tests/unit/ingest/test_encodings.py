"""Bodies that are not the JSON that was expected: never an error of ours, never lost in silence."""

import json

import pytest

from tests.unit.ingest.service import Service, row


def test_text_that_is_not_utf_8_costs_its_row_alone(service: Service) -> None:
    good, latin = json.dumps(row()).encode(), b'{"user_id": "Ren\xe9"}'
    answer = service.post(b'{"events": [' + good + b"," + latin + b"]}")
    assert (answer.status, answer.counts) == (200, (2, 1, 1))
    assert [kept.original for kept in service.quarantine()] == [latin]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_other_encodings_and_a_byte_order_mark_are_malformed(
    service: Service, encoding: str
) -> None:
    answer = service.post(json.dumps(row()).encode(encoding))
    assert (answer.status, answer.code) == (400, "bad_json")
    assert service.kept_nothing()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "1",
        '"text"',
        "[]",
        "[[]]",
        "{",
        '{"events"}',
        '{"events": 1}',
        '{"events": null}',
        '{"events": {}}',
        '{"events": [1,]}',
        '{"events": []} {}',
        '{"events": [], "rejected": 1}',
        '{"events": [], "rejected": [{}]}',
        '{"rejected": [{"reason": "r", "original": "\\ud800"}]}',
        "[" * 100_000 + "]" * 100_000,
        '{"events":' * 50_000 + "1" + "}" * 50_000,
    ],
)
def test_a_body_that_cannot_be_told_into_rows_is_malformed(service: Service, body: str) -> None:
    answer = service.post(body)
    assert (answer.status, answer.code) == (400, "bad_json")
    assert service.kept_nothing()


@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        '"\\ud800"',
        '"\\udc00\\ud800"',
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        "1" + "0" * 5_000,
        "-1" + "0" * 5_000,
        "01",
        "'x'",
        "\x01",
    ],
)
@pytest.mark.parametrize("place", ["context", "user_id", "occurred_at", "unknown"])
def test_values_that_no_row_may_have_cost_nothing_but_their_row(
    service: Service, place: str, value: str
) -> None:
    wanted = f'{{"a": {value}}}' if place == "context" else value
    fields = {name: json.dumps(text) for name, text in row().items()} | {place: wanted}
    bad = "{" + ", ".join(f'"{name}": {text}' for name, text in fields.items()) + "}"
    answer = service.post(f'{{"events": [{json.dumps(row())}, {bad}]}}')
    if answer.status == 200:
        assert answer.counts == (2, 1, 1)
        assert answer.reasons == ["invalid_row"]
        assert [kept.original for kept in service.quarantine()] == [bad.encode()]
    else:
        assert (answer.status, answer.code) == (400, "bad_json")
        assert service.kept_nothing()


@pytest.mark.parametrize("extra", ["", '"unknown": 1, '])
def test_every_depth_of_nesting_is_kept_or_turned_away(service: Service, extra: str) -> None:
    """The last depth that can be read must not be one that cannot be written."""
    for depth in (1, 100, *range(850, 1_010)):
        nested = "[" * depth + "]" * depth
        fields = json.dumps(row())[1:-1]
        answer = service.post(f'{{"events": [{{{extra}"context": {{"a": {nested}}}, {fields}}}]}}')
        assert answer.status == 400 or (answer.status == 200 and sum(answer.counts) == 2)


def test_of_a_key_that_comes_twice_the_last_one_counts(service: Service) -> None:
    fields = json.dumps(row())[1:-1]
    answer = service.post(f'{{"events": [{{"user_id": "eve", {fields}}}]}}')
    assert answer.counts == (1, 1, 0)
    assert [event.user_id for event in service.events()] == ["ann"]


def test_json_lines_cost_their_broken_ones_alone(service: Service) -> None:
    good, broken = json.dumps(row()), '{"event_id": "e2", '
    for content_type in ("application/x-ndjson", "application/jsonl", "Application/JSONL; v=1"):
        answer = service.post(f"{good}\r\n\n{broken}\n  \n{good}\n", content_type=content_type)
        assert answer.counts == (3, 2, 1)
        assert answer.document["rejected"][0]["index"] == 1
        assert service.quarantine()[-1].original == broken.encode()


def test_a_line_is_a_row_whatever_else_might_be_read_from_it(service: Service) -> None:
    one = json.dumps(row())
    for body, received in (
        (one + one, 1),
        (f"{one} {one}\n{one}", 2),
        (one.replace(",", ",\n"), 4),
    ):
        answer = service.post(body, content_type="application/jsonl")
        assert answer.status == 200
        assert answer.document["received"] == received


def test_records_of_a_json_sequence_begin_with_a_separator(service: Service) -> None:
    body = "".join(f"\x1e{json.dumps(row(event_id=name))}\n" for name in "abc")
    assert service.post(body, content_type="application/json-seq").counts == (3, 3, 0)


def test_no_lines_are_no_rows(service: Service) -> None:
    for body in ("", "\n\n", " \r\n"):
        assert service.post(body, content_type="application/jsonl").counts == (0, 0, 0)
