"""Salesforce's event log files, imported from the command line."""

from pathlib import Path

import pytest

from tests.unit.devstack.command_line import CommandLine

FIXTURES = Path(__file__).parents[1] / "fixtures" / "salesforce"
FORMAT = ("--format", "salesforce-event-log")


@pytest.fixture
def crm(tmp_path: Path) -> CommandLine:
    command_line = CommandLine(tmp_path)
    command_line.run("tenant", "create", "acme", "--time-zone", "UTC")
    return command_line


def send(crm: CommandLine, name: str) -> dict[str, int]:
    arguments = ("import", FIXTURES / name, "--tenant", "acme", *FORMAT, "--json")
    counts: dict[str, int] = crm.run(*arguments).document()
    return counts


def test_files_that_overlap_add_up_to_what_happened(crm: CommandLine) -> None:
    assert send(crm, "lightning_page_view_hourly.csv")["accepted"] == 1
    daily = send(crm, "lightning_page_view_daily.csv")
    assert (daily["read"], daily["accepted"], daily["quarantined"]) == (2, 2, 0)
    crm.run("aggregate")
    once = crm.days("acme")
    send(crm, "lightning_page_view_daily.csv")
    crm.run("aggregate")
    assert crm.days("acme") == once


def test_the_file_says_itself_what_it_holds(crm: CommandLine) -> None:
    path = FIXTURES / "login.csv"
    for options in (("--user", "USER_ID"), ("--time-zone", "UTC"), ("--const", "action=login")):
        refused = crm.run("import", path, "--tenant", "acme", *FORMAT, *options, status=1)
        assert "says itself" in refused.err
    refused = crm.run("import", path, "--tenant", "acme", "--format", "excel", status=1)
    assert "salesforce-event-log" in refused.err


def test_an_integration_that_was_disabled_takes_no_files(crm: CommandLine) -> None:
    send(crm, "login.csv")
    [source] = crm.run("source", "list", "--tenant", "acme", "--json").document()
    assert source["kind"] == "salesforce"
    crm.run("source", "disable", source["source_id"], "--tenant", "acme")
    refused = crm.run("import", FIXTURES / "login.csv", "--tenant", "acme", *FORMAT, status=1)
    assert "disabled" in refused.err
