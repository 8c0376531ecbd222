"""What can be done in the company's CRM: the catalogue's features, and how often each is used."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.catalogue import CATALOGUE, RECORDS_ADDED, VIEWS, Category
from shared.metrics.domain.events import LOGIN

Path = tuple[str, str, str, str]
"""Feature, property, attribute, action."""

MODULES: Final = [name for name, at in CATALOGUE.items() if at.category is Category.MODULES]


def _paths() -> list[Path]:
    paths = [("", "", "", LOGIN)]
    for feature in CATALOGUE.values():
        if not feature.properties:
            paths.append((feature.name, "", "", "use"))
        for prop, attributes in feature.properties.items():
            action = "view" if prop == VIEWS else "create" if prop == RECORDS_ADDED else "use"
            paths += [(feature.name, prop, attribute, action) for attribute in attributes or ("",)]
    return paths


PATHS: Final = _paths()
LOGIN_PATH: Final = 0
LEAD_ADDED: Final = PATHS.index(("Leads", RECORDS_ADDED, "", "create"))
DEAL_ADDED: Final = PATHS.index(("Deals", RECORDS_ADDED, "", "create"))
HAS_RECORD: Final = np.array([feature in MODULES for feature, *_ in PATHS])


def frequencies() -> NDArray[np.float64]:
    """How likely each path is: a few are used all the time, most hardly ever; leads and deals are
    looked at most. Logins, and records added to leads, are drawn apart, and 0 here.
    """
    rank = 1 + np.random.default_rng(11).permutation(len(PATHS))
    weight = rank**-1.1
    for at, (feature, prop, _, _) in enumerate(PATHS):
        if prop == VIEWS and feature in ("Leads", "Deals"):
            weight[at] = 0.12
    weight[DEAL_ADDED] = 0.05
    weight[[LOGIN_PATH, LEAD_ADDED]] = 0
    likely: NDArray[np.float64] = weight / weight.sum()
    return likely
