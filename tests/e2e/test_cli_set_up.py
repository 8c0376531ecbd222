"""`crm-metrics source create`, `activate`, `list`, `rotate`, `disable` and `map`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.devstack.command_line import CommandLine


@pytest.fixture
def crm(tmp_path: Path) -> CommandLine:
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    return crm


def source(crm: CommandLine, command: str, *options: str) -> dict[str, Any]:
    ran = crm.run("source", command, *options, "--tenant", "acme", "--json")
    found: dict[str, Any] = ran.document()
    return found


def previewed(crm: CommandLine, *arguments: str) -> list[dict[str, Any]]:
    ran = crm.run("source", "preview", *arguments, "--tenant", "acme", "--json")
    found: list[dict[str, Any]] = ran.document()
    return found


def listed(crm: CommandLine) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = crm.run("source", "list", "--tenant", "acme", "--json").document()
    return found


def test_an_integration_is_activated_once_and_says_what_to_do(crm: CommandLine) -> None:
    first = source(crm, "activate", "native", "--port", "9000")
    assert first["url"] == "http://127.0.0.1:9000/v1/events"
    assert first["secret"].startswith(f"{first['source_id']}.")
    assert any(first["secret"] in step for step in first["steps"])
    assert source(crm, "activate", "native")["secret"] is None
    shown = crm.run("source", "activate", "native", "--tenant", "acme").out
    assert "\n1. " in shown
    assert first["secret"] not in shown
    assert [each["source_id"] for each in listed(crm)] == [first["source_id"]]


def test_a_source_is_rotated_disabled_and_listed_without_its_secrets(crm: CommandLine) -> None:
    made = source(crm, "create", "--kind", "stripe", "--name", "Billing", "--secret", "whsec_1")
    source_id = made["source_id"]
    assert made["secret"] is None
    assert made["url"].endswith(f"/v1/in/{source_id}")
    source(crm, "rotate", source_id, "--secret", "whsec_2")
    crm.run("source", "disable", source_id, "--tenant", "acme")
    [shown] = listed(crm)
    assert (shown["kind"], shown["name"], shown["state"]) == ("stripe", "Billing", "disabled")
    assert "whsec" not in json.dumps(shown)
    assert source_id in crm.run("source", "list", "--tenant", "acme").out


def test_settings_and_a_mapping_are_given_by_text_and_file(
    crm: CommandLine, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('{"rules": [{"name": "x", "feature": "Leads"}]}')
    made = source(
        crm, "create", "--setting", "organization=7", "--setting", "a=b=c", "--mapping", str(rules)
    )
    [shown] = listed(crm)
    assert shown["settings"] == {"organization": "7", "a": "b=c"}
    assert shown["rules"] == 1
    said = crm.run("source", "agree", made["source_id"], "organization=8", "--tenant", "acme").err
    assert "organization" in said
    assert listed(crm)[0]["settings"] == {"organization": "8"}
    rules.write_text('{"rules": []}')
    said = crm.run("source", "map", made["source_id"], str(rules), "--tenant", "acme").err
    assert "has 0 rules" in said


def test_a_payload_is_previewed_and_nothing_stored(crm: CommandLine, tmp_path: Path) -> None:
    source_id = source(crm, "create", "--kind", "segment")["source_id"]
    sample, rules = tmp_path / "sample.json", tmp_path / "rules.json"
    sample.write_text(
        '{"batch": [{"type": "track", "messageId": "m", "userId": "ann", "event": "Opened", '
        '"timestamp": "2026-11-20T09:30:00Z"}, 7]}'
    )
    rules.write_text('{"rules": [{"name": "Opened", "feature": "Leads"}]}')
    usual, bad = previewed(crm, source_id, str(sample))
    assert (usual["feature"], usual["note"]) == ("Opened", "uncatalogued")
    assert bad["reason"] == "invalid_row"
    mapped, _ = previewed(crm, source_id, str(sample), "--mapping", str(rules))
    assert (mapped["feature"], mapped["note"], mapped["user_id"]) == ("Leads", "", "ann")
    said = crm.run("source", "preview", source_id, str(sample), "--tenant", "acme").out
    assert "Opened" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("activate", "sugar"), "no source of kind 'sugar'"),
        (("create", "--setting", "x"), "is not NAME=VALUE"),
        (("create", "--mapping", "nowhere.json"), "cannot be read"),
        (("create", "--kind", "segment", "--secret", "mine"), "write keys"),
        (("rotate", "src_nobody"), "there is no source 'src_nobody'"),
        (("disable", "src_nobody"), "there is no source 'src_nobody'"),
    ],
)
def test_mistakes_are_one_line_and_change_nothing(
    crm: CommandLine, arguments: tuple[str, ...], said: str
) -> None:
    ran = crm.attempt("source", *arguments, "--tenant", "acme")
    assert ran.status != 0
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert listed(crm) == []
