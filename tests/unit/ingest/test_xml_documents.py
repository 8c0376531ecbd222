"""XML that anyone may send."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest.requests import RefusedError
from functions.ingest.xml_documents import MAX_DEPTH, MAX_ELEMENTS, root_of

BOMB = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]><b>&c;</b>"""
EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def test_elements_are_found_by_their_names_without_namespaces() -> None:
    body = (
        b'<s:a xmlns:s="urn:s" xmlns:x="urn:x" x:type="s:D"> <s:b>1</s:b><b> 2 &amp; 3 </b></s:a>'
    )
    root = root_of(body)
    assert (root.name, root.attributes, root.text) == ("a", {"type": "s:D"}, "")
    assert [each.text for each in root.named("b")] == ["1", "2 & 3"]
    assert (root.text_of("b"), root.text_of("c"), root.child("c")) == ("1", "", None)


def test_an_element_knows_its_bytes() -> None:
    body = "<a>é<b x='1'>2</b ><b/></a>".encode()
    found = [body[each.start : each.end] for each in root_of(body).named("b")]
    assert found == [b"<b x='1'>2</b >", b"<b/>"]


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        EXTERNAL,
        b"<!DOCTYPE a><a/>",
        b"<a>&unknown;</a>",
        b"",
        b"text",
        b"<a>",
        b"<a/><b/>",
        b"<a>\xe9</a>",
        "<a>é</a>".encode("utf-16"),
        b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>',
        b'<?xml version="1.0" encoding="nonsense"?><a>\xff</a>',
        b"<a>\0</a>",
        "<a/>".encode("utf-16-le"),
        b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1),
        b"<a>" * 100_000,
        b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>",
    ],
)
def test_what_is_dangerous_or_malformed_is_refused(body: bytes) -> None:
    """Cases 17 and 18, and what XML has of its own: entities that multiply, or name a file."""
    with pytest.raises(RefusedError) as caught:
        root_of(body)
    assert caught.value.status == 400
    assert "passwd" not in str(caught.value)


def test_text_in_many_pieces_is_read_in_time() -> None:
    body = b"<a>" + b"x<b/>" * (MAX_ELEMENTS - 1) + b"</a>"
    assert len(root_of(body).text) == MAX_ELEMENTS - 1


@given(body=st.binary(max_size=60) | st.text("<>/&;a!=\"' ", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(RefusedError):
        assert root_of(body).name
