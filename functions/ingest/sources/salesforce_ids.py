"""Salesforce's ids: 15 characters, or 18 with a checksum that makes them safe where case is lost.
Both forms of one id stand in the same data.
"""

from typing import Final

_SHORT: Final = 15
_GROUP: Final = 5
_CHECKSUM: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def long_id(text: str) -> str:
    """The form of 18 characters; anything that is no id of 15 as it is.

    Each of the last three characters says which of five are capital letters, the first of them
    with the lowest bit.
    """
    if len(text) != _SHORT or not text.isascii() or not text.isalnum():
        return text
    groups = (text[at : at + _GROUP] for at in range(0, _SHORT, _GROUP))
    bits = (sum(each.isupper() << place for place, each in enumerate(group)) for group in groups)
    return text + "".join(_CHECKSUM[number] for number in bits)
