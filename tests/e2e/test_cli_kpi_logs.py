"""KPIs of real logs out of GraphQL alone, compared with what other engines computed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.devstack.command_line import CommandLine

LOGS = Path(__file__).resolve().parents[3] / "shared" / "data"
MAPS = Path(__file__).parent / "maps"
pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason=f"the real logs are not here: {LOGS}")


def expected(name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    return json.loads((LOGS / name).read_text())


def imported(crm: CommandLine, file: Path, map_name: str) -> None:
    arguments = ("import-records", file, "--tenant", "acme", "--map", MAPS / f"{map_name}.json")
    crm.run(*arguments, "--time-zone", "UTC")


def kpi(crm: CommandLine, key: str, first: str, last: str, fields: str = "value") -> Any:  # noqa: ANN401
    period = f'period: {{range: {{from: "{first}", to: "{last}"}}}}'
    asked = f"{{ kpi(key: {key}, {period}) {{ {fields} }} }}"
    return crm.run("query", asked).document()["data"]["kpi"]


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    crm = CommandLine(tmp_path_factory.mktemp("tickets"))
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    imported(crm, LOGS / "helpdesk_events.csv.gz", "helpdesk_tickets")
    crm.run("aggregate")
    return crm


EVER = ("2010-01-01", "2014-12-31")


def test_first_response_of_the_helpdesk(helpdesk: CommandLine) -> None:
    told = expected("helpdesk_tickets_expected.json")["first_response"]
    found = kpi(helpdesk, "FIRST_RESPONSE_MEAN", *EVER, "value current { denominator }")
    assert found["current"]["denominator"] == told["n"]
    assert found["value"] == pytest.approx(told["mean_min"], abs=1e-6)
    median = kpi(helpdesk, "FIRST_RESPONSE_MEDIAN", *EVER)["value"]
    assert median == pytest.approx(told["median_min"], abs=1e-6)


def test_unanswered_tickets_are_reported_and_not_dropped(helpdesk: CommandLine) -> None:
    told = expected("helpdesk_tickets_expected.json")
    unanswered = kpi(helpdesk, "UNANSWERED_TICKETS", *EVER)["value"]
    assert unanswered == told["tickets"] - told["first_response"]["n"]
    assert kpi(helpdesk, "TICKET_VOLUME", *EVER)["value"] == told["tickets"]


def test_resolution_and_close_of_the_helpdesk(helpdesk: CommandLine) -> None:
    told = expected("helpdesk_tickets_expected.json")
    for key, name in (("RESOLUTION_TIME", "last_resolution"), ("TIME_TO_CLOSE", "closed")):
        mean = kpi(helpdesk, f"{key}_MEAN", *EVER, "value current { denominator }")
        assert mean["current"]["denominator"] == told[name]["n"]
        assert mean["value"] == pytest.approx(told[name]["mean_min"], abs=1e-6)
        median = kpi(helpdesk, f"{key}_MEDIAN", *EVER)["value"]
        assert median == pytest.approx(told[name]["median_min"], abs=1e-6)


def test_tickets_that_were_opened_again(helpdesk: CommandLine) -> None:
    told = expected("helpdesk_tickets_expected.json")
    again = kpi(helpdesk, "TICKETS_RESOLVED_AGAIN", *EVER)["value"]
    assert again == told["reopened_(>1 Resolve)"]
