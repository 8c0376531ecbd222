"""`crm-metrics query`."""

from typing import Annotated

import typer

from devstack.graphql_input import document_of, object_of
from devstack.options import DEFAULT_DATA_DIR, DataDir
from devstack.output import say, show_json
from devstack.stack import LocalStack


def query(
    text: Annotated[
        str, typer.Argument(metavar="TEXT|FILE|-", help="GraphQL, a file of it, or - for stdin.")
    ],
    *,
    tenant: Annotated[
        str | None,
        typer.Option(metavar="TENANT", help="Name of the tenant; not needed if there is one."),
    ] = None,
    role: Annotated[str, typer.Option(metavar="ROLE", help="admin, manager or rep.")] = "admin",
    variables: Annotated[
        str | None, typer.Option(metavar="JSON", help="Values of the query's variables.")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Ask the GraphQL function and print its answer; status 1 if there are errors in it."""
    asked, values = document_of(text), object_of("--variables", variables)
    with LocalStack(data_dir) as stack:
        document = stack.query(asked, stack.tenant(tenant).name, role, values).document
    show_json(document)
    errors = document.get("errors", [])
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        say(f"error: {errors[0]['message']}{more}")
        raise typer.Exit(1)
