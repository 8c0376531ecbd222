"""What can be asked of the hub and of the catalogue."""

from dataclasses import dataclass

from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Comparison
from shared.metrics.domain.selection import EVERYTHING, FeatureSelection
from shared.metrics.domain.views.features import FeaturesAnswer
from shared.metrics.domain.views.hub import (
    MAX_ROWS,
    FrequencyAnswer,
    FrequencyByFeatureAnswer,
    PopularityAnswer,
    Unit,
)
from shared.metrics.engine.requests import PeopleAttribute, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class PopularityRequest(Request[PopularityAnswer]):
    """Distinct people by feature, or by another part of a selection. `with_unused` adds rows that
    only the catalogue has.
    """

    part: Part = Part.FEATURE
    selection: FeatureSelection = EVERYTHING
    comparison: Comparison = Comparison.PREVIOUS_PERIOD
    with_unused: bool = False
    top: int = MAX_ROWS
    group_by: PeopleAttribute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyRequest(Request[FrequencyAnswer]):
    """People by number of hits of a selection. `edges` are the tenant's if not given; `with_zero`
    adds the people of the roster without any.
    """

    selection: FeatureSelection = EVERYTHING
    unit: Unit = Unit.PEOPLE
    edges: tuple[int, ...] | None = None
    with_zero: bool = False
    group_by: PeopleAttribute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyByFeatureRequest(Request[FrequencyByFeatureAnswer]):
    """The same for each feature of a selection."""

    selection: FeatureSelection = EVERYTHING
    edges: tuple[int, ...] | None = None
    with_zero: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesRequest(Request[FeaturesAnswer]):
    """The features of the catalogue and those that were used. Of people nothing is asked."""

    search: str | None = None
    category: Category | None = None
