"""`crm-metrics import`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from devstack.options import DEFAULT_DATA_DIR, AsJson, DataDir, TenantName
from devstack.output import progress_bar, show, show_json
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import time_zone as zone_of
from shared.metrics.domain.source_kinds import SourceKind

if TYPE_CHECKING:
    from devstack.importing.sending import ImportSummary, Part

QUARANTINED: Final = 3
_PART: Final = re.compile(r"(\d{1,6})/(\d{1,6})", re.ASCII)


def import_file(  # noqa: PLR0913 - one for each field of an event
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", readable=False, help="CSV or JSON lines, plain or gzip, in UTF-8."
        ),
    ],
    *,
    tenant: TenantName,
    user: Annotated[str | None, typer.Option(metavar="COLUMN", help="Who did it.")] = None,
    time: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="When: ISO 8601, or milliseconds since 1970."),
    ] = None,
    feature: Annotated[str | None, typer.Option(metavar="COLUMN", help="With what.")] = None,
    property_: Annotated[
        str | None, typer.Option("--property", metavar="COLUMN", help="What of the feature.")
    ] = None,
    attribute: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="What of the property.")
    ] = None,
    action: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="What was done; `use` where empty.")
    ] = None,
    record: Annotated[str | None, typer.Option(metavar="COLUMN", help="To which record.")] = None,
    account: Annotated[str | None, typer.Option(metavar="COLUMN", help="Of which account.")] = None,
    const: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A fixed value, such as signal=CHANGE."),
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="The zone of times without an offset.")
    ] = None,
    file_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="salesforce-event-log: a file of Salesforce's, which says itself what it holds.",
        ),
    ] = None,
    part: Annotated[
        str, typer.Option(metavar="I/N", help="Send only the I-th of N parts: 1/2 and 2/2.")
    ] = "1/1",
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Import a file of events. Importing it again adds nothing, and completes what was broken off.

    Rows that are no events go to quarantine; the status is then 3.
    """
    chosen = _part(part)
    columns = {
        "user": user,
        "time": time,
        "feature": feature,
        "property": property_,
        "attribute": attribute,
        "action": action,
        "record": record,
        "account": account,
    }
    if file_format is not None:
        _check_format(file_format, [*columns.values(), *(const or []), time_zone])
        summary = _import_event_log(file, tenant, chosen, data_dir)
    else:
        summary = _import_mapped(file, tenant, columns, const or [], time_zone, chosen, data_dir)
    show_summary(summary, as_json=as_json)
    if summary.quarantined:
        raise typer.Exit(QUARANTINED)


def _import_mapped(
    file: Path,
    tenant: str,
    columns: dict[str, str | None],
    const: list[str],
    time_zone: str | None,
    part: "Part",
    data_dir: Path,
) -> "ImportSummary":
    from devstack.importing.files import opened
    from devstack.importing.importer import Importer
    from devstack.importing.mapping import mapping_of
    from devstack.importing.progress import ImportProgress

    mapping = mapping_of(columns, const)
    zone = None if time_zone is None else zone_of(time_zone)
    with opened(file) as rows, LocalStack(data_dir) as stack, progress_bar() as bar:
        key = stack.file_key(tenant)
        importer = Importer(lambda body: stack.ingest(body, key), ImportProgress(rows, bar).show)
        importer.run(rows, mapping, zone, part)
    return importer.summary


def _import_event_log(file: Path, tenant: str, part: "Part", data_dir: Path) -> "ImportSummary":
    from devstack.importing.event_log import CONTENT_TYPE, EventLogImporter
    from devstack.importing.files import opened
    from devstack.importing.progress import ImportProgress

    with opened(file) as rows, LocalStack(data_dir) as stack, progress_bar() as bar:
        source = stack.integration(tenant, SourceKind.SALESFORCE)
        importer = EventLogImporter(
            lambda body: stack.hook(source, body, CONTENT_TYPE), ImportProgress(rows, bar).show
        )
        importer.run(rows, part)
    return importer.summary


def _check_format(name: str, others: list[str | None]) -> None:
    from devstack.importing.event_log import FORMAT

    if name != FORMAT:
        message = f"there is no format {name!r}; there is {FORMAT}"
        raise BadInputError(message, field="format")
    if any(other is not None for other in others):
        message = f"--format {name} says itself what the columns are; leave the others out"
        raise BadInputError(message, field="format")


def _part(text: str) -> "Part":
    from devstack.importing.sending import Part

    found = _PART.fullmatch(text)
    turn, parts = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= turn <= parts:
        message = f"--part {text!r} is no part; give i/n with i from 1 to n, such as 1/2"
        raise BadInputError(message, field="part")
    return Part(turn - 1, parts)


def show_summary(summary: "ImportSummary", *, as_json: bool) -> None:
    """Print what an import came to."""
    counts = {
        "read": summary.read,
        "sent": summary.sent,
        "accepted": summary.accepted,
        "repetitions": summary.repetitions,
        "quarantined": summary.quarantined,
    }
    reasons = dict(sorted(summary.reasons.items()))
    if as_json:
        show_json(counts | {"reasons": reasons})
        return
    for name, number in counts.items():
        show(f"{name:<24}{number:>12,}")
    for name, number in reasons.items():
        show(f"  {name:<22}{number:>12,}")
