"""Home, as the demo asks the GraphQL function for it."""

from datetime import date, datetime
from typing import Final

import msgspec

from devstack.stack import LocalStack
from shared.metrics.domain.errors import StorageUnavailableError

HOME_QUERY: Final = """
query Home {
  home {
    asOf timeZone finality
    range { from to }
    comparedRange { from to }
    totalHits { value previous changePercent reason }
    featuresUsed { value previous changePercent reason }
    attendance { value previous changePercent reason orgDays averagePerActiveUser }
    activeUsers { value previous changePercent reason }
    inactiveUsers { value previous changePercent reason }
    hitsByWeek { dates hits isPeak isPartial }
    attendanceByDay { dates activeUsers logins }
    topByHits { rank userId name value previous }
    topByAttendance { rank userId name value previous }
  }
}
"""


class Measure(msgspec.Struct, rename="camel"):
    """A number beside the one before."""

    value: int
    previous: int
    change_percent: float | None
    reason: str | None


class Attendance(Measure, rename="camel"):
    """User-days."""

    org_days: int
    average_per_active_user: float | None


class Weeks(msgspec.Struct, rename="camel"):
    """Hits by week, as parallel lists."""

    dates: list[date]
    hits: list[int]
    is_peak: list[bool]
    is_partial: list[bool]


class Days(msgspec.Struct, rename="camel"):
    """Attendance by day, as parallel lists."""

    dates: list[date]
    active_users: list[int]
    logins: list[int]


class Ranked(msgspec.Struct, rename="camel"):
    """A row of a top list."""

    rank: int
    user_id: str
    name: str | None
    value: int
    previous: int


class Period(msgspec.Struct):
    """A range of days, both ends included."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")


class Home(msgspec.Struct, rename="camel"):
    """The answer."""

    as_of: datetime
    time_zone: str
    finality: str
    range: Period
    compared_range: Period
    total_hits: Measure
    features_used: Measure
    attendance: Attendance
    active_users: Measure
    inactive_users: Measure
    hits_by_week: Weeks
    attendance_by_day: Days
    top_by_hits: list[Ranked]
    top_by_attendance: list[Ranked]


def ask_for_home(stack: LocalStack, tenant: str) -> Home:
    """Home of a tenant over its default period."""
    reply = stack.query(HOME_QUERY, tenant)
    if "errors" in reply.document:
        message = f"Home could not be asked for: {reply.document['errors'][0]['message']}"
        raise StorageUnavailableError(message)
    return msgspec.convert(reply.document["data"]["home"], Home)
