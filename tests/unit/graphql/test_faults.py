"""Errors: their codes, what they say, and what they keep to themselves."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.graphql import complexity
from shared.metrics.domain.errors import (
    BadInputError,
    ConflictError,
    MetricsError,
    NotFoundError,
    StorageUnavailableError,
)
from shared.metrics.domain.views.answers import Attendance, Measure
from shared.metrics.observability import logger
from tests.unit.graphql.fakes import (
    HOME,
    PRODUCTION,
    REQUEST_ID,
    FakeServices,
    FakeViews,
    ask,
    event,
    headers,
    reply_to,
)

QUERY = "{ home { totalHits { value } } }"
SECRET = "ada@example.com in table crm-metrics-events"


class ThrottledError(StorageUnavailableError):
    """A kind of error that the table does not name itself."""


class Log(logging.Handler):
    """Keeps what would leave the process."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []
        self.setFormatter(logger().registered_formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def log() -> Iterator[Log]:
    handler = Log()
    level = logger()._logger.level
    logger().setLevel(logging.INFO)
    logger()._logger.addHandler(handler)
    yield handler
    logger()._logger.removeHandler(handler)
    logger().setLevel(level)


def failing(failure: Exception) -> FakeServices:
    return FakeServices(FakeViews(failure=failure))


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (BadInputError("no such zone", field="timeZone"), "BAD_USER_INPUT"),
        (NotFoundError("no such person"), "NOT_FOUND"),
        (ConflictError("changed meanwhile"), "CONFLICT"),
    ],
)
def test_a_clients_mistake_is_described_and_logged_at_info(
    failure: MetricsError, code: str, log: Log
) -> None:
    reply = ask(QUERY, failing(failure))
    assert (reply.status, reply.code) == (200, code)
    assert reply.error["message"] == str(failure)
    assert reply.error["path"] == ["home"]
    assert "correlationId" not in reply.error["extensions"]
    assert reply.body["data"] is None
    assert [(line["level"], line["code"]) for line in log.lines] == [("INFO", code)]


def test_the_field_of_a_mistake_is_named() -> None:
    reply = ask(QUERY, failing(BadInputError("no such zone", field="timeZone")))
    assert reply.error["extensions"] == {"code": "BAD_USER_INPUT", "field": "timeZone"}


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (StorageUnavailableError(SECRET), "UNAVAILABLE"),
        (ThrottledError(SECRET), "UNAVAILABLE"),
        (MetricsError(SECRET), "INTERNAL"),
        (KeyError(SECRET), "INTERNAL"),
        (RecursionError(SECRET), "INTERNAL"),
    ],
)
def test_a_fault_of_ours_is_masked_and_can_be_traced(
    failure: Exception, code: str, log: Log
) -> None:
    reply = ask(QUERY, failing(failure))
    assert reply.error["extensions"] == {"code": code, "correlationId": REQUEST_ID}
    (line,) = log.lines
    assert line["level"] == "ERROR"
    assert line["code"] == code
    assert line["correlation_id"] == REQUEST_ID
    assert line["error"] == type(failure).__name__
    assert line["raised_at"].startswith("tests.unit.graphql.fakes:")
    said = json.dumps([reply.body, log.lines])
    assert not any(word in said for word in ("ada@example.com", "crm-metrics-events", "Traceback"))


@pytest.mark.parametrize("value", [SECRET, None, float("inf")])
@pytest.mark.parametrize("scalar", ["value", "changePercent", "orgDays"])
def test_a_wrong_result_is_a_fault_of_ours(value: Any, scalar: str) -> None:  # noqa: ANN401
    change: Any = SECRET if value is None else value
    measure = Measure(value, 0, change, None)
    answer = replace(HOME, attendance=Attendance(measure, value, None))
    reply = ask(
        f"{{ home {{ attendance {{ {scalar} }} }} }}", FakeServices(FakeViews(answer=answer))
    )
    assert reply.code == "INTERNAL"
    assert "ada@example.com" not in json.dumps(reply.body)


def test_an_error_in_our_own_rules_is_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise TypeError(SECRET)

    monkeypatch.setattr(complexity, "_check", broken)
    reply = ask("{ home { asOf watermark } }")
    assert reply.code == "INTERNAL"
    assert "ada@example.com" not in json.dumps(reply.body)


def test_an_error_outside_of_graphql_is_masked_too() -> None:
    services = FakeServices(clock=lambda: 1 // 0)
    reply = ask(QUERY, services)
    assert (reply.status, reply.code) == (500, "INTERNAL")
    assert "division" not in json.dumps(reply.body)


def test_what_a_client_sent_is_not_logged(log: Log) -> None:
    ask('{ home(range: {from: "ada@example.com", to: "2026-11-22"}) { asOf } }')
    ask("query ada { ada }")
    reply_to(event(body="ada@example.com", headers=headers()))
    assert len(log.lines) == 3
    assert "ada" not in json.dumps(log.lines)


def test_a_long_value_is_not_repeated_in_full() -> None:
    reply = ask(f'{{ home(range: {{from: "{"x" * 20_000}", to: "2026-11-22"}}) {{ asOf }} }}')
    assert reply.code == "BAD_USER_INPUT"
    assert len(json.dumps(reply.body)) < 1_000


@pytest.mark.parametrize(
    "query",
    [
        "{ hom { asOf } }",
        "{ home { asOff } }",
        "{ home(topp: 3) { asOf } }",
        "{ home(comparison: PREVIOUS_PERIODS) { asOf } }",
        '{ home(range: {frm: "2026-11-22", to: "2026-11-22"}) { asOf } }',
        "{ home { ... on Hom { asOf } } }",
    ],
)
def test_suggestions_are_made_only_where_introspection_is_on(query: str) -> None:
    production = FakeServices(settings=PRODUCTION)
    said = [error["message"] for error in ask(query, production).body["errors"]]
    assert not any("Did you mean" in message for message in said)
    assert "Did you mean" in json.dumps(ask(query).body)
    assert len(said) == len(ask(query).body["errors"])


@pytest.mark.parametrize(
    "query", ["{ __schema { types { name } } }", '{ __type(name: "Home") { name } }']
)
def test_the_schema_cannot_be_read_in_production(query: str) -> None:
    production = FakeServices(settings=PRODUCTION)
    assert ask(query).data
    errors = ask(query, production).body["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"BAD_USER_INPUT"}
    assert ask("{ __typename home { __typename } }", production).data
