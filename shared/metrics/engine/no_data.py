"""Finds the days without data of a reading. Nothing is read, unless a source was silent."""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.expectations import ExpectedSource
from shared.metrics.domain.no_data import (
    NoData,
    SourceDays,
    days_before,
    no_data,
    nothing_missing,
)
from shared.metrics.domain.periods import Window
from shared.metrics.engine.question import Question
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.storage.manifests import bits_of

_NO_BITS: Final = b""


def no_data_in(question: Question, snapshot: Snapshot) -> NoData:
    """The days without data of a snapshot, none of whose days is cut off."""
    expectations = question.data.settings.expectations
    span = snapshot.span
    silent = {
        source: flags
        for source, expected in expectations.items()
        if (flags := _silent(question, snapshot, source, expected)).any()
    }
    for source, days in question.data.silences.by_source().items():
        flags = _still_silent(snapshot, source, days)
        if source not in expectations and flags.any():
            silent[source] = flags
    if not silent:
        return nothing_missing(span)
    whole = question.snapshots.read(question.data, days_before(span))
    return no_data(
        span,
        whole.features.names,
        {
            source: SourceDays(flags, _sent(whole, source), _fed(whole, source))
            for source, flags in silent.items()
        },
        question.data.catalogue,
    )


def no_data_over(question: Question, span: Window) -> NoData:
    """The same of a span that need not have been read."""
    if not question.data.settings.expectations and not question.data.silences.by_source():
        return nothing_missing(span)
    return no_data_in(question, question.snapshots.read(question.data, span))


def _silent(
    question: Question, snapshot: Snapshot, source: str, expected: ExpectedSource
) -> NDArray[np.bool_]:
    """On which days of the span a source should have sent something, and did not."""
    calendar = question.data.calendar
    today = calendar.day_of(question.as_of_ms)
    flags = np.zeros(snapshot.span.length, bool)
    for row, day in enumerate(snapshot.span.days()):
        if day >= today:
            break
        if expected.covers(day) and not _has_rows(snapshot, day, source):
            start_ms, end_ms = calendar.bounds(day)
            flags[row] = start_ms < end_ms  # a day that was skipped has nothing
    return flags


def _still_silent(snapshot: Snapshot, source: str, days: frozenset[date]) -> NDArray[np.bool_]:
    """Which days of the span a source was found silent on, and nothing has come for since."""
    return np.array(
        [day in days and not _has_rows(snapshot, day, source) for day in snapshot.span.days()], bool
    )


def _has_rows(snapshot: Snapshot, day: date, source: str) -> bool:
    live = snapshot.live.get(day)
    if live is not None:
        return source in live.rows_by_source
    manifest = snapshot.whole_manifests.get(day)
    return manifest is not None and source in manifest.rows_by_source


def _sent(snapshot: Snapshot, source: str) -> NDArray[np.bool_]:
    """On which days of the span a source sent anything."""
    return np.array([_has_rows(snapshot, day, source) for day in snapshot.span.days()], bool)


def _fed(snapshot: Snapshot, source: str) -> NDArray[np.bool_]:
    """Days × features: what a source had hits of."""
    width = -(-len(snapshot.features.names) // 8)
    rows = [_bits(snapshot, day, source).ljust(width, b"\0") for day in snapshot.span.days()]
    packed = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), width)
    count = len(snapshot.features.names)
    return np.unpackbits(packed, axis=1, count=count, bitorder="little").astype(bool)


def _bits(snapshot: Snapshot, day: date, source: str) -> bytes:
    live = snapshot.live.get(day)
    if live is not None:
        features = live.rollup.fed.get(source, [])
        return bits_of(snapshot.features.numbers(features))
    manifest = snapshot.whole_manifests.get(day)
    return _NO_BITS if manifest is None else manifest.features_by_source.get(source, _NO_BITS)
