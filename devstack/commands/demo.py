"""`crm-metrics demo`."""

from contextlib import ExitStack
from typing import Annotated

import typer

from devstack.options import DEFAULT_DATA_DIR, DEFAULT_PORT, DataDir, Port
from devstack.output import say
from devstack.stack import LocalStack


def demo(
    *,
    port: Port = DEFAULT_PORT,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End when Home is printed.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Make up a company that has used its CRM for 120 days, print its Home, and serve it."""
    from devstack import server
    from devstack.demo.filling import set_aside_if_outdated, yesterday
    from devstack.demo.showing import show
    from shared.metrics.services import clock_ms

    with ExitStack() as opened:
        bound = None
        if not no_serve:
            # First of all: that the port is taken should not be found out at the end.
            bound = opened.enter_context(server.listening(port))
            port = bound.getsockname()[1]
        last_day = yesterday(clock_ms())
        aside = set_aside_if_outdated(data_dir, last_day)
        if aside is not None:
            say(f"the demo here was over a month old; it is {aside} now, and a new one is made")
        stack = opened.enter_context(LocalStack(data_dir, port=port))
        show(stack, last_day, port)
        if bound is not None:
            say(f"\nserving http://{server.HOST}:{port} (Ctrl-C ends it)")
            server.serve(bound)
            say("stopped")
