"""Runs `crm-metrics`, in this process or in one of its own."""

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devstack.cli import run
from devstack.stack import LocalStack
from shared.metrics.storage.keys import DIRECTORY

PATIENCE_SECONDS = 50


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    def document(self) -> Any:  # noqa: ANN401 - whatever the command prints
        return json.loads(self.out)


class CommandLine:
    """Commands over one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir

    def attempt(self, *arguments: object) -> Ran:
        """Run a command in this process, whatever comes of it."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = run(self._arguments(arguments))
        return Ran(status, out.getvalue(), err.getvalue())

    def run(self, *arguments: object, status: int = 0) -> Ran:
        """Run a command in this process; it must end with `status`."""
        ran = self.attempt(*arguments)
        assert ran.status == status, ran
        return ran

    @contextmanager
    def process(self, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
        """Start a command in a process of its own. It is ended at the latest when it has been
        running for longer than any test may.
        """
        with subprocess.Popen(
            [sys.executable, "-m", "devstack", *self._arguments(arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as started:
            watchdog = threading.Timer(PATIENCE_SECONDS, started.kill)
            watchdog.start()
            try:
                yield started
            finally:
                watchdog.cancel()
                started.kill()

    def days(self, tenant: str) -> dict[str, str]:
        """Every folded day of a tenant in canonical form."""
        with LocalStack(self.data_dir) as stack:
            folded = stack.services.tenancy.open(tenant).manifests.all()
        return {
            day: self.run("inspect", "--tenant", tenant, "--day", day, "--canonical").out
            for day in folded
            if day != DIRECTORY
        }

    def _arguments(self, arguments: tuple[object, ...]) -> list[str]:
        return [*map(str, arguments), "--data-dir", str(self.data_dir)]
