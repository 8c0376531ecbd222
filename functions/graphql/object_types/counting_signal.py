"""Which signal of a feature counts (definitions §2)."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.enums import Signal
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.generations import SignalSince
from shared.metrics.storage.tenants import Tenant


@strawberry.type(
    description="Which signal counts, as parallel lists: from a day on the actions of a feature "
    "are its hits, or its changes are, so that one deed that two sources tell of is one hit. "
    "Before, and of all other features, changes are."
)
class CountingSignals:
    """The rules, by feature and day."""

    features: list[str]
    signals: list[Signal]
    since: list[date | None] = strawberry.field(
        description="The first day of each; null: it has always held."
    )
    is_set: list[bool] = strawberry.field(
        description="Whether the tenant has set it; otherwise it is the feature's first action, "
        "since which there is a source of true actions for it."
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        """Everything that is set or known."""
        day_of = LocalCalendar(tenant.time_zone).day_of
        rules = [
            (feature, day_of(at_ms), Signal.ACTION, False)
            for feature, at_ms in tenant.first_action_ms.items()
        ]
        rules += [
            (feature, rule.since, rule.signal, True)
            for feature, of_feature in tenant.counting_signals.items()
            for rule in of_feature
        ]
        rules.sort(key=lambda rule: (rule[0], rule[1], rule[3]))
        return cls(
            features=[feature for feature, _, _, _ in rules],
            signals=[signal for _, _, signal, _ in rules],
            since=[None if since == date.min else since for _, since, _, _ in rules],
            is_set=[is_set for _, _, _, is_set in rules],
        )


@strawberry.input(description="A rule that the tenant sets.")
class CountingSignalInput:
    """One rule."""

    feature: str
    signal: Signal = strawberry.field(description="ACTION or CHANGE.")
    since: date | None = strawberry.field(
        default=None, description="The first day; without it the rule has always held."
    )


def rules_of(inputs: list[CountingSignalInput]) -> dict[str, tuple[SignalSince, ...]]:
    """The rules by feature, each feature's by day; not yet checked."""
    rules: dict[str, tuple[SignalSince, ...]] = {}
    for rule in sorted(inputs, key=lambda each: each.since or date.min):
        since = SignalSince(rule.since or date.min, rule.signal)
        rules[rule.feature] = (*rules.get(rule.feature, ()), since)
    return rules
