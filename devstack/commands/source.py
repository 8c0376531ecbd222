"""`crm-metrics source`."""

from typing import Annotated

import typer

from devstack.deployment import opened
from devstack.expectations import expectation_of
from devstack.options import (
    DEFAULT_DATA_DIR,
    DEFAULT_PORT,
    AsJson,
    DataDir,
    Port,
    Tables,
    TenantName,
    day_of,
)
from devstack.output import say, show, show_json
from devstack.sources import create_source, local_url
from shared.metrics.domain.expectations import Expectation
from shared.metrics.storage.source_expectations import expect
from shared.metrics.storage.source_quotas import limit_source

source_app = typer.Typer(help="What sends events.", no_args_is_help=True)


@source_app.command()
def create(
    *,
    tenant: TenantName,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="What sends; see docs/sources.")
    ] = "native",
    expects: Annotated[
        str,
        typer.Option(metavar="DAYS", help="NONE, or days it should send on: WEEKDAYS, DAILY."),
    ] = Expectation.NONE.value,
    as_json: AsJson = False,
    port: Port = DEFAULT_PORT,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
    ingest_url: Annotated[
        str | None, typer.Option(metavar="URL", help="URL of a deployment's ingest function.")
    ] = None,
) -> None:
    """Make a source, and show where it sends to and its secret, which is not shown again."""
    url = ingest_url or local_url(port)
    expectation = expectation_of(expects)
    with opened(data_dir, tables) as stack:
        source = create_source(stack.services, tenant, kind, url)
        expect(stack.services.tenants, source.source_id, expectation)
    if as_json:
        show_json(source._asdict())
    else:
        for name, value in source._asdict().items():
            show(f"{name:<10} {value}")


@source_app.command("expect")
def set_expectation(
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of the source.")],
    days: Annotated[str, typer.Argument(metavar="DAYS", help="NONE, WEEKDAYS or DAILY.")],
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="First such day; without it the day after it was made."),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Say on which days a source should send. Those on which it did not, are days without data."""
    expectation = expectation_of(days)
    first = None if since is None else day_of("--since", since)
    with opened(data_dir, tables) as stack:
        expected = expect(stack.services.tenants, source_id, expectation, first)
    if expected is None:
        say(f"nothing is expected of {source_id}")
    else:
        say(f"{source_id} should send: {expected.days.value}, since {expected.since}")


@source_app.command("limit")
def set_quota(
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of the source.")],
    events_per_minute: Annotated[
        int, typer.Argument(metavar="N", min=0, help="Events a minute; 0 for as many as come.")
    ],
    *,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Say how many events a source may send. SDKs are told to wait; webhooks are never refused."""
    with opened(data_dir, tables) as stack:
        limit_source(stack.services.tenants, source_id, events_per_minute)
    limit = f"at most {events_per_minute:,} events a minute" if events_per_minute else "as it likes"
    say(f"{source_id} may send {limit}")


@source_app.callback()
def group() -> None:
    """What sends events."""
