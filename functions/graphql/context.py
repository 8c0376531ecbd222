"""What a resolver has at hand, and what this function needs of the wired services."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

import strawberry

from functions.graphql.auth import Principal, TokenRules
from shared.metrics.engine.requests import Request

A = TypeVar("A")


class Views(Protocol):
    """The views, loaded and computed."""

    def ask(self, request: Request[A], /) -> A:
        """The answer to a request."""


class Settings(TokenRules, Protocol):
    """The settings of this function."""

    @property
    def token_key(self) -> str:
        """The key of the tokens, or where it is (see keys.py)."""

    @property
    def introspection(self) -> bool:
        """Whether clients may read the schema, and are helped with names; off in production."""


class Services(Protocol):
    """What the handler is given."""

    @property
    def settings(self) -> Settings:
        """The settings, read once."""

    @property
    def views(self) -> Views:
        """The views."""

    @property
    def clock(self) -> Callable[[], int]:
        """The time now, in milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Context:
    """Made for each request."""

    principal: Principal
    views: Views


Info: TypeAlias = strawberry.Info[Context, None]
