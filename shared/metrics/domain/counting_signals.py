"""Which signal of a feature counts (definitions §2), so that one deed that two sources tell of is
one hit.

An ACTION counts from the day of the feature's first action on; before there is a source of true
actions for it a CHANGE does. A tenant may say otherwise, from a day on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.metrics.domain.events import Signal


@dataclass(frozen=True, slots=True)
class CountingSignals:
    """The rules of a tenant: `set_by` has by feature its own rules as (first day, signal), by day;
    `first_actions` the local day of each feature's first action, as far as it is known.
    """

    set_by: Mapping[str, tuple[tuple[date, Signal], ...]] = field(default_factory=dict)
    first_actions: Mapping[str, date] = field(default_factory=dict)

    def on(self, day: date) -> dict[str, Signal]:
        """The signal of every feature for which it is decided on a day. Of the others an ACTION
        counts if the day itself has one, else a CHANGE.
        """
        decided = {
            feature: Signal.ACTION for feature, first in self.first_actions.items() if first <= day
        }
        for feature, rules in self.set_by.items():
            holding = [signal for first, signal in rules if first <= day]
            if holding:
                decided[feature] = holding[-1]
        return decided

    def with_first_actions(self, found: Mapping[str, date]) -> "CountingSignals":
        """The rules when these first actions are known too."""
        earliest = dict(self.first_actions)
        for feature, day in found.items():
            earliest[feature] = min(day, earliest.get(feature, day))
        return CountingSignals(self.set_by, earliest)

    def overrules(self, changes_of: set[str], day: date) -> bool:
        """Whether a day that was folded with the changes of these features counted should have had
        the actions of some of them counted.
        """
        return any(
            self.first_actions.get(feature, date.max) <= day
            and not any(first <= day for first, _ in self.set_by.get(feature, ()))
            for feature in changes_of
        )
