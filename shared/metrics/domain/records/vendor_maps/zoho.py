"""Zoho CRM: the standard modules, with the API names of their fields."""

from shared.metrics.domain.records.field_maps import MappedField, ObjectMap
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.usual_fields import object_map, per_cent

_OWNER = "Owner.id"
_CREATED = "Created_Time"


def zoho_maps() -> tuple[ObjectMap, ...]:
    """The usual maps."""
    return (
        object_map(
            "Accounts",
            RecordType.ACCOUNT,
            {
                "name": "Account_Name",
                "domain": "Website",
                "parent": "Parent_Account.id",
                "owner": _OWNER,
                "industry": "Industry",
                "region": "Billing_State",
                "country": "Billing_Country",
                "segment": "Account_Type",
                "employees": "Employees",
                "created_at": _CREATED,
            },
        ),
        object_map(
            "Contacts",
            RecordType.CONTACT,
            {
                "name": "Full_Name",
                "email": "Email",
                "phone": "Phone",
                "title": "Title",
                "account": "Account_Name.id",
                "owner": _OWNER,
                "source": "Lead_Source",
                "created_at": _CREATED,
            },
        ),
        object_map(
            "Leads",
            RecordType.LEAD,
            {
                "name": "Full_Name",
                "company": "Company",
                "email": "Email",
                "phone": "Phone",
                "owner": _OWNER,
                "source": "Lead_Source",
                "status": "Lead_Status",
                "industry": "Industry",
                "region": "State",
                "country": "Country",
                "created_at": _CREATED,
                "converted_at": "Converted_Date_Time",
            },
        ),
        object_map(
            "Deals",
            RecordType.DEAL,
            {
                "name": "Deal_Name",
                "account": "Account_Name.id",
                "contact": "Contact_Name.id",
                "owner": _OWNER,
                "pipeline": "Pipeline",
                "stage": "Stage",
                "close_date": "Closing_Date",
                "created_at": _CREATED,
                "source": "Lead_Source",
                "campaign": "Campaign_Source.id",
                "next_step": "Next_Step",
                "lost_reason": "Reason_For_Loss__s",
            },
            status=MappedField(
                "Stage",
                values={
                    "Closed Won": "WON",
                    "Closed Lost": "LOST",
                    "Closed Lost to Competition": "LOST",
                },
                otherwise="OPEN",
            ),
            amount=MappedField("Amount", currency_from="Currency"),
            probability=per_cent("Probability"),
            kind=MappedField(
                "Type", values={"New Business": "NEW", "Existing Business": "EXPANSION"}
            ),
        ),
        object_map(
            "Tasks",
            RecordType.ACTIVITY,
            {
                "subject": "Subject",
                "owner": _OWNER,
                "happened_at": "Closed_Time",
                "created_at": _CREATED,
                "due_date": "Due_Date",
                "contact": "Who_Id.id",
                "deal": "What_Id.id",
            },
            kind=MappedField("Subject", otherwise="TASK"),
            is_completed=MappedField("Status", values={"Completed": "true"}, otherwise="false"),
        ),
        object_map(
            "Calls",
            RecordType.ACTIVITY,
            {
                "subject": "Subject",
                "owner": _OWNER,
                "happened_at": "Call_Start_Time",
                "created_at": _CREATED,
                "contact": "Who_Id.id",
                "deal": "What_Id.id",
            },
            kind=MappedField("Subject", otherwise="CALL"),
            is_inbound=MappedField("Call_Type", values={"Inbound": "true"}, otherwise="false"),
        ),
        object_map(
            "Events",
            RecordType.ACTIVITY,
            {
                "subject": "Event_Title",
                "owner": _OWNER,
                "happened_at": "Start_DateTime",
                "created_at": _CREATED,
                "contact": "Who_Id.id",
                "deal": "What_Id.id",
            },
            kind=MappedField("Event_Title", otherwise="MEETING"),
        ),
        object_map(
            "Campaigns",
            RecordType.CAMPAIGN,
            {
                "name": "Campaign_Name",
                "kind": "Type",
                "status": "Status",
                "owner": _OWNER,
                "parent": "Parent_Campaign.id",
                "start": "Start_Date",
                "end": "End_Date",
            },
            budget=MappedField("Budgeted_Cost", currency_from="Currency"),
        ),
        object_map(
            "Cases",
            RecordType.TICKET,
            {
                "subject": "Subject",
                "account": "Account_Name.id",
                "contact": "Related_To.id",
                "owner": _OWNER,
                "priority": "Priority",
                "category": "Type",
                "channel": "Case_Origin",
                "created_at": _CREATED,
            },
            status=MappedField(
                "Status",
                values={
                    "New": "NEW",
                    "On Hold": "WAITING",
                    "Escalated": "OPEN",
                    "Closed": "CLOSED",
                },
            ),
            is_escalated=MappedField("Status", values={"Escalated": "true"}, otherwise="false"),
        ),
        object_map(
            "Products",
            RecordType.PRODUCT,
            {"name": "Product_Name", "family": "Product_Category", "is_active": "Product_Active"},
        ),
    )
