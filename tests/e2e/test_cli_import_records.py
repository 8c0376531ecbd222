"""`crm-metrics import-records`: tables, histories, snapshots, and what is wrong with them."""

import json
from pathlib import Path

import pytest

from devstack.stack import LocalStack
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.engine.records import RecordHistories
from tests.builders import instant_ms
from tests.unit.devstack.command_line import CommandLine, Ran

DEAL = RecordType.DEAL


@pytest.fixture
def crm(tmp_path: Path) -> CommandLine:
    made = CommandLine(tmp_path / "data")
    made.run("tenant", "create", "acme", "--time-zone", "UTC")
    return made


def imported(crm: CommandLine, text: str, *arguments: str, name: str = "rows.csv") -> Ran:
    file = crm.data_dir.parent / name
    file.write_text(text)
    return crm.attempt("import-records", file, "--tenant", "acme", "--json", *arguments)


def records(crm: CommandLine) -> FoldedRecords:
    with LocalStack(crm.data_dir) as stack:
        return RecordHistories().read(stack.services.tenancy.open("acme"))


def use(crm: CommandLine, **document: object) -> None:
    """Set the maps of the tenant."""
    maps = crm.data_dir.parent / "maps.json"
    maps.write_text(json.dumps(document))
    crm.run("tenant", "maps", "acme", maps)


def stages(found: FoldedRecords) -> list[tuple[str, str | None, int]]:
    """Record, stage and from when, of every real change."""
    history = found.history(DEAL, "stage")
    ids = found.ids(DEAL)
    rows = zip(history.record.tolist(), history.at_ms.tolist(), strict=True)
    return [
        (ids[number], str(history.column.value(row)), at_ms)
        for row, (number, at_ms) in enumerate(rows)
    ]


def deals(found: FoldedRecords) -> dict[str, object]:
    """The stage of every deal by id."""
    table = found.table(DEAL)
    stage = table.column("stage")
    return {record_id: stage.value(row) for row, record_id in enumerate(table.ids)}


TABLE = """id,modified,made,stage,amount,currency
d1,2026-02-03T10:00:00Z,2026-01-01T00:00:00Z,won,10.50,EUR
d2,2026-02-04T10:00:00Z,2026-01-02T00:00:00Z,,,
"""
OF_TABLE = ("--object", "deal", "--record", "id", "--at", "modified", "--created", "made")


def test_a_table_says_how_records_were_and_when_they_were_made(crm: CommandLine) -> None:
    counts = imported(crm, TABLE, *OF_TABLE).document()
    assert (counts["read"], counts["accepted"], counts["quarantined"]) == (2, 4, 0)
    found = records(crm)
    table = found.table(DEAL)
    assert table.created.values.tolist() == [instant_ms("2026-01-01"), instant_ms("2026-01-02")]
    assert [table.column("amount").value(row) for row in (0, 1)] == [1050, None]
    assert table.column("amount").empty.tolist() == [False, True]
    assert found.table(DEAL, instant_ms("2026-01-20")).column("stage").unknown.all()


def test_importing_again_adds_nothing(crm: CommandLine) -> None:
    imported(crm, TABLE, *OF_TABLE)
    crm.run("aggregate")
    once = stages(records(crm))
    imported(crm, TABLE, *OF_TABLE)
    crm.run("aggregate")
    assert stages(records(crm)) == once
    manifest = crm.run("inspect", "--tenant", "acme", "--day", "2026-02-03").document()
    assert (manifest["rows"], manifest["duplicates"]) == (1, 1)


def test_an_import_can_be_looked_at(crm: CommandLine) -> None:
    imported(crm, TABLE, *OF_TABLE)
    crm.run("aggregate")
    shown = crm.run("inspect", "--tenant", "acme", "--day", "2026-02-03", "--kind", "changes")
    assert shown.document() == [
        {
            "object": "deal",
            "record_id": "d1",
            "op": "SNAPSHOT",
            "at_ms": instant_ms("2026-02-03 10:00"),
            "actor": None,
            "actor_kind": "IMPORT",
            "precision": "EXACT",
            "merged_into": None,
            "set": {
                "made": "2026-01-01T00:00:00Z",
                "stage": "won",
                "amount": "10.50",
                "currency": "EUR",
            },
            "was": {},
        }
    ]
    manifest = crm.run("inspect", "--tenant", "acme", "--day", "2026-02-03").document()
    assert manifest["sums"]["hits"] == 0


