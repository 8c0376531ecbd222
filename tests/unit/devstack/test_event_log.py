"""The import of Salesforce's event log files."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.importing.event_log import EventLogImporter
from devstack.importing.files import opened
from devstack.importing.sending import ImportSummary, Part
from devstack.stack import Reply
from functions.ingest.requests import MAX_BODY_BYTES
from functions.ingest.rows import MAX_ROWS
from functions.ingest.sources.salesforce_event_log import records_in
from shared.metrics.domain.errors import BadInputError, StorageUnavailableError

HEADER = b"EVENT_TYPE,REQUEST_ID,TIMESTAMP_DERIVED\n"
WHOLE = Part()


def row(number: int, text: str = "") -> bytes:
    return f"Report,{text}{number},2026-11-22T11:58:00.000Z\n".encode()


class FakeIngest:
    """Takes every row of every body, but for those that say `bad`."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.unavailable = 0

    def post(self, body: bytes) -> Reply:
        if self.unavailable:
            self.unavailable -= 1
            return Reply(503, {"error": {"message": "send them again"}})
        assert len(body) <= MAX_BODY_BYTES
        self.bodies.append(body)
        _, *records = records_in(body.splitlines(keepends=True))
        assert len(records) <= MAX_ROWS
        bad = sum(b"bad" in record for record in records)
        return Reply(
            200,
            {
                "received": len(records),
                "accepted": len(records) - bad,
                "reasons": {"invalid_row": bad} if bad else {},
            },
        )

    def rows(self) -> Iterator[bytes]:
        for body in self.bodies:
            header, *records = records_in(body.splitlines(keepends=True))
            assert header == HEADER
            yield from records


@pytest.fixture
def ingest() -> FakeIngest:
    return FakeIngest()


def import_file(
    ingest: FakeIngest, path: Path, content: bytes, part: Part = WHOLE
) -> ImportSummary:
    path.write_bytes(content)
    importer = EventLogImporter(ingest.post, lambda _: None, lambda _: None)
    with opened(path) as file:
        importer.run(file, part)
    return importer.summary


def test_rows_are_sent_as_they_are_with_the_names_of_their_columns(
    ingest: FakeIngest, tmp_path: Path
) -> None:
    rows = [row(1), b'Report,"a\n""b""",2026-11-22T11:58:00.000Z\n', row(2), b"Report,\xe9,x\n"]
    content = HEADER + b"\n".join(rows)
    for name, packed in (("log.csv", content), ("log.csv.gz", gzip.compress(content))):
        summary = import_file(ingest, tmp_path / name, packed)
        assert (summary.read, summary.sent, summary.accepted) == (4, 4, 4)
    assert list(ingest.rows()) == rows * 2


def test_a_large_file_goes_in_bodies_that_ingest_takes(ingest: FakeIngest, tmp_path: Path) -> None:
    many = [row(number) for number in range(MAX_ROWS + 1)]
    large = [row(number, "x" * 90_000) for number in range(25)]
    summary = import_file(ingest, tmp_path / "log.csv", HEADER + b"".join([*many, *large]))
    assert summary.accepted == len(many) + len(large)
    assert list(ingest.rows()) == [*many, *large]
    assert len(ingest.bodies) == 4


def test_parts_together_are_the_whole(ingest: FakeIngest, tmp_path: Path) -> None:
    rows = [row(number) for number in range(7)]
    for turn in range(3):
        summary = import_file(
            ingest, tmp_path / "log.csv", HEADER + b"".join(rows), Part(turn, parts=3)
        )
        assert summary.read == 7
    assert sorted(ingest.rows()) == rows


def test_a_row_that_never_ends_is_sent_alone_as_far_as_it_fits(
    ingest: FakeIngest, tmp_path: Path
) -> None:
    endless = b'Report,"' + b"x" * 3_000_000 + b"\n"
    summary = import_file(ingest, tmp_path / "log.csv", HEADER + row(1) + endless + row(2))
    assert (summary.read, summary.sent) == (3, 3)
    assert sorted(map(len, ingest.rows()))[:2] == [len(row(1)), len(row(2))]


def test_what_is_quarantined_is_counted(ingest: FakeIngest, tmp_path: Path) -> None:
    summary = import_file(ingest, tmp_path / "log.csv", HEADER + row(1) + row(2, "bad"))
    assert (summary.accepted, summary.quarantined, dict(summary.reasons)) == (
        1,
        1,
        {"invalid_row": 1},
    )


@pytest.mark.parametrize("content", [b"who,when\nann,1\n", b'{"EVENT_TYPE": 1}\n', b"x" * 50_000])
def test_a_file_of_another_kind_is_refused(
    ingest: FakeIngest, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(BadInputError, match="no event log file"):
        import_file(ingest, tmp_path / "log.csv", content)
    assert ingest.bodies == []


def test_a_file_that_breaks_off_says_so(ingest: FakeIngest, tmp_path: Path) -> None:
    packed = gzip.compress(HEADER + b"".join(row(number) for number in range(1_000)))
    with pytest.raises(BadInputError, match="cut off or damaged"):
        import_file(ingest, tmp_path / "log.csv.gz", packed[: len(packed) // 2])


def test_a_store_that_takes_nothing_is_asked_again(ingest: FakeIngest, tmp_path: Path) -> None:
    ingest.unavailable = 2
    assert import_file(ingest, tmp_path / "log.csv", HEADER + row(1)).accepted == 1
    ingest.unavailable = 100
    with pytest.raises(StorageUnavailableError, match="nothing is counted twice"):
        import_file(ingest, tmp_path / "log.csv", HEADER + row(1))
