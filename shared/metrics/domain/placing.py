"""Finds the place of a source's rows among features, by the source's mapping and, where that says
nothing, by what rows of its kind usually mean.
"""

from collections.abc import Mapping
from typing import Any, Final

from shared.metrics.domain.catalogue import CATALOGUE, RECORDS_ADDED, Category
from shared.metrics.domain.crm_objects import OBJECT_FEATURES
from shared.metrics.domain.event_mapping import EventMapping, MappingRule, Place, picked
from shared.metrics.domain.events import DEFAULT_ACTION, SESSION_ACTIONS
from shared.metrics.domain.record_changes import Op
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.domain.usual_rules import USUAL_RULES

TRACKED: Final = MappingRule(
    feature=("$.properties.feature", "$.properties.module"),
    property="$.properties.property",
    attribute="$.properties.attribute",
    action="$.properties.action",
    record_id="$.properties.record_id",
    account_id="$.properties.account_id",
)
"""What the properties of a tracked event say of themselves."""

_MAX_REMEMBERED: Final = 10_000
_SAYS_NOTHING: Final = MappingRule()
_Candidates = tuple[tuple[MappingRule, ...], Place]


class Placer:
    """Places the rows of one source; remembers what fits which names."""

    def __init__(self, kind: SourceKind, mapping: EventMapping | None = None) -> None:
        own = () if mapping is None else mapping.rules
        self._rules = (*own, *USUAL_RULES.get(kind, ()))
        self._features = OBJECT_FEATURES.get(kind, {})
        self._known: dict[tuple[str, str, Op | None], _Candidates] = {}

    def place(
        self, name: str, fields: Mapping[str, Any], object_: str = "", op: Op | None = None
    ) -> Place:
        """The place of a row: of a change of a record with its object and operation, of a tracked
        event without. The feature is never empty, but for an action that makes sessions.
        """
        rules, usual = self._candidates(name, object_, op)
        rule = next((rule for rule in rules if rule.fits_fields(fields)), _SAYS_NOTHING)
        says = TRACKED if op is None else _SAYS_NOTHING
        if rule is _SAYS_NOTHING and says is _SAYS_NOTHING:
            return usual
        action = _said(rule.action, says.action, fields) or usual.action
        feature = _said(rule.feature, says.feature, fields)
        if not feature and action not in SESSION_ACTIONS:
            feature = usual.feature
        return Place(
            feature,
            _said(rule.property, says.property, fields, usual.property),
            _said(rule.attribute, says.attribute, fields),
            action,
            _said(rule.record_id, says.record_id, fields),
            _said(rule.account_id, says.account_id, fields),
        )

    def _candidates(self, name: str, object_: str, op: Op | None) -> _Candidates:
        key = (name, object_, op)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MAX_REMEMBERED:
                self._known.clear()
            folded = (name.casefold(), object_.casefold(), op)
            rules = tuple(rule for rule in self._rules if rule.fits(*folded))
            known = self._known[key] = (rules, self._usual(name, object_, op))
        return known

    def _usual(self, name: str, object_: str, op: Op | None) -> Place:
        if op is None:
            if name in SESSION_ACTIONS:
                return Place("", "", "", name, "", "")
            return Place(name, "", "", DEFAULT_ACTION, "", "")
        feature = self._features.get(object_.casefold(), object_)
        known = CATALOGUE.get(feature)
        has_records = known is None or known.category is Category.MODULES
        added = RECORDS_ADDED if op is Op.CREATE and has_records else ""
        return Place(feature, added, "", op.value.lower(), "", "")


def _said(
    said: str | tuple[str, ...] | None,
    by_itself: str | tuple[str, ...] | None,
    fields: Mapping[str, Any],
    otherwise: str = "",
) -> str:
    """What a rule picks; what it says nothing of, the row may say by itself."""
    if said is not None:
        return picked(said, fields)
    return otherwise if by_itself is None else picked(by_itself, fields) or otherwise