def test_records_can_be_looked_at_as_of_an_instant(crm: CommandLine) -> None:
    imported(crm, TABLE, *OF_TABLE)
    shown = ("records", "show", "deal", "--tenant", "acme")
    assert crm.run(*shown, "--field", "stage", "--field", "amount").document() == [
        {"id": "d1", "stage": "won", "amount": {"minor_units": 1050, "currency": "EUR"}},
        {"id": "d2", "stage": None, "amount": None},
    ]
    before = crm.run(*shown, "--at", "2026-01-01T12:00:00Z").document()
    assert before == [{"id": "d1"}]


def test_what_late_edits_have_changed_is_listed(crm: CommandLine) -> None:
    """What was imported now was not known a year ago."""
    imported(crm, TABLE, *OF_TABLE)
    asked = ("records", "restated", "deal", "stage", "--tenant", "acme")
    listed = crm.run(*asked, "--at", "2026-02-03T12:00:00Z", "--known", "2026-02-03T13:00:00Z")
    assert listed.document() == [
        {"id": "d1", "before": None, "after": ["KNOWN", "won"]},
        {"id": "d2", "before": None, "after": ["UNKNOWN", None]},
    ]
    assert "there is no record type" in crm.attempt("records", "show", "x", "--tenant", "acme").err


SALESFORCE = """Id,IsDeleted,OpportunityId,CreatedById,CreatedDate,Field,OldValue,NewValue
h1,false,o1,u1,2026-01-01T09:00:00.000+0000,created,,
h2,false,o1,u1,2026-01-05T09:00:00.000+0000,StageName,Prospecting,Proposal
h3,false,o1,u2,2026-01-09T09:00:00.000+0000,StageName,Negotiation,Closed Won
"""


def test_field_history_of_salesforce(crm: CommandLine) -> None:
    use(crm, vendors=["salesforce"])
    assert (
        imported(
            crm, SALESFORCE, "--map", "salesforce-history", "--object", "Opportunity"
        ).document()["quarantined"]
        == 0
    )
    found = records(crm)
    assert stages(found) == [
        ("o1", "Proposal", instant_ms("2026-01-05 09:00")),
        ("o1", "Closed Won", instant_ms("2026-01-09 09:00")),
    ]
    history = found.history(DEAL, "stage")
    assert history.is_missed.tolist() == [False, True]
    assert [history.actors[code] for code in history.actor.tolist()] == [
        "salesforce:u1",
        "salesforce:u2",
    ]
    assert found.table(DEAL).created.values.tolist() == [instant_ms("2026-01-01 09:00")]
    assert found.table(DEAL).column("status").value(0) == "WON"


HUBSPOT = {
    "id": "77",
    "archived": False,
    "propertiesWithHistory": {
        "dealstage": [
            {
                "value": "closedwon",
                "timestamp": "2026-01-09T09:00:00.000Z",
                "sourceType": "CRM_UI",
                "updatedByUserId": 5,
            },
            {"value": "appointment", "timestamp": "2026-01-05T09:00:00.000Z"},
        ],
        "createdate": [{"value": "2026-01-05T09:00:00Z", "timestamp": "2026-01-05T09:00:00Z"}],
    },
}


def test_property_history_of_hubspot(crm: CommandLine) -> None:
    use(crm, vendors=["hubspot"])
    arguments = ("--map", "hubspot-history", "--object", "deal")
    counts = imported(crm, json.dumps(HUBSPOT) + "\n", *arguments, name="rows.jsonl").document()
    assert counts["quarantined"] == 0
    found = records(crm)
    assert stages(found) == [
        ("77", "appointment", instant_ms("2026-01-05 09:00")),
        ("77", "closedwon", instant_ms("2026-01-09 09:00")),
    ]
    assert found.table(DEAL).created.values.tolist() == [instant_ms("2026-01-05 09:00")]


PIPEDRIVE = {
    "meta": {
        "entity": "deal",
        "entity_id": "9",
        "action": "change",
        "timestamp": "2026-01-09T09:00:00.000Z",
        "user_id": "3",
    },
    "data": {"stage_id": 4, "value": 120, "currency": "EUR"},
    "previous": {"stage_id": 2},
}


def test_bodies_of_pipedrive(crm: CommandLine) -> None:
    use(crm, vendors=["pipedrive"])
    first = {**PIPEDRIVE, "data": {"stage_id": 1}, "previous": None}
    first["meta"] = {**first["meta"], "action": "create", "timestamp": "2026-01-02T09:00:00Z"}  # type: ignore[dict-item]
    other = {"meta": {**PIPEDRIVE["meta"], "action": "opened"}}  # type: ignore[dict-item]
    lines = "".join(json.dumps(each) + "\n" for each in (first, PIPEDRIVE, other))
    counts = imported(crm, lines, "--map", "pipedrive", name="rows.jsonl").document()
    assert (counts["read"], counts["accepted"], counts["quarantined"]) == (3, 2, 0)
    found = records(crm)
    assert [stage for _, stage, _ in stages(found)] == ["1", "4"]
    assert found.history(DEAL, "stage").is_missed.tolist() == [False, True]
    assert found.table(DEAL).column("amount").value(0) == 12_000


