"""`crm-metrics tenant set` and `tenant show`; with a real log whose zone is changed afterwards."""

from pathlib import Path
from typing import Any

import pytest

from devstack.inspection.canonical import canonical_day
from devstack.inspection.unit import Unit
from devstack.stack import LocalStack
from tests.unit.devstack.command_line import CommandLine

LOG = Path(__file__).resolve().parents[3] / "shared" / "data" / "helpdesk_events.csv.gz"
COLUMNS = ("--user", "user", "--time", "timestamp", "--feature", "action", "--record", "case")
ROWS = """who,when,what
ann,2023-11-19T15:30:00Z,Leads
bob,2023-11-19T23:50:00Z,Deals
ann,2023-11-20T00:10:00Z,Leads
"""
SMALL = ("--user", "who", "--time", "when", "--feature", "what")


@pytest.fixture
def crm(tmp_path: Path) -> CommandLine:
    """A tenant of UTC with three events, folded."""
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    crm.run("import", file, "--tenant", "acme", *SMALL)
    crm.run("aggregate")
    return crm


def shown(crm: CommandLine) -> dict[str, Any]:
    document: dict[str, Any] = crm.run("tenant", "show", "acme", "--json").document()
    return document


def hits(crm: CommandLine) -> dict[str, int]:
    """The hits of every folded day."""
    with LocalStack(crm.data_dir) as stack:
        folded = stack.services.tenancy.open("acme").manifests.all()
    return {day: manifest.sums.hits for day, manifest in folded.items()}


def days(crm: CommandLine, tenant: str) -> dict[str, str]:
    """Every folded day in canonical form; a command for each of 1 400 would take minutes."""
    with LocalStack(crm.data_dir) as stack:
        folded = stack.services.tenancy.open(tenant).manifests.all()
        return {day: canonical_day(Unit(stack.services, tenant, day)) for day in folded}


@pytest.mark.skipif(not LOG.exists(), reason=f"the real log is not here: {LOG}")
def test_after_a_change_of_zone_the_days_are_those_of_a_tenant_that_was_there_from_the_start(
    tmp_path: Path,
) -> None:
    crm = CommandLine(tmp_path)
    for name, zone in (("moved", "UTC"), ("tokyo", "Asia/Tokyo")):
        crm.run("tenant", "create", name, "--time-zone", zone)
        crm.run("import", LOG, "--tenant", name, *COLUMNS)
    crm.run("aggregate")
    crm.run("tenant", "set", "moved", "--time-zone", "Asia/Tokyo")
    folded = crm.run("aggregate", "--json").document()
    assert (folded["rows"], folded["duplicates"], folded["failed"]) == (21_348, 0, 0)
    assert crm.run("tenant", "show", "moved", "--json").document()["refold"] is None
    assert days(crm, "moved") == days(crm, "tokyo")
    assert crm.run("aggregate", "--json").document()["published"] == 0


def test_settings_are_shown_as_they_are_set(crm: CommandLine) -> None:
    before = shown(crm)
    assert before == {
        "name": "acme",
        "time_zone": "UTC",
        "session_timeout_minutes": 15,
        "first_weekday": "monday",
        "lateness_days": 7,
        "bucket_edges": [10, 100, 1000],
        "counting_signals": {},
        "expectations": {},
        "events_per_minute": 0,
        "source_quotas": {},
        "pack_shards": 1,
        "version": 1,
        "generation": 1,
        "refold": None,
    }
    crm.run("tenant", "set", "acme", "--first-weekday", "Sunday", "--lateness-days", "3")
    crm.run("tenant", "set", "acme", "--bucket-edges", "5,50")
    changed = {"first_weekday": "sunday", "lateness_days": 3, "bucket_edges": [5, 50]}
    assert shown(crm) == before | changed | {"version": 3}
    assert "5, 50" in crm.run("tenant", "show", "acme").out


