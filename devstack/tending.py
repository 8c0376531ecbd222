"""Calls the ingest function as its schedule does."""

from devstack.invocation import invoke
from devstack.lambda_events import scheduler_event
from functions.ingest.handler import TEND, handler


def tend() -> int:
    """See to the replays that wait, and to the delivery queue; how many rows were replayed."""
    replayed: int = invoke(handler, scheduler_event(TEND), "ingest")["replayed"]
    return replayed
