"""Days that are not folded yet, folded in memory for one answer."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.metrics.columns.fold import FoldedDay, fold_day
from shared.metrics.domain.aliases import Aliases
from shared.metrics.domain.counting_signals import CountingSignals
from shared.metrics.domain.events import Signal
from shared.metrics.storage.manifests import digest_of
from shared.metrics.storage.tenant_data import TenantData

_REMEMBERED_DAYS: Final = 128
"""Home with today takes 65 folds of an unfolded tenant; with fewer, every answer did them all."""
_Key = tuple[str, int, date, bytes, int | None, bool]


@dataclass(frozen=True, slots=True)
class FoldRules:
    """By which days are folded beside a tenant's settings: which signals count, as far as dirty
    days tell too, and which ids are whose.
    """

    counting: CountingSignals
    aliases: Aliases


class LiveFolds:
    """Folds days from their packs, and remembers the last ones while their inputs are the same."""

    def __init__(self) -> None:
        self._folded: OrderedDict[_Key, FoldedDay] = OrderedDict()

    def fold(
        self,
        data: TenantData,
        day: date,
        carried_ms: Mapping[str, int],
        until_ms: int | None = None,
        *,
        rules: FoldRules,
        with_events: bool = False,
    ) -> FoldedDay:
        """A day as its fold would publish it now; only its part before `until_ms` if given.
        `rules` are by which days are folded now.
        """
        packs = data.units.packs(day.isoformat())
        inputs = sorted(pack.name for pack in packs)
        signals = rules.counting.on(day)
        if until_ms is not None:
            # An action later on the same day decides for the part before it too.
            whole = self.fold(data, day, carried_ms, rules=rules)
            signals |= dict.fromkeys(whole.rollup.first_actions, Signal.ACTION)
        carry = [f"{user}={at}" for user, at in sorted(carried_ms.items())]
        stated = [f"{feature}={signal}" for feature, signal in sorted(signals.items())]
        parts = (*inputs, "carry", *carry, "signals", *stated)
        digest = digest_of([rules.aliases.digest, *(part.encode() for part in parts)])
        key = (data.settings.name, data.settings.generation, day, digest, until_ms, with_events)
        folded = self._folded.get(key)
        if folded is None:
            folded = fold_day(
                [pack.body for pack in packs],
                data.calendar.bounds(day),
                carried_ms=carried_ms,
                timeout_ms=data.timeout_ms,
                signals=signals,
                aliases=rules.aliases,
                until_ms=until_ms,
                with_events=with_events,
            )
            self._folded[key] = folded
            while len(self._folded) > _REMEMBERED_DAYS:
                self._folded.popitem(last=False)
        return folded
