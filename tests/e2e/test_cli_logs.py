"""Real logs, and the answers that other engines computed for them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.devstack.command_line import CommandLine

LOGS = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason=f"the real logs are not here: {LOGS}")

HELPDESK = ("--user", "user", "--time", "timestamp", "--feature", "action", "--record", "case")
RECEIPT = (
    "--user", "org:resource", "--time", "time:timestamp",
    "--feature", "concept:name", "--record", "case:concept:name",
)  # fmt: skip
ZONES = {"utc": "UTC", "tokyo": "Asia/Tokyo"}
RANGE = 'range: {from: "2010-01-01", to: "2014-01-31"}'
TRENDS = f"""query ($interval: Interval!) {{
  trends({RANGE}, interval: $interval) {{
    series {{
      dates hits activeUsers attendance sessions singleEventSessions sessionMilliseconds
    }}
  }}
}}"""
HOME = f"""{{
  home({RANGE}, top: 5) {{
    totalHits {{ value }}
    featuresUsed {{ value }}
    activeUsers {{ value }}
    attendance {{ value }}
    topByHits {{ userId value }}
    topByAttendance {{ userId value }}
  }}
}}"""
PEOPLE = f"""{{
  userAnalytics({RANGE}, first: 100) {{
    totalCount
    nodes {{ userId hits attendance sessions sessionMilliseconds featuresUsed lastSeen }}
  }}
}}"""


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The helpdesk log, folded in two zones; imported twice into one of them."""
    crm = CommandLine(tmp_path_factory.mktemp("helpdesk"))
    for name, zone in ZONES.items():
        crm.run("tenant", "create", name, "--time-zone", zone)
        arguments = ("import", LOGS / "helpdesk_events.csv.gz", "--tenant", name, *HELPDESK)
        counts = crm.run(*arguments, "--json").document()
        assert (counts["read"], counts["accepted"]) == (21_348, 21_348)
        assert (counts["repetitions"], counts["quarantined"]) == (127, 0)
    crm.run(*arguments)
    folded = crm.run("aggregate", "--json").document()
    assert (folded["rows"], folded["duplicates"]) == (2 * 21_348, 21_348)
    return crm


def expected(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((LOGS / name).read_text())
    return document


def ask(crm: CommandLine, tenant: str, text: str, **variables: str) -> Any:  # noqa: ANN401
    arguments = ("query", text, "--tenant", tenant, "--variables", json.dumps(variables))
    return crm.run(*arguments).document()["data"]


def series(crm: CommandLine, tenant: str, interval: str) -> dict[str, dict[str, int]]:
    """Every measure by date, without the dates at which it is 0."""
    answer = ask(crm, tenant, TRENDS, interval=interval)["trends"]["series"]
    dates = answer.pop("dates")
    return {
        measure: {day: value for day, value in zip(dates, values, strict=True) if value}
        for measure, values in answer.items()
    }


def nonzero(values: dict[str, int]) -> dict[str, int]:
    return {day: value for day, value in values.items() if value}


def monthly(values: dict[str, int]) -> dict[str, int]:
    return {f"{month}-01": value for month, value in values.items()}


def test_the_days_of_utc_are_those_of_other_engines(helpdesk: CommandLine) -> None:
    wanted = expected("helpdesk_expected.json")
    by_day = series(helpdesk, "utc", "DAY")
    assert by_day["hits"] == nonzero(wanted["daily_utc"])
    assert sum(by_day["attendance"].values()) == wanted["attendance_utc"]
    assert sum(by_day["sessions"].values()) == wanted["sessions"]
    assert sum(by_day["sessionMilliseconds"].values()) == wanted["session_minutes"] * 60_000
    assert series(helpdesk, "utc", "WEEK")["hits"] == nonzero(wanted["weekly_utc"])
    assert series(helpdesk, "utc", "MONTH")["hits"] == nonzero(monthly(wanted["monthly_utc"]))


def test_the_people_are_those_of_other_engines(helpdesk: CommandLine) -> None:
    wanted = expected("helpdesk_expected.json")
    home = ask(helpdesk, "utc", HOME)["home"]
    assert home["totalHits"]["value"] == wanted["hits"]
    assert home["featuresUsed"]["value"] == wanted["features"]
    assert home["activeUsers"]["value"] == wanted["users"]
    assert home["attendance"]["value"] == wanted["attendance_utc"]
    for ranking, name in (("topByHits", "top5_by_hits"), ("topByAttendance", "top5_by_attendance")):
        assert [[row["userId"], row["value"]] for row in home[ranking]] == wanted[name]

    people = ask(helpdesk, "utc", PEOPLE)["userAnalytics"]
    assert people["totalCount"] == wanted["users"]
    assert {
        node["userId"]: {
            "hits": node["hits"],
            "attendance": node["attendance"],
            "sessions": node["sessions"],
            "session_minutes": node["sessionMilliseconds"] / 60_000,
            "last_seen_ms": _milliseconds(node["lastSeen"]),
            "features": node["featuresUsed"],
        }
        for node in people["nodes"]
    } == {
        user: row | {"session_minutes": pytest.approx(row["session_minutes"], abs=1e-5)}
        for user, row in wanted["users_table"].items()
    }


def test_the_days_of_tokyo_are_those_of_other_engines(helpdesk: CommandLine) -> None:
    wanted = expected("helpdesk_tokyo_expected.json")
    by_day = series(helpdesk, "tokyo", "DAY")
    assert by_day["hits"] == nonzero(wanted["daily"])
    assert by_day["activeUsers"] == nonzero(wanted["active_by_day"])
    assert by_day["sessions"] == nonzero(wanted["sessions_by_start_day"])
    assert by_day["sessionMilliseconds"] == nonzero(wanted["session_ms_by_day"])
    assert sum(by_day["attendance"].values()) == wanted["attendance"]
    assert sum(by_day["singleEventSessions"].values()) == wanted["single_event_sessions"]
    assert sum(by_day["sessions"].values()) == wanted["sessions"]
    assert series(helpdesk, "tokyo", "WEEK")["hits"] == nonzero(wanted["weekly"])
    assert series(helpdesk, "tokyo", "MONTH")["hits"] == nonzero(monthly(wanted["monthly"]))


def test_the_receipt_log_is_imported_whole(tmp_path: Path) -> None:
    crm = CommandLine(tmp_path)
    crm.run("tenant", "create", "desk", "--time-zone", "Europe/Amsterdam")
    arguments = ("import", LOGS / "receipt.csv.gz", "--tenant", "desk", *RECEIPT, "--json")
    counts = crm.run(*arguments).document()
    assert (counts["read"], counts["accepted"]) == (8_577, 8_577)
    home = crm.run(
        "query",
        '{ home(range: {from: "2010-10-01", to: "2012-01-31"}) {'
        " totalHits { value } featuresUsed { value } activeUsers { value } } }",
    ).document()["data"]["home"]
    assert [home[name]["value"] for name in ("totalHits", "featuresUsed", "activeUsers")] == [
        8_577,
        27,
        48,
    ]


def _milliseconds(instant: str) -> int:
    from datetime import datetime

    epoch = datetime.fromisoformat("1970-01-01T00:00:00Z")
    return (datetime.fromisoformat(instant) - epoch) // timedelta(milliseconds=1)
