"""Pipedrive: the entities of its webhooks, with the names of their fields."""

from shared.metrics.domain.records.field_maps import MappedField, ObjectMap
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.usual_fields import object_map, per_cent


def pipedrive_maps() -> tuple[ObjectMap, ...]:
    """The usual maps. A person of Pipedrive is a contact."""
    return (
        object_map(
            "organization",
            RecordType.ACCOUNT,
            {"name": "name", "owner": "owner_id", "created_at": "add_time"},
        ),
        object_map(
            "person",
            RecordType.CONTACT,
            {
                "name": "name",
                "email": "primary_email",
                "account": "org_id",
                "owner": "owner_id",
                "created_at": "add_time",
            },
        ),
        object_map(
            "lead",
            RecordType.LEAD,
            {
                "name": "title",
                "owner": "owner_id",
                "source": "source_name",
                "account": "organization_id",
                "contact": "person_id",
                "created_at": "add_time",
            },
        ),
        object_map(
            "deal",
            RecordType.DEAL,
            {
                "name": "title",
                "account": "org_id",
                "contact": "person_id",
                "owner": "owner_id",
                "pipeline": "pipeline_id",
                "stage": "stage_id",
                "close_date": "expected_close_date",
                "closed_at": "close_time",
                "created_at": "add_time",
                "source": "channel",
                "next_step_date": "next_activity_date",
                "lost_reason": "lost_reason",
            },
            status=MappedField("status", values={"open": "OPEN", "won": "WON", "lost": "LOST"}),
            amount=MappedField("value", currency_from="currency"),
            probability=per_cent("probability"),
        ),
        object_map(
            "stage",
            RecordType.STAGE,
            {"name": "name", "pipeline": "pipeline_id", "position": "order_nr"},
            probability=per_cent("deal_probability"),
        ),
        object_map(
            "activity",
            RecordType.ACTIVITY,
            {
                "subject": "subject",
                "owner": "owner_id",
                "happened_at": "marked_as_done_time",
                "created_at": "add_time",
                "due_date": "due_date",
                "is_completed": "done",
                "account": "org_id",
                "contact": "person_id",
                "deal": "deal_id",
            },
            kind=MappedField(
                "type",
                values={"call": "CALL", "email": "EMAIL", "meeting": "MEETING", "lunch": "MEETING"},
                otherwise="TASK",
            ),
        ),
        object_map("product", RecordType.PRODUCT, {"name": "name", "family": "category"}),
    )
