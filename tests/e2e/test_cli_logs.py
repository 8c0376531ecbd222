"""Real logs, and the answers that other engines computed for them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from tests.unit.devstack.command_line import CommandLine

LOGS = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason=f"the real logs are not here: {LOGS}")

HELPDESK = ("--user", "user", "--time", "timestamp", "--feature", "action", "--record", "case")
RECEIPT = (
    "--user", "org:resource", "--time", "time:timestamp",
    "--feature", "concept:name", "--record", "case:concept:name",
)  # fmt: skip
ZONES = {"rome": "Europe/Rome", "utc": "UTC", "tokyo": "Asia/Tokyo"}
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
FUNNEL = f"""query ($unit: FunnelUnit, $days: Float!, $always: Boolean!) {{
  funnel(
    {RANGE}, unit: $unit, windowDays: $days, noWindow: $always
    steps: [
      {{feature: "Assign seriousness"}}, {{feature: "Take in charge ticket"}}, {{feature: "Closed"}}
    ]
  ) {{ unit steps {{ counts }} completionRate }}
}}"""
HUB = f"""{{
  hub({RANGE}) {{
    popularity {{ names people hits }}
    people: frequency(edges: [10, 100]) {{ fromHits toHits counts }}
    pairs: frequency(edges: [10, 100], unit: PAIRS) {{ fromHits toHits counts }}
  }}
}}"""
OPENED = f"""{{
  home({RANGE}) {{
    proof {{ rows duplicatesRemoved provisionalDays sources rowsBySource }}
    totalHits {{ value members(first: 100) {{ figure nodes {{ key value }} }} }}
    featuresUsed {{ value members(first: 100) {{ totalCount nodes {{ key value }} }} }}
    attendance {{ value members(first: 100) {{ figure nodes {{ key value }} }} }}
    activeUsers {{ value members(first: 100) {{ totalCount nodes {{ key }} }} }}
  }}
}}"""


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The helpdesk log, folded in three zones; imported twice into one of them."""
    crm = CommandLine(tmp_path_factory.mktemp("helpdesk"))
    for name, zone in ZONES.items():
        crm.run("tenant", "create", name, "--time-zone", zone)
        arguments = ("import", LOGS / "helpdesk_events.csv.gz", "--tenant", name, *HELPDESK)
        counts = crm.run(*arguments, "--json").document()
        assert (counts["read"], counts["accepted"]) == (21_348, 21_348)
        assert (counts["repetitions"], counts["quarantined"]) == (127, 0)
    crm.run(*arguments)
    folded = crm.run("aggregate", "--json").document()
    assert (folded["rows"], folded["duplicates"]) == (3 * 21_348, 21_348)
    return crm


