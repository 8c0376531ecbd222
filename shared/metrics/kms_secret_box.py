"""Secrets encrypted by a key of AWS KMS, which never leaves it."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from shared.metrics.domain.errors import SecretsUnavailableError

if TYPE_CHECKING:
    from botocore.client import BaseClient

_TIMEOUT_SECONDS: Final = 2
_ATTEMPTS: Final = 2


class KmsSecretBox:
    """The port `SecretBox` over KMS. A secret may have 4 096 bytes."""

    def __init__(self, key_id: str) -> None:
        """`key_id` is the id, alias or ARN of a symmetric key."""
        self._key_id = key_id

    def seal(self, secret: str, source_id: str) -> bytes:
        """Encrypt a secret; the source is part of what is authenticated."""
        answer = self._call("encrypt", Plaintext=secret.encode(), **self._about(source_id))
        sealed: bytes = answer["CiphertextBlob"]
        return sealed

    def open(self, sealed: bytes, source_id: str) -> str:
        """Decrypt a secret."""
        answer = self._call("decrypt", CiphertextBlob=sealed, **self._about(source_id))
        plain: bytes = answer["Plaintext"]
        return plain.decode()

    @cached_property
    def _client(self) -> "BaseClient":
        # At the first secret: most functions never need one.
        from botocore.config import Config
        from botocore.session import get_session

        config = Config(
            connect_timeout=_TIMEOUT_SECONDS,
            read_timeout=_TIMEOUT_SECONDS,
            retries={"total_max_attempts": _ATTEMPTS},
        )
        return get_session().create_client("kms", config=config)

    def _about(self, source_id: str) -> dict[str, Any]:
        return {"KeyId": self._key_id, "EncryptionContext": {"source": source_id}}

    def _call(self, operation: str, **arguments: object) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**arguments)
        except (BotoCoreError, ClientError) as error:
            message = f"KMS did not {operation} a secret: {error}"
            raise SecretsUnavailableError(message) from None
        return answer
