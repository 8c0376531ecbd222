"""`crm-metrics tenant name-feature`."""

from typing import Annotated

import typer

from devstack.deployment import opened
from devstack.options import DEFAULT_DATA_DIR, DataDir, Tables, TenantName
from devstack.output import say
from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.errors import BadInputError
from shared.metrics.storage.tenant_catalogue import name_feature, named_feature


def set_named_feature(
    name: Annotated[str, typer.Argument(metavar="FEATURE", help="As its events are kept.")],
    *,
    tenant: TenantName,
    category: Annotated[
        str | None,
        typer.Option(metavar="CATEGORY", help="Such as MODULES; without it, it is taken out."),
    ] = None,
    properties: Annotated[
        list[str] | None,
        typer.Option("--property", metavar="NAME[=A,B]", help="With its attributes; repeatable."),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    tables: Tables = None,
) -> None:
    """Put a feature into the tenant's catalogue, or take it out again."""
    feature = None
    if category is not None:
        feature = named_feature(_category(category), dict(map(_property, properties or ())))
    with opened(data_dir, tables) as stack:
        after = name_feature(stack.services.tenants, tenant, name, feature)
    say(f"{tenant} has {len(after.named_features)} features of its own")


def _category(text: str) -> Category:
    try:
        return Category[text.upper()]
    except KeyError:
        names = ", ".join(category.name for category in Category)
        message = f"there is no category {text!r}; there are {names}"
        raise BadInputError(message, field="category") from None


def _property(text: str) -> tuple[str, list[str]]:
    name, _, attributes = text.partition("=")
    return name, [attribute for attribute in attributes.split(",") if attribute]