def test_a_refold_is_shown_until_one_run_of_aggregate_has_ended_it(crm: CommandLine) -> None:
    assert hits(crm) == {"2023-11-19": 2, "2023-11-20": 1}
    said = crm.run("tenant", "set", "acme", "--time-zone", "Asia/Tokyo", "--session-timeout", 30)
    assert "Asia/Tokyo" in said.err
    assert "crm-metrics aggregate" in said.err
    refold = shown(crm)["refold"]
    assert (refold["generation"], refold["state"]) == (2, "planning")
    assert "refold state" in crm.run("tenant", "show", "acme").out
    assert hits(crm) == {"2023-11-19": 2, "2023-11-20": 1}
    # A refold is of all days, so folding some of them does not begin it.
    crm.run("aggregate", "--from", "2023-11-01")
    assert shown(crm)["refold"] == refold
    crm.run("aggregate")
    after = shown(crm)
    assert (after["time_zone"], after["session_timeout_minutes"]) == ("Asia/Tokyo", 30)
    assert (after["generation"], after["refold"]) == (2, None)
    assert hits(crm) == {"2023-11-20": 3}


def test_settings_that_graphql_changes_are_those_of_the_command_line(crm: CommandLine) -> None:
    change = """mutation { changeSettings(
      input: {timeZone: "Asia/Tokyo", firstWeekday: SUNDAY}, expectedVersion: 1
    ) { timeZone firstWeekday version refold { timeZone state } } }"""
    assert crm.run("query", change).document()["data"]["changeSettings"] == {
        "timeZone": "UTC",
        "firstWeekday": "SUNDAY",
        "version": 2,
        "refold": {"timeZone": "Asia/Tokyo", "state": "PLANNING"},
    }
    refused = crm.run("query", change, status=1).document()
    assert refused["errors"][0]["extensions"]["code"] == "CONFLICT"
    crm.run("aggregate")
    after = shown(crm)
    assert (after["time_zone"], after["first_weekday"]) == ("Asia/Tokyo", "sunday")
    asked = crm.run("query", "{ settings { timeZone refold { state } } }").document()
    assert asked["data"]["settings"] == {"timeZone": "Asia/Tokyo", "refold": None}
    assert hits(crm) == {"2023-11-20": 3}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "say what to set"),
        (("--time-zone", "Mars"), "IANA name"),
        (("--session-timeout", "0"), "1 to 720 minutes"),
        (("--session-timeout", "soon"), "valid integer"),
        (("--first-weekday", "moonday"), "monday, tuesday"),
        (("--lateness-days", "-1"), "0 to 366 days"),
        (("--bucket-edges", "10,5"), "ascending order"),
        (("--bucket-edges", "few,many"), "10,100,1000"),
    ],
)
def test_mistakes_are_one_line_and_change_nothing(
    crm: CommandLine, options: tuple[str, ...], said: str
) -> None:
    before = shown(crm)
    ran = crm.attempt("tenant", "set", "acme", *options)
    assert ran.status != 0
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert shown(crm) == before


def test_a_tenant_that_is_not_there(crm: CommandLine) -> None:
    for command in (("set", "globex", "--lateness-days", "1"), ("show", "globex")):
        assert "there is no tenant 'globex'" in crm.run("tenant", *command, status=1).err


def test_a_counting_signal_is_set_and_folds_history_again(crm: CommandLine) -> None:
    crm.run("tenant", "set", "acme", "--counting-signal", "Leads=CHANGE@2023-11-20")
    crm.run("aggregate")
    assert shown(crm)["counting_signals"] == {
        "Leads": [{"signal": "CHANGE", "since": "2023-11-20"}]
    }
    assert hits(crm) == {"2023-11-19": 2, "2023-11-20": 0}
    crm.run("tenant", "set", "acme", "--counting-signal", "NONE")
    crm.run("aggregate")
    assert hits(crm) == {"2023-11-19": 2, "2023-11-20": 1}
    wrong = crm.run("tenant", "set", "acme", "--counting-signal", "Leads", status=1)
    assert "is not FEATURE=ACTION or FEATURE=CHANGE" in wrong.err


def test_a_feature_is_put_into_the_catalogue_and_taken_out(tmp_path: Path) -> None:
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    arguments = ("tenant", "name-feature", "Rockets", "--tenant", "acme")
    said = crm.run(*arguments, "--category", "modules", "--property", "Launches=Manned,Unmanned")
    assert "has 1 features of its own" in said.err
    assert "has 0 features of its own" in crm.run(*arguments).err
    wrong = crm.attempt(*arguments, "--category", "sports")
    assert (wrong.status, "there are GENERAL" in wrong.err) == (1, True)
