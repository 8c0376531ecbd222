"""Files that are there whole or not at all, whenever a process ends."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.metrics.domain.errors import BadInputError


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Where to write what becomes the file `path` when it is complete, its folder made if need be;
    until then, or if that fails, there is the one that was there before. BadInputError if nothing
    can be written there.
    """
    # A name that nobody who looks for files of this kind finds.
    written = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield written
        written.replace(path)
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {error.strerror}", field="output") from None
    finally:
        with suppress(OSError):
            written.unlink(missing_ok=True)
