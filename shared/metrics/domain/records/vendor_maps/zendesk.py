"""Zendesk: tickets and organisations, with the names of their fields."""

from shared.metrics.domain.records.field_maps import MappedField, ObjectMap
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.usual_fields import object_map


def zendesk_maps() -> tuple[ObjectMap, ...]:
    """The usual maps."""
    return (
        object_map(
            "ticket",
            RecordType.TICKET,
            {
                "subject": "subject",
                "account": "organization_id",
                "contact": "requester_id",
                "owner": "assignee_id",
                "team": "group_id",
                "priority": "priority",
                "category": "type",
                "channel": "via.channel",
                "created_at": "created_at",
            },
            status=MappedField(
                "status",
                values={
                    "new": "NEW",
                    "open": "OPEN",
                    "pending": "WAITING",
                    "hold": "WAITING",
                    "solved": "RESOLVED",
                    "closed": "CLOSED",
                },
            ),
        ),
        object_map(
            "organization", RecordType.ACCOUNT, {"name": "name", "created_at": "created_at"}
        ),
    )
