"""Secrets that are sent as they are."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.credentials import (
    Basic,
    basic_credentials,
    bearer_token,
    carries_secret,
    is_secret,
    without_secrets,
)
from functions.ingest.requests import Request

any_text = st.text(st.characters(exclude_categories=[]), max_size=40)


def basic(pair: str, scheme: str = "Basic") -> str:
    return f"{scheme} {b64encode(pair.encode()).decode()}"


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("abc", ""), ("", "")],
)
def test_a_bearer_token_is_what_follows_the_scheme(header: str, token: str) -> None:
    assert bearer_token(header) == token


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (basic("ann:s3cret"), Basic("ann", "s3cret")),
        (basic("ann:a:b", scheme="BASIC"), Basic("ann", "a:b")),
        (basic("key:"), Basic("key", "")),
        (basic("é:ü"), Basic("é", "ü")),
        (basic("no colon"), Basic("no colon", "")),
        ("Basic not/base64!", Basic()),
        (f"Basic {b64encode(bytes([255])).decode()}", Basic()),
        ("Bearer YTpi", Basic()),
        ("", Basic()),
    ],
)
def test_basic_credentials_are_a_pair(header: str, found: Basic) -> None:
    assert basic_credentials(header) == found


def test_either_of_two_secrets_is_accepted_while_one_is_rotated() -> None:
    """Case 8."""
    for sent, accepted in (("new", True), ("old", True), ("other", False), ("new ", False)):
        assert is_secret(sent, ["new", "old"]) is accepted


def test_an_empty_text_is_no_secret() -> None:
    """Case 9."""
    assert not is_secret("", [""])
    assert not is_secret("", [])


@given(text=any_text)
def test_any_text_is_compared(text: str) -> None:
    assert is_secret(text, ["secret"]) is (text == "secret")
    assert isinstance(bearer_token(text), str)
    assert basic_credentials(text) == Basic() or text.strip().lower().startswith("basic ")


def request(query: str = "", **headers: str) -> Request:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", "/v1/in/s", given, b"", "r", query)


@pytest.mark.parametrize(
    "carrying",
    [
        request(authorization="Bearer s3cret"),
        request(authorization=basic("anyone:s3cret")),
        request(x_api_key="s3cret"),
        request("key=s3cret"),
        request("a=b&code=s3cret"),
        request("key=s%33cret"),
    ],
)
def test_a_secret_is_carried_in_a_header_or_the_query_string(carrying: Request) -> None:
    assert carries_secret(carrying, ["new", "s3cret"], {})
    assert not carries_secret(carrying, ["other"], {})
    assert not carries_secret(carrying, [], {})


def test_the_header_may_be_agreed() -> None:
    agreed = {"header": "X-Our-Secret"}
    assert carries_secret(request(x_our_secret="s3cret"), ["s3cret"], agreed)
    assert not carries_secret(request(x_api_key="s3cret"), ["s3cret"], agreed)


@pytest.mark.parametrize(
    "carrying",
    [
        request(),
        request(x_api_key=""),
        request(x_api_key="s3cret,s3cret"),
        request("key=s3cret&key=s3cret"),
        request("key="),
        request("secret=s3cret"),
        request("&".join(["a=1"] * 1_000) + "&key=s3cret"),
        request(authorization=basic("s3cret:")),
    ],
)
def test_none_or_two_are_not_accepted(carrying: Request) -> None:
    """Case 9: a header that comes twice arrives joined with a comma."""
    assert not carries_secret(carrying, ["s3cret"], {})


@given(query=any_text)
def test_any_query_string_is_searched(query: str) -> None:
    assert isinstance(carries_secret(request(query), ["s3cret"], {}), bool)
    assert b"key=" not in without_secrets(f"{query}&key=s3cret").split(b"&")


def test_a_query_string_is_kept_without_its_secrets() -> None:
    assert without_secrets("a=1&key=s3cret&b=2&code=x&keys=3") == b"a=1&b=2&keys=3"
    assert without_secrets("key=s3cret") == b""
