"""`crm-metrics serve`."""

from typing import Annotated

import typer

from devstack.options import DEFAULT_DATA_DIR, DEFAULT_PORT, DataDir, Port
from devstack.output import say
from devstack.stack import LocalStack


def serve(
    *,
    port: Port = DEFAULT_PORT,
    queue: Annotated[
        bool, typer.Option("--queue", help="Let small deliveries wait to be packed together.")
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Serve events and questions on this machine, and fold what comes in, until Ctrl-C."""
    from devstack import server

    with server.listening(port) as bound:
        port = bound.getsockname()[1]
        stack = LocalStack(data_dir, log_level="WARNING", port=port, queues_deliveries=queue)
        with stack:
            url = f"http://{server.HOST}:{port}"
            server.serve(bound, lambda: say(f"serving {url} (Ctrl-C ends it)"))
    say("stopped")
