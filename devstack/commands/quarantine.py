"""`crm-metrics quarantine`."""

from typing import Annotated, Any, Final

import typer

from devstack.deployment import Deployment, opened
from devstack.options import DEFAULT_DATA_DIR, AsJson, DataDir, Tables, TenantName
from devstack.output import say, show, show_json, show_table
from devstack.quarantine import as_document, reason_of
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.services import Services
from shared.metrics.storage.quarantine_pages import place_of, reason_counts, row_at, rows_page
from shared.metrics.storage.replays import Replay, Replays, ReplayState, Wanted
from shared.metrics.storage.tenant_data import TenantData

quarantine_app = typer.Typer(help="Rows that were turned away.", no_args_is_help=True)
_MAX_ROWS: Final = 1_000
_REQUESTED_BY: Final = "crm-metrics"

_Source = Annotated[str | None, typer.Option(metavar="SOURCE", help="Only of this source.")]
_Reason = Annotated[
    str | None, typer.Option(metavar="REASON", help="Only with this reason, such as too_old.")
]


@quarantine_app.command("list")
def list_rows(
    *,
    tenant: TenantName,
    source: _Source = None,
    reason: _Reason = None,
    after: Annotated[str, typer.Option(metavar="ID", help="Only rows behind this one.")] = "",
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=1, max=_MAX_ROWS, help="At most so many.")
    ] = 50,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """List rows by arrival, and how many there are for which reason."""
    wanted = reason_of(reason)
    with opened(data_dir, tables) as stack:
        quarantine = _data(stack.services, tenant).quarantine
        page = rows_page(quarantine, most, after=after, source=source, reason=wanted)
        counts = reason_counts(quarantine, source=source)
    if as_json:
        show_json(
            {
                "rows": [as_document(placed) for placed in page.rows],
                "more_after": page.more_after,
                "counts": dict(counts.rows),
                "is_complete": counts.is_complete,
            }
        )
        return
    rows: list[tuple[str, ...]] = [
        (placed.place.text, placed.row.source, placed.row.reason, placed.row.detail)
        for placed in page.rows
    ]
    show_table(("id", "source", "reason", "detail"), rows)
    at_least = "" if counts.is_complete else "at least "
    for name, number in counts.rows.most_common():
        show(f"{name:<26}{at_least}{number:,}")
    if page.more_after is not None:
        say(f"there may be more: --after {page.more_after!r}")


@quarantine_app.command("show")
def show_row(
    row: Annotated[str, typer.Argument(metavar="ID", help="As `quarantine list` shows it.")],
    *,
    tenant: TenantName,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Show one row whole, with its original bytes, as JSON."""
    with opened(data_dir, tables) as stack:
        found = row_at(_data(stack.services, tenant).quarantine, place_of(row))
    show_json(as_document(found))


@quarantine_app.command()
def replay(
    rows: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Without any: all that fit.")
    ] = None,
    *,
    tenant: TenantName,
    source: _Source = None,
    reason: _Reason = None,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Try rows again with the mapping of now: what passes is stored, and leaves quarantine."""
    places = [place_of(row) for row in rows or ()]
    wanted = Wanted(source, reason_of(reason), tuple((at.name, at.index) for at in places))
    with opened(data_dir, tables) as stack:
        replays = _data(stack.services, tenant).replays
        asked = replays.ask(wanted, _REQUESTED_BY)
        if isinstance(stack, Deployment):
            say("asked for; the ingest function does it within a minute or two")
        else:
            _finish(replays, asked.replay_id)
        done = replays.get(asked.replay_id).replay
    if as_json:
        show_json(_document(done))
    elif done.state is ReplayState.DONE:
        show(f"stored     {done.stored:,}\nremaining  {done.remaining:,}")


@quarantine_app.callback()
def group() -> None:
    """Rows that were turned away."""


def _finish(replays: Replays, replay_id: str) -> None:
    """Replay until it is done, as the schedule would minute by minute."""
    from devstack.tending import tend

    while replays.get(replay_id).replay.state is not ReplayState.DONE:
        tend()


def _data(services: Services, tenant: str) -> TenantData:
    return services.tenancy.open(tenant)


def _document(replay: Replay) -> dict[str, Any]:
    return {
        "id": replay.replay_id,
        "state": replay.state.name,
        "requested_at": from_milliseconds(replay.requested_at_ms).isoformat(),
        "stored": replay.stored,
        "remaining": replay.remaining,
    }
