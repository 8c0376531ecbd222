"""`crm-metrics export`."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from devstack.graphql_input import document_of, object_of
from devstack.options import DEFAULT_DATA_DIR, AsJson, DataDir, day_of
from devstack.output import progress_bar, say, show, show_json
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError


def export(  # noqa: PLR0913 - two kinds of export, each with options of its own
    view: Annotated[
        str | None,
        typer.Argument(metavar="VIEW", help="A table, such as trends.series or userAnalytics."),
    ] = None,
    *,
    query: Annotated[
        str | None,
        typer.Option(metavar="TEXT|FILE|-", help="GraphQL for one table, instead of a VIEW."),
    ] = None,
    events: Annotated[
        bool, typer.Option("--events", help="The events themselves, instead of a VIEW.")
    ] = False,
    tenant: Annotated[
        str | None,
        typer.Option(metavar="TENANT", help="Name of the tenant; not needed if there is one."),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First day; of a query its $range.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="DAY", help="Last day.")] = None,
    arguments: Annotated[
        str | None, typer.Option(metavar="JSON", help="Arguments of the VIEW, or variables.")
    ] = None,
    role: Annotated[str, typer.Option(metavar="ROLE", help="admin, manager or rep.")] = "admin",
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="csv, jsonl or parquet; if not given, as the output is called, or csv.",
        ),
    ] = None,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin CSV with a byte order mark, for spreadsheets.")
    ] = False,
    output: Annotated[
        Path, typer.Option(metavar="FILE|FOLDER|-", help="Where to; - is standard output.")
    ] = Path("-"),
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Write the table of a view to a file, or with --events all events to a folder, as Parquet."""
    from devstack.exporting.output import format_of, write
    from devstack.exporting.parquet import arrow
    from devstack.exporting.tables import Format, written
    from devstack.exporting.views import table_of_query, table_of_view

    if [view is not None, query is not None, events].count(True) != 1:
        raise BadInputError("give either a VIEW, such as trends.series, or --query, or --events")
    days = _days(from_, to)
    values = object_of("--arguments", arguments)
    as_format = format_of(format_ or ("parquet" if events else None), output)
    if as_format is Format.PARQUET:
        arrow()
    with LocalStack(data_dir) as stack:
        name = stack.tenant(tenant).name
        if events:
            _export_events(stack, name, days, as_format.value, output, as_json=as_json)
            return
        if days is not None:
            values["range"] = {"from": days[0].isoformat(), "to": days[1].isoformat()}
        principal = stack.principal(name, role)
        if query is not None:
            table = table_of_query(stack.services, principal, document_of(query), values)
        else:
            table = table_of_view(stack.services, principal, view or "", values)
    write(written(table, as_format, byte_order_mark=bom), as_format, output)
    say(f"{table.row_count:,} rows of {table.name} were written")


def _export_events(
    stack: LocalStack,
    tenant: str,
    days: tuple[date, date] | None,
    format_name: str,
    folder: Path,
    *,
    as_json: bool,
) -> None:
    from devstack.exporting.events import export_events
    from devstack.exporting.output import STANDARD_OUTPUT
    from shared.metrics.domain.periods import Window

    if format_name != "parquet":
        raise BadInputError("events are written as Parquet only", field="format")
    if folder == STANDARD_OUTPUT:
        raise BadInputError("give the folder for the events with --output", field="output")
    with progress_bar() as bar:
        task = bar.add_task("exporting", total=None)
        summary = export_events(
            stack.services.tenancy,
            tenant,
            None if days is None else Window(*days),
            folder,
            lambda done, known: bar.update(task, completed=done, total=known),
        )
    counts: dict[str, Any] = asdict(summary)
    if as_json:
        show_json(counts)
        return
    for name, number in counts.items():
        show(f"{name:<18}{number:>12,}")


def _days(first: str | None, last: str | None) -> tuple[date, date] | None:
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise BadInputError("--from and --to go together; give both of them, or none")
    days = day_of("--from", first), day_of("--to", last)
    if days[1] < days[0]:
        raise BadInputError(f"the range is reversed: --from {days[0]} is after --to {days[1]}")
    return days
