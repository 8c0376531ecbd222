"""The key of the tokens in a secret store."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from functions.graphql import keys
from functions.graphql.keys import token_key
from shared.metrics.settings import Settings
from tests.unit.graphql.fakes import KEY, FakeServices, ask


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    _forget()
    with mock_aws():
        yield
    _forget()


def _forget() -> None:
    keys._ssm.cache_clear()
    keys._secrets_manager.cache_clear()


def _store(setting: str) -> None:
    boto3.client("ssm").put_parameter(Name="/crm/key", Value=KEY, Type="SecureString")
    boto3.client("secretsmanager").create_secret(Name="crm/key", SecretString=KEY)


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("setting", ["ssm:/crm/key", "secretsmanager:crm/key"])
def test_a_reference_is_followed_once(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _store(setting)
    assert ask("{ __typename }", FakeServices(settings=Settings(token_key=setting))).status == 200
    boto3.client("ssm").delete_parameter(Name="/crm/key")
    boto3.client("secretsmanager").delete_secret(SecretId="crm/key")
    assert token_key(setting) == KEY


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("setting", ["ssm:/crm/other", "secretsmanager:crm/other"])
def test_without_the_key_the_answer_is_503_and_nobody_is_let_in(setting: str) -> None:
    services = FakeServices(settings=Settings(token_key=setting))
    reply = ask("{ home { asOf } }", services)
    assert (reply.status, reply.code) == (503, "UNAVAILABLE")
    assert reply.headers["Retry-After"] == "30"
    assert services.views.asked == []
    assert "crm/other" not in str(reply.body)


def test_a_key_in_the_settings_is_itself() -> None:
    assert token_key(KEY) == KEY
