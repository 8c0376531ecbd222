"""`crm-metrics inspect`."""

from typing import Annotated, Final

import typer

from devstack.options import DEFAULT_DATA_DIR, DataDir, TenantName, day_of
from devstack.output import say, show, show_json
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError
from shared.metrics.storage.keys import DIRECTORY

_QUARANTINE: Final = "quarantine"


def inspect(
    *,
    tenant: TenantName,
    day: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="A local day of the tenant, or `directory`."),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help="manifest, packs, core, time, who, cube, changes, carry, roster or quarantine.",
        ),
    ] = "manifest",
    canonical: Annotated[
        bool, typer.Option("--canonical", help="The whole day, the same for the same events.")
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Print what is stored of a day as JSON. Quarantine needs no day: it goes by arrival."""
    from devstack.inspection.canonical import canonical_day
    from devstack.inspection.quarantine import turned_away
    from devstack.inspection.readable import readable
    from devstack.inspection.unit import Unit

    name = day if day is None or day == DIRECTORY else day_of("--day", day).isoformat()
    with LocalStack(data_dir) as stack:
        stack.tenant(tenant)
        if kind == _QUARANTINE:
            received = None if day is None else day_of("--day", day)
            show_json(list(turned_away(stack.services, tenant, received)))
            return
        if name is None:
            raise BadInputError("say which day with --day", field="day")
        unit = Unit(stack.services, tenant, name)
        if not canonical:
            show_json(readable(unit, kind))
            return
        if name == DIRECTORY:
            raise BadInputError("--canonical is for days, not for the directory", field="day")
        show(canonical_day(unit))
        if unit.is_dirty:
            say(f"{name} has events that are not folded yet; `crm-metrics aggregate` folds them")
