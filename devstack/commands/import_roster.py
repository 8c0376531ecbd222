"""`crm-metrics import-roster`."""

from pathlib import Path
from typing import Annotated

import typer

from devstack.commands.import_file import QUARANTINED, show_summary
from devstack.options import DEFAULT_DATA_DIR, AsJson, DataDir, TenantName
from devstack.output import progress_bar, say
from devstack.stack import LocalStack
from shared.metrics.domain.periods import time_zone as zone_of
from shared.metrics.domain.source_kinds import kind_of


def import_roster(  # noqa: PLR0913 - one for each thing that a file may have
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", readable=False, help="CSV or JSON lines, plain or gzip, in UTF-8."
        ),
    ],
    *,
    tenant: TenantName,
    id_: Annotated[
        str, typer.Option("--id", metavar="COLUMN", help="The id of the person.")
    ] = "user_id",
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=COLUMN",
            help="Which column is email, name, language, country, time_zone, account_status, role, "
            "team, manager, licence, is_integration or same_as; columns of these names are taken "
            "by themselves.",
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND=COLUMN",
            help="A column with the person's id in another source, such as hubspot=HubSpot ID.",
        ),
    ] = None,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="The ids are those of a CRM, such as salesforce.")
    ] = "",
    since: Annotated[
        str, typer.Option(metavar="TIME", help="From when it holds; without it, from now on.")
    ] = "",
    complete: Annotated[
        bool, typer.Option("--complete", help="Nobody else has an account any more.")
    ] = False,
    emails_verified: Annotated[
        bool, typer.Option(help="Who has the same address is the same person.")
    ] = True,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Import who has an account, with their attributes. Importing it again changes nothing.

    Rows without an id go to quarantine; the status is then 3.
    """
    from devstack.importing.files import opened
    from devstack.importing.importer import Importer
    from devstack.importing.plain_rows import PlainRows
    from devstack.importing.progress import ImportProgress
    from devstack.importing.records import shaped
    from devstack.importing.roster_events import RosterEvents, roster_map
    from devstack.importing.sending import Part
    from devstack.importing.times import instant_of
    from shared.metrics.engine.accounts import others_with_account

    prefix = f"{kind_of(kind).value}:" if kind else ""
    asked = roster_map(
        id_, column or [], also or [], prefix=prefix, emails_verified=emails_verified
    )
    with opened(file) as rows, LocalStack(data_dir) as stack, progress_bar() as bar:
        settings = stack.services.tenants.get(tenant)
        at_ms = instant_of("--since", since, zone_of(settings.time_zone)) if since else None
        events = RosterEvents(asked, stack.services.clock() if at_ms is None else at_ms)
        key = stack.file_key(tenant)
        importer = Importer(lambda body: stack.ingest(body, key), ImportProgress(rows, bar).show)

        importer.send(rows, shaped(rows, PlainRows(asked.needed)), events.events, Part())
        if complete and importer.turned_away:
            say("no account is closed: people may be in the rows that were turned away")
        elif complete:
            data = stack.services.tenancy.open(tenant)
            importer.add(events.closed(others_with_account(data, events.met, events.at_ms)))
    show_summary(importer.summary, as_json=as_json)
    if importer.summary.quarantined:
        raise typer.Exit(QUARANTINED)
