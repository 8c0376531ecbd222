"""What the environment says, read once, validated, and passed on."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

import msgspec

from shared.metrics.domain.errors import BadInputError

PREFIX: Final = "CRM_METRICS_"


class StoreKind(Enum):
    """Where data is kept."""

    DYNAMODB = "dynamodb"
    SQLITE = "sqlite"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings; each is an environment variable, CRM_METRICS_ and its name in capitals.

    `queue_url` empty: messages are kept in the process, for one machine. `delivery_queue` is where
    small deliveries wait to be packed together: the URL of a queue, or `store` on one machine;
    empty: they are stored at once. `token_key` is the key that tokens are verified with, or a
    reference to it: ssm:NAME or secretsmanager:NAME. `secrets_key` is what the secrets of sources
    are encrypted with: kms: and the id of a key, or a secret of this machine. `ingest_url` is
    where sources send to.
    """

    store: StoreKind = StoreKind.DYNAMODB
    events_table: str = "crm-metrics-events"
    metrics_table: str = "crm-metrics-metrics"
    dynamodb_endpoint: str = ""
    sqlite_path: str = ""
    queue_url: str = ""
    delivery_queue: str = ""
    token_key: str = ""
    token_algorithm: str = "HS256"  # noqa: S105 - a name, not a secret
    token_issuer: str = "crm-usage-metrics"  # noqa: S105
    token_audience: str = "crm-usage-metrics"  # noqa: S105
    secrets_key: str = ""
    ingest_url: str = ""
    introspection: bool = False


def settings_from(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment; BadInputError names the variable that is wrong."""
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX)
    }
    unknown = sorted(given.keys() - set(Settings.__struct_fields__))
    if unknown:
        message = f"unknown setting {PREFIX}{unknown[0].upper()}"
        raise BadInputError(message, field=unknown[0])
    try:
        return msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        message = f"settings ({PREFIX}…): {error}"
        raise BadInputError(message) from None
