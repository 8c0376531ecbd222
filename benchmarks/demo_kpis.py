"""All KPIs of the made-up company in one request of GraphQL, cold and asked again.

Nothing is beside it: no engine has the same hundred definitions. Cold is a process that has opened
the store and read nothing: it reads and folds the history of all records.
"""

from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.report import Report, cpu_ms
from devstack.demo.filling import TENANT, fill
from devstack.stack import LocalStack
from shared.metrics.domain.kpis.registry import REGISTRY

_LAST_DAY: Final = date(2026, 11, 21)
_PEOPLE: Final = 50
_RUNS: Final = 9


class _Silent:
    """Needs no progress."""

    def sent(self, days: int, of: int) -> None:
        """Say nothing."""

    def folded(self, units: int, of: int) -> None:
        """Say nothing."""


def run(report: Report, quick: bool) -> None:  # noqa: FBT001 - one flag for all suites
    """Print what a request for everything takes."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with LocalStack(data) as stack:
            fill(stack, _LAST_DAY, _Silent(), _PEOPLE)
        with LocalStack(data) as stack:
            cold_ms, found = cpu_ms(partial(_asked, stack), 1)
            hot_ms, _ = cpu_ms(partial(_asked, stack), 3 if quick else _RUNS)
    answered = sum(kpi["value"] is not None for kpi in found)
    head = ("KPIs", "with a value", "cold ms", "asked again ms", "asked again, a KPI ms")
    row = (len(found), answered, cold_ms, hot_ms, hot_ms / len(found))
    report.table("All KPIs of the made-up company in one request", head, [row])


def _asked(stack: LocalStack) -> list[dict[str, Any]]:
    period = 'period: {range: {from: "2026-10-23", to: "2026-11-21"}}'
    query = f"{{ kpis(keys: [{', '.join(REGISTRY)}], {period}) {{ value reason }} }}"
    reply = stack.query(query, TENANT)
    assert "errors" not in reply.document, reply.document
    found: list[dict[str, Any]] = reply.document["data"]["kpis"]
    return found
