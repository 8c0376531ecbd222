"""The record types (definitions §5): few, typed, and tied to each other by many-to-one references.

Tenants' own objects and fields are mapped to these (`field_maps.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from shared.metrics.domain.records.field_columns import FieldType


class RecordType(Enum):
    """What a record is."""

    ACCOUNT = "account"
    CONTACT = "contact"
    LEAD = "lead"
    DEAL = "deal"
    DEAL_LINE = "deal_line"
    STAGE = "stage"
    ACTIVITY = "activity"
    TOUCH = "touch"
    CAMPAIGN = "campaign"
    CAMPAIGN_MEMBER = "campaign_member"
    SUBSCRIPTION = "subscription"
    TERM = "term"
    INVOICE = "invoice"
    INVOICE_LINE = "invoice_line"
    COST = "cost"
    QUOTA = "quota"
    FORECAST = "forecast"
    TICKET = "ticket"
    MESSAGE = "message"
    SURVEY_RESPONSE = "survey_response"
    TRAINING = "training"
    PERSON = "person"
    PRODUCT = "product"
    EXCHANGE_RATE = "exchange_rate"
    FIELD_POLICY = "field_policy"
    ANNOTATION = "annotation"


class Vocabulary(Enum):
    """Texts that a tenant may normalise by a mapping table, whose misses are listed."""

    INDUSTRY = "industry"
    REGION = "region"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record type. `refers` is of REFERENCE alone; `vocabulary` of some TEXT."""

    type: FieldType
    refers: RecordType | None = None
    vocabulary: Vocabulary | None = None


def reference(refers: RecordType) -> Field:
    """A field that names a record of another type, or of the same."""
    return Field(FieldType.REFERENCE, refers)


TEXT = Field(FieldType.TEXT)
INSTANT = Field(FieldType.INSTANT)
DATE = Field(FieldType.DATE)
MONEY = Field(FieldType.MONEY)
NUMBER = Field(FieldType.NUMBER)
INTEGER = Field(FieldType.INTEGER)
BOOLEAN = Field(FieldType.BOOLEAN)
INDUSTRY = Field(FieldType.TEXT, vocabulary=Vocabulary.INDUSTRY)
REGION = Field(FieldType.TEXT, vocabulary=Vocabulary.REGION)
PRODUCT_NAME = Field(FieldType.TEXT, vocabulary=Vocabulary.PRODUCT)

FieldsByName = Mapping[str, Field]
