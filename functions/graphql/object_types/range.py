"""A range of days in an answer."""

from datetime import date

import strawberry


@strawberry.type(description="Local days of the tenant, both ends included.")
class Range:
    """From the first day to the last."""

    from_: date = strawberry.field(name="from")
    to: date
