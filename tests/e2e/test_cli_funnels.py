"""Funnels over a real log, and the answers that other engines computed for them."""

import json
from pathlib import Path
from typing import Any

import pytest

from devstack.stack import LocalStack
from functions.aggregate.tasks import HIT_MONTHS_A_SWEEP, sweep
from tests.unit.devstack.command_line import CommandLine

LOGS = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason=f"the real logs are not here: {LOGS}")

HELPDESK = ("--user", "user", "--time", "timestamp", "--feature", "action", "--record", "case")
MONTHS = 49
SWEEPS = -(-MONTHS // HIT_MONTHS_A_SWEEP)
FUNNEL = """query ($steps: [FunnelStepInput!]!, $unit: FunnelUnit, $noWindow: Boolean!) {
  funnel(
    range: {from: "2010-01-01", to: "2014-01-31"}
    steps: $steps, unit: $unit, windowDays: 7, noWindow: $noWindow
  ) {
    unit steps { counts } converted dropped inProgress completionRate maturedRate
    units(step: 2, first: 1) { totalCount nodes { key } }
  }
}"""


@pytest.fixture(scope="module")
def wanted() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((LOGS / "helpdesk_expected.json").read_text())
    return document


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The helpdesk log, folded."""
    crm = CommandLine(tmp_path_factory.mktemp("helpdesk"))
    crm.run("tenant", "create", "utc", "--time-zone", "UTC")
    crm.run("import", LOGS / "helpdesk_events.csv.gz", "--tenant", "utc", *HELPDESK)
    crm.run("aggregate")
    return crm


@pytest.fixture(scope="module", params=[False, True], ids=["by day", "by month"])
def asked(request: pytest.FixtureRequest, helpdesk: CommandLine) -> CommandLine:
    """The same, with the hits of its months gathered or not."""
    if request.param:
        with LocalStack(helpdesk.data_dir) as stack:
            for _ in range(SWEEPS):
                sweep(stack.services)
            gathered = stack.services.tenancy.open("utc").months.all()
        assert sum(name.startswith("hits-") for name in gathered) == MONTHS
    return helpdesk


@pytest.mark.parametrize(
    ("unit", "no_window", "name"),
    [
        ("RECORD", True, "funnel_case_inf"),
        ("RECORD", False, "funnel_case_7d"),
        (None, False, "funnel_case_7d"),
        ("USER", True, "funnel_user_inf"),
        ("USER", False, "funnel_user_7d"),
    ],
)
def test_the_funnels_are_those_of_other_engines(
    asked: CommandLine, wanted: dict[str, Any], unit: str | None, *, no_window: bool, name: str
) -> None:
    steps = [{"feature": feature} for feature in wanted["meta"]["funnel_steps"]]
    variables = json.dumps({"steps": steps, "unit": unit, "noWindow": no_window})
    answer = asked.run("query", FUNNEL, "--tenant", "utc", "--variables", variables)
    funnel = answer.document()["data"]["funnel"]
    counts = wanted[name]
    assert funnel["unit"] == (unit or "RECORD")
    assert funnel["steps"]["counts"] == counts
    assert funnel["converted"] == counts[-1]
    assert funnel["completionRate"] == counts[-1] / counts[0]
    # The log ends long ago: every window is over.
    unfinished = "inProgress" if no_window else "dropped"
    assert funnel[unfinished] == counts[0] - counts[-1]
    assert funnel["maturedRate"] == (None if no_window else funnel["completionRate"])
    assert funnel["units"]["totalCount"] == counts[1]
