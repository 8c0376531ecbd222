"""Keeps secrets that must be known in plain, to verify signatures with: encrypted, and bound to
the source that they belong to.
"""

from typing import Final, Protocol

from shared.metrics.domain.errors import BadInputError, SecretsUnavailableError
from shared.metrics.settings import Settings

_KMS: Final = "kms:"


class SecretBox(Protocol):
    """Seals secrets and opens them. SecretsUnavailableError if it cannot now."""

    def seal(self, secret: str, source_id: str) -> bytes:
        """The secret of a source, encrypted."""
        ...

    def open(self, sealed: bytes, source_id: str) -> str:
        """The secret that was sealed for this source."""
        ...


class NoSecretBox:
    """What there is where no key is set: it keeps nothing and opens nothing."""

    def seal(self, secret: str, source_id: str) -> bytes:
        """Refuse: BadInputError says what to set."""
        del secret
        message = (
            f"the secret of {source_id} cannot be kept: CRM_METRICS_SECRETS_KEY is not set; "
            "give it kms: and the id of a key"
        )
        raise BadInputError(message)

    def open(self, sealed: bytes, source_id: str) -> str:
        """Refuse."""
        del sealed
        message = f"the secret of {source_id} cannot be read: CRM_METRICS_SECRETS_KEY is not set"
        raise SecretsUnavailableError(message)


def open_box(settings: Settings) -> SecretBox:
    """The box that the settings name: of AWS KMS, of a key on this machine, or none."""
    # Imported when needed: both take longer than the rest of what a request needs.
    if settings.secrets_key.startswith(_KMS):
        from shared.metrics.kms_secret_box import KmsSecretBox

        return KmsSecretBox(settings.secrets_key.removeprefix(_KMS))
    if settings.secrets_key:
        from shared.metrics.local_secret_box import LocalSecretBox

        return LocalSecretBox(settings.secrets_key)
    return NoSecretBox()
