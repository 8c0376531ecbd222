"""Who was trained when, and who of the same role was not."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.people import People
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.record_types import RecordType

NEVER = np.iinfo(np.int64).max


class Trainings:
    """The first training of each person, as it is known when asked; arrays of one entry a person.

    The outcome of a training is what a person does in so many days after it, less what they did in
    as many days before it.
    """

    def __init__(self, people: People, days: int) -> None:
        self.people = people
        self.days = days
        self._scope = people.scope.read_at(people.scope.as_of_ms)

    @cached_property
    def is_told(self) -> bool:
        """Whether any training was ever told of."""
        return len(self._scope.table(RecordType.TRAINING)) > 0

    @cached_property
    def first_day(self) -> NDArray[np.int64]:
        """The local day of the first one that was completed; the largest int64 without one."""
        table = self._scope.table(RecordType.TRAINING)
        person = self.people.table.rows_of(table.column("person").values)
        day, completed = table.column("date"), table.column("is_completed")
        is_missed = completed.known & ~completed.values.astype(bool)
        counts = (person != NO_RECORD) & day.known & ~is_missed
        counts &= day.values <= self._scope.day(self._scope.at_ms)
        first = np.full(len(self.people), NEVER)
        np.minimum.at(first, person[counts], day.values[counts])
        return first

    @cached_property
    def trained(self) -> NDArray[np.bool_]:
        """Who was first trained in the period, so long ago that the days after it are over."""
        scope = self._scope
        inside = (self.first_day >= scope.day(scope.start_ms)) & (self.first_day <= scope.last_day)
        found = self.people.is_employed & inside
        ends_ms = scope.starts_ms(self.first_day[found] + self.days + 1)
        found[found] = ends_ms <= scope.as_of_ms
        return found

    @cached_property
    def peers(self) -> NDArray[np.bool_]:
        """Who has the role of somebody who was trained, and never was."""
        has_trained = np.zeros(len(self._role_names) + 1, bool)
        has_trained[self._role[self.trained]] = True
        peers: NDArray[np.bool_] = (
            self.people.is_employed & (self.first_day == NEVER) & has_trained[self._role]
        )
        return peers

    def changes(
        self, person: NDArray[np.int64], at_ms: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The outcome of each trained person, given who did something when; and that of each peer:
        the mean over the trainings of their role, as if they had been trained on those days.
        """
        day = self._scope.days(at_ms)
        return self._change_of_trained(person, day), self._change_of_peers(person, day)

    def _change_of_trained(
        self, person: NDArray[np.int64], day: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        own = self.trained[person]
        distance = day[own] - self.first_day[person[own]]
        weight = np.where(np.abs(distance) <= self.days, np.sign(distance), 0)
        return np.bincount(person[own], weight, len(self.people)).astype(np.float64)

    def _change_of_peers(
        self, person: NDArray[np.int64], day: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        trained_on = self.first_day[self.trained]
        if not len(trained_on):
            return np.zeros(len(self.people))
        first = int(trained_on.min()) - self.days
        width = int(trained_on.max()) + self.days + 1 - first
        weight = np.zeros((len(self._role_names) + 1, width))
        role = self._role[self.trained]
        number = np.bincount(role, minlength=len(weight))
        for each, on in zip(role.tolist(), (trained_on - first).tolist(), strict=True):
            weight[each, on - self.days : on] -= 1 / number[each]
            weight[each, on + 1 : on + self.days + 1] += 1 / number[each]
        counts = self.peers[person] & (day >= first) & (day < first + width)
        weights = weight[self._role[person[counts]], day[counts] - first]
        return np.bincount(person[counts], weights, len(self.people)).astype(np.float64)

    @cached_property
    def _role(self) -> NDArray[np.int64]:
        """A code of the role of each person; those without one are alike."""
        role = self.people.table.column("role")
        return np.where(role.known, role.values, len(self._role_names)).astype(np.int64)

    @cached_property
    def _role_names(self) -> list[str]:
        return list(self.people.table.column("role").names)
