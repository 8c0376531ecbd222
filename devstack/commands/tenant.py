"""`crm-metrics tenant`."""

from typing import Annotated

import typer

from devstack.deployment import opened
from devstack.options import DEFAULT_DATA_DIR, AsJson, DataDir, Tables
from devstack.output import say, show_json, show_table
from shared.metrics.storage.tenants import Tenant

tenant_app = typer.Typer(help="Companies whose events are counted.", no_args_is_help=True)


@tenant_app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="TENANT", help="Name of the new tenant.")],
    *,
    time_zone: Annotated[
        str, typer.Option(metavar="ZONE", help="IANA name of its zone, such as Europe/Berlin.")
    ],
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Make a tenant."""
    tenant = Tenant(name=name, time_zone=time_zone)
    with opened(data_dir, tables) as stack:
        stack.services.tenants.create(tenant)
    say(f"tenant {tenant.name!r} is there; its days are those of {tenant.time_zone}")


@tenant_app.command("list")
def list_tenants(
    *, as_json: AsJson = False, data_dir: DataDir = DEFAULT_DATA_DIR, tables: Tables = None
) -> None:
    """List the tenants."""
    with opened(data_dir, tables) as stack:
        tenants = stack.services.tenants.all()
    if as_json:
        show_json([{"name": tenant.name, "time_zone": tenant.time_zone} for tenant in tenants])
    else:
        show_table(("tenant", "time zone"), [(tenant.name, tenant.time_zone) for tenant in tenants])
