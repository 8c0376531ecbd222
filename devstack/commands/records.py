"""`crm-metrics records`."""

from typing import TYPE_CHECKING, Annotated

import typer

from devstack.options import DEFAULT_DATA_DIR, DataDir, TenantName
from devstack.output import show_json
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError

if TYPE_CHECKING:
    from shared.metrics.domain.records.record_types import RecordType

records_app = typer.Typer(help="What is known of records, at any instant.", no_args_is_help=True)

_Type = Annotated[str, typer.Argument(metavar="TYPE", help="A record type, such as deal.")]


@records_app.command()
def show(
    record_type: _Type,
    *,
    tenant: TenantName,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="As of this instant; now without it.")
    ] = None,
    field: Annotated[
        list[str] | None, typer.Option(metavar="FIELD", help="Only this field, or these.")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Print the records of a type as JSON. Fields of which nothing is known are left out."""
    from devstack.importing.times import instant_of
    from devstack.inspection.records import readable_records
    from shared.metrics.domain.records.record_fields import FIELDS
    from shared.metrics.engine.records import RecordHistories

    of_type = _type(record_type)
    at_ms = None if at is None else instant_of("--at", at, None)
    with LocalStack(data_dir) as stack:
        records = RecordHistories().read(stack.services.tenancy.open(tenant))
    table = records.table(of_type, at_ms)
    show_json(list(readable_records(table, field or list(FIELDS[of_type]))))


@records_app.command()
def restated(
    record_type: _Type,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="A field of that type.")],
    *,
    tenant: TenantName,
    at: Annotated[str, typer.Option(metavar="TIME", help="The past instant.")],
    known: Annotated[
        str, typer.Option(metavar="TIME", help="When something else was known of it.")
    ],
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Print what late edits have changed of the past since someone last looked."""
    from devstack.importing.times import instant_of
    from shared.metrics.domain.records.restated_values import restated_values
    from shared.metrics.engine.records import RecordHistories

    of_type = _type(record_type)
    at_ms, known_ms = instant_of("--at", at, None), instant_of("--known", known, None)
    with LocalStack(data_dir) as stack:
        records = RecordHistories().read(stack.services.tenancy.open(tenant))
    found = restated_values(records, of_type, field, at_ms=at_ms, known_ms=known_ms)
    show_json(
        [
            {
                "id": each.record_id,
                "before": each.before and [each.before[0].name, each.before[1]],
                "after": each.after and [each.after[0].name, each.after[1]],
            }
            for each in found
        ]
    )


def _type(name: str) -> "RecordType":
    from shared.metrics.domain.records.record_types import RecordType

    try:
        return RecordType(name)
    except ValueError:
        possible = ", ".join(each.value for each in RecordType)
        message = f"there is no record type {name!r}; there are {possible}"
        raise BadInputError(message, field="type") from None
