"""`crm-metrics source expect`, `source limit` and `source create --expects`."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.devstack.command_line import CommandLine

EXPECTATIONS = "there are AUTO, NONE, WEEKDAYS, DAILY"


@pytest.fixture
def crm(tmp_path: Path) -> CommandLine:
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    return crm


def created(crm: CommandLine, *options: str) -> str:
    source: dict[str, str] = crm.run(
        "source", "create", "--tenant", "acme", "--json", *options
    ).document()
    return source["source_id"]


def expectations(crm: CommandLine) -> dict[str, Any]:
    found: dict[str, Any] = crm.run("tenant", "show", "acme", "--json").document()["expectations"]
    return found


def test_what_is_expected_is_set_shown_changed_and_taken_back(crm: CommandLine) -> None:
    quiet, busy = created(crm), created(crm, "--expects", "daily")
    assert set(expectations(crm)) == {busy}
    assert expectations(crm)[busy]["days"] == "DAILY"
    said = crm.run("source", "expect", quiet, "WEEKDAYS", "--since", "2026-01-05")
    assert "WEEKDAYS, since 2026-01-05" in said.err
    assert expectations(crm)[quiet] == {"days": "WEEKDAYS", "since": "2026-01-05"}
    assert f"{quiet:<26}WEEKDAYS, since 2026-01-05" in crm.run("tenant", "show", "acme").out
    crm.run("source", "expect", quiet, "DAILY")
    assert expectations(crm)[quiet] == {"days": "DAILY", "since": "2026-01-05"}
    crm.run("source", "expect", quiet, "NONE")
    assert expectations(crm)[quiet]["days"] == "NONE"
    assert "by its own rhythm" in crm.run("source", "expect", quiet, "AUTO").err
    assert set(expectations(crm)) == {busy}


def test_the_health_of_sources_is_shown(crm: CommandLine) -> None:
    source_id = created(crm)
    (found,) = crm.run("source", "health", "--tenant", "acme", "--json").document()
    assert (found["source_id"], found["state"], found["rows_last_day"]) == (source_id, "NEVER", 0)
    assert "NEVER" in crm.run("source", "health", "--tenant", "acme").out


def test_quotas_are_set_shown_and_taken_back(crm: CommandLine) -> None:
    source_id = created(crm)
    crm.run("tenant", "set", "acme", "--events-per-minute", "5000")
    assert "at most 60 events" in crm.run("source", "limit", source_id, "60").err
    shown = crm.run("tenant", "show", "acme").out
    assert f"{'events_per_minute':<26}5000" in shown
    assert f"{source_id:<26}at most 60 events a minute" in shown
    crm.run("source", "limit", source_id, "0")
    assert source_id not in crm.run("tenant", "show", "acme").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("expect", "src_nobody", "DAILY"), "there is no source 'src_nobody'"),
        (("expect", "SOURCE", "SOMETIMES"), EXPECTATIONS),
        (("expect", "SOURCE", "DAILY", "--since", "soon"), "give one as YYYY-MM-DD"),
        (
            ("create", "--tenant", "acme", "--expects", "often"),
            "there are AUTO, NONE, WEEKDAYS, DAILY",
        ),
    ],
)
def test_mistakes_are_one_line_and_change_nothing(
    crm: CommandLine, arguments: tuple[str, ...], said: str
) -> None:
    source_id = created(crm)
    ran = crm.attempt("source", *(source_id if each == "SOURCE" else each for each in arguments))
    assert ran.status != 0
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert expectations(crm) == {}
