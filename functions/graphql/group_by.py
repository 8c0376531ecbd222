"""What the points of a series can be divided by."""

from enum import Enum

from shared.metrics.domain.parts import Part
from shared.metrics.engine.requests import PeopleAttribute


class TrendsGroupBy(Enum):
    """People by an attribute, or hits by a part of what was used."""

    LANGUAGE = PeopleAttribute.LANGUAGE
    COUNTRY = PeopleAttribute.COUNTRY
    TIME_ZONE = PeopleAttribute.TIME_ZONE
    ACCOUNT_STATUS = PeopleAttribute.ACCOUNT_STATUS
    ROLE = PeopleAttribute.ROLE
    TEAM = PeopleAttribute.TEAM
    CATEGORY = Part.CATEGORY
    FEATURE = Part.FEATURE
    PROPERTY = Part.PROPERTY
    ATTRIBUTE = Part.ATTRIBUTE
    ACTION = Part.ACTION
