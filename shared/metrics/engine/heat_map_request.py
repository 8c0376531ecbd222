"""The request of the heat map."""

from dataclasses import dataclass

from shared.metrics.domain.views.heat_map_answer import HeatMapAnswer
from shared.metrics.engine.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMapRequest(Request[HeatMapAnswer]):
    """Hits by hour of the week in each person's own zone, over at most a year."""
