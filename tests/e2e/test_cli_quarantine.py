"""`crm-metrics quarantine list`, `show` and `replay`."""

import json
from pathlib import Path

import pytest

from devstack.stack import LocalStack
from tests.unit.devstack.command_line import CommandLine

LONG_AGO = "1999-12-31T12:00:00Z"
"""Before the first day kept."""


@pytest.fixture
def crm(tmp_path: Path) -> CommandLine:
    """A company with two rows in quarantine."""
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    rows = [
        {"user_id": "ann", "occurred_at": LONG_AGO, "feature": "leads"},
        {"occurred_at": LONG_AGO, "feature": "leads"},
    ]
    with LocalStack(tmp_path / "data") as stack:
        key = stack.create_source("acme", "native").secret
        for row in rows:
            assert stack.ingest(json.dumps(row).encode(), key).document["quarantined"] == 1
    return crm


def test_rows_are_listed_and_shown_with_their_original_bytes(crm: CommandLine) -> None:
    listed = crm.run("quarantine", "list", "--tenant", "acme", "--json").document()
    assert listed["counts"] == {"too_old": 1, "missing_user": 1}
    assert listed["more_after"] is None
    (old,) = [row for row in listed["rows"] if row["reason"] == "too_old"]
    assert json.loads(old["original"])["occurred_at"] == LONG_AGO
    assert crm.run("quarantine", "show", old["id"], "--tenant", "acme").document() == old
    table = crm.run("quarantine", "list", "--tenant", "acme", "--reason", "TOO_OLD").out
    assert "missing_user              1" in table
    page = crm.run("quarantine", "list", "--tenant", "acme", "--most", "1", "--json").document()
    rest = crm.run(
        "quarantine", "list", "--tenant", "acme", "--after", page["more_after"], "--json"
    ).document()
    assert page["rows"] + rest["rows"] == listed["rows"]


def test_a_replay_tries_rows_again(crm: CommandLine) -> None:
    done = crm.run("quarantine", "replay", "--tenant", "acme", "--json").document()
    assert (done["state"], done["stored"], done["remaining"]) == ("DONE", 0, 2)
    said = crm.run("quarantine", "replay", "--tenant", "acme", "--reason", "too_old").out
    assert said == "stored     0\nremaining  1\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--reason", "boredom"), "there is no reason 'boredom'; there are invalid_row"),
        (("show", "nonsense"), "there is no row 'nonsense' in quarantine"),
        (("replay", "nonsense"), "there is no row 'nonsense' in quarantine"),
        (("list", "--source", "x", "--tenant", "globex"), "there is no tenant 'globex'"),
    ],
)
def test_mistakes_are_one_line(crm: CommandLine, arguments: tuple[str, ...], said: str) -> None:
    tenant = () if "--tenant" in arguments else ("--tenant", "acme")
    ran = crm.attempt("quarantine", *arguments, *tenant)
    assert ran.status != 0
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
