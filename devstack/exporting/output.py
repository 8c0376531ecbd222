"""Where an export goes: a file that is there whole or not at all, or standard output."""

import sys
from pathlib import Path
from typing import Final

from devstack.exporting.replacing import replaced
from devstack.exporting.tables import Format
from shared.metrics.domain.errors import BadInputError

STANDARD_OUTPUT: Final = Path("-")
_FORMATS: Final = {f".{each.value}": each for each in Format} | {".ndjson": Format.JSON_LINES}


def format_of(text: str | None, output: Path) -> Format:
    """The format that is asked for by name, or by the output's; CSV if by neither."""
    if text is None:
        return _FORMATS.get(output.suffix.lower(), Format.CSV)
    try:
        return Format(text)
    except ValueError:
        known = ", ".join(each.value for each in Format)
        message = f"there is no format {text!r}; there are {known}"
        raise BadInputError(message, field="format") from None


def write(content: bytes, as_format: Format, output: Path) -> None:
    """Write the content of a file. BadInputError if it cannot be written there."""
    if output != STANDARD_OUTPUT:
        with replaced(output) as written:
            written.write_bytes(content)
        return
    if as_format is Format.PARQUET and sys.stdout.isatty():
        raise BadInputError("Parquet is no text for a terminal; give --output", field="output")
    # Bytes as they are, whatever encoding the terminal has.
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(content.decode())
    else:
        binary.write(content)
        binary.flush()
