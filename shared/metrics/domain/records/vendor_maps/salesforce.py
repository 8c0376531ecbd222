"""Salesforce: the standard objects, by their API names."""

from shared.metrics.domain.records.field_maps import MappedField, ObjectMap
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.usual_fields import object_map, per_cent, status

_CURRENCY = "CurrencyIsoCode"


def salesforce_maps() -> tuple[ObjectMap, ...]:
    """The usual maps."""
    return (
        object_map(
            "Account",
            RecordType.ACCOUNT,
            {
                "name": "Name",
                "domain": "Website",
                "parent": "ParentId",
                "owner": "OwnerId",
                "industry": "Industry",
                "region": "BillingState",
                "country": "BillingCountry",
                "segment": "Type",
                "employees": "NumberOfEmployees",
                "created_at": "CreatedDate",
            },
        ),
        object_map(
            "Contact",
            RecordType.CONTACT,
            {
                "name": "Name",
                "email": "Email",
                "phone": "Phone",
                "title": "Title",
                "account": "AccountId",
                "owner": "OwnerId",
                "source": "LeadSource",
                "created_at": "CreatedDate",
            },
        ),
        object_map(
            "Lead",
            RecordType.LEAD,
            {
                "name": "Name",
                "company": "Company",
                "email": "Email",
                "phone": "Phone",
                "owner": "OwnerId",
                "source": "LeadSource",
                "status": "Status",
                "industry": "Industry",
                "region": "State",
                "country": "Country",
                "account": "ConvertedAccountId",
                "contact": "ConvertedContactId",
                "deal": "ConvertedOpportunityId",
                "converted_at": "ConvertedDate",
                "created_at": "CreatedDate",
            },
        ),
        object_map(
            "Opportunity",
            RecordType.DEAL,
            {
                "name": "Name",
                "account": "AccountId",
                "contact": "ContactId",
                "owner": "OwnerId",
                "stage": "StageName",
                "forecast_category": "ForecastCategoryName",
                "close_date": "CloseDate",
                "created_at": "CreatedDate",
                "source": "LeadSource",
                "campaign": "CampaignId",
                "next_step": "NextStep",
            },
            status=status("StageName", won="Closed Won", lost="Closed Lost"),
            amount=MappedField("Amount", currency_from=_CURRENCY),
            probability=per_cent("Probability"),
            kind=MappedField(
                "Type",
                values={
                    "New Customer": "NEW",
                    "Existing Customer - Upgrade": "EXPANSION",
                    "Existing Customer - Replacement": "RENEWAL",
                    "Existing Customer - Downgrade": "RENEWAL",
                },
            ),
        ),
        object_map(
            "OpportunityLineItem",
            RecordType.DEAL_LINE,
            {"deal": "OpportunityId", "product": "Product2Id", "quantity": "Quantity"},
            amount=MappedField("TotalPrice", currency_from=_CURRENCY),
        ),
        object_map(
            "Task",
            RecordType.ACTIVITY,
            {
                "subject": "Subject",
                "owner": "OwnerId",
                "happened_at": "CompletedDateTime",
                "created_at": "CreatedDate",
                "due_date": "ActivityDate",
                "is_completed": "IsClosed",
                "account": "AccountId",
                "contact": "WhoId",
                "lead": "WhoId",
                "deal": "WhatId",
            },
            kind=MappedField(
                "TaskSubtype",
                values={"Call": "CALL", "Email": "EMAIL", "ListEmail": "EMAIL"},
                otherwise="TASK",
            ),
        ),
        object_map(
            "Event",
            RecordType.ACTIVITY,
            {
                "subject": "Subject",
                "owner": "OwnerId",
                "happened_at": "StartDateTime",
                "created_at": "CreatedDate",
                "duration_minutes": "DurationInMinutes",
                "account": "AccountId",
                "contact": "WhoId",
                "lead": "WhoId",
                "deal": "WhatId",
            },
            kind=MappedField("EventSubtype", otherwise="MEETING"),
        ),
        object_map(
            "Campaign",
            RecordType.CAMPAIGN,
            {
                "name": "Name",
                "kind": "Type",
                "status": "Status",
                "owner": "OwnerId",
                "parent": "ParentId",
                "start": "StartDate",
                "end": "EndDate",
            },
            budget=MappedField("BudgetedCost", currency_from=_CURRENCY),
        ),
        object_map(
            "CampaignMember",
            RecordType.CAMPAIGN_MEMBER,
            {
                "campaign": "CampaignId",
                "lead": "LeadId",
                "contact": "ContactId",
                "account": "AccountId",
                "status": "Status",
                "reached_at": "CreatedDate",
                "responded_at": "FirstRespondedDate",
            },
        ),
        object_map(
            "Case",
            RecordType.TICKET,
            {
                "subject": "Subject",
                "account": "AccountId",
                "contact": "ContactId",
                "owner": "OwnerId",
                "priority": "Priority",
                "category": "Type",
                "channel": "Origin",
                "is_escalated": "IsEscalated",
                "closed_at": "ClosedDate",
                "created_at": "CreatedDate",
            },
            status=MappedField(
                "Status",
                values={
                    "New": "NEW",
                    "Working": "OPEN",
                    "Escalated": "OPEN",
                    "Waiting": "WAITING",
                    "Closed": "CLOSED",
                },
            ),
        ),
        object_map(
            "EmailMessage",
            RecordType.MESSAGE,
            {
                "ticket": "ParentId",
                "author": "CreatedById",
                "sent_at": "MessageDate",
                "is_inbound": "Incoming",
            },
        ),
        object_map(
            "Product2",
            RecordType.PRODUCT,
            {"name": "Name", "family": "Family", "is_active": "IsActive"},
        ),
    )
