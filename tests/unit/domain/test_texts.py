"""Names and notes are held to what can be shown."""

import pytest

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.texts import one_line, some_lines


@pytest.mark.parametrize("text", ["a", " a\n", "Ö 😀", "x" * 10])
def test_a_name_is_kept_without_the_space_around_it(text: str) -> None:
    assert one_line(text, "name", 10) == text.strip()


@pytest.mark.parametrize("text", ["", "  ", "x" * 11, "a\nb", "a\0b", "\ud800", "\u202ea"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="name has 1 to 10 printable") as refused:
        one_line(text, "name", 10)
    assert refused.value.field == "name"


def test_a_note_keeps_its_lines() -> None:
    assert some_lines(" a \r\n\n b\n", "text", 10) == "a\n\n b"


@pytest.mark.parametrize("text", ["", " \n ", "x" * 11, "a\n\0", "\ud800"])
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="line breaks"):
        some_lines(text, "text", 10)
