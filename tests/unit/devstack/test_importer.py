"""What an import sends, and what it makes of the answers."""

import gzip
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from devstack.importing import deliveries
from devstack.importing.files import opened
from devstack.importing.importer import Importer
from devstack.importing.mapping import mapping_of
from devstack.importing.sending import ImportSummary, Part
from devstack.stack import Reply
from functions.ingest.requests import MAX_BODY_BYTES
from functions.ingest.rows import MAX_ROWS
from shared.metrics.domain.errors import BadInputError, StorageUnavailableError

MAPPING = mapping_of({"user": "who", "time": "when", "feature": "what"}, [])
WHOLE = Part()
DAY_MS = 86_400_000


@dataclass
class FakeIngest:
    """Answers like ingest: takes every event but those that `refuses` names."""

    unavailable: int = 0
    status: int = 200
    refuses: str = "nobody"
    bodies: list[bytes] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def post(self, body: bytes) -> Reply:
        if self.unavailable:
            self.unavailable -= 1
            return Reply(503, {"error": {"message": "send them again"}})
        if self.status != 200:
            return Reply(self.status, {"error": {"message": "no"}})
        self.bodies.append(body)
        document = json.loads(body)
        events, rejected = document.get("events", []), document.get("rejected", [])
        bad = [{"reason": "too_old"} for event in events if event["user_id"] == self.refuses]
        answer = {
            "received": len(events) + len(rejected),
            "accepted": len(events) - len(bad),
            "quarantined": len(bad) + len(rejected),
            "reasons": Counter(
                [row["reason"] for row in bad] + ["turned_away_by_sender"] * len(rejected)
            ),
            "rejected": (bad + [{"reason": "turned_away_by_sender"}] * len(rejected))[:100],
        }
        return Reply(200, answer)

    def rows(self, name: str) -> list[dict[str, Any]]:
        return [row for body in self.bodies for row in json.loads(body).get(name, [])]


def imported(path: Path, content: str, ingest: FakeIngest, part: Part = WHOLE) -> ImportSummary:
    path.write_text(content)
    importer = Importer(ingest.post, lambda _summary: None, ingest.waits.append)
    with opened(path) as file:
        importer.run(file, MAPPING, None, part)
    return importer.summary


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rows.csv"


def csv(*rows: str) -> str:
    return "\n".join(["who,when,what", *rows])


def good(number: int, user: str = "ann") -> str:
    return f"{user},{1_700_000_000_000 + number * DAY_MS},x"


def test_bodies_keep_to_the_limits_and_hold_every_row_once(file: Path) -> None:
    ingest = FakeIngest()
    summary = imported(file, csv(*(good(number % 7, "u" * 60) for number in range(25_000))), ingest)
    assert summary == ImportSummary(25_000, 25_000, 25_000, 25_000 - 7)
    assert all(len(body) <= MAX_BODY_BYTES for body in ingest.bodies)
    assert max(len(json.loads(body)["events"]) for body in ingest.bodies) <= MAX_ROWS
    assert len({event["event_id"] for event in ingest.rows("events")}) == 25_000


def test_a_window_of_rows_is_sent_in_order_of_time(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "WINDOW_ROWS", 100)
    numbers = [number * 7 % 250 for number in range(250)]
    ingest = FakeIngest()
    imported(file, csv(*map(good, numbers)), ingest)
    assert len(ingest.bodies) == 3
    for body in ingest.bodies:
        times = [event["occurred_at"] for event in json.loads(body)["events"]]
        assert times == sorted(times)


def test_short_rows_are_cut_by_number(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "MAX_ROWS", 10)
    ingest = FakeIngest()
    imported(file, csv(*map(good, range(25))), ingest)
    assert [len(json.loads(body)["events"]) for body in ingest.bodies] == [10, 10, 5]


def test_parts_are_dealt_out_by_index_and_keep_the_ids_of_the_whole(file: Path) -> None:
    rows = csv(*([good(1)] * 10), "bad", good(2), "bad")
    whole, *parts = (FakeIngest() for _ in range(4))
    imported(file, rows, whole)
    summaries = [imported(file, rows, ingest, Part(at, 3)) for at, ingest in enumerate(parts)]
    assert [summary.read for summary in summaries] == [13, 13, 13]
    assert [summary.sent for summary in summaries] == [5, 4, 4]
    assert sum((summary.reasons for summary in summaries), Counter()) == {"wrong_columns": 2}
    for name in ("events", "rejected"):
        together = [row for ingest in parts for row in ingest.rows(name)]
        assert sorted(map(str, together)) == sorted(map(str, whole.rows(name)))


