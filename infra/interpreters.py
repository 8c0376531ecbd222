"""Finds a Python that really runs: `python -m infra.interpreters 3.13` prints its path."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def find(version: str) -> Path | None:
    """The first working Python of this version (such as "3.13"), or None."""
    return next((python for python in _candidates(version) if _runs(python, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    """What is on the PATH, and what a version manager keeps beside its shims.

    A shim may be there for a version that is installed but not selected; it then fails when run.
    """
    folders = [Path(folder) for folder in os.get_exec_path()]
    for folder in folders:
        yield folder / f"python{version}"
    for folder in folders:
        for installed in sorted(folder.parent.glob(f"versions/{version}*"), reverse=True):
            yield installed / "bin" / f"python{version}"


def _runs(python: Path, version: str) -> bool:
    """Whether it starts, and is the version that its name says."""
    probe = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [python, "-c", probe], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version


if __name__ == "__main__":
    found = find(sys.argv[1])
    if found is None:
        sys.exit(f"no working Python {sys.argv[1]} on the PATH or beside its shims")
    print(found)
