from datetime import date

import pytest

from devstack.demo.company import Company
from tests.unit.devstack_demo.zylker import ONE_DAY, features, usage, window

CONTINUED_FOR = 30


@pytest.mark.parametrize(
    "first_shown",
    [
        *(date(2026, 11, 16 + weekday) for weekday in range(7)),
        date(2027, 1, 1),  # the last day of the retired features in a time of holidays
        date(2027, 1, 24),
        date(2028, 2, 29),
        date(2026, 4, 28),  # it is the day when clocks go forward
        date(2026, 11, 24),  # and here when they go back
    ],
)
def test_a_hundred_become_97_on_every_day_that_the_demo_can_be_continued(first_shown: date) -> None:
    company = Company(first_shown, size=12)
    last = first_shown + (CONTINUED_FOR - 1) * ONE_DAY
    days = usage(company, first_shown - 59 * ONE_DAY, last)
    for later in range(CONTINUED_FOR):
        shown = first_shown + later * ONE_DAY
        before = features(days, window(shown - 30 * ONE_DAY, 30))
        assert (len(before), len(features(days, window(shown, 30)))) == (100, 97), shown
