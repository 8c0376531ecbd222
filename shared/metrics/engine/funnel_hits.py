"""The hits that a funnel is made of, by the steps that they can fill and by unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.identities import Identities, places_among
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.funnel_answer import FunnelUnit
from shared.metrics.domain.views.funnel_step_hits import (
    NO_UNIT,
    FunnelRules,
    StepHits,
    has_entered,
    numbers_of_some,
    renumbered,
)
from shared.metrics.engine.funnel_request import FunnelQuestion, FunnelRequest
from shared.metrics.engine.hit_pieces import HitsPiece, HitsReading
from shared.metrics.engine.masks import Mask, counted
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import PeopleFilter
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.engine.span_hits import MOST_HITS, read_hits
from shared.metrics.engine.usage import check_known

_PATHS_AT_ONCE: Final = 16
_NOT_WANTED: Final = -1


@dataclass(frozen=True, slots=True)
class Units:
    """The units that have entered, by number: `at` has their numbers in a reading."""

    unit: FunnelUnit
    at: NDArray[np.int64]
    reading: HitsReading

    def __len__(self) -> int:
        """How many."""
        return len(self.at)

    def identities(self) -> Identities:
        """Those of the records or accounts."""
        return self.reading.identities(self.at)


@dataclass(frozen=True, slots=True)
class Entered:
    """The units that have entered, and the hits that can fill steps: those of any unit, whether it
    has entered or not. `person` has for each of `hits` the people by number, if they are needed.
    """

    units: Units
    hits: list[StepHits]
    person: list[NDArray[Any]]


class FunnelHits:
    """Reads the hits of a funnel over a reading whose span is its range and the window after."""

    def __init__(self, question: Question, request: FunnelQuestion[Any], reading: Reading) -> None:
        """BadInputError if a step selects what there cannot be."""
        self._reading = reading
        self._request = request
        self._steps_of_path = np.zeros(len(reading.snapshot.paths), np.int64)
        for number, step in enumerate(request.steps):
            covered = _covered(reading.snapshot, step.selection)
            if not covered.any():
                check_known(reading, step.selection, f"steps[{number}]")
            self._steps_of_path |= covered.astype(np.int64) << number
        self._masks = [_mask_of(question, reading, step.people) for step in request.steps]
        self._is_filtered = any(mask is not None for mask in self._masks)

    def entered(self, rules: FunnelRules) -> Entered:
        """The units that have entered, with their hits."""
        unit, reading, pieces = self._of_steps()
        hits = [_step_hits(piece) for piece in pieces]
        entered = has_entered(hits, rules, reading.numbers)
        return Entered(
            Units(unit, np.flatnonzero(entered), reading),
            renumbered(hits, numbers_of_some(entered)),
            [piece.person for piece in pieces],
        )

    def _of_steps(self) -> tuple[FunnelUnit, HitsReading, list[HitsPiece]]:
        """The hits that can fill steps, of the unit that is asked for. If none is: of records, if
        there are hits and all of them have one.
        """
        selected = self._steps_of_path > 0
        asked = self._request.unit
        unit = asked or FunnelUnit.RECORD
        reading = self._read(selected, unit)
        pieces = self._filling(reading)
        if asked is not None or (reading.is_whole and any(map(len, pieces))):
            return unit, reading, pieces
        by_person = self._read(selected, FunnelUnit.USER)
        of_people = self._filling(by_person)
        hits = sum(map(len, of_people))
        if hits and sum(map(len, pieces)) == hits:
            return unit, reading, pieces
        return FunnelUnit.USER, by_person, of_people

    def _filling(self, reading: HitsReading) -> list[HitsPiece]:
        return [piece for piece in self._filtered(reading.pieces) if piece.of]

    def between(self, units: Units) -> list[StepHits]:
        """The other hits of the units: those of no step, for the order STRICT."""
        _check_number(self._reading.snapshot)
        found = []
        paths = np.flatnonzero((self._steps_of_path == 0) | self._is_filtered)
        for first in range(0, len(paths), _PATHS_AT_ONCE):
            selected = np.zeros(len(self._steps_of_path), bool)
            selected[paths[first : first + _PATHS_AT_ONCE]] = True
            reading = self._read(selected, units.unit)
            pieces = [piece for piece in self._filtered(reading.pieces) if not piece.of]
            hits = [_step_hits(piece) for piece in pieces]
            of_units = renumbered(hits, self._numbers(units, reading))
            found += [part.only(part.unit != NO_UNIT) for part in of_units]
        return found

    def rows(self, times_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of the day of each instant in the span."""
        return np.searchsorted(self._starts_ms, times_ms, side="right") - 1

    @cached_property
    def _starts_ms(self) -> NDArray[np.int64]:
        calendar = self._reading.snapshot.data.calendar
        return np.array([calendar.start_ms(day) for day in self._reading.span.days()], np.int64)

    def _read(self, selected: NDArray[np.bool_], unit: FunnelUnit) -> HitsReading:
        """The hits of some paths by the steps that they can fill."""
        request = self._request
        needs_people = (
            self._reading.mask is not None
            or self._is_filtered
            or (isinstance(request, FunnelRequest) and request.group_by is not None)
        )
        return read_hits(
            self._reading.snapshot,
            np.where(selected, self._steps_of_path, _NOT_WANTED),
            unit,
            with_people=needs_people,
        )

    def _filtered(self, pieces: Sequence[HitsPiece]) -> list[HitsPiece]:
        """The hits of those who count, by the steps whose filter they match."""
        mask = self._reading.mask
        found = []
        for piece in pieces:
            filters = [
                (step, of_step)
                for step, of_step in enumerate(self._masks)
                if piece.of >> step & 1 and of_step is not None
            ]
            if mask is None and not filters:
                found.append(piece)
                continue
            row = self.rows(piece.times_ms)
            fills = np.full(len(piece), piece.of, np.int64)
            for step, of_step in filters:
                fills[~of_step[row, piece.person]] &= ~(1 << step)
            if mask is not None:
                fills[~mask[row, piece.person]] = _NOT_WANTED
            there = np.unique(fills[fills != _NOT_WANTED]).tolist()
            found += [piece.only(fills == steps, steps) for steps in there]
        return found

    def _numbers(self, units: Units, reading: HitsReading) -> NDArray[np.int64]:
        """The unit of each number of another reading, and NO_UNIT for none."""
        if units.unit is FunnelUnit.USER:
            is_unit = np.zeros(reading.numbers, bool)
            is_unit[units.at] = True
            return numbers_of_some(is_unit)
        every = reading.identities(np.arange(reading.numbers))
        return np.append(places_among(units.identities(), every), NO_UNIT)


