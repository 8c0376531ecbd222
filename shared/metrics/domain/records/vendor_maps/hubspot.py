"""HubSpot: the standard objects, with the internal names of their properties."""

from shared.metrics.domain.records.field_maps import MappedField, ObjectMap
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.usual_fields import object_map, status

_OWNER = "hubspot_owner_id"
_SOURCE = "hs_analytics_source"


def hubspot_maps() -> tuple[ObjectMap, ...]:
    """The usual maps. What an association names is in the field of its type."""
    return (
        object_map(
            "company",
            RecordType.ACCOUNT,
            {
                "name": "name",
                "domain": "domain",
                "parent": "hs_parent_company_id",
                "owner": _OWNER,
                "industry": "industry",
                "region": "state",
                "country": "country",
                "segment": "type",
                "employees": "numberofemployees",
                "created_at": "createdate",
            },
        ),
        object_map(
            "contact",
            RecordType.CONTACT,
            {
                "name": "lastname",
                "email": "email",
                "phone": "phone",
                "title": "jobtitle",
                "account": "associatedcompanyid",
                "owner": _OWNER,
                "source": _SOURCE,
                "created_at": "createdate",
            },
        ),
        object_map(
            "deal",
            RecordType.DEAL,
            {
                "name": "dealname",
                "account": "DEAL_TO_COMPANY",
                "contact": "DEAL_TO_CONTACT",
                "owner": _OWNER,
                "pipeline": "pipeline",
                "stage": "dealstage",
                "probability": "hs_deal_stage_probability",
                "forecast_category": "hs_manual_forecast_category",
                "close_date": "closedate",
                "created_at": "createdate",
                "source": _SOURCE,
                "next_step": "hs_next_step",
                "lost_reason": "closed_lost_reason",
            },
            status=status("dealstage", won="closedwon", lost="closedlost"),
            amount=MappedField("amount", currency_from="deal_currency_code"),
            kind=MappedField(
                "dealtype", values={"newbusiness": "NEW", "existingbusiness": "EXPANSION"}
            ),
        ),
        object_map(
            "line_item",
            RecordType.DEAL_LINE,
            {"deal": "LINE_ITEM_TO_DEAL", "product": "hs_product_id", "quantity": "quantity"},
            amount=MappedField("amount", currency_from="hs_line_item_currency_code"),
        ),
        object_map(
            "ticket",
            RecordType.TICKET,
            {
                "subject": "subject",
                "account": "TICKET_TO_COMPANY",
                "contact": "TICKET_TO_CONTACT",
                "owner": _OWNER,
                "priority": "hs_ticket_priority",
                "category": "hs_ticket_category",
                "channel": "source_type",
                "closed_at": "closed_date",
                "created_at": "createdate",
            },
            status=MappedField(
                "hs_pipeline_stage",
                values={"1": "NEW", "2": "WAITING", "3": "OPEN", "4": "CLOSED"},
            ),
        ),
        object_map("product", RecordType.PRODUCT, {"name": "name"}),
    )