def expected(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((LOGS / name).read_text())
    return document


def ask(crm: CommandLine, tenant: str, text: str, **variables: object) -> Any:  # noqa: ANN401
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


def test_the_days_of_rome_are_those_of_other_engines(helpdesk: CommandLine) -> None:
    wanted = expected("helpdesk_expected.json")
    by_day = series(helpdesk, "rome", "DAY")
    assert by_day["hits"] == nonzero(wanted["daily_tz"])
    assert sum(by_day["attendance"].values()) == wanted["attendance_tz"]
    assert series(helpdesk, "rome", "WEEK")["hits"] == nonzero(wanted["weekly_tz"])
    assert series(helpdesk, "rome", "MONTH")["hits"] == nonzero(monthly(wanted["monthly_tz"]))


def test_popularity_and_hits_by_feature_are_those_of_other_engines(helpdesk: CommandLine) -> None:
    wanted = expected("helpdesk_expected.json")
    rows = ask(helpdesk, "utc", HUB)["hub"]["popularity"]
    assert dict(zip(rows["names"], rows["people"], strict=True)) == wanted["popularity"]
    assert dict(zip(rows["names"], rows["hits"], strict=True)) == wanted["hits_by_feature"]
    assert rows["people"] == sorted(rows["people"], reverse=True)


@pytest.mark.parametrize(
    ("unit", "window_days", "name"),
    [
        ("USER", None, "funnel_user_inf"),
        ("USER", 7, "funnel_user_7d"),
        ("RECORD", None, "funnel_case_inf"),
        ("RECORD", 7, "funnel_case_7d"),
        (None, 7, "funnel_case_7d"),
    ],
)
def test_funnels_are_those_of_other_engines(
    helpdesk: CommandLine, unit: str | None, window_days: int | None, name: str
) -> None:
    variables = {"unit": unit, "days": window_days or 1, "always": window_days is None}
    funnel = ask(helpdesk, "utc", FUNNEL, **variables)["funnel"]
    counts = expected("helpdesk_expected.json")[name]
    assert funnel["unit"] == (unit or "RECORD")
    assert funnel["steps"]["counts"] == counts
    assert funnel["completionRate"] == counts[-1] / counts[0]


@pytest.mark.parametrize(
    ("field", "name"), [("people", "freq_users"), ("pairs", "freq_user_feature")]
)
def test_frequencies_are_those_of_other_engines(
    helpdesk: CommandLine, field: str, name: str
) -> None:
    buckets = ask(helpdesk, "utc", HUB)["hub"][field]
    assert (buckets["fromHits"], buckets["toHits"]) == ([1, 11, 101], [10, 100, None])
    assert buckets["counts"] == list(expected("helpdesk_expected.json")[name].values())


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


def test_the_members_behind_the_figures_are_those_of_other_engines(helpdesk: CommandLine) -> None:
    wanted = expected("helpdesk_expected.json")
    home = ask(helpdesk, "utc", OPENED)["home"]
    assert home["proof"] == {
        "rows": wanted["hits"],
        "duplicatesRemoved": 0,
        "provisionalDays": 0,
        "sources": home["proof"]["sources"],
        "rowsBySource": [wanted["hits"]],
    }
    for figure, column in (("totalHits", "hits"), ("attendance", "attendance")):
        members = home[figure]["members"]
        assert members["figure"] == home[figure]["value"]
        assert {node["key"]: node["value"] for node in members["nodes"]} == {
            user: row[column] for user, row in wanted["users_table"].items()
        }
    features = home["featuresUsed"]["members"]["nodes"]
    assert {node["key"]: node["value"] for node in features} == wanted["hits_by_feature"]
    active = home["activeUsers"]["members"]["nodes"]
    assert {node["key"] for node in active} == set(wanted["users_table"])


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


@pytest.mark.parametrize("tenant", ZONES)
def test_what_is_exported_comes_to_what_the_views_say(
    helpdesk: CommandLine, tmp_path: Path, tenant: str
) -> None:
    arguments = ("export", "--events", "--tenant", tenant, "--output", tmp_path, "--json")
    assert helpdesk.run(*arguments).document()["events"] == 21_348
    hits: dict[str, int] = {}
    people, records = set(), set()
    for path in (tmp_path / "events").glob("*/*.parquet"):
        of_day = [row for row in parquet.ParquetFile(path).read().to_pylist() if _is_hit(row)]
        hits[path.parent.name.removeprefix("day=")] = len(of_day)
        people |= {row["user_id"] for row in of_day}
        records |= {row["record_id"] for row in of_day}
    assert hits == series(helpdesk, tenant, "DAY")["hits"]
    text = f"{{ trends({RANGE}) {{ totals {{ hits activeUsers records }} }} }}"
    totals = helpdesk.run("export", "--query", text, "--tenant", tenant).out.splitlines()[1]
    assert totals == f"{sum(hits.values())},{len(people)},{len(records)}"


def _is_hit(row: dict[str, Any]) -> bool:
    """As definitions §2 has it."""
    return (
        row["signal"] in {"ACTION", "CHANGE"}
        and row["actor_kind"] == "USER"
        and row["user_id"] is not None
        and row["action"] not in {"login", "logout", "heartbeat"}
    )


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
