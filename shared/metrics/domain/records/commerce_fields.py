"""The fields of what is sold, billed and spent, and of what records refer to."""

from collections.abc import Mapping
from typing import Final

from shared.metrics.domain.records.record_types import (
    BOOLEAN,
    DATE,
    INSTANT,
    INTEGER,
    MONEY,
    NUMBER,
    PRODUCT_NAME,
    REGION,
    TEXT,
    FieldsByName,
    RecordType,
    reference,
)

COMMERCE_FIELDS: Final[Mapping[RecordType, FieldsByName]] = {
    RecordType.SUBSCRIPTION: {
        "account": reference(RecordType.ACCOUNT),
        "owner": reference(RecordType.PERSON),
        "product": reference(RecordType.PRODUCT),
        "status": TEXT,
        "start": DATE,
        "end": DATE,
        "cancelled_at": INSTANT,
        "recurring_amount": MONEY,
        "interval_months": INTEGER,
        "churn_reason": TEXT,
    },
    RecordType.TERM: {
        "subscription": reference(RecordType.SUBSCRIPTION),
        "account": reference(RecordType.ACCOUNT),
        "start": DATE,
        "end": DATE,
        "amount": MONEY,
        "renewed_at": INSTANT,
    },
    RecordType.INVOICE: {
        "account": reference(RecordType.ACCOUNT),
        "subscription": reference(RecordType.SUBSCRIPTION),
        "deal": reference(RecordType.DEAL),
        "date": DATE,
        "due_date": DATE,
        "paid_at": INSTANT,
        "status": TEXT,
        "amount": MONEY,
    },
    RecordType.INVOICE_LINE: {
        "invoice": reference(RecordType.INVOICE),
        "product": reference(RecordType.PRODUCT),
        "quantity": NUMBER,
        "amount": MONEY,
    },
    RecordType.COST: {
        "kind": TEXT,
        "start": DATE,
        "end": DATE,
        "amount": MONEY,
        "campaign": reference(RecordType.CAMPAIGN),
        "account": reference(RecordType.ACCOUNT),
        "source": TEXT,
        "medium": TEXT,
        "team": TEXT,
        "region": REGION,
    },
    RecordType.PERSON: {
        "name": TEXT,
        "email": TEXT,
        "language": TEXT,
        "country": TEXT,
        "time_zone": TEXT,
        "account_status": TEXT,
        "role": TEXT,
        "team": TEXT,
        "manager": reference(RecordType.PERSON),
        "licence": TEXT,
        "is_integration": BOOLEAN,
    },
    RecordType.PRODUCT: {
        "name": PRODUCT_NAME,
        "family": TEXT,
        "is_active": BOOLEAN,
        "price": MONEY,
    },
    RecordType.EXCHANGE_RATE: {
        "currency": TEXT,
        "into": TEXT,
        "date": DATE,
        "rate": TEXT,
    },
    RecordType.FIELD_POLICY: {
        "object": TEXT,
        "field": TEXT,
        "family": TEXT,
        "owner": reference(RecordType.PERSON),
        "is_required": BOOLEAN,
        "pattern": TEXT,
        "minimum": NUMBER,
        "maximum": NUMBER,
        "fresh_days": INTEGER,
    },
    RecordType.ANNOTATION: {
        "name": TEXT,
        "kind": TEXT,
        "date": DATE,
    },
}
"""A cost's `kind` is SALES, MARKETING, SERVICE or RETENTION, and its `end` its last day.
An exchange rate says how much one unit of `currency` is worth in units of `into`, as a decimal
number.
"""
