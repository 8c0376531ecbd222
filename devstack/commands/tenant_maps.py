"""`crm-metrics tenant maps`."""

from pathlib import Path
from typing import Annotated

import typer

from devstack.deployment import opened
from devstack.options import DEFAULT_DATA_DIR, DataDir, Tables
from devstack.output import say, show, show_json
from shared.metrics.domain.errors import BadInputError


def maps(
    name: Annotated[str, typer.Argument(metavar="TENANT", help="Name of the tenant.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", readable=False, help="The maps as JSON; `-` for none."),
    ] = None,
    *,
    misses: Annotated[
        bool, typer.Option("--misses", help="Print what is written and cannot be used, by field.")
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Set how a tenant's objects and fields are records here; print it, without a file."""
    from shared.metrics.domain.records.listed_misses import listed_misses
    from shared.metrics.engine.records import RecordHistories
    from shared.metrics.storage.record_maps import maps_document, maps_text

    with opened(data_dir, tables) as stack:
        stored = stack.services.tenancy.open(name).record_maps
        before = stored.get()
        if misses:
            records = RecordHistories().read(stack.services.tenancy.open(name))
            show_json(dict(listed_misses(records)))
            return
        if file is None:
            show(maps_text(before.document).decode())
            return
        document = maps_document(_read(file))
        stored.replace(document, expected_version=before.version)
    mapped = len(document.maps().objects)
    say(f"{name} has {mapped:,} maps now; the whole history is read by them from now on")


def _read(file: Path) -> bytes:
    if file == Path("-"):
        return b"{}"
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInputError(f"the file {file} cannot be read: {error.strerror}") from None
