"""The catalogue: reads what was ever used, and lets the domain list it."""

import numpy as np

from shared.metrics.domain.views import features as domain
from shared.metrics.domain.views.features import FeaturesAnswer
from shared.metrics.engine.ever_used import paths_ever_used
from shared.metrics.engine.hub_requests import FeaturesRequest
from shared.metrics.engine.question import Question


def features(question: Question, request: FeaturesRequest) -> FeaturesAnswer:
    """Answer with the catalogue: what the days of the window used, and all that was ever folded."""
    asked = question.asked(request)
    snapshot = question.snapshots.read(question.data, asked.window)
    names = snapshot.features.names
    rows, numbers = np.nonzero(snapshot.features_by_day())  # row by row: the last one stands
    days = asked.window.days()
    last_used = {
        names[number]: days[row]
        for row, number in zip(rows.tolist(), numbers.tolist(), strict=True)
    }
    return domain.features(
        [*snapshot.paths, *paths_ever_used(question.data)],
        last_used,
        question.data.catalogue,
        search=request.search,
        category=request.category,
        proof=question.proof(asked, asked.window),
    )
