"""What has to be done in the sender to set a source up, from the pages in docs/sources."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from shared.metrics.domain.source_kinds import SourceKind

STEPS_FILE: Final = Path(__file__).with_suffix(".json")
"""Written by `python -m devstack.set_up_steps`."""

URL: Final = "<url>"
SECRET: Final = "<secret>"  # noqa: S105 - a placeholder


def set_up_steps(kind: SourceKind, url: str, secret: str | None) -> list[str]:
    """The steps for a kind, in order, with the URL and, where it is known, the secret in them."""
    steps = _all_steps().get(kind.value, [])
    filled = [step.replace(URL, url) for step in steps]
    return filled if secret is None else [step.replace(SECRET, secret) for step in filled]


@cache
def _all_steps() -> dict[str, list[str]]:
    steps: dict[str, list[str]] = json.loads(STEPS_FILE.read_text(encoding="utf-8"))
    return steps
