"""Real leads, deals and tickets as records, and what other engines computed of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devstack.stack import LocalStack
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.engine.records import RecordHistories
from tests.unit.devstack.command_line import CommandLine

LOGS = Path(__file__).resolve().parents[3] / "shared" / "data"
MAPS = Path(__file__).parent / "maps"
OLIST = LOGS / "olist_funnel"
pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason=f"the real logs are not here: {LOGS}")

DAY_MS = 86_400_000
MINUTE_MS = 60_000


def expected(name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    return json.loads((LOGS / name).read_text())


def imported(crm: CommandLine, file: Path, map_name: str, rows: int) -> None:
    """Import a file, and again, which adds nothing."""
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    arguments = ("import-records", file, "--tenant", "acme", "--map", MAPS / f"{map_name}.json")
    for _ in range(2):
        counts = crm.run(*arguments, "--time-zone", "UTC", "--json").document()
        assert (counts["read"], counts["quarantined"]) == (rows, 0)


def records(crm: CommandLine) -> FoldedRecords:
    with LocalStack(crm.data_dir) as stack:
        return RecordHistories().read(stack.services.tenancy.open("acme"))


@pytest.fixture(scope="module")
def olist(tmp_path_factory: pytest.TempPathFactory) -> FoldedRecords:
    crm = CommandLine(tmp_path_factory.mktemp("olist"))
    imported(crm, OLIST / "olist_marketing_qualified_leads_dataset.csv", "olist_leads", 8_000)
    imported(crm, OLIST / "olist_closed_deals_dataset.csv", "olist_deals", 842)
    return records(crm)


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> FoldedRecords:
    crm = CommandLine(tmp_path_factory.mktemp("tickets"))
    imported(crm, LOGS / "helpdesk_events.csv.gz", "helpdesk_tickets", 21_348)
    crm.run("aggregate")
    return records(crm)


def test_leads_and_deals_by_origin(olist: FoldedRecords) -> None:
    told = expected("olist_expected.json")
    leads, deals = olist.table(RecordType.LEAD), olist.table(RecordType.DEAL)
    won = leads.rows_of(deals.column("lead").values[deals.column("status").equal_to("WON")])
    assert (len(leads), len(won)) == (told["leads"], told["converted"])
    source = leads.column("source")
    names = [source.value(row) or "(none)" for row in range(len(leads))]
    counts = {name: [names.count(name), 0] for name in set(names)}
    for row in won.tolist():
        counts[names[row]][1] += 1
    assert counts == {name: numbers[:2] for name, numbers in told["by_origin"].items()}
    days = (deals.column("closed_at").values - leads.created.values[won]) / DAY_MS
    whole = np.floor(days)
    assert whole.mean() == pytest.approx(told["mean_days"], abs=1e-6)
    assert (np.median(whole), (whole < 0).sum()) == (told["median_days"], told["negative_days"])


def test_tickets_and_their_times(helpdesk: FoldedRecords) -> None:
    told = expected("helpdesk_tickets_expected.json")
    tickets = helpdesk.table(RecordType.TICKET)
    assert len(tickets) == told["tickets"]
    created_ms = tickets.created.values
    for field, name in (("resolved_at", "last_resolution"), ("closed_at", "closed")):
        column = tickets.column(field)
        minutes = (column.values - created_ms)[column.known] / MINUTE_MS
        assert len(minutes) == told[name]["n"]
        assert minutes.mean() == pytest.approx(told[name]["mean_min"], abs=1e-6)
        assert np.median(minutes) == pytest.approx(told[name]["median_min"], abs=1e-6)
    messages = helpdesk.table(RecordType.MESSAGE)
    ticket = tickets.rows_of(messages.column("ticket").values)
    sent_ms = messages.column("sent_at").values
    first_ms = np.full(len(tickets), np.iinfo(np.int64).max)
    np.minimum.at(first_ms, ticket, sent_ms)
    answered = first_ms < np.iinfo(np.int64).max
    minutes = (first_ms - created_ms)[answered] / MINUTE_MS
    assert len(minutes) == told["first_response"]["n"]
    assert minutes.mean() == pytest.approx(told["first_response"]["mean_min"], abs=1e-6)
    assert np.median(minutes) == pytest.approx(told["first_response"]["median_min"], abs=1e-6)
    resolutions = helpdesk.table(RecordType.ACTIVITY)
    assert resolutions.column("kind").equal_to("RESOLUTION").all()
    times = np.bincount(tickets.rows_of(resolutions.column("ticket").values))
    assert (times > 1).sum() == told["reopened_(>1 Resolve)"]