def _check_number(snapshot: Snapshot) -> None:
    hits = sum(sums.hits for sums in snapshot.sums.values())
    if hits > MOST_HITS:
        message = (
            f"the order STRICT would have to look at {hits:,} hits one by one; at most "
            f"{MOST_HITS:,} can be: give a shorter range or window, or another order"
        )
        raise BadInputError(message, field="order")


def _covered(snapshot: Snapshot, selection: FeatureSelection) -> NDArray[np.bool_]:
    """Which paths a selection covers; there are many of a feature, so that is asked first."""
    paths, catalogue = snapshot.paths, snapshot.data.catalogue
    features = {feature for feature, *_ in paths}
    may_be = {name for name in features if selection.covers_feature(name, catalogue)}
    return np.array(
        [path[0] in may_be and selection.covers(path, catalogue) for path in paths], bool
    )


def _mask_of(question: Question, reading: Reading, people: PeopleFilter) -> Mask | None:
    """Days × people: who matches the filter of a step. None: everyone."""
    if not people.conditions():
        return None
    snapshot, span = reading.snapshot, reading.span
    calendar, now_ms = question.data.calendar, question.as_of_ms
    return counted(snapshot.roster_index, people, span, calendar, now_ms)


def _step_hits(piece: HitsPiece) -> StepHits:
    """The hits with their numbers in the reading."""
    return StepHits(piece.of, piece.base_ms, piece.times, piece.code, piece.number_of_code)
