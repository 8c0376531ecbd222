"""Secrets that are sent as they are."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.credentials import Basic, basic_credentials, bearer_token, is_secret

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
