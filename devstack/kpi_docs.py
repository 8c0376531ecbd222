"""docs/kpis.md and the lock of definitions: `python -m devstack.kpi_docs` writes them, `--check`
compares.

The lock has the version of every KPI, and hashes of its definition and of the code of its function.
A definition that has changed under the same version is refused, also when writing. Code that says
the same in other words is taken with `--same-meaning KEY`.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from devstack.kpi_pages import kpi_page
from devstack.kpi_versions import broken, locked, read_lock, written
from shared.metrics.domain.kpis.registry import problems

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
_REMEDY: Final = "run `python -m devstack.kpi_docs` and commit what it writes"


def main(arguments: Sequence[str] | None = None, docs: Path = DOCS) -> int:
    """Write the files, or say whether they are up to date; the exit status."""
    parser = ArgumentParser(prog="python -m devstack.kpi_docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; 1 when they differ")
    parser.add_argument("--same-meaning", action="append", default=[], metavar="KEY")
    given = parser.parse_args(arguments)
    page, lock = docs / "kpis.md", docs / "kpi-versions.json"
    before = read_lock(lock)
    found = [*problems(), *broken(before, locked(), frozenset(given.same_meaning))]
    if not found and given.check:
        texts = ((page, kpi_page()), (lock, written(locked())))
        found = [
            f"docs/{path.name} is not what the code says: {_REMEDY}"
            for path, text in texts
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
    if found:
        sys.stderr.write("".join(f"{each}\n" for each in found))
        return 1
    if not given.check:
        page.write_text(kpi_page(), encoding="utf-8")
        lock.write_text(written(locked()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
