"""Working-day attendance (definitions §4): attended working days of the person's own calendar."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class WorkingDayAttendance:
    """That of one person. `rate` = attended working days / working days; None without any.
    `is_default_calendar`: on some day the default calendar stood in for an unknown country.
    """

    attended_working_days: int
    working_days: int
    attended_other_days: int
    rate: float | None
    is_default_calendar: bool


def working_attendance(
    present: NDArray[np.bool_], working: NDArray[np.bool_], is_default: NDArray[np.bool_]
) -> list[WorkingDayAttendance]:
    """The attendance of each person against their calendar.

    `present` and `working` are days × people: who was there, and for whom it was a working day.
    Days that must not count at all, such as those without data, are False in both. `is_default`
    is by person.
    """
    attended = np.count_nonzero(present & working, axis=0).tolist()
    possible = np.count_nonzero(working, axis=0).tolist()
    others = np.count_nonzero(present & ~working, axis=0).tolist()
    return [
        WorkingDayAttendance(came, days, other, came / days if days else None, stands_in)
        for came, days, other, stands_in in zip(
            attended, possible, others, is_default.tolist(), strict=True
        )
    ]
