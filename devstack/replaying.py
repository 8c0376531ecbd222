"""Calls the ingest function for the replays that wait, as its schedule does."""

from devstack.invocation import invoke
from devstack.lambda_events import scheduler_event
from functions.ingest.handler import REPLAY, handler


def replay() -> int:
    """See to the replays that wait; how many rows were stored."""
    stored: int = invoke(handler, scheduler_event(REPLAY), "ingest")["replayed"]
    return stored
