"""Which open deals are stale (definitions §5): nobody would count on them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.aggregation import quantile
from shared.metrics.domain.kpis.deal_activities import last_activities
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.entry import Parameter
from shared.metrics.domain.kpis.stays import Stays, stays_of

_DAY_MS: Final = 86_400_000
_MEDIAN: Final = 5

STALE_RULE: Final = (
    Parameter("staleDays", 30.0, "days without activity after which a deal is stale", (1, 365)),
    Parameter(
        "staleStageFactor",
        2.0,
        "how many times the median stay of won deals in a stage one may be in it",
        (1, 20),
    ),
)
"""The parameters of every KPI that leaves stale deals out."""


def is_stale(deals: Deals) -> NDArray[np.bool_]:
    """Which deals are past their close date, or without activity for long, or too long in their
    stage. What is unknown is no sign of it.
    """
    return _is_past(deals) | _is_quiet(deals) | _is_stuck(deals)


def _is_past(deals: Deals) -> NDArray[np.bool_]:
    due = deals.due_day
    past: NDArray[np.bool_] = due.known & (due.values < deals.scope.day(deals.scope.at_ms))
    return past


def _is_quiet(deals: Deals) -> NDArray[np.bool_]:
    """Without activity for so many days since the last, or since it was created; nobody is quiet
    where no activity of any deal was ever told of.
    """
    last = last_activities(deals)
    if not last.is_told:
        return np.zeros(len(deals), bool)
    limit_ms = deals.scope.at_ms - int(deals.scope.number("staleDays") * _DAY_MS)
    return last.or_creation(deals) < limit_ms


def _is_stuck(deals: Deals) -> NDArray[np.bool_]:
    """Longer in its stage than a multiple of the median stay there of deals that were won."""
    stays = stays_of(deals)
    typical = _typical_ms(deals, stays)
    limit = typical[stays.stage] * deals.scope.number("staleStageFactor")
    long = stays.is_current & (stays.until_ms - stays.from_ms > limit)
    stuck = np.zeros(len(deals), bool)
    stuck[stays.deal[long]] = True
    return stuck


def _typical_ms(deals: Deals, stays: Stays) -> NDArray[np.float64]:
    """The median stay of won deals in each stage; infinite where there was none."""
    done = deals.is_won[stays.deal] & ~stays.is_current
    lengths = (stays.until_ms - stays.from_ms)[done].astype(np.float64)
    median = quantile(lengths, stays.stage[done], len(stays.names), _MEDIAN)
    return np.where(np.isnan(median), np.inf, median)
