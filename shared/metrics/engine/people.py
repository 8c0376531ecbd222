"""The people of an answer by number: the dictionary's, then those it does not have yet."""

from collections.abc import Iterable, Sequence

from shared.metrics.storage.names import NameDictionary


class NewNameError(Exception):
    """A name came up after the names of an answer had been numbered: read everything anew."""


class Numbered:
    """Names by number. Numbers beyond the dictionary's hold for one answer only.

    A copy of the dictionary, which grows meanwhile: a name must not change its number here, nor
    arrays their length.
    """

    def __init__(self, dictionary: NameDictionary, at_least: int, others: Iterable[str]) -> None:
        dictionary.names(at_least)  # reads on if need be
        self._numbers = dict(dictionary.known())
        for name in sorted(set(others).difference(self._numbers)):
            self._numbers[name] = len(self._numbers)
        self.names: list[str] = list(self._numbers)

    def numbers(self, names: Sequence[str]) -> list[int]:
        """The number of each name; NewNameError if one has come up since."""
        try:
            return list(map(self._numbers.__getitem__, names))
        except KeyError as error:
            raise NewNameError(error.args[0]) from None
