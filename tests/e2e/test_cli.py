"""What each command prints."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from devstack.stack import LocalStack
from functions.graphql.auth import verified
from shared.metrics.settings import Settings
from tests.unit.devstack.command_line import CommandLine

HITS = '{ home(range: {from: "2023-11-19", to: "2023-11-20"}) { totalHits { value } } }'
ROWS = """who,when,what,how
ann,2023-11-19T23:30:00Z,Leads,use
bob,2023-11-19T23:50:00Z,Deals,login
ann,2023-11-20T00:10:00Z,Leads,use
bob,soon,Deals,use
"""


@pytest.fixture
def crm(tmp_path: Path) -> CommandLine:
    """A tenant, and a file with three events and a row that is none."""
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    return crm


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return path


def imported(crm: CommandLine, file: Path, *options: str) -> None:
    mapping = ("--user", "who", "--time", "when", "--feature", "what", "--action", "how")
    crm.run("import", file, "--tenant", "acme", *mapping, *options, status=3)


def test_tenants_are_made_and_listed(crm: CommandLine) -> None:
    crm.run("tenant", "create", "büro #1", "--time-zone", "Asia/Tokyo")
    assert crm.run("tenant", "list", "--json").document() == [
        {"name": "acme", "time_zone": "UTC"},
        {"name": "büro #1", "time_zone": "Asia/Tokyo"},
    ]
    assert "Asia/Tokyo" in crm.run("tenant", "list").out


@pytest.mark.parametrize("kind", ["native", "file"])
def test_a_source_is_made_with_all_that_its_sender_needs(crm: CommandLine, kind: str) -> None:
    arguments = ("source", "create", "--tenant", "acme", "--kind", kind, "--port", 8123)
    made = crm.run(*arguments, "--json").document()
    assert made.keys() == {"source_id", "url", "secret", "steps"}
    assert made["url"] == "http://127.0.0.1:8123/v1/events"
    assert made["secret"].startswith(f"{made['source_id']}.")
    assert "secret" in crm.run(*arguments).out


def test_a_token_is_printed_alone(crm: CommandLine) -> None:
    ran = crm.run("token", "--tenant", "acme", "--role", "manager")
    assert ran.err == ""
    key = (crm.data_dir / "secret.key").read_text().strip()
    with LocalStack(crm.data_dir) as stack:
        now_ms = stack.services.clock()
    principal = verified(f"Bearer {ran.out.strip()}", key, Settings(), now_ms)
    assert (principal.tenant, principal.role.value) == ("acme", "manager")


def test_an_import_says_what_became_of_every_row(crm: CommandLine, file: Path) -> None:
    arguments = ("import", file, "--tenant", "acme", "--user", "who", "--time", "when")
    mapping = ("--feature", "what", "--action", "how")
    ran = crm.run(*arguments, *mapping, "--json", status=3)
    assert ran.document() == {
        "read": 4,
        "sent": 4,
        "accepted": 3,
        "repetitions": 0,
        "quarantined": 1,
        "reasons": {"bad_time": 1},
    }
    assert "bad_time" in crm.run(*arguments, *mapping, status=3).out


def test_an_import_that_turns_nothing_away_succeeds(crm: CommandLine, file: Path) -> None:
    file.write_text(ROWS.replace("soon", "2023-11-20T10:00:00Z"))
    crm.run(
        "import", file, "--tenant", "acme", "--user", "who", "--time", "when", "--feature", "what"
    )


def test_a_query_may_be_text_a_file_or_come_from_standard_input(
    crm: CommandLine, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(crm, file)
    (tmp_path / "query.graphql").write_text(HITS)
    monkeypatch.setattr("sys.stdin", io.StringIO(HITS))
    for text in (HITS, tmp_path / "query.graphql", "-"):
        answer = crm.run("query", text).document()
        assert answer == {"data": {"home": {"totalHits": {"value": 2}}}}


def test_a_query_takes_variables_and_a_role(crm: CommandLine, file: Path) -> None:
    imported(crm, file)
    text = "query ($r: RangeInput) { userAnalytics(range: $r) { nodes { userId hits } } }"
    variables = json.dumps({"r": {"from": "2023-11-19", "to": "2023-11-20"}})
    ran = crm.run("query", text, "--variables", variables, "--tenant", "acme")
    nodes = ran.document()["data"]["userAnalytics"]["nodes"]
    assert nodes == [{"userId": "ann", "hits": 2}, {"userId": "bob", "hits": 0}]
    refused = crm.run("query", text, "--variables", variables, "--role", "rep", status=1)
    assert refused.document()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert refused.err.startswith("error: needs the role admin or manager")


def test_aggregate_counts_what_it_did(crm: CommandLine, file: Path) -> None:
    imported(crm, file)
    imported(crm, file)
    first = crm.run("aggregate", "--to", "2023-11-19", "--json").document()
    assert (first["published"], first["rows"], first["duplicates"]) == (1, 2, 2)
    rest = crm.run("aggregate", "--tenant", "acme", "--from", "2023-11-20").out.split()
    assert rest[:2] == ["published", "1"]
    assert crm.run("aggregate", "--json").document()["published"] == 0


def inspected(crm: CommandLine, kind: str) -> Any:  # noqa: ANN401 - whatever is printed
    arguments = ("inspect", "--tenant", "acme", "--day", "2023-11-19", "--kind", kind)
    return crm.run(*arguments).document()


def test_every_kind_of_what_is_stored_can_be_read(crm: CommandLine, file: Path) -> None:
    imported(crm, file)
    crm.run("aggregate")
    manifest = inspected(crm, "manifest")
    assert (manifest["rows"], manifest["sums"]["hits"], manifest["is_dirty"]) == (2, 1, False)
    (pack,) = inspected(crm, "packs")
    assert [event["user_id"] for event in pack["events"]] == ["ann", "bob"]
    assert pack["events"][0]["source"] == "file"
    assert inspected(crm, "core") == {
        "ann": {"hits": 1, "logins": 0, "present": True},
        "bob": {"hits": 0, "logins": 1, "present": True},
    }
    times = inspected(crm, "time")
    assert times["ann"]["last_seen"] == 1700436600000
    assert times["bob"]["last_login"] == 1700437800000
    assert inspected(crm, "who") == {"Leads": ["ann"]}
    assert inspected(crm, "cube") == {"Leads": {"ann": 1}}
    assert inspected(crm, "carry") == {"bob": 1700437800000}


def test_the_roster_is_read_from_the_directory(crm: CommandLine) -> None:
    row = {"type": "user.upserted", "user_id": "ann", "country": "DE", "occurred_at": 1700436600000}
    with LocalStack(crm.data_dir) as stack:
        key = stack.create_source("acme", "native").secret
        assert stack.ingest(json.dumps(row).encode(), key).status == 200
    crm.run("aggregate")
    arguments = ("inspect", "--tenant", "acme", "--day", "directory", "--kind", "numbered_roster")
    assert crm.run(*arguments).document()["country"] == [
        {"user_id": "ann", "from_ms": 1700436600000, "value": "DE"}
    ]


def test_the_quarantine_holds_the_row_as_it_was(crm: CommandLine, file: Path) -> None:
    imported(crm, file)
    (row,) = crm.run("inspect", "--tenant", "acme", "--kind", "quarantine").document()
    assert row["original"] == "bob,soon,Deals,use"
    assert row["detail"].startswith("bad_time: 'soon'")
    arguments = ("--kind", "quarantine", "--day", row["received_at"][:10])
    assert len(crm.run("inspect", "--tenant", "acme", *arguments).document()) == 1
    arguments = ("--kind", "quarantine", "--day", "2020-01-01")
    assert crm.run("inspect", "--tenant", "acme", *arguments).document() == []


def test_the_canonical_form_says_when_a_day_has_news(crm: CommandLine, file: Path) -> None:
    imported(crm, file)
    crm.run("aggregate")
    arguments = ("inspect", "--tenant", "acme", "--day", "2023-11-19", "--canonical")
    before = crm.run(*arguments)
    imported(crm, file)
    after = crm.run(*arguments)
    assert (before.err, after.out) == ("", before.out)
    assert "not folded yet" in after.err


def test_the_doctor_finds_all_well(crm: CommandLine, file: Path) -> None:
    imported(crm, file)
    crm.run("aggregate")
    ran = crm.run("doctor", "--port", 0)
    assert "wrong" not in ran.out
    assert "1 rows in quarantine" in ran.out
    (crm.data_dir / "secret.key").chmod(0o644)
    assert "chmod 600" in crm.run("doctor", "--port", 0, status=1).out


def test_every_command_explains_itself(crm: CommandLine) -> None:
    names = (
        "demo",
        "serve",
        "import",
        "aggregate",
        "query",
        "export",
        "token",
        "inspect",
        "doctor",
    )
    for name in names:
        assert "--data-dir" in crm.run(name, "--help").out
