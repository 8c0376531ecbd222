"""What a saved segment is: a window, conditions and a filter, and the JSON text that keeps them.

The text has the names of the schema, so that a client can hand back what it was given; `version`
numbers the form of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.conditions import (
    Comparator,
    Condition,
    ConditionMetric,
    ConditionParts,
    SessionTime,
    checked_conditions,
)
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import Comparison, Preset, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.engine.requests import (
    EVERYONE,
    AttributeValues,
    PeopleFilter,
    UserAnalyticsRequest,
)

VERSION: Final = 1
MAX_DEPTH: Final = 3
"""A segment, one that its filter names, and one that the filter of that one names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDefinition:
    """The people of a window's roster who satisfy all conditions; the window is one that moves
    with the calendar (`preset`, or the default one) or stands still (`window`).
    """

    window: Window | None = None
    preset: Preset | None = None
    include_today: bool = False
    comparison: Comparison = Comparison.PREVIOUS_PERIOD
    conditions: tuple[Condition, ...] = ()
    people: PeopleFilter = EVERYONE

    def request(self, tenant: str) -> UserAnalyticsRequest:
        """The question whose answer its members are."""
        return UserAnalyticsRequest(
            tenant=tenant,
            window=self.window,
            preset=self.preset,
            include_today=self.include_today,
            comparison=self.comparison,
            conditions=self.conditions,
            people=self.people,
        )


class _Written(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"
):
    """A part of the text."""


class _Range(_Written, frozen=True):
    from_: date = msgspec.field(name="from")
    to: date


class _Feature(_Written, frozen=True):
    category: str | None = None
    feature: str | None = None
    property: str | None = None
    attribute: str | None = None
    action: str | None = None


class _Condition(_Written, frozen=True):
    metric: ConditionMetric
    comparator: Comparator | None = None
    value: float | None = None
    up_to: float | None = None
    session_time: SessionTime | None = None
    feature: _Feature | None = None


class _Filter(_Written, frozen=True):
    language: tuple[str, ...] | None = None
    country: tuple[str, ...] | None = None
    time_zone: tuple[str, ...] | None = None
    account_status: tuple[str, ...] | None = None
    role: tuple[str, ...] | None = None
    team: tuple[str, ...] | None = None
    segment: str | None = None
    attribute_values: AttributeValues = AttributeValues.ON_DAY


class _Definition(_Written, frozen=True):
    version: int
    range: _Range | None = None
    preset: Preset | None = None
    include_today: bool = False
    comparison: Comparison = Comparison.PREVIOUS_PERIOD
    conditions: tuple[_Condition, ...] = ()
    filter: _Filter | None = None


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(_Definition)


def definition_text(definition: SegmentDefinition) -> str:
    """The canonical text: the same for the same definition."""
    window, people = definition.window, definition.people
    names = _Filter.__struct_fields__
    written = _Definition(
        version=VERSION,
        range=None if window is None else _Range(window.first, window.last),
        preset=definition.preset,
        include_today=definition.include_today,
        comparison=definition.comparison,
        conditions=tuple(_written(each) for each in definition.conditions),
        filter=(None if people == EVERYONE else _Filter(**{n: getattr(people, n) for n in names})),
    )
    return _encoder.encode(written).decode()


def read_definition(text: str, field: str = "definition") -> SegmentDefinition:
    """The definition of a text. BadInputError says which part of it is wrong."""
    try:
        written = _decoder.decode(text.encode(errors="surrogatepass"))
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        place = field + path.removesuffix("`")
        raise BadInputError(f"{place}: {message}", field=place) from None
    except msgspec.DecodeError as error:
        raise BadInputError(f"{field} is no JSON object: {error}", field=field) from None
    if written.version != VERSION:
        message = f"{field}.version is {written.version}; this program reads {VERSION}"
        raise BadInputError(message, field=f"{field}.version")
    place = f"{field}.conditions"
    parts = [_parts(each, f"{place}[{at}]") for at, each in enumerate(written.conditions)]
    given = written.range
    return SegmentDefinition(
        window=None if given is None else _window(given, field),
        preset=written.preset,
        include_today=written.include_today,
        comparison=written.comparison,
        conditions=checked_conditions(parts, place),
        people=(
            PeopleFilter(**msgspec.structs.asdict(written.filter)) if written.filter else EVERYONE
        ),
    )


def check_nesting(
    definition: SegmentDefinition, segment_id: str | None, text_of: Callable[[str], str]
) -> None:
    """BadInputError if the filter of a definition, which is to be that of a segment (None: of a
    new one), leads back to it or too deep. `text_of` gives the definition of a segment.
    """
    within: tuple[str, ...] = ("" if segment_id is None else segment_id,)
    inner = definition.people.segment
    while inner is not None:
        check_within(inner, within)
        within = (*within, inner)
        inner = read_definition(text_of(inner)).people.segment


def check_within(segment_id: str, within: tuple[str, ...]) -> None:
    """BadInputError if a segment may not be in others, the outermost first."""
    if segment_id in within:
        message = "the segment is part of itself: its filter leads back to it"
        raise BadInputError(message, field="filter.segment")
    if len(within) >= MAX_DEPTH:
        message = f"segments may be in one another {MAX_DEPTH} deep, and no deeper"
        raise BadInputError(message, field="filter.segment")


def _window(given: _Range, field: str) -> Window:
    try:
        return Window(given.from_, given.to)
    except BadInputError as error:
        raise BadInputError(str(error), field=f"{field}.range") from None


def _written(condition: Condition) -> _Condition:
    threshold, selection = condition.threshold, condition.selection
    if condition.metric is ConditionMetric.NEVER_SEEN:
        return _Condition(metric=condition.metric)
    is_of_sessions = condition.metric is ConditionMetric.SESSION_MINUTES
    return _Condition(
        metric=condition.metric,
        comparator=threshold.comparator,
        value=float(threshold.value),
        up_to=None if threshold.up_to is None else float(threshold.up_to),
        session_time=condition.session_time if is_of_sessions else None,
        feature=(
            None
            if selection is None
            else _Feature(
                category=selection.category.name if selection.category else None,
                feature=selection.feature,
                property=selection.property,
                attribute=selection.attribute,
                action=selection.action,
            )
        ),
    )


def _parts(written: _Condition, field: str) -> ConditionParts:
    feature = written.feature
    return ConditionParts(
        metric=written.metric,
        comparator=written.comparator,
        value=written.value,
        up_to=written.up_to,
        session_time=written.session_time,
        selection=None if feature is None else _selection(feature, f"{field}.feature"),
    )


def _selection(feature: _Feature, field: str) -> FeatureSelection:
    if feature.category is not None and feature.category not in Category.__members__:
        known = ", ".join(Category.__members__)
        message = f"there is no category {feature.category!r}; possible are {known}"
        raise BadInputError(message, field=f"{field}.category")
    return FeatureSelection(
        category=None if feature.category is None else Category[feature.category],
        feature=feature.feature,
        property=feature.property,
        attribute=feature.attribute,
        action=feature.action,
    )
