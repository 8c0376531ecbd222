"""Who is asking: bearer tokens (JWT), verified before anything else is read."""

import re
from dataclasses import dataclass
from typing import Any, Final, Protocol

import jwt

from functions.graphql.errors import ForbiddenError, UnauthenticatedError
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.roles import Role, Viewer

__all__ = ["Principal", "Role", "TokenRules", "issue_token", "verified"]

_BEARER: Final = re.compile(r"[Bb]earer ([A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+)")
_MAX_HEADER: Final = 8_192
_CLOCK_SKEW_SECONDS: Final = 30
"""How far an issuer's clock may be ahead of ours; an expired token gets no such grace."""

_ISSUED_WITH: Final = "HS256"

# pyjwt only warns of a key that is too short to be safe, unless it is told not to accept one.
_TOKENS: Final = jwt.PyJWT(options={"enforce_minimum_key_length": True})


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a verified token. Nothing but it ever names a tenant."""

    tenant: str
    role: Role
    subject: str

    @property
    def viewer(self) -> Viewer:
        """Who looks at what is saved, or saves it."""
        return Viewer(self.subject, self.role)

    def allow(self, *roles: Role) -> str:
        """The tenant to answer for; ForbiddenError unless the role is one of these."""
        if self.role not in roles:
            allowed = " or ".join(role.value for role in roles)
            raise ForbiddenError(f"needs the role {allowed}; the token has {self.role.value}")
        return self.tenant


class TokenRules(Protocol):
    """What a token must be. The algorithm is pinned here, never read from the token."""

    @property
    def token_algorithm(self) -> str:
        """HS256 with a shared secret; RS256 or ES256 with a public key as PEM."""

    @property
    def token_issuer(self) -> str:
        """The `iss` of every token."""

    @property
    def token_audience(self) -> str:
        """The `aud` of every token, or one of them."""


def verified(authorization: str | None, key: str, rules: TokenRules, now_ms: int) -> Principal:
    """The principal of an `Authorization` header.

    UnauthenticatedError, the same for every cause, without a valid token; ForbiddenError when a
    valid one names no tenant or no role of ours.
    """
    claims = _claims(authorization, key, rules)
    now = now_ms // 1000
    if not _number(claims["exp"]) > now >= _number(claims.get("nbf", 0)) - _CLOCK_SKEW_SECONDS:
        raise UnauthenticatedError
    tenant, role = claims.get("tenant"), claims.get("role")
    if not (isinstance(tenant, str) and tenant):
        raise ForbiddenError("the token names no tenant; it needs the claim `tenant`")
    known = [role.value for role in Role]
    if role not in known:
        raise ForbiddenError(f"the token has no role of ours; its claim `role` is one of {known}")
    return Principal(tenant, Role(role), claims["sub"])


def issue_token(
    principal: Principal, key: str, rules: TokenRules, now_ms: int, lifetime_seconds: int = 3600
) -> str:
    """A token for local use. Whoever holds a shared secret can issue; with a public key nobody."""
    if rules.token_algorithm != _ISSUED_WITH:
        message = f"tokens are issued with {_ISSUED_WITH} only, not {rules.token_algorithm}"
        raise BadInputError(message, field="token_algorithm")
    claims = {
        "iss": rules.token_issuer,
        "aud": rules.token_audience,
        "sub": principal.subject,
        "tenant": principal.tenant,
        "role": principal.role.value,
        "exp": now_ms // 1000 + lifetime_seconds,
    }
    return _TOKENS.encode(claims, key, algorithm=_ISSUED_WITH)


def _claims(authorization: str | None, key: str, rules: TokenRules) -> dict[str, Any]:
    bearer = _BEARER.fullmatch((authorization or "")[:_MAX_HEADER])
    if bearer is None:
        raise UnauthenticatedError
    try:
        return _TOKENS.decode(
            bearer[1],
            key,
            algorithms=[rules.token_algorithm],
            issuer=rules.token_issuer,
            audience=rules.token_audience,
            # pyjwt would look at the clock itself; `verified` compares the times.
            options={
                "require": ["exp", "iss", "aud", "sub"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except jwt.InvalidTokenError:
        raise UnauthenticatedError from None


def _number(claim: object) -> float:
    """A NumericDate; anything else compares false with every time, and so is never valid."""
    return claim if isinstance(claim, int | float) else float("nan")
