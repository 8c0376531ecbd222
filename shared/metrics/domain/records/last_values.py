"""What is known of the records of one object, in the sender's own words."""

from collections.abc import Mapping

import numpy as np

from shared.metrics.domain.record_changes import Value
from shared.metrics.domain.records.change_log import NOT_SAID, ChangeLog
from shared.metrics.domain.records.type_fold import fold_type


def last_values(log: ChangeLog, object_name: str, at_ms: int) -> Mapping[str, Mapping[str, Value]]:
    """The fields of each record that is there at an instant, by its id; fields of which nothing is
    known are left out.
    """
    fold = fold_type(log, [object_name], ())
    ids = fold.ids.texts
    found: dict[int, dict[str, Value]] = {
        number: {} for number in fold.lives.present(at_ms).tolist()
    }
    limit = fold.lives.limit(at_ms)
    if object_name in log.objects:
        of_object = log.object[log.row] == log.objects.index(object_name)
        cells = np.flatnonzero(of_object & (log.row < limit) & (log.value != NOT_SAID))
        number = fold.number[log.record[log.row[cells]]]
        columns = (number.tolist(), log.field[cells].tolist(), log.value[cells].tolist())
        for record, field, value in zip(*columns, strict=True):
            if record in found:
                found[record][log.fields[field]] = log.values[value]
    return {ids[record]: fields for record, fields in found.items()}
