"""Leaves out the hits whose signal does not count for their feature (definitions §2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.activity_rows import HIT_KIND, Activity, ActivityRows
from shared.metrics.domain.events import ActorKind, Signal

_EITHER: Final = 255
_FAR: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class SignalUse:
    """What became of the signals of a day: how many hits were left out, the features whose changes
    were counted, and when each feature that is not known to have actions had its first (ms UTC).
    """

    shadowed: int = 0
    changes_counted: tuple[str, ...] = ()
    first_actions: Mapping[str, int] = field(default_factory=dict)


def counted(
    activity: Activity, rows: ActivityRows, signals: Mapping[str, Signal]
) -> tuple[Activity, SignalUse]:
    """The activity without what is shadowed. `signals`: the signal of the features for which it is
    decided; of another an ACTION counts if there is one on the day, else a CHANGE.
    """
    features = sorted({path[0] for path in rows.paths})
    number = {name: at for at, name in enumerate(features)}
    feature_of_path = np.array([number[path[0]] for path in rows.paths], np.int64)
    is_hit = activity.kind == HIT_KIND
    is_change = rows.origin[activity.row] // len(ActorKind) == Signal.CHANGE
    changed = _used(feature_of_path, activity.path[is_hit & is_change], len(features))
    acted = _used(feature_of_path, activity.path[is_hit & ~is_change], len(features))
    wanted = np.array([signals.get(name, _EITHER) for name in features], np.uint8)
    undecided = wanted == _EITHER
    wanted[undecided] = np.where(acted[undecided], Signal.ACTION, Signal.CHANGE)
    use = SignalUse(
        changes_counted=_named(features, changed & (wanted == Signal.CHANGE)),
        first_actions=_first_actions(
            activity, is_hit & ~is_change, feature_of_path, features, acted & undecided
        ),
    )
    if not (changed & (wanted == Signal.ACTION) | acted & (wanted == Signal.CHANGE)).any():
        return activity, use
    of_row = wanted[feature_of_path[activity.path]]
    stays = ~is_hit | (is_change == (of_row == Signal.CHANGE))
    shadowed = int(np.count_nonzero(~stays))
    kept = Activity(*(column[stays] for column in activity))
    return kept, SignalUse(shadowed, use.changes_counted, use.first_actions)


def _used(
    feature_of_path: NDArray[np.int64], path: NDArray[np.uint32], features: int
) -> NDArray[np.bool_]:
    used_paths = np.zeros(len(feature_of_path), bool)
    used_paths[path] = True
    used = np.zeros(features, bool)
    used[feature_of_path[used_paths]] = True
    return used


def _named(features: list[str], mask: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(features[at] for at in np.flatnonzero(mask))


def _first_actions(
    activity: Activity,
    is_action: NDArray[np.bool_],
    feature_of_path: NDArray[np.int64],
    features: list[str],
    wanted: NDArray[np.bool_],
) -> dict[str, int]:
    """When the first action of each wanted feature was."""
    if not wanted.any():
        return {}
    earliest = np.full(len(features), _FAR, np.int64)
    of_row = feature_of_path[activity.path[is_action]]
    np.minimum.at(earliest, of_row, activity.times_ms[is_action])
    return {features[at]: int(earliest[at]) for at in np.flatnonzero(wanted)}
