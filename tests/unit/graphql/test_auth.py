"""Tokens: who is let in, and that everyone else hears the same."""

from base64 import urlsafe_b64encode
from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from functions.graphql.auth import Principal, Role, issue_token, verified
from functions.graphql.errors import Code, UnauthenticatedError, code_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.settings import Settings
from tests.unit.graphql.fakes import (
    KEY,
    NOW_MS,
    FakeServices,
    Reply,
    ask,
    event,
    headers,
    reply_to,
    token,
)

NOW = NOW_MS // 1000
QUERY = "{ home { asOf } }"


def unsigned() -> str:
    claims = jwt.decode(token(), options={"verify_signature": False})
    return jwt.encode(claims, "", algorithm="none")


def with_last_byte_changed() -> str:
    good = token()
    return good[:-2] + ("AA" if good[-2:] != "AA" else "BA")


def asked_with(authorization: str) -> Reply:
    return ask(QUERY, authorization=authorization)


NOT_VALID: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "another scheme": lambda: f"Basic {token()}",
    "no token": lambda: "Bearer ",
    "no JWT": lambda: "Bearer abc",
    "unsigned": lambda: f"Bearer {unsigned()}",
    "unsigned, with a signature": lambda: f"Bearer {unsigned()}AAAA",
    "another key": lambda: f"Bearer {token('another key of more than thirty-two bytes')}",
    "another algorithm": lambda: f"Bearer {token(KEY * 2, 'HS512')}",
    "changed": lambda: f"Bearer {with_last_byte_changed()}",
    "expired": lambda: f"Bearer {token(exp=NOW)}",
    "never expires": lambda: f"Bearer {token(exp=None)}",
    "expires at no time": lambda: f"Bearer {token(exp=[1])}",
    "expires at no number": lambda: f"Bearer {token(exp=float('nan'))}",
    "not yet valid": lambda: f"Bearer {token(nbf=NOW + 31)}",
    "valid from no time": lambda: f"Bearer {token(nbf='now')}",
    "wrong issuer": lambda: f"Bearer {token(iss='someone')}",
    "no issuer": lambda: f"Bearer {token(iss=None)}",
    "wrong audience": lambda: f"Bearer {token(aud='something')}",
    "no audience": lambda: f"Bearer {token(aud=None)}",
    "no subject": lambda: f"Bearer {token(sub=None)}",
    "subject is no text": lambda: f"Bearer {token(sub=7)}",
    "two tokens": lambda: f"Bearer {token()}, Bearer {token()}",
    "very long": lambda: f"Bearer {token(filler='x' * 9_000)}",
}


@pytest.mark.parametrize("cause", NOT_VALID)
def test_without_a_valid_token_the_answer_is_the_same_401_for_every_cause(cause: str) -> None:
    reply = asked_with(NOT_VALID[cause]())
    assert reply == asked_with("")
    assert reply.status == 401
    assert reply.code == "UNAUTHENTICATED"
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert "data" not in reply.body


def test_no_authorization_header_is_like_a_wrong_one() -> None:
    bare = headers()
    del bare["authorization"]
    assert reply_to(event(body='{"query": "{ __typename }"}', headers=bare)) == asked_with("")


def test_nothing_is_read_before_the_token_is_verified() -> None:
    services = FakeServices()
    wrong = headers(authorization="Bearer x", content_type="text/plain", accept="image/png")
    assert reply_to(event(body=b"\xff", headers=wrong), services).status == 401
    assert services.views.asked == []


@pytest.mark.parametrize("tenant", [None, "", 7, ["acme"]])
def test_a_token_without_a_tenant_is_forbidden(tenant: object) -> None:
    reply = asked_with(f"Bearer {token(tenant=tenant)}")
    assert (reply.status, reply.code) == (403, "FORBIDDEN")


@pytest.mark.parametrize("role", [None, "", "root", 7, ["admin"], {"admin": True}])
def test_a_token_without_a_role_of_ours_is_forbidden(role: object) -> None:
    reply = asked_with(f"Bearer {token(role=role)}")
    assert (reply.status, reply.code) == (403, "FORBIDDEN")


def test_the_tenant_is_that_of_the_token() -> None:
    services = FakeServices()
    ask(QUERY, services, authorization=f"bearer {token(tenant='globex')}")
    assert [request.tenant for request in services.views.asked] == ["globex"]


@pytest.mark.parametrize("claims", [{"aud": ["x", Settings().token_audience]}, {"nbf": NOW + 30}])
def test_a_token_may_have_more_audiences_and_an_issuer_whose_clock_is_ahead(
    claims: dict[str, object],
) -> None:
    assert asked_with(f"Bearer {token(**claims)}").status == 200


def test_a_rep_sees_numbers_and_no_people() -> None:
    rep = f"Bearer {token(role='rep')}"
    assert ask("{ home { asOf } trends { asOf } }", authorization=rep).data
    for query in ("home { topByHits { name } }", "home { topByAttendance { name } }"):
        reply = ask(f"{{ {query} }}", authorization=rep)
        assert (reply.status, reply.code, reply.body["data"]) == (200, "FORBIDDEN", None)


@pytest.mark.parametrize(("role", "may"), [("admin", True), ("manager", True), ("rep", False)])
def test_user_analytics_is_for_admins_and_managers(role: str, may: bool) -> None:  # noqa: FBT001
    services = FakeServices()
    reply = ask(
        "{ userAnalytics { totalCount } }", services, authorization=f"Bearer {token(role=role)}"
    )
    assert ("errors" not in reply.body) == may == bool(services.views.asked)


def test_an_issued_token_is_accepted_until_it_expires() -> None:
    principal = Principal("acme", Role.MANAGER, "u1")
    issued = issue_token(principal, KEY, Settings(), NOW_MS, lifetime_seconds=60)
    assert verified(f"Bearer {issued}", KEY, Settings(), NOW_MS + 59_000) == principal
    with pytest.raises(UnauthenticatedError):
        verified(f"Bearer {issued}", KEY, Settings(), NOW_MS + 61_000)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_public_key_verifies_and_cannot_be_used_as_a_shared_secret(algorithm: str) -> None:
    private = (
        rsa.generate_private_key(65_537, 2048)
        if algorithm == "RS256"
        else ec.generate_private_key(ec.SECP256R1())
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    rules = Settings(token_algorithm=algorithm)
    right = f"Bearer {token(pem, algorithm)}"
    assert verified(right, public.decode(), rules, NOW_MS).tenant == "acme"
    with pytest.raises(UnauthenticatedError):
        verified(f"Bearer {token()}", public.decode(), rules, NOW_MS)
    with pytest.raises(BadInputError):
        issue_token(Principal("acme", Role.ADMIN, "u1"), pem, rules, NOW_MS)


@pytest.mark.filterwarnings("ignore:The HMAC key is")
@pytest.mark.parametrize("kind", ["empty", "short", "a public key as a shared secret"])
def test_with_a_key_that_is_none_nobody_is_let_in(kind: str) -> None:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    key = {"empty": "", "short": "short"}.get(kind, pem)
    services = FakeServices(settings=Settings(token_key=key))
    reply = ask(QUERY, services)
    assert (reply.status, reply.code) == (500, "INTERNAL")
    assert services.views.asked == []


@given(st.text() | st.binary().map(lambda raw: f"Bearer {urlsafe_b64encode(raw).decode()}.e30.e30"))
def test_any_other_header_is_unauthenticated(authorization: str) -> None:
    with pytest.raises(UnauthenticatedError) as caught:
        verified(authorization, KEY, Settings(), NOW_MS)
    assert code_of(caught.value) is Code.UNAUTHENTICATED
