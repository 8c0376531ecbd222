"""`crm-metrics`: the whole service on one machine."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated, Final

import typer
from typer.main import get_command

from devstack.commands.aggregate import aggregate
from devstack.commands.demo import demo
from devstack.commands.doctor import doctor
from devstack.commands.export import export
from devstack.commands.import_file import import_file
from devstack.commands.import_records import import_records
from devstack.commands.import_roster import import_roster
from devstack.commands.inspect import inspect
from devstack.commands.named_feature import set_named_feature
from devstack.commands.quarantine import quarantine_app
from devstack.commands.query import query
from devstack.commands.records import records_app
from devstack.commands.serve import serve
from devstack.commands.source import source_app
from devstack.commands.tenant import tenant_app
from devstack.commands.tenant_maps import maps
from devstack.commands.token import token
from devstack.environment import DEBUG, LOG_LEVEL
from devstack.output import say
from shared.metrics.domain.errors import MetricsError

FAILED: Final = 1
INTERRUPTED: Final = 130
DEBUG_OPTION: Final = "--debug"

app = typer.Typer(
    name="crm-metrics",
    help="Usage metrics of a CRM on this machine: events in, daily roll-ups, GraphQL out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(serve)
app.command("import")(import_file)
app.command("import-records")(import_records)
app.command("import-roster")(import_roster)
app.command()(aggregate)
app.command()(query)
app.command()(export)
app.command()(token)
tenant_app.command()(maps)
app.add_typer(records_app, name="records")
tenant_app.command("name-feature")(set_named_feature)
app.add_typer(tenant_app, name="tenant")
app.add_typer(source_app, name="source")
app.add_typer(quarantine_app, name="quarantine")
app.command()(inspect)
app.command()(doctor)


@app.callback()
def options(
    *,
    _debug: Annotated[
        bool, typer.Option(DEBUG_OPTION, help="Show where errors come from.")
    ] = False,
) -> None:
    """Take what stands before the command; `run` has looked for it already."""


def main() -> None:
    """Run the command line of this process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that is not UTF-8 shows \xfc for an umlaut rather than ending the command.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command line; its exit status. Whatever goes wrong is one line on standard error."""
    # As in the cloud: without it the first large array is two to three times slower. numpy reads
    # it when it is imported, which commands do when they need it.
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
    is_debugging = DEBUG_OPTION in arguments
    if is_debugging:
        os.environ[LOG_LEVEL] = DEBUG
    try:
        status = get_command(app).main(
            list(arguments), prog_name="crm-metrics", standalone_mode=False
        )
    except Exception as error:  # noqa: BLE001 - the last resort of a process
        if is_debugging:
            traceback.print_exc()
        return _told(error)
    finally:
        if is_debugging:
            del os.environ[LOG_LEVEL]
    if status == INTERRUPTED:
        say("interrupted")
    return status if isinstance(status, int) else 0


def _told(error: Exception) -> int:
    """Say what is wrong; the exit status for it."""
    if isinstance(error, MetricsError):
        say(f"error: {error}")
        return FAILED
    if isinstance(error, typer.TyperException):
        say(f"error: {' '.join(error.format_message().split())}")
        return error.exit_code
    with tempfile.NamedTemporaryFile(
        "w", prefix="crm-metrics-error-", suffix=".txt", delete=False
    ) as details:
        traceback.print_exception(error, file=details)
    what = " ".join(f"{type(error).__name__}: {error}".split())
    say(f"unexpected error: {what} (details: {details.name}; or run it again with --debug)")
    return FAILED
