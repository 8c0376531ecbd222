"""Extends a tenant's catalogue by features of its own. They stand in the tenant's settings, which
are read for each answer in any case, so that they cost answers nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from shared.metrics.domain.catalogue import CATALOGUE, Category, NamedFeature
from shared.metrics.domain.errors import BadInputError, ConflictError
from shared.metrics.domain.texts import one_line
from shared.metrics.storage.tenants import Tenant, TenantStore

MAX_NAMED: Final = 500
MAX_NAME: Final = 200
MAX_PROPERTIES: Final = 50
MAX_ATTRIBUTES: Final = 50
_MAX_TRIES: Final = 5


def named_feature(
    category: Category, properties: Mapping[str, Sequence[str]] | None = None
) -> NamedFeature:
    """What is said of a feature; BadInputError if it is too much, or a name is none."""
    given = properties or {}
    if len(given) > MAX_PROPERTIES or any(len(of) > MAX_ATTRIBUTES for of in given.values()):
        message = (
            f"a feature may have {MAX_PROPERTIES} properties, and each {MAX_ATTRIBUTES} attributes"
        )
        raise BadInputError(message, field="properties")
    return NamedFeature(
        category,
        {
            one_line(name, "properties", MAX_NAME): tuple(
                one_line(attribute, "properties", MAX_NAME) for attribute in attributes
            )
            for name, attributes in given.items()
        },
    )


def name_feature(
    tenants: TenantStore, tenant: str, name: str, feature: NamedFeature | None
) -> Tenant:
    """Put a feature into the tenant's catalogue, or (None) take it out again; the settings then.

    `name` is that under which its events are kept. BadInputError if it is built in, or there are
    too many; ConflictError if the settings change all the time.
    """
    own = one_line(name, "name", MAX_NAME)
    if own in CATALOGUE:
        raise BadInputError(f"{own!r} is in the built-in catalogue", field="name")
    for _ in range(_MAX_TRIES):
        before = tenants.stored(tenant)
        known = {other: of for other, of in before.tenant.named_features.items() if other != own}
        if feature is not None:
            known[own] = feature
        if len(known) > MAX_NAMED:
            message = f"there are {MAX_NAMED} features of your own already; take one out first"
            raise BadInputError(message, field="name")
        after = replace(before.tenant, named_features=known)
        if after == before.tenant or tenants.replace(before, after):
            return after
    raise ConflictError(f"the settings of {tenant!r} were changed meanwhile; repeat the change")
