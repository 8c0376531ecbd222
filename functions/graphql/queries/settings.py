"""The root field `settings`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.object_types.settings import Settings


def settings(info: Info) -> Settings:
    """The settings of the caller's tenant."""
    info.context.principal.allow(*Role)
    return Settings.of(info.context.tenant_settings.read())
