"""What every answer of a view says of itself."""

from datetime import datetime
from typing import TypedDict

import strawberry

from functions.graphql.context import Info
from functions.graphql.enums import Finality
from functions.graphql.object_types.proof import Proof
from shared.metrics.domain.periods import Window, from_milliseconds
from shared.metrics.domain.views import answers
from shared.metrics.engine.figure_requests import ProofRequest


def _proof(root: "Answer", info: Info) -> Proof:
    request = ProofRequest(tenant=info.context.principal.tenant, window=root.days)
    return Proof.of(info.context.views.ask(request))


@strawberry.interface(description="How current and how final an answer is.")
class Answer:
    """The fields that all views share."""

    days: strawberry.Private[Window]

    as_of: datetime = strawberry.field(description="The instant that the answer is for.")
    watermark: datetime = strawberry.field(
        description="Every event that was acknowledged before it is counted."
    )
    is_partial: bool = strawberry.field(description="Whether the range holds an unfinished day.")
    finality: Finality
    definition_version: str = strawberry.field(
        description="The version of the definitions that the numbers follow."
    )
    time_zone: str = strawberry.field(
        description="The IANA name of the tenant's reporting time zone; all days are local in it."
    )
    proof: Proof = strawberry.field(
        resolver=_proof, description="What the numbers of the range were counted from."
    )


class Proved(TypedDict):
    """The values of `Answer`'s fields."""

    days: Window
    as_of: datetime
    watermark: datetime
    is_partial: bool
    finality: Finality
    definition_version: str
    time_zone: str


def proved(proof: answers.Proof) -> Proved:
    """Those values, from the proof that a view gives."""
    return Proved(
        days=proof.window,
        as_of=from_milliseconds(proof.as_of_ms),
        watermark=from_milliseconds(proof.watermark_ms),
        is_partial=proof.is_partial,
        finality=proof.finality,
        definition_version=proof.definition_version,
        time_zone=proof.time_zone,
    )
