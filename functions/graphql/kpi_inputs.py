"""The arguments of the KPIs, and how they become requests."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias, TypedDict

import strawberry

from functions.graphql.auth import Principal, Role
from functions.graphql.enums import KpiDimension, KpiKey, KpiPreset, Preset
from functions.graphql.inputs import RangeInput
from functions.graphql.limits import list_size
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.kpis.entry import Setting
from shared.metrics.domain.kpis.presets import PRESETS
from shared.metrics.domain.periods import Window


@strawberry.input(
    description="Local days, both ends included, or a range by name; the 30 complete days up to "
    "yesterday if neither is given. The range may end in the future, as that of a quota does."
)
class KpiPeriodInput:
    """A period."""

    range_: RangeInput | None = strawberry.field(name="range", default=None)
    preset: Preset | None = None
    include_today: bool = False


@strawberry.input(
    description="Only records that have any of these values in the dimension. Several conditions "
    'must all be met. The value "(not set)" matches records without one.'
)
class KpiFilterInput:
    """A condition on a dimension."""

    dimension: KpiDimension
    values: list[str]


@strawberry.input(
    description="A parameter of the definition with another value: a number, or a set of texts."
)
class MetricDraftInput:
    """One change of a draft."""

    parameter: str
    number: float | None = None
    texts: list[str] | None = None

    def setting(self) -> Setting:
        """The value. BadInputError unless there is just one."""
        if (self.number is None) == (self.texts is None):
            message = f"give {self.parameter} either a number or texts"
            raise BadInputError(message, field=f"draft.{self.parameter}")
        return tuple(self.texts) if self.texts is not None else float(self.number or 0)


PeriodArgument: TypeAlias = Annotated[
    KpiPeriodInput | None,
    strawberry.argument(description="The 30 complete days up to yesterday if not given."),
]
KpiFilterArgument: TypeAlias = Annotated[
    list[KpiFilterInput] | None,
    strawberry.argument(name="filter", description="All records if not given."),
]


class AboutRecords(TypedDict):
    """The fields that all requests about records share."""

    tenant: str
    window: Window | None
    preset: Preset | None
    include_today: bool
    filters: tuple[tuple[KpiDimension, tuple[str, ...]], ...]
    owned_by: str | None


def about_records(
    principal: Principal, period: KpiPeriodInput | None, filters: list[KpiFilterInput] | None
) -> AboutRecords:
    """What a request is about. A rep's are the records that they own."""
    period = period or KpiPeriodInput()
    return AboutRecords(
        tenant=principal.allow(*Role),
        window=period.range_.window() if period.range_ else None,
        preset=period.preset,
        include_today=period.include_today,
        filters=tuple((each.dimension, _values(each)) for each in filters or ()),
        owned_by=principal.subject if principal.role is Role.REP else None,
    )


def keys_of(keys: list[KpiKey] | None, preset: KpiPreset | None) -> tuple[str, ...]:
    """The KPIs that are asked for, each once. BadInputError unless there are keys or a preset."""
    if (keys is None) == (preset is None):
        raise BadInputError("give either keys or a preset", field="keys")
    if preset is not None:
        return PRESETS[preset]
    asked = tuple(dict.fromkeys(key.value for key in keys or ()))
    list_size("keys", len(asked))
    return asked


def draft_of(changes: list[MetricDraftInput]) -> Mapping[str, Setting]:
    """The draft. BadInputError for a parameter that is given twice."""
    draft = {change.parameter: change.setting() for change in changes}
    if len(draft) < len(changes):
        raise BadInputError("a parameter is given twice; give each once", field="draft")
    return draft


def _values(condition: KpiFilterInput) -> tuple[str, ...]:
    if not condition.values:
        name = condition.dimension.name
        message = f"the filter of {name} has no values; leave it out, or give at least one"
        raise BadInputError(message, field="filter")
    return tuple(condition.values)
