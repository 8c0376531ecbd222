"""The two zstd packages on a pack: what docs/decisions/0005-zstandard.md rests on."""

from functools import partial

import zstandard
from backports import zstd

from benchmarks.report import Report, cpu_ms
from benchmarks.workload import day_rows, packs_of
from shared.metrics.columns.sealing import unseal

_CALLS = 2_000


def run(report: Report, quick: bool) -> None:  # noqa: ARG001, FBT001 - one flag for all suites
    """Print the table."""
    payload = unseal(packs_of(day_rows(0, 100, 60), 100)[0])
    ours, theirs = zstandard.ZstdCompressor(level=3), zstd.ZstdCompressor(level=3)
    frame = ours.compress(payload)
    rows = [
        (
            "zstandard",
            _microseconds(partial(ours.compress, payload)),
            _microseconds(partial(zstandard.ZstdDecompressor().decompress, frame)),
        ),
        (
            "backports.zstd",
            _microseconds(partial(theirs.compress, payload, theirs.FLUSH_FRAME)),
            _microseconds(partial(zstd.decompress, frame)),
        ),
    ]
    title = f"A pack of 100 events, {len(payload):,} bytes, {len(frame):,} compressed"
    report.table(title, ("package", "compress µs", "decompress µs"), rows)


def _microseconds(call: "partial[bytes]") -> float:
    def calls() -> None:
        for _ in range(_CALLS):
            call()

    milliseconds, _ = cpu_ms(calls, 5)
    return milliseconds / _CALLS * 1e3
