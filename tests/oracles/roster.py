"""The roster (definitions §2): what was stated of people, and when it held."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.metrics.domain.events import USER_DEACTIVATED, Event

NOT_SET = "(not set)"


@dataclass
class Person:
    """Everything stated of one person: attribute → (time, value), by time."""

    stated: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))

    def value(self, attribute: str, before_ms: int) -> str:
        """The value just before an instant; before the first known value, that first value."""
        statements = self.stated.get(attribute, [])
        value = statements[0][1] if statements else ""
        for at_ms, stated in statements:
            if at_ms < before_ms:
                value = stated
        return value or NOT_SET

    def is_integration(self, before_ms: int) -> bool:
        """Whether the account is a program's."""
        return self.value("is_integration", before_ms) == "true"

    def has_account(self, before_ms: int) -> bool:
        """Whether the account is active."""
        return self.value("account_status", before_ms).casefold() == "active"

    def latest(self, attribute: str) -> str | None:
        """The value as last stated."""
        statements = self.stated.get(attribute, [])
        return (statements[-1][1] or None) if statements else None


NOBODY = Person()


def people(directory_events: Iterable[Event]) -> dict[str, Person]:
    """The people whom de-duplicated directory events tell of."""
    found: dict[str, Person] = {}
    for event in sorted(directory_events, key=lambda e: (e.occurred_at_ms, e.canonical_content())):
        person = found.setdefault(event.user_id, Person())
        stated = json.loads(event.context) if event.context else {}
        if event.action == USER_DEACTIVATED:
            stated = {"account_status": "inactive"}
        elif "account_status" not in person.stated:
            stated = {"account_status": "active"} | stated
        for attribute, value in stated.items():
            person.stated[attribute].append((event.occurred_at_ms, value))
    return found
