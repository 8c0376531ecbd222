"""An import gives the same days whatever way the rows come in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.devstack.command_line import CommandLine

ZONES = {"rome": "Europe/Rome", "tokyo": "Asia/Tokyo"}
MAPPED = ("--user", "who", "--time", "when", "--feature", "what", "--record", "case")
HEADER = "who,when,what,case\n"
MINUTE_MS = 60_000
FIRST_MS = 1_700_000_000_000  # 2023-11-14T22:13:20Z
REPETITIONS = 30


def rows() -> list[str]:
    """Some 1 000 events of 9 people in three and a half days, round the clock, with sessions that
    cross midnight in every zone, 30 repetitions, and 3 rows that are no events.
    """
    made = [
        f"user {at % 9},{FIRST_MS + at * 5 * MINUTE_MS},Feature {at % 7},case {at}\n"
        for at in range(1_000)
    ]
    return [*made, *made[:REPETITIONS], "ann,soon,Leads,1\n", ",1700000000000,x,1\n", "one\n"]


def shuffled(listed: list[str]) -> list[str]:
    return [listed[number * 401 % len(listed)] for number in range(len(listed))]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(HEADER + "".join(rows()))
    return path


def tenants(data_dir: Path) -> CommandLine:
    crm = CommandLine(data_dir)
    for name, zone in ZONES.items():
        crm.run("tenant", "create", name, "--time-zone", zone)
    return crm


def send(crm: CommandLine, file: Path, tenant: str, *options: str) -> dict[str, int]:
    arguments = ("import", file, "--tenant", tenant, *MAPPED, *options, "--json")
    counts: dict[str, int] = crm.run(*arguments, status=3).document()
    return counts


def all_days(crm: CommandLine) -> dict[str, dict[str, str]]:
    return {tenant: crm.days(tenant) for tenant in ZONES}


@pytest.fixture
def expected(tmp_path: Path, file: Path) -> dict[str, dict[str, str]]:
    """The days of one quiet import."""
    crm = tenants(tmp_path / "expected")
    for tenant in ZONES:
        counts = send(crm, file, tenant)
        assert (counts["read"], counts["accepted"], counts["quarantined"]) == (1_033, 1_030, 3)
        assert counts["repetitions"] == REPETITIONS
    folded = crm.run("aggregate", "--json").document()
    assert (folded["rows"], folded["duplicates"]) == (2 * 1_030, 0)
    days = all_days(crm)
    assert not set(days["rome"].values()) & set(days["tokyo"].values())
    assert any('"carry": {}' not in day for day in days["rome"].values())
    return days


def once(crm: CommandLine, file: Path, tenant: str) -> None:
    send(crm, file, tenant)


def repeated(crm: CommandLine, file: Path, tenant: str) -> None:
    send(crm, file, tenant)
    crm.run("aggregate", "--tenant", tenant)
    send(crm, file, tenant)


def in_another_order(crm: CommandLine, file: Path, tenant: str) -> None:
    file.write_text(HEADER + "".join(shuffled(rows())))
    send(crm, file, tenant)


def in_another_order_again(crm: CommandLine, file: Path, tenant: str) -> None:
    send(crm, file, tenant)
    crm.run("aggregate", "--tenant", tenant)
    in_another_order(crm, file, tenant)


def in_parts(crm: CommandLine, file: Path, tenant: str) -> None:
    sent = 0
    for turn in (2, 3, 1):
        sent += send(crm, file, tenant, "--part", f"{turn}/3")["sent"]
        crm.run("aggregate")
    assert sent == 1_033


def as_json_lines(crm: CommandLine, file: Path, tenant: str) -> None:
    lines = []
    for row in rows()[:-1]:
        who, when, what, case = row.strip().split(",")
        time = when if when == "soon" else int(when)
        lines.append({"case": case, "what": what, "when": time, "who": who or None, "more": [1]})
    path = file.with_suffix(".jsonl")
    path.write_text("\n".join([*map(_json, lines), "one"]))
    send(crm, path, tenant)


def _json(document: object) -> str:
    import json

    return json.dumps(document)


@pytest.mark.parametrize(
    "way", [once, repeated, in_another_order, in_another_order_again, in_parts, as_json_lines]
)
def test_the_days_are_the_same(
    tmp_path: Path,
    file: Path,
    expected: dict[str, dict[str, str]],
    way: Callable[[CommandLine, Path, str], None],
) -> None:
    crm = tenants(tmp_path / "data")
    for tenant in ZONES:
        way(crm, file, tenant)
    crm.run("aggregate")
    assert all_days(crm) == expected


def test_another_event_makes_another_day(
    tmp_path: Path, file: Path, expected: dict[str, dict[str, str]]
) -> None:
    """The canonical form leaves nothing out that counts."""
    file.write_text(HEADER + "".join(rows()).replace("case 500\n", "case 501\n", 1))
    crm = tenants(tmp_path / "data")
    for tenant in ZONES:
        send(crm, file, tenant)
    crm.run("aggregate")
    different = {
        day for day, text in all_days(crm)["rome"].items() if text != expected["rome"][day]
    }
    assert len(different) == 1


def test_numbers_of_the_dictionaries_do_not_matter(
    tmp_path: Path, file: Path, expected: dict[str, dict[str, str]]
) -> None:
    """People and features of another day get their numbers first, in another order."""
    crm = tenants(tmp_path / "data")
    other = tmp_path / "other.csv"
    names = "".join(
        f"user {8 - number},{FIRST_MS - 90 * 24 * 60 * MINUTE_MS},Feature {6 - number % 7},c\n"
        for number in range(9)
    )
    for tenant in ZONES:
        for line in names.splitlines():
            other.write_text(f"{HEADER}{line}\n")
            crm.run("import", other, "--tenant", tenant, *MAPPED)
            crm.run("aggregate")
        send(crm, file, tenant)
    crm.run("aggregate")
    for tenant, days in all_days(crm).items():
        assert {day: days[day] for day in expected[tenant]} == expected[tenant]


def test_fixed_values_and_columns_give_the_same_events(tmp_path: Path) -> None:
    crm = tenants(tmp_path / "data")
    (tmp_path / "fixed.csv").write_text("who,when\nann,1700000000000\n")
    fixed = ("--const", "feature=Leads", "--const", "signal=CHANGE", "--const", "account_id=a 1")
    arguments = ("--tenant", "rome", "--user", "who", "--time", "when")
    crm.run("import", tmp_path / "fixed.csv", *arguments, *fixed)
    (tmp_path / "columns.csv").write_text("who,when,what,acc\nann,1700000000000,Leads,a 1\n")
    columns = ("--feature", "what", "--account", "acc", "--const", "signal=CHANGE")
    crm.run("import", tmp_path / "columns.csv", *arguments, *columns)
    counts = crm.run("aggregate", "--json").document()
    assert (counts["rows"], counts["duplicates"]) == (1, 1)


def test_a_clock_without_an_offset_is_read_in_the_zone_that_is_given(tmp_path: Path) -> None:
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    file = tmp_path / "berlin.csv"
    file.write_text(
        "who,when,what\n"
        "ann,2024-03-31 01:59:59,x\n"
        "ann,2024-03-31 02:30:00,x\n"  # skipped
        "ann,2024-03-31 03:00:00,x\n"
        "ann,2024-10-27 02:30:00,x\n"  # comes twice
    )
    mapped = ("--user", "who", "--time", "when", "--feature", "what")
    zone = ("--time-zone", "Europe/Berlin", "--json")
    ran = crm.run("import", file, "--tenant", "acme", *mapped, *zone, status=3)
    assert ran.document()["reasons"] == {"time_skipped": 1}
    times = []
    for day in ("2024-03-31", "2024-10-27"):
        shown = crm.run("inspect", "--tenant", "acme", "--day", day, "--kind", "packs").document()
        times += [event["occurred_at_ms"] for pack in shown for event in pack["events"]]
    assert times == [1711846799000, 1711846800000, 1729989000000]
