"""What a data folder remembers of the demo in it, so that it can be continued on a later day."""

import os
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from devstack.secret import OWNER_ONLY
from shared.metrics.domain.errors import BadInputError

MEMORY_FILE: Final = "demo.json"


class Memory(msgspec.Struct, frozen=True):
    """When the demo was first shown, how far its days have been sent, and with which write key.

    `first_shown` is the last day of the first run, from which the company follows. `sent_through`
    is None while the first run is not finished, `write_key` before it has a source.
    """

    first_shown: date
    size: int
    sent_through: date | None = None
    write_key: str | None = None


def remembered(data_dir: Path) -> Memory | None:
    """What the folder remembers; BadInputError if it cannot be read."""
    path = data_dir / MEMORY_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Memory)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        message = f"{path} cannot be read ({error}); give the demo another --data-dir"
        raise BadInputError(message) from None


def remember(data_dir: Path, memory: Memory) -> None:
    """Replace what the folder remembers, whole or not at all."""
    draft = data_dir / f".{MEMORY_FILE}.{os.getpid()}"
    draft.touch(mode=OWNER_ONLY)  # it holds a write key
    draft.write_bytes(msgspec.json.encode(memory))
    draft.replace(data_dir / MEMORY_FILE)
