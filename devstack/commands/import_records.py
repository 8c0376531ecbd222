"""`crm-metrics import-records`."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from devstack.commands.import_file import QUARANTINED, show_summary
from devstack.options import DEFAULT_DATA_DIR, AsJson, DataDir, TenantName
from devstack.output import progress_bar, say
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import time_zone as zone_of

if TYPE_CHECKING:
    from devstack.importing.files import RowFile
    from devstack.importing.import_maps import ImportMap
    from devstack.importing.importer import Importer
    from devstack.importing.record_events import RecordEvent
    from devstack.importing.usual_imports import Asked


def import_records(  # noqa: PLR0913 - one for each thing that a file may have
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", readable=False, help="CSV or JSON lines, plain or gzip, in UTF-8."
        ),
    ],
    *,
    tenant: TenantName,
    object_: Annotated[
        str, typer.Option("--object", metavar="NAME", help="What the rows are: deal, Opportunity.")
    ] = "",
    map_: Annotated[
        str,
        typer.Option(
            "--map",
            metavar="MAP",
            help="What rows tell: a JSON file, salesforce-history, hubspot-history or pipedrive.",
        ),
    ] = "",
    record: Annotated[str, typer.Option(metavar="COLUMN", help="The id of the record.")] = "",
    at: Annotated[str, typer.Option(metavar="COLUMN", help="When it was as the row says.")] = "",
    created: Annotated[
        str, typer.Option(metavar="COLUMN", help="When the record was created.")
    ] = "",
    actor: Annotated[str, typer.Option(metavar="COLUMN", help="Who changed it.")] = "",
    snapshot: Annotated[
        str,
        typer.Option(metavar="TIME", help="The rows are the records as they were at this time."),
    ] = "",
    complete: Annotated[
        bool, typer.Option("--complete", help="And there are no others: the rest is deleted.")
    ] = False,
    time_zone: Annotated[
        str, typer.Option(metavar="ZONE", help="The zone of times without an offset.")
    ] = "",
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Import what a file says of records. Importing it again adds nothing.

    Rows that say nothing readable go to quarantine; the status is then 3.
    """
    from devstack.importing.files import opened
    from devstack.importing.importer import Importer
    from devstack.importing.progress import ImportProgress
    from devstack.importing.times import instant_of
    from devstack.importing.usual_imports import Asked

    if complete and not snapshot:
        raise BadInputError("--complete is of a --snapshot", field="complete")
    zone = zone_of(time_zone) if time_zone else None
    asked = Asked(object_, record, at, created, actor)
    with opened(file) as rows, LocalStack(data_dir) as stack, progress_bar() as bar:
        key = stack.file_key(tenant)
        importer = Importer(lambda body: stack.ingest(body, key), ImportProgress(rows, bar).show)
        if snapshot:
            if map_ or at or created:
                raise BadInputError("a --snapshot has no --map, --at or --created", field="map")
            at_ms = instant_of("--snapshot", snapshot, zone)
            _snapshot(importer, rows, stack, tenant, asked, at_ms, complete=complete)
            if complete and importer.turned_away:
                say("nothing is deleted: records may be in the rows that were turned away")
        else:
            _changes(importer, rows, _map(map_, asked), zone)
    show_summary(importer.summary, as_json=as_json)
    if importer.summary.quarantined:
        raise typer.Exit(QUARANTINED)


def _map(name: str, asked: "Asked") -> "ImportMap":
    from devstack.importing.import_maps import import_map
    from devstack.importing.usual_imports import USUAL, table_map

    if name in USUAL:
        return USUAL[name](asked)
    return import_map(Path(name)) if name else table_map(asked)


def _changes(
    importer: "Importer", rows: "RowFile", found: "ImportMap", zone: ZoneInfo | None
) -> None:
    from devstack.importing.plain_rows import PlainRows
    from devstack.importing.record_events import RecordEvents
    from devstack.importing.records import shaped
    from devstack.importing.sending import Part
    from devstack.importing.times import TimeReader

    needed = {column for change in found.changes for column in change.columns()}
    shape = PlainRows(needed, found.histories)
    events = RecordEvents(found, TimeReader(zone))
    importer.send(rows, shaped(rows, shape), events.events, Part())


def _snapshot(
    importer: "Importer",
    rows: "RowFile",
    stack: LocalStack,
    tenant: str,
    asked: "Asked",
    at_ms: int,
    *,
    complete: bool,
) -> None:
    from devstack.importing.plain_rows import PlainRows
    from devstack.importing.records import shaped
    from devstack.importing.sending import Part
    from devstack.importing.snapshots import SnapshotEvents
    from shared.metrics.domain.records.last_values import last_values
    from shared.metrics.engine.records import RecordHistories

    if not (asked.object and asked.record):
        message = "say what the rows of the snapshot are: --object and --record"
        raise BadInputError(message, field="object")
    records = RecordHistories().read(stack.services.tenancy.open(tenant))
    known = last_values(records.log, asked.object, at_ms)
    events = SnapshotEvents(asked.object, asked.record, at_ms, known)

    def rest() -> Iterable["RecordEvent"]:
        return events.missing() if complete and not importer.turned_away else ()

    importer.send(rows, shaped(rows, PlainRows({asked.record})), events.events, Part(), rest)
