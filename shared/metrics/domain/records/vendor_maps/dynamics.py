"""Dynamics 365: the standard tables, with the logical names of their columns."""

from shared.metrics.domain.records.field_maps import MappedField, ObjectMap
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.usual_fields import object_map, per_cent


def dynamics_maps() -> tuple[ObjectMap, ...]:
    """The usual maps. Currencies are ids there, so money is in the tenant's own currency."""
    return (
        object_map(
            "account",
            RecordType.ACCOUNT,
            {
                "name": "name",
                "domain": "websiteurl",
                "parent": "parentaccountid",
                "owner": "ownerid",
                "industry": "industrycode",
                "region": "address1_stateorprovince",
                "country": "address1_country",
                "employees": "numberofemployees",
                "created_at": "createdon",
            },
        ),
        object_map(
            "contact",
            RecordType.CONTACT,
            {
                "name": "fullname",
                "email": "emailaddress1",
                "phone": "telephone1",
                "title": "jobtitle",
                "account": "parentcustomerid",
                "owner": "ownerid",
                "created_at": "createdon",
            },
        ),
        object_map(
            "lead",
            RecordType.LEAD,
            {
                "name": "fullname",
                "company": "companyname",
                "email": "emailaddress1",
                "owner": "ownerid",
                "source": "leadsourcecode",
                "industry": "industrycode",
                "region": "address1_stateorprovince",
                "country": "address1_country",
                "campaign": "campaignid",
                "account": "parentaccountid",
                "deal": "qualifyingopportunityid",
                "created_at": "createdon",
            },
            status=MappedField(
                "statecode", values={"0": "OPEN", "1": "QUALIFIED", "2": "DISQUALIFIED"}
            ),
        ),
        object_map(
            "opportunity",
            RecordType.DEAL,
            {
                "name": "name",
                "account": "parentaccountid",
                "contact": "parentcontactid",
                "lead": "originatingleadid",
                "owner": "ownerid",
                "stage": "stepname",
                "amount": "estimatedvalue",
                "close_date": "estimatedclosedate",
                "closed_at": "actualclosedate",
                "created_at": "createdon",
                "campaign": "campaignid",
            },
            status=MappedField("statecode", values={"0": "OPEN", "1": "WON", "2": "LOST"}),
            probability=per_cent("closeprobability"),
        ),
        object_map(
            "incident",
            RecordType.TICKET,
            {
                "subject": "title",
                "account": "customerid",
                "contact": "primarycontactid",
                "owner": "ownerid",
                "priority": "prioritycode",
                "category": "casetypecode",
                "channel": "caseorigincode",
                "product": "productid",
                "is_escalated": "isescalated",
                "created_at": "createdon",
            },
            status=MappedField("statecode", values={"0": "OPEN", "1": "RESOLVED", "2": "CLOSED"}),
        ),
        object_map("product", RecordType.PRODUCT, {"name": "name"}),
    )
