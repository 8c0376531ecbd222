"""The handler and what is around it."""

import pytest
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.graphql import handler as module
from tests.unit.graphql.fakes import REQUEST_ID, FakeServices, ask, event, headers


def test_the_handler_answers_with_the_services_of_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "services", FakeServices)
    context = LambdaContext()
    context._aws_request_id = REQUEST_ID
    answer = module.handler(event(body='{"query": "{ __typename }"}', headers=headers()), context)
    assert answer["statusCode"] == 200
    assert answer["body"] == '{"data":{"__typename":"Query"}}'


def test_a_request_of_another_thread_is_not_taken_for_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Powertools keeps the current event on a class; here another thread has just replaced it."""
    other = APIGatewayProxyEventV2(event("GET", path="/elsewhere"))
    monkeypatch.setattr(APIGatewayHttpResolver, "_to_proxy_event", lambda *_args: other)
    assert ask("{ home { timeZone } }").data == {"home": {"timeZone": "Europe/Berlin"}}
