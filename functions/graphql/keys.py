"""The key of the tokens: as it is in the settings, or in a secret store that they refer to."""

from functools import cache
from typing import TYPE_CHECKING, Final

from functions.graphql.errors import KeyUnavailableError

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider
    from botocore.config import Config

_MAX_AGE_SECONDS: Final = 60
"""How long a key is remembered, and so how long a replaced one is still accepted."""
_TIMEOUT_SECONDS: Final = 2
"""The SDK's own 60 would outlast the HTTP API's patience."""


def token_key(setting: str) -> str:
    """The key itself, given it or where it is: `ssm:<name>` or `secretsmanager:<name>`.

    KeyUnavailableError when the store does not answer: callers then refuse, and never go without.
    """
    store, _, name = setting.partition(":")
    try:
        if store == "ssm":
            return str(_ssm().get(name, max_age=_MAX_AGE_SECONDS, decrypt=True))
        if store == "secretsmanager":
            return str(_secrets_manager().get(name, max_age=_MAX_AGE_SECONDS))
    # No network, no rights, no such name: whatever it is, there is no key.
    except Exception as error:
        raise KeyUnavailableError(f"the token key could not be read from {store}") from error
    return setting


# Imported when needed: boto3 takes 160 ms, and a key in the settings does not need it.


@cache
def _ssm() -> "SSMProvider":
    from aws_lambda_powertools.utilities.parameters import SSMProvider

    return SSMProvider(boto_config=_impatient())


@cache
def _secrets_manager() -> "SecretsProvider":
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

    return SecretsProvider(boto_config=_impatient())


def _impatient() -> "Config":
    from botocore.config import Config

    return Config(
        connect_timeout=_TIMEOUT_SECONDS,
        read_timeout=_TIMEOUT_SECONDS,
        retries={"total_max_attempts": 2},
    )
