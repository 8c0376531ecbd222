"""Several logs of changes as one, with one set of codes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.change_log import NOT_SAID, ChangeLog, Codes, TextCodes

T = TypeVar("T")


def some_rows(log: ChangeLog, rows: NDArray[np.int64]) -> ChangeLog:
    """Some changes of a log, given by their rows in any order, with their cells."""
    place = np.full(len(log), NOT_SAID, np.int64)
    place[rows] = np.arange(len(rows))
    of_cells = place[log.row]
    cells = np.flatnonzero(of_cells != NOT_SAID)
    cells = cells[np.argsort(of_cells[cells], kind="stable")]
    return replace(
        log,
        at_ms=log.at_ms[rows],
        received_ms=log.received_ms[rows],
        object=log.object[rows],
        record=log.record[rows],
        op=log.op[rows],
        merged_into=log.merged_into[rows],
        actor=log.actor[rows],
        actor_kind=log.actor_kind[rows],
        is_exact=log.is_exact[rows],
        row=of_cells[cells].astype(np.int32),
        field=log.field[cells],
        value=log.value[cells],
        was=log.was[cells],
    )


def rows_between(log: ChangeLog, start_ms: int, end_ms: int) -> NDArray[np.int64]:
    """The changes from an instant to another one, which is excluded."""
    first, last = np.searchsorted(log.at_ms, (start_ms, end_ms))
    return np.arange(first, last)


def joined(logs: Sequence[ChangeLog]) -> ChangeLog:
    """The changes of all logs. No two may have changes of one instant, unless the order of these
    is that of the logs.
    """
    objects, records, actors, fields = TextCodes(), TextCodes(), TextCodes(), TextCodes()
    values = Codes()
    offsets = np.cumsum([0, *(len(log) for log in logs)])

    def coded(
        names: Callable[[ChangeLog], Sequence[T]],
        code: Callable[[T], int],
        *columns: Callable[[ChangeLog], NDArray[np.int32]],
    ) -> list[NDArray[np.int32]]:
        maps = [_common(names(log), code) for log in logs]
        return [
            _concatenated(
                (common[column(log)] for common, log in zip(maps, logs, strict=True)), np.int32
            )
            for column in columns
        ]

    def plain(column: Callable[[ChangeLog], NDArray[Any]], dtype: type[np.generic]) -> Any:  # noqa: ANN401
        return _concatenated((column(log) for log in logs), dtype)

    (object_,) = coded(lambda log: log.objects, objects.code, lambda log: log.object)
    record, merged_into = coded(
        lambda log: log.records, records.code, lambda log: log.record, lambda log: log.merged_into
    )
    (actor,) = coded(lambda log: log.actors, actors.code, lambda log: log.actor)
    (field,) = coded(lambda log: log.fields, fields.code, lambda log: log.field)
    value, was = coded(
        lambda log: log.values, values.code, lambda log: log.value, lambda log: log.was
    )
    whole = ChangeLog(
        objects.texts,
        records.texts,
        actors.texts,
        fields.texts,
        values.things,
        at_ms=plain(lambda log: log.at_ms, np.int64),
        received_ms=plain(lambda log: log.received_ms, np.int64),
        object=object_,
        record=record,
        op=plain(lambda log: log.op, np.uint8),
        merged_into=merged_into,
        actor=actor,
        actor_kind=plain(lambda log: log.actor_kind, np.uint8),
        is_exact=plain(lambda log: log.is_exact, np.bool_),
        row=_concatenated(
            (log.row + offset for log, offset in zip(logs, offsets, strict=False)), np.int32
        ),
        field=field,
        value=value,
        was=was,
    )
    if (np.diff(whole.at_ms) >= 0).all():
        return whole
    return some_rows(whole, np.argsort(whole.at_ms, kind="stable"))


def _common(names: Sequence[T], code: Callable[[T], int]) -> NDArray[np.int32]:
    """The common code of each code; the last entry is that of NOT_SAID."""
    return np.array([*map(code, names), NOT_SAID], np.int32)


def _concatenated(parts: Iterable[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *parts], dtype=dtype, casting="unsafe")
