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

    def __init__(
        self,
        dictionary: NameDictionary,
        at_least: int,
        others: Iterable[str],
        most: int | None = None,
    ) -> None:
        """`most` is the number of names where there are no others: what is numbered later is in
        none of the answer's days.
        """
        known = dictionary.names(at_least)  # reads on if need be
        self._dictionary = dictionary
        self._most = most
        self._others: dict[str, int] = {}
        self.names: list[str] = known[:most]
        if most is None:
            numbers = dictionary.known()
            for name in sorted(name for name in set(others) if name not in numbers):
                self._others[name] = len(self.names) + len(self._others)
            self.names += self._others

    def numbers(self, names: Sequence[str]) -> list[int]:
        """The number of each name; NewNameError if one has come up since."""
        return list(map(self._number, names))

    def _number(self, name: str) -> int:
        number = self._others.get(name)
        if number is None:
            number = self._dictionary.known().get(name)
            if number is None or number >= len(self.names) - len(self._others):
                raise NewNameError(name)
        return number