def test_what_cannot_be_mapped_is_handed_over_with_its_original(file: Path) -> None:
    ingest = FakeIngest()
    summary = imported(file, csv(good(1), "ann,soon,x", ",1700000000000,x", '"b"x,1,2'), ingest)
    assert (summary.accepted, summary.quarantined) == (1, 3)
    assert summary.reasons == {"bad_time": 1, "missing_user": 1, "bad_csv": 1}
    assert [row["original"] for row in ingest.rows("rejected")] == [
        "ann,soon,x",
        ",1700000000000,x",
        '"b"x,1,2',
    ]
    assert ingest.rows("rejected")[0]["reason"].startswith("bad_time: 'soon' is neither")


def test_bytes_that_are_not_utf8_are_shown_in_the_original(file: Path) -> None:
    ingest = FakeIngest()
    file.write_bytes(b"who,when,what\nJos\xe9,1700000000000,x\n")
    importer = Importer(ingest.post, lambda _summary: None)
    with opened(file) as rows:
        importer.run(rows, MAPPING, None, WHOLE)
    assert importer.summary.reasons == {"not_utf8": 1}
    assert ingest.rows("rejected")[0]["original"] == "Jos\\xe9,1700000000000,x"


def test_an_original_that_fits_no_body_is_cut_and_says_so(file: Path) -> None:
    ingest = FakeIngest()
    summary = imported(file, csv("\1" * 400_000 + ",soon,x", good(1)), ingest)
    assert (summary.accepted, summary.quarantined) == (1, 1)
    (rejected,) = ingest.rows("rejected")
    assert rejected["original"] == "\1" * 100_000
    assert "kept: the first 100,000 of 400,007 characters" in rejected["reason"]


def test_what_ingest_turns_away_is_counted_by_its_reason(file: Path) -> None:
    rows = [good(number, "old") for number in range(150)]
    summary = imported(file, csv(*rows, "bad", good(1)), FakeIngest(refuses="old"))
    assert summary.reasons == {"too_old": 150, "wrong_columns": 1}
    assert summary.sent == summary.accepted + summary.quarantined == 152


def test_a_store_that_is_busy_is_asked_again_after_longer_and_longer_waits(file: Path) -> None:
    ingest = FakeIngest(unavailable=3)
    assert imported(file, csv(good(1)), ingest).accepted == 1
    assert ingest.waits == [0.5, 1.0, 2.0]


def test_a_store_that_stays_away_ends_the_import(file: Path) -> None:
    ingest = FakeIngest(unavailable=1_000)
    with pytest.raises(StorageUnavailableError, match="0 are in"):
        imported(file, csv(good(1)), ingest)
    assert len(ingest.waits) == 5


def test_any_other_refusal_ends_the_import(file: Path) -> None:
    with pytest.raises(BadInputError, match="ingest answers 401: no"):
        imported(file, csv(good(1)), FakeIngest(status=401))


def test_a_file_without_offsets_is_refused_before_anything_is_sent(file: Path) -> None:
    ingest = FakeIngest()
    with pytest.raises(BadInputError, match="--time-zone says"):
        imported(file, csv("ann,2023-11-20 10:00:00,x"), ingest)
    assert ingest.bodies == []


def test_one_time_without_an_offset_costs_itself_alone(file: Path) -> None:
    summary = imported(file, csv(good(1), "ann,2023-11-20 10:00:00,x"), FakeIngest())
    assert summary.reasons == {"time_without_zone": 1}


def test_a_file_that_breaks_off_is_imported_as_far_as_it_goes(file: Path) -> None:
    whole = csv(*(good(number) for number in range(2_000))).encode()
    file.write_bytes(gzip.compress(whole)[:-2_000])
    ingest = FakeIngest()
    importer = Importer(ingest.post, lambda _summary: None)
    with (
        opened(file) as rows,
        pytest.raises(BadInputError, match=r"cut off or damaged: .*; what came before is in"),
    ):
        importer.run(rows, MAPPING, None, WHOLE)
    assert 0 < importer.summary.read == importer.summary.accepted < 2_000
    assert len(ingest.rows("events")) == importer.summary.read
