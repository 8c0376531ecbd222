"""`crm-metrics aggregate`."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from devstack.options import DEFAULT_DATA_DIR, AsJson, DataDir, day_of
from devstack.output import progress_bar, say, show, show_json
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError

if TYPE_CHECKING:
    from devstack.folding import FoldSummary

_MAX_NAMED: Final = 3


def aggregate(
    *,
    tenant: Annotated[
        str | None, typer.Option(metavar="TENANT", help="Only the days of this tenant.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="Only days from this one on.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="DAY", help="Only days up to this one.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Fold every day that has new events."""
    from devstack.folding import Outcome, Wanted

    first = None if from_ is None else day_of("--from", from_)
    last = None if to is None else day_of("--to", to)
    if first and last and last < first:
        raise BadInputError(f"the range is reversed: --from {first} is after --to {last}")

    with LocalStack(data_dir) as stack, progress_bar() as bar:
        if tenant is not None:
            stack.tenant(tenant)
        task = bar.add_task("folding", total=None)
        summary = stack.aggregate(
            lambda done, known: bar.update(task, completed=done, total=known),
            Wanted(tenant, first, last),
        )

    counts = {outcome.value: summary.outcomes[outcome] for outcome in Outcome}
    counts |= {"rows": summary.rows, "duplicates": summary.duplicates, "late": summary.late}
    if as_json:
        show_json(counts)
    else:
        for name, number in counts.items():
            show(f"{name:<11}{number:>12,}")
    _check(summary)


def _check(summary: "FoldSummary") -> None:
    """Say what could not be folded, and fail."""
    left = summary.failed or summary.waiting
    if not left:
        return
    named = ", ".join(f"{unit.unit} of {unit.tenant}" for unit in left[:_MAX_NAMED])
    why = (
        "could not be folded; `crm-metrics --debug aggregate` shows why"
        if summary.failed
        else "got new events all the time; run it again"
    )
    say(f"error: {len(left)} units {why} ({named}{', …' if len(left) > _MAX_NAMED else ''})")
    raise typer.Exit(1)
