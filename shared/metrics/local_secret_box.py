"""Secrets encrypted by a key that is derived from the data folder's secret, for one machine."""

import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.metrics.domain.errors import SecretsUnavailableError

_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"secrets of sources"


class LocalSecretBox:
    """The port `SecretBox` with AES-256-GCM: the nonce, then the ciphertext."""

    def __init__(self, local_secret: str) -> None:
        self._cipher = AESGCM(hmac.digest(local_secret.encode(), _PURPOSE, "sha256"))

    def seal(self, secret: str, source_id: str) -> bytes:
        """Encrypt a secret; the source is part of what is authenticated."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), source_id.encode())

    def open(self, sealed: bytes, source_id: str) -> str:
        """Decrypt a secret."""
        nonce, encrypted = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, encrypted, source_id.encode()).decode()
        except (InvalidTag, ValueError):
            message = (
                f"the secret of {source_id} was sealed with another secret.key; put the one back "
                "that this data folder was made with, or rotate the secret"
            )
            raise SecretsUnavailableError(message) from None
