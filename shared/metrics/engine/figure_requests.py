"""What can be asked of a figure: its proof, and the members behind it."""

from dataclasses import dataclass

from shared.metrics.domain.buckets import Bucket
from shared.metrics.domain.parts import Part
from shared.metrics.domain.selection import EVERYTHING, FeatureSelection
from shared.metrics.domain.views.evidence import Evidence
from shared.metrics.domain.views.members import Figure, MembersAnswer
from shared.metrics.engine.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRequest(Request[Evidence]):
    """The proof of a window, whoever is asked about. With `same_hours_as_ms` its last day counts
    only as far as today has come at that instant, as in the earlier period of a comparison.
    """

    same_hours_as_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of Popularity: the hits of the selection whose part has this name."""

    part: Part
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersRequest(Request[MembersAnswer]):
    """A page of the members of a figure. `row` goes with POPULARITY alone, `bucket` with the
    figures of Frequency. With `same_hours_as_ms` the window's last day counts only as far as today
    has come at that instant, as in the earlier period of a comparison.
    """

    figure: Figure
    selection: FeatureSelection = EVERYTHING
    row: Row | None = None
    bucket: Bucket | None = None
    same_hours_as_ms: int | None = None
    first: int = 50
    after: str | None = None
