"""Working-day attendance (definitions §4): attended working days of the person's own calendar."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class WorkingAttendance:
    """Days of each person, by number."""

    attended_working_days: NDArray[np.int64]
    working_days: NDArray[np.int64]
    attended_other_days: NDArray[np.int64]

    def rate(self, person: int) -> float | None:
        """Attended working days / working days; None for a person who had none."""
        possible = int(self.working_days[person])
        return int(self.attended_working_days[person]) / possible if possible else None


def working_attendance(
    present: NDArray[np.bool_], working: NDArray[np.bool_], calendar: NDArray[np.intp]
) -> WorkingAttendance:
    """Attendance against working calendars.

    `present` is days × people, `working` calendars × days, `calendar` the calendar of each person.
    Days that must not count at all, such as those without data, are False in both.
    """
    of_person = working.T[:, calendar]
    attended: NDArray[np.int64] = np.count_nonzero(present & of_person, axis=0).astype(np.int64)
    possible: NDArray[np.int64] = np.count_nonzero(working, axis=1)[calendar].astype(np.int64)
    all_days: NDArray[np.int64] = np.count_nonzero(present, axis=0).astype(np.int64)
    return WorkingAttendance(attended, possible, all_days - attended)
