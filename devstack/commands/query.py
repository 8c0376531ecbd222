"""`crm-metrics query`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from devstack.options import DEFAULT_DATA_DIR, DataDir
from devstack.output import say, show_json
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError


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
    asked, values = _document(text), _variables(variables)
    with LocalStack(data_dir) as stack:
        document = stack.query(asked, stack.tenant(tenant).name, role, values).document
    show_json(document)
    errors = document.get("errors", [])
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        say(f"error: {errors[0]['message']}{more}")
        raise typer.Exit(1)


def _document(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    if "{" in text:
        return text
    try:
        return Path(text).read_text(encoding="utf-8")
    except (OSError, ValueError):
        message = f"{text!r} is neither GraphQL nor a file of it"
        raise BadInputError(message) from None


def _variables(text: str | None) -> dict[str, Any]:
    try:
        values = json.loads(text or "{}")
    except ValueError as error:
        raise BadInputError(f"--variables is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise BadInputError('--variables is no JSON object, such as {"top": 5}')
    return values
