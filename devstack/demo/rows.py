"""Rows as they are posted (docs/events.md), with the fields that the demo needs."""

import msgspec


class Row(msgspec.Struct, omit_defaults=True):
    """Something that happened. `occurred_at` is in milliseconds UTC; `""` is left out."""

    occurred_at: int
    user_id: str
    feature: str = ""
    property: str = ""
    attribute: str = ""
    action: str = ""
    record_id: str = ""
    account_id: str = ""
    signal: str = "ACTION"
    actor_kind: str = "USER"
    event_id: str = ""


class DirectoryRow(msgspec.Struct, omit_defaults=True):
    """What the directory says of a user from an instant on."""

    occurred_at: int
    user_id: str
    type: str
    event_id: str
    email: str = ""
    name: str = ""
    language: str = ""
    country: str = ""
    time_zone: str = ""
    account_status: str = ""
    role: str = ""
    team: str = ""
    is_integration: bool = False


AnyRow = Row | DirectoryRow
