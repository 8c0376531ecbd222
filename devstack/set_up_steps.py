"""Writes what GraphQL and the command line say of setting sources up: `python -m
devstack.set_up_steps`, after a page in docs/sources was changed; `--check` only compares.
"""

import json
import re
import sys
from pathlib import Path
from typing import Final

from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.set_up_steps import STEPS_FILE

PAGES: Final = Path(__file__).parents[1] / "docs" / "sources"
HEADING: Final = "## Set up"

_STEP: Final = re.compile(r"^\d+\. (.+(?:\n   .+)*)", re.MULTILINE)


def steps_of(page: str) -> list[str]:
    """The numbered list under a page's heading; what is indented by three belongs to a step."""
    _, _, after = page.partition(f"\n{HEADING}\n")
    section = re.split(r"^#", after, maxsplit=1, flags=re.MULTILINE)[0]
    return [re.sub(r"\n {3}", " ", step) for step in _STEP.findall(section)]


def all_steps() -> str:
    """The steps of every kind that has a page, as JSON."""
    pages = {kind.value: PAGES / f"{kind.value}.md" for kind in SourceKind}
    found = {
        kind: steps_of(page.read_text(encoding="utf-8"))
        for kind, page in pages.items()
        if page.exists()
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """The command line; see the module's docstring."""
    if "--check" not in sys.argv[1:]:
        STEPS_FILE.write_text(all_steps(), encoding="utf-8")
    elif STEPS_FILE.read_text(encoding="utf-8") != all_steps():
        sys.exit("the pages in docs/sources have changed: python -m devstack.set_up_steps")


if __name__ == "__main__":
    main()
