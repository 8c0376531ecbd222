"""Events as senders spell them."""

import json
from typing import Any


def event(day: int = 20, user_id: str = "ann", **fields: object) -> dict[str, Any]:
    """An event on a day of November 2023, at ten."""
    return {
        "user_id": user_id,
        "feature": "Leads",
        "occurred_at": f"2023-11-{day:02}T10:00:00Z",
    } | fields


def delivery(*events: dict[str, Any]) -> bytes:
    """A body; without events one that is refused."""
    return json.dumps({"events": events} if events else []).encode()


EVENT = delivery(event())