def snapshot(crm: CommandLine, rows: str, at: str, *arguments: str, status: int = 0) -> Ran:
    ran = imported(
        crm, f"id,stage\n{rows}", "--object", "deal", "--record", "id", "--snapshot", at, *arguments
    )
    assert ran.status == status, ran
    return ran


def test_a_snapshot_changes_what_differs_and_nothing_else(crm: CommandLine) -> None:
    snapshot(crm, "d1,new\nd2,new\n", "2026-02-01T00:00:00Z")
    second = snapshot(crm, "d1,won\nd2,new\nd3,new\n", "2026-02-08T00:00:00Z").document()
    assert (second["read"], second["accepted"]) == (3, 2)
    found = records(crm)
    assert deals(found) == {"d1": "won", "d2": "new", "d3": "new"}
    assert not found.history(DEAL, "stage").is_exact.any()
    heard_ms = dict(zip(found.table(DEAL).ids, found.table(DEAL).last_changed_ms, strict=True))
    assert heard_ms["d2"] == instant_ms("2026-02-01")


def test_what_is_not_in_a_complete_snapshot_is_deleted(crm: CommandLine) -> None:
    snapshot(crm, "d1,new\nd2,new\n", "2026-02-01T00:00:00Z")
    snapshot(crm, "d1,new\n", "2026-02-08T00:00:00Z")
    assert set(deals(records(crm))) == {"d1", "d2"}
    snapshot(crm, "d1,new\n", "2026-02-08T00:00:00Z", "--complete")
    assert set(deals(records(crm))) == {"d1"}
    snapshot(crm, "d1,new\nd2,new\n", "2026-02-15T00:00:00Z", "--complete")
    assert set(deals(records(crm))) == {"d1", "d2"}


def test_a_snapshot_with_rows_that_cannot_be_read_deletes_nothing(crm: CommandLine) -> None:
    snapshot(crm, "d1,new\nd2,new\n", "2026-02-01T00:00:00Z")
    ran = snapshot(crm, "d1,new\nd2\n", "2026-02-08T00:00:00Z", "--complete", status=3)
    assert "nothing is deleted" in ran.err
    assert set(deals(records(crm))) == {"d1", "d2"}


def test_rows_that_say_nothing_readable_go_to_quarantine(crm: CommandLine) -> None:
    rows = "id,modified,stage\nd1,2026-02-03T10:00:00Z,won\n,2026-02-03T10:00:00Z,won\nd3,soon,x\n"
    ran = imported(crm, rows, "--object", "deal", "--record", "id", "--at", "modified")
    assert ran.status == 3
    assert ran.document()["reasons"] == {"bad_time": 1, "missing_record": 1}
    assert list(deals(records(crm))) == ["d1"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--object, --record and --at"),
        (("--complete",), "--complete is of a --snapshot"),
        (("--snapshot", "2026-01-01T00:00:00Z"), "--object and --record"),
        (("--snapshot", "then", "--object", "deal", "--record", "id"), "--snapshot"),
        (("--map", "nowhere.json"), "cannot be read"),
        (("--map", "salesforce-history"), "--object Opportunity"),
        (("--object", "deal", "--record", "key", "--at", "modified"), "no column 'key'"),
    ],
)
def test_mistakes_are_told(crm: CommandLine, arguments: tuple[str, ...], says: str) -> None:
    ran = imported(crm, TABLE, *arguments)
    assert ran.status == 1
    assert says in ran.err


@pytest.mark.parametrize(
    "wrong",
    [
        {"changes": [{"record": "id", "at": "modified"}]},
        {"changes": [{"object": "deal", "record": "id"}]},
        {"changes": [{"object": "deal", "record": "id", "at": "modified", "value": "stage"}]},
        {"changes": [{"object": "deal", "record": "id", "at": "modified", "op": "DROP"}]},
        {"changes": [], "colour": "red"},
    ],
)
def test_a_map_that_is_none_is_told(crm: CommandLine, wrong: object) -> None:
    file = crm.data_dir.parent / "map.json"
    file.write_text(json.dumps(wrong))
    assert imported(crm, TABLE, "--map", str(file)).status == 1
