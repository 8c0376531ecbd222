"""`crm-metrics import-roster`: who has an account, and who of several ids is one person."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.devstack.command_line import CommandLine

EVENTS = """who,when,what
ann@acme.example,2026-03-10T10:00:00Z,Leads
hubspot:7,2026-03-10T10:05:00Z,Leads
bob@acme.example,2026-03-11T10:00:00Z,Deals
"""
TABLE = """mail,Country,HubSpot ID,role,is_integration
ann@acme.example,DE,7,rep,no
bob@acme.example,FR,,manager,
"""


@pytest.fixture
def crm(tmp_path: Path) -> CommandLine:
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    events = tmp_path / "events.csv"
    events.write_text(EVENTS)
    columns = ("--user", "who", "--time", "when", "--feature", "what")
    crm.run("import", events, "--tenant", "acme", *columns)
    return crm


def import_table(
    crm: CommandLine, text: str, *options: object, since: str = "2026-03-01", status: int = 0
) -> dict[str, Any]:
    table = crm.data_dir.parent / "people.csv"
    table.write_text(text)
    asked = ("--id", "mail", "--column", "country=Country", "--column", "email=mail")
    also = ("--also", "hubspot=HubSpot ID", "--since", since, "--json")
    ran = crm.run(
        "import-roster", table, "--tenant", "acme", *asked, *also, *options, status=status
    )
    document: dict[str, Any] = ran.document()
    return document


def asked(crm: CommandLine, fields: str) -> Any:  # noqa: ANN401 - any field
    text = f'{{ home(range: {{from: "2026-03-09", to: "2026-03-15"}}) {{ {fields} }} }}'
    return crm.run("query", text).document()["data"]["home"]


ACTIVE = "activeUsers { value } inactiveUsers { value }"


def counts(crm: CommandLine) -> tuple[int, int]:
    found = asked(crm, ACTIVE)
    return found["activeUsers"]["value"], found["inactiveUsers"]["value"]


def test_ids_of_a_table_are_one_person_with_the_table_s_attributes(crm: CommandLine) -> None:
    assert counts(crm) == (3, 0)
    assert import_table(crm, TABLE)["accepted"] == 3
    assert counts(crm) == (2, 0)
    people = crm.run(
        "query",
        '{ userAnalytics(range: {from: "2026-03-09", to: "2026-03-15"}, '
        'filter: {country: ["DE"]}) { nodes { userId hits } } }',
    ).document()["data"]["userAnalytics"]["nodes"]
    assert people == [{"userId": "ann@acme.example", "hits": 2}]


def test_who_is_not_in_a_complete_table_has_no_account_any_more(crm: CommandLine) -> None:
    import_table(crm, TABLE + "cyd@acme.example,IT,9,rep,\n")
    assert counts(crm) == (2, 1)
    import_table(crm, TABLE, "--complete", since="2026-03-12")
    assert counts(crm) == (2, 0)


def test_importing_a_table_again_changes_nothing(crm: CommandLine) -> None:
    import_table(crm, TABLE, "--complete")
    before = asked(crm, ACTIVE)
    import_table(crm, TABLE, "--complete")
    assert asked(crm, ACTIVE) == before


def test_a_row_without_an_id_is_kept_and_nobody_loses_an_account(crm: CommandLine) -> None:
    import_table(crm, TABLE + "cyd@acme.example,IT,9,rep,\n")
    found = import_table(crm, TABLE + ",IT,,rep,\n", "--complete", since="2026-03-12", status=3)
    assert found["reasons"] == {"missing_user": 1}
    assert counts(crm) == (2, 1)


def test_a_value_that_is_no_flag_is_turned_away(crm: CommandLine) -> None:
    found = import_table(crm, TABLE + "cyd@acme.example,IT,9,rep,perhaps\n", status=3)
    assert found["reasons"] == {"bad_value": 1}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--column", "shoe_size=Shoes"), "is not name=COLUMN with a name of: email"),
        (("--also", "HubSpot ID"), "is not name=COLUMN, such as hubspot=HubSpot ID"),
        (("--id", "nobody"), "has no column 'nobody'"),
        (("--kind", "sap"), "sap"),
        (("--since", "soon"), "--since: bad_time"),
    ],
)
def test_mistakes_are_one_line(crm: CommandLine, options: tuple[str, ...], said: str) -> None:
    table = crm.data_dir.parent / "people.csv"
    table.write_text("user_id,country\nann,DE\n")
    ran = crm.run("import-roster", table, "--tenant", "acme", *options, status=1)
    assert said in ran.err
