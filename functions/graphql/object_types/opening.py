"""How the figures of an answer are opened: what their members and proofs are asked with."""

from dataclasses import dataclass, replace
from typing import Self

from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import EVERYTHING, FeatureSelection
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.members import Figure
from shared.metrics.engine.figure_requests import MembersRequest, ProofRequest
from shared.metrics.engine.requests import PeopleFilter


@dataclass(frozen=True, slots=True)
class Opening:
    """A figure of an answer, and of the period that it is compared with."""

    members: MembersRequest
    previous_members: MembersRequest

    @classmethod
    def of(
        cls,
        figure: Figure,
        *,
        tenant: str,
        people: PeopleFilter,
        proof: Proof,
        compared: Window,
        selection: FeatureSelection = EVERYTHING,
    ) -> Self:
        """The opening of a figure of an answer with this proof."""
        members = MembersRequest(
            tenant=tenant,
            window=proof.window,
            people=people,
            figure=figure,
            selection=selection,
        )
        cut_ms = proof.as_of_ms if proof.is_partial else None
        return cls(members, replace(members, window=compared, same_hours_as_ms=cut_ms))

    @property
    def proof(self) -> ProofRequest:
        """What asks for the proof of the figure."""
        return _proof_of(self.members)

    @property
    def previous_proof(self) -> ProofRequest:
        """What asks for the proof of the one that it is compared with."""
        return _proof_of(self.previous_members)


def _proof_of(members: MembersRequest) -> ProofRequest:
    return ProofRequest(
        tenant=members.tenant, window=members.window, same_hours_as_ms=members.same_hours_as_ms
    )
