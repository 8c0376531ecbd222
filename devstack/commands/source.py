"""`crm-metrics source`."""

from pathlib import Path
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
from devstack.output import say, show, show_json, show_table
from devstack.source_texts import (
    as_document,
    body_in,
    mapping_in,
    preview_document,
    secret_of,
    settings_of,
    show_set_up,
)
from devstack.sources import local_url
from functions.ingest.previewing import Sample, preview
from functions.ingest.requests import JSON
from shared.metrics.domain.expectations import Expectation
from shared.metrics.domain.source_kinds import SourceKind, kind_of
from shared.metrics.storage.source_expectations import expect
from shared.metrics.storage.source_quotas import limit_source

source_app = typer.Typer(help="What sends events.", no_args_is_help=True)


SourceId = Annotated[str, typer.Argument(metavar="SOURCE", help="Id of the source.")]
Kind = Annotated[str, typer.Option(metavar="KIND", help="What sends; see docs/sources.")]
IngestUrl = Annotated[
    str | None, typer.Option(metavar="URL", help="URL of a deployment's ingest function.")
]
SecretsKey = Annotated[
    str | None,
    typer.Option(metavar="kms:KEY", help="Of a deployment: what secrets are encrypted with."),
]
Secret = Annotated[
    str | None,
    typer.Option(metavar="SECRET", help="The sender's, where it makes it; - reads it from input."),
]
SettingTexts = Annotated[
    list[str] | None,
    typer.Option("--setting", metavar="NAME=VALUE", help="Agreed with the sender; repeatable."),
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE", help="What its rows mean, as JSON.")
]


@source_app.command()
def create(  # noqa: PLR0913 - one for each part of a source, and where it is kept
    *,
    tenant: TenantName,
    kind: Kind = SourceKind.NATIVE.value,
    name: Annotated[str, typer.Option(metavar="NAME", help="What you call it.")] = "",
    secret: Secret = None,
    settings: SettingTexts = None,
    mapping: MappingFile = None,
    expects: Annotated[
        str,
        typer.Option(metavar="DAYS", help="When it should send: AUTO, NONE, WEEKDAYS, DAILY."),
    ] = Expectation.AUTO.value,
    as_json: AsJson = False,
    port: Port = DEFAULT_PORT,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
    secrets_key: SecretsKey = None,
    ingest_url: IngestUrl = None,
) -> None:
    """Make a source, and show where it sends to and its secret, which is not shown again."""
    expectation = expectation_of(expects)
    with opened(data_dir, tables, secrets_key) as stack:
        stack.services.tenants.get(tenant)
        made = stack.services.sources_of(tenant).create(
            kind_of(kind),
            name=name,
            secret=secret_of(secret),
            settings=settings_of(settings or []),
            mapping=None if mapping is None else mapping_in(mapping),
        )
        expect(stack.services.tenants, made.source.source_id, expectation)
    show_set_up(made, ingest_url or local_url(port), as_json=as_json)


@source_app.command()
def activate(  # noqa: PLR0913 - likewise
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What sends; see docs/sources.")],
    *,
    tenant: TenantName,
    secret: Secret = None,
    settings: SettingTexts = None,
    as_json: AsJson = False,
    port: Port = DEFAULT_PORT,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
    secrets_key: SecretsKey = None,
    ingest_url: IngestUrl = None,
) -> None:
    """Set up the tenant's one integration of a kind, or find it, and say what to do there."""
    with opened(data_dir, tables, secrets_key) as stack:
        stack.services.tenants.get(tenant)
        made = stack.services.sources_of(tenant).activate(
            kind_of(kind),
            secret=secret_of(secret),
            settings=settings_of(settings) if settings else None,
        )
    show_set_up(made, ingest_url or local_url(port), as_json=as_json)


@source_app.command("list")
def list_sources(
    *,
    tenant: TenantName,
    as_json: AsJson = False,
    port: Port = DEFAULT_PORT,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
    ingest_url: IngestUrl = None,
) -> None:
    """List the sources of a tenant; never their secrets."""
    url = ingest_url or local_url(port)
    with opened(data_dir, tables) as stack:
        stack.services.tenants.get(tenant)
        found = stack.services.sources_of(tenant).all()
    documents = [as_document(stored.source, url) for stored in found]
    if as_json:
        show_json(documents)
    else:
        for each in documents:
            show(f"{each['source_id']:<28} {each['kind']:<18} {each['state']:<14} {each['name']}")


