"""`crm-metrics token`."""

from typing import Annotated

import typer

from devstack.options import DEFAULT_DATA_DIR, DataDir, TenantName
from devstack.output import show
from devstack.stack import LocalStack


def token(
    *,
    tenant: TenantName,
    role: Annotated[str, typer.Option(metavar="ROLE", help="admin, manager or rep.")] = "admin",
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Print a token for GraphQL that is good for an hour, and nothing else."""
    with LocalStack(data_dir) as stack:
        show(stack.token(tenant, role))
