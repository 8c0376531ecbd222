"""Patterns of valid texts, as field policies have them: regular expressions, of which only those
are taken that cannot run for long.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

_MOST_CHARACTERS: Final = 200
_MOST_LOOPS: Final = 3
_MOST_CHOICES: Final = 8
_LONGEST_TEXT: Final = 200
"""A search tries each loop at each place of the text, and each choice both ways."""

_ESCAPED: Final = re.compile(r"\\.", re.DOTALL)
_CLASS: Final = re.compile(r"\[\^?\]?[^\]]*\]")
_LOOP: Final = re.compile(r"[*+]|\{[^}]*\}")
_REPEATED_GROUP: Final = re.compile(r"\)(?:[*+]|\{)")
_REFERENCE: Final = re.compile(r"\\[1-9]")


@lru_cache(maxsize=1000)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern to match whole texts with; None if it is none, or could take long: more than 200
    characters, three loops or eight choices, or with a repeated group, an extension or a reference.
    """
    plain = _CLASS.sub("c", _ESCAPED.sub("e", pattern))
    choices = plain.count("?") + plain.count("|")
    if (
        len(pattern) > _MOST_CHARACTERS
        or len(_LOOP.findall(plain)) > _MOST_LOOPS
        or choices > _MOST_CHOICES
        or "(?" in plain
        or _REPEATED_GROUP.search(plain)
        or _REFERENCE.search(pattern)
    ):
        return None
    try:
        return re.compile(pattern)
    except (re.error, OverflowError):
        return None


def matching(pattern: re.Pattern[str], texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts match as a whole; those of more than 200 characters do not."""
    return np.array(
        [len(text) <= _LONGEST_TEXT and pattern.fullmatch(text) is not None for text in texts], bool
    )
