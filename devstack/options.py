"""The options that commands share, and how their texts are read."""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from devstack.sources import LOCAL_PORT
from shared.metrics.domain.errors import BadInputError

DEFAULT_DATA_DIR: Final = Path("data")
DEFAULT_PORT: Final = LOCAL_PORT
MAX_PORT: Final = 65_535
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

DataDir = Annotated[
    Path,
    typer.Option("--data-dir", metavar="FOLDER", readable=False, help="Where everything is kept."),
]
Port = Annotated[int, typer.Option(metavar="PORT", min=0, max=MAX_PORT, help="Port of the server.")]
TenantName = Annotated[str, typer.Option("--tenant", metavar="TENANT", help="Name of the tenant.")]
Tables = Annotated[
    str | None,
    typer.Option(metavar="EVENTS,METRICS", help="Tables of a deployment, instead of a folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def day_of(option: str, text: str) -> date:
    """A day given to an option; BadInputError if it is none."""
    # fromisoformat also takes 20261122 and 2026-W47-7.
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    message = f"{option} {text!r} is not a day; give one as YYYY-MM-DD, such as 2026-11-22"
    raise BadInputError(message, field=option)
