"""The one secret of a data folder: it signs tokens, and write keys are derived from it."""

import hmac
import os
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from shared.metrics.domain.errors import BadInputError

SECRET_FILE: Final = "secret.key"  # noqa: S105 - the name of a file
OWNER_ONLY: Final = 0o600
_HEX_DIGITS: Final = 64


def local_secret(data_dir: Path) -> str:
    """The secret of a data folder, made when there is none; BadInputError if it is unusable."""
    path = data_dir / SECRET_FILE
    if not path.exists():
        _create(path)
    return read_secret(path)


def read_secret(path: Path) -> str:
    """A secret that is there; BadInputError if it is not what we once wrote."""
    try:
        secret = path.read_text(encoding="ascii").strip()
        is_ours = len(bytes.fromhex(secret)) * 2 == _HEX_DIGITS
    except ValueError:
        is_ours = False
    if not is_ours:
        message = f"{path} does not hold {_HEX_DIGITS} hexadecimal digits; put the right one back"
        raise BadInputError(message)
    return secret


def derived(secret: str, purpose: str) -> str:
    """A key for one purpose: every process that has the secret derives the same."""
    return hmac.new(secret.encode(), purpose.encode(), sha256).hexdigest()


def _create(path: Path) -> None:
    """Write a new secret, whole or not at all; of two processes at once, the first one's stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_HEX_DIGITS // 2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, it does not replace
    finally:
        draft.unlink()