@source_app.command()
def rotate(  # noqa: PLR0913 - likewise
    source_id: SourceId,
    *,
    tenant: TenantName,
    secret: Secret = None,
    as_json: AsJson = False,
    port: Port = DEFAULT_PORT,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
    secrets_key: SecretsKey = None,
    ingest_url: IngestUrl = None,
) -> None:
    """Give a source another secret. The one before is accepted for 24 hours more."""
    with opened(data_dir, tables, secrets_key) as stack:
        admin = stack.services.sources_of(tenant)
        rotated = admin.rotate(source_id, secret=secret_of(secret))
    show_set_up(rotated, ingest_url or local_url(port), as_json=as_json)


@source_app.command()
def disable(
    source_id: SourceId,
    *,
    tenant: TenantName,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Accept nothing from a source any more, until its secret is rotated."""
    with opened(data_dir, tables) as stack:
        stack.services.sources_of(tenant).disable(source_id)
    say(f"nothing is accepted from {source_id} any more, within a minute")


@source_app.command("agree")
def set_settings(
    source_id: SourceId,
    settings: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="All there shall be.")
    ] = None,
    *,
    tenant: TenantName,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Replace what is agreed with the sender of a source, such as organization=ID."""
    agreed = settings_of(settings or [])
    with opened(data_dir, tables) as stack:
        after = stack.services.sources_of(tenant).set_settings(source_id, agreed)
    say(f"agreed with {source_id}: {', '.join(after.settings) or 'nothing'}")


@source_app.command("map")
def set_mapping(
    source_id: SourceId,
    mapping: Annotated[Path, typer.Argument(metavar="FILE", help="Rules as JSON.")],
    *,
    tenant: TenantName,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Say what the rows of a source mean from now on."""
    rules = mapping_in(mapping)
    with opened(data_dir, tables) as stack:
        stack.services.sources_of(tenant).set_mapping(source_id, rules)
    say(f"{source_id} has {0 if rules is None else len(rules.rules)} rules of its own")


@source_app.command("preview")
def preview_mapping(  # noqa: PLR0913 - likewise
    source_id: SourceId,
    sample: Annotated[Path, typer.Argument(metavar="FILE", help="A body as its sender posts it.")],
    *,
    tenant: TenantName,
    mapping: MappingFile = None,
    content_type: Annotated[str, typer.Option(metavar="TYPE", help="Of the body.")] = JSON,
    path: Annotated[
        str, typer.Option(metavar="PATH", help="Where its kind posts to several paths.")
    ] = "",
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Show what a payload would become, with this mapping or the source's own. Stores nothing."""
    body = body_in(sample)
    with opened(data_dir, tables) as stack:
        source = stack.services.sources_of(tenant).get(source_id).source
        rules = source.mapping if mapping is None else mapping_in(mapping)
        settings = stack.services.tenants.get(tenant)
        sent = Sample(body, content_type, path)
        rows = preview(source, rules, settings, sent, stack.services.clock())
    documents = [preview_document(row, settings) for row in rows]
    if as_json:
        show_json(documents)
        return
    columns = ("feature", "property", "attribute", "action", "user_id", "record_id", "note")
    show_table(columns, [tuple(str(each.get(name, "")) for name in columns) for each in documents])


@source_app.command("expect")
def set_expectation(
    source_id: SourceId,
    days: Annotated[str, typer.Argument(metavar="DAYS", help="AUTO, NONE, WEEKDAYS or DAILY.")],
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
        say(f"{source_id} is judged by its own rhythm")
    else:
        say(f"{source_id} should send: {expected.days.value}, since {expected.since}")


@source_app.command()
def health(
    *,
    tenant: TenantName,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Show how the sources of a tenant are doing; status 1 if somebody has to see to one."""
    from devstack.source_health import as_document, is_alarming
    from shared.metrics.engine.source_health import SourceHealthRequest

    with opened(data_dir, tables) as stack:
        stack.services.tenants.get(tenant)
        found = stack.services.views.ask(SourceHealthRequest(tenant=tenant))
    documents = [as_document(source_id, found[source_id]) for source_id in sorted(found)]
    if as_json:
        show_json(documents)
    else:
        names = ("source_id", "state", "last_event_at", "rows_last_day", "rejected_share")
        rows = [tuple(str(document[name]) for name in names) for document in documents]
        show_table(names, rows)
    if any(map(is_alarming, found.values())):
        raise typer.Exit(1)


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
