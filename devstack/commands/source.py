"""`crm-metrics source`."""

from typing import Annotated

import typer

from devstack.deployment import opened
from devstack.options import (
    DEFAULT_DATA_DIR,
    DEFAULT_PORT,
    AsJson,
    DataDir,
    Port,
    Tables,
    TenantName,
)
from devstack.output import show, show_json
from devstack.sources import create_source, events_url, local_url

source_app = typer.Typer(help="What sends events.", no_args_is_help=True)


@source_app.command()
def create(
    *,
    tenant: TenantName,
    kind: Annotated[str, typer.Option(metavar="KIND", help="native or file.")] = "native",
    as_json: AsJson = False,
    port: Port = DEFAULT_PORT,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
    ingest_url: Annotated[
        str | None, typer.Option(metavar="URL", help="URL of a deployment's ingest function.")
    ] = None,
) -> None:
    """Make a source, and show where it sends to and its secret, which is not shown again."""
    url = events_url(ingest_url or local_url(port))
    with opened(data_dir, tables) as stack:
        source = create_source(stack.services, tenant, kind, url)
    if as_json:
        show_json(source._asdict())
    else:
        for name, value in source._asdict().items():
            show(f"{name:<10} {value}")


@source_app.callback()
def group() -> None:
    """What sends events."""
