"""`crm-metrics doctor`."""

from itertools import chain

import typer

from devstack.options import DEFAULT_DATA_DIR, DEFAULT_PORT, DataDir, Port
from devstack.output import show


def doctor(*, port: Port = DEFAULT_PORT, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Check everything that commands need, and say what to do; status 1 if something is wrong."""
    from devstack.checks.contents import contents
    from devstack.checks.data_folder import data_folder
    from devstack.checks.finding import Level
    from devstack.checks.installation import installation
    from devstack.checks.network import network

    is_well = True
    found = chain(installation(), data_folder(data_dir), contents(data_dir), network(port))
    for finding in found:
        advice = f" -- {finding.advice}" if finding.advice else ""
        show(f"{finding.level.value:<6} {finding.what}{advice}")
        is_well = is_well and finding.level is not Level.WRONG
    if not is_well:
        raise typer.Exit(1)
