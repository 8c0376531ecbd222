"""Rules that hold for every source of a kind, after those of its own mapping."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.metrics.domain import salesforce_pages
from shared.metrics.domain.event_mapping import MappingRule
from shared.metrics.domain.source_kinds import SourceKind

USUAL_RULES: Final[Mapping[SourceKind, tuple[MappingRule, ...]]] = MappingProxyType(
    {
        SourceKind.INTERCOM: (
            MappingRule(name="conversation.admin.*", feature="Live Chat", action="$.verb"),
            MappingRule(name="ticket.admin.*", feature="Cases", action="$.verb"),
        ),
        SourceKind.SALESFORCE: salesforce_pages.RULES,
    }
)
"""By kind, those for names that are not `<object>.<op>` of a change."""
