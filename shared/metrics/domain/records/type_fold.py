"""The records of one type: their numbers and their lives."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.change_log import NOT_SAID, ChangeLog, TextCodes
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.lives import Lives, lives_of


@dataclass(frozen=True, slots=True, eq=False)
class TypeFold:
    """Those that changed or survived a merge are numbered first, then those only referred to.

    `number` is that of each record that the log names, NO_RECORD for those of other types.
    """

    ids: TextCodes
    number: NDArray[np.int64]
    lives: Lives


def fold_type(log: ChangeLog, objects: Iterable[str], referred: Iterable[str]) -> TypeFold:
    """The records that these objects of the log are, and those with ids that are referred to."""
    ids = TextCodes()
    wanted = [log.objects.index(name) for name in objects if name in log.objects]
    rows = np.flatnonzero(np.isin(log.object, np.array(wanted, np.int32)))
    merged_into = log.merged_into[rows]
    named = np.unique(np.concatenate((log.record[rows], merged_into[merged_into != NOT_SAID])))
    number = np.full(len(log.records), NO_RECORD, np.int64)
    number[named] = [ids.code(log.records[code]) for code in named.tolist()]
    for text in referred:
        ids.code(text)
    return TypeFold(ids, number, lives_of(log, rows, number, len(ids.texts)))
