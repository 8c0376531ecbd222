"""What it costs to import the ingest handler, beside a DynamoDB client of boto3."""

import os
import subprocess
import sys
import tempfile
from typing import Final

from benchmarks.report import Report

_BOTO3: Final = "import boto3; boto3.client('dynamodb', region_name='eu-central-1')"
_INGEST: Final = (
    "import functions.ingest.handler; from shared.metrics.storage.dynamodb import DynamoStore; "
    "DynamoStore('events', 'metrics', region='eu-central-1', clock=lambda: 0)"
)
_MEASURE: Final = "import time; t = time.process_time(); {}; print(time.process_time() - t)"


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print the table."""
    runs = 3 if quick else 9
    with tempfile.TemporaryDirectory() as bytecode:
        # As in an artifact, which ships bytecode.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        boto3_ms, ingest_ms = (_median_ms(code, runs, environment) for code in (_BOTO3, _INGEST))
    report.table(
        "Start-up: import and client",
        ("ingest handler ms", "boto3 and its DynamoDB client ms", "ingest ÷ boto3"),
        [(ingest_ms, boto3_ms, f"{ingest_ms / boto3_ms:.2f} ×")],
    )


def _median_ms(code: str, runs: int, environment: dict[str, str]) -> float:
    times = []
    command = [sys.executable, "-c", _MEASURE.format(code)]
    for _ in range(runs + 1):
        output = subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment
        ).stdout
        times.append(float(output) * 1e3)
    return sorted(times[1:])[runs // 2]
