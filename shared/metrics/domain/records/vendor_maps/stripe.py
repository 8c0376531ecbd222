"""Stripe: customers, subscriptions and invoices, whose money is in minor units."""

from shared.metrics.domain.records.field_maps import MappedField, ObjectMap
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.usual_fields import object_map


def _minor(source: str) -> MappedField:
    return MappedField(source, currency_from="currency", in_minor_units=True)


def stripe_maps() -> tuple[ObjectMap, ...]:
    """The usual maps. Of a subscription the price of the first plan counts, once."""
    return (
        object_map("customer", RecordType.ACCOUNT, {"name": "name", "created_at": "created"}),
        object_map(
            "subscription",
            RecordType.SUBSCRIPTION,
            {
                "account": "customer",
                "status": "status",
                "product": "plan.product",
                "start": "start_date",
                "end": "ended_at",
                "cancelled_at": "canceled_at",
                "churn_reason": "cancellation_details.feedback",
            },
            recurring_amount=_minor("plan.amount"),
            interval_months=MappedField("plan.interval", values={"month": "1", "year": "12"}),
        ),
        object_map(
            "invoice",
            RecordType.INVOICE,
            {
                "account": "customer",
                "subscription": "subscription",
                "date": "created",
                "due_date": "due_date",
                "paid_at": "status_transitions.paid_at",
                "status": "status",
            },
            amount=_minor("total"),
        ),
        object_map("product", RecordType.PRODUCT, {"name": "name", "is_active": "active"}),
    )
