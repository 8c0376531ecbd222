"""`crm-metrics tenant`."""

from typing import Annotated

import typer

from devstack.deployment import opened
from devstack.options import DEFAULT_DATA_DIR, AsJson, DataDir, Tables
from devstack.output import say, show, show_json, show_table
from shared.metrics.storage.tenants import Tenant

tenant_app = typer.Typer(help="Companies whose events are counted.", no_args_is_help=True)

_Name = Annotated[str, typer.Argument(metavar="TENANT", help="Name of the tenant.")]


@tenant_app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="TENANT", help="Name of the new tenant.")],
    *,
    time_zone: Annotated[
        str, typer.Option(metavar="ZONE", help="IANA name of its zone, such as Europe/Berlin.")
    ],
    pack_shards: Annotated[
        int,
        typer.Option(metavar="N", help="Partitions for a day's packs, 1 to 32; it never changes."),
    ] = 1,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Make a tenant."""
    with opened(data_dir, tables) as stack:
        now_ms = stack.services.clock()
        tenant = Tenant(
            name=name, time_zone=time_zone, created_at_ms=now_ms, pack_shards=pack_shards
        )
        stack.services.tenants.create(tenant)
    say(f"tenant {tenant.name!r} is there; its days are those of {tenant.time_zone}")


@tenant_app.command("set")
def set_settings(  # noqa: PLR0913 - one for each setting
    name: _Name,
    *,
    time_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="IANA name; all days are folded again.")
    ] = None,
    session_timeout: Annotated[
        int | None, typer.Option(metavar="MINUTES", help="1 to 720; all days are folded again.")
    ] = None,
    first_weekday: Annotated[
        str | None, typer.Option(metavar="WEEKDAY", help="First day of a week, such as sunday.")
    ] = None,
    lateness_days: Annotated[
        int | None, typer.Option(metavar="N", help="Days until answers about a day are final.")
    ] = None,
    bucket_edges: Annotated[
        str | None,
        typer.Option(metavar="N,N,…", help="Inclusive upper edges of the frequency buckets."),
    ] = None,
    counting_signal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FEATURE=SIGNAL@DAY",
            help="Which signal counts, ACTION or CHANGE, from a day on or (without @DAY) always; "
            "all of them anew, or NONE. All days are folded again.",
        ),
    ] = None,
    events_per_minute: Annotated[
        int | None,
        typer.Option(metavar="N", help="How many events may come; 0 for as many as do."),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Change a tenant's settings. With another zone, timeout or counting signal answers stay as
    they are until all days are folded again, and then change at once.
    """
    from devstack.tenant_settings import change_of

    change = change_of(
        time_zone,
        session_timeout,
        first_weekday,
        lateness_days,
        bucket_edges,
        counting_signal or [],
        events_per_minute,
    )
    with opened(data_dir, tables) as stack:
        services = stack.services
        tenant, _ = services.tenants.change(name, change, now_ms=services.clock())
    say(f"the settings of {tenant.name!r} are changed")
    if tenant.next is not None:
        say(
            f"its days will be those of {tenant.next.time_zone}, with sessions that end after "
            f"{tenant.next.session_timeout_minutes} minutes, when they are folded again: "
            "`crm-metrics aggregate` does it, or the service"
        )


@tenant_app.command("show")
def show_settings(
    name: _Name,
    *,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Show a tenant's settings, which generation of its days is served, and how far a refold is."""
    from devstack.tenant_settings import described

    with opened(data_dir, tables) as stack:
        document = described(stack.services, name)
    if as_json:
        show_json(document)
        return
    refold = document.pop("refold") or {}
    expectations = document.pop("expectations")
    quotas = document.pop("source_quotas")
    signals = document.pop("counting_signals")
    document["bucket_edges"] = ", ".join(f"{edge:,}" for edge in document["bucket_edges"])
    for setting, value in document.items():
        show(f"{setting:<26}{value}")
    for source_id, events in quotas.items():
        show(f"{source_id:<26}at most {events:,} events a minute")
    for part, value in refold.items():
        show(f"refold {part:<19}{value}")
    for feature, rules in signals.items():
        for rule in rules:
            show(f"{feature:<26}{rule['signal']} counts, since {rule['since'] or 'ever'}")
    for source_id, expected in expectations.items():
        show(f"{source_id:<26}{expected['days']}, since {expected['since']}")


@tenant_app.command("list")
def list_tenants(
    *, as_json: AsJson = False, data_dir: DataDir = DEFAULT_DATA_DIR, tables: Tables = None
) -> None:
    """List the tenants."""
    with opened(data_dir, tables) as stack:
        tenants = stack.services.tenants.all()
    if as_json:
        show_json([{"name": tenant.name, "time_zone": tenant.time_zone} for tenant in tenants])
    else:
        show_table(("tenant", "time zone"), [(tenant.name, tenant.time_zone) for tenant in tenants])
