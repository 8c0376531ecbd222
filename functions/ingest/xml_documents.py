"""XML without its dangers: a document type is refused, and with it every entity of its own. It is
read as UTF-8, whatever it says that it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from functions.ingest.requests import RefusedError

MAX_DEPTH: Final = 32
MAX_ELEMENTS: Final = 50_000

_SEPARATOR: Final = "\n"
"""Stands between namespace and name; white space that cannot be in either."""


@dataclass(slots=True)
class Element:
    """An element: its name without the namespace, its attributes likewise, and where in the body
    it begins and ends, in bytes.
    """

    name: str
    attributes: dict[str, str]
    start: int
    end: int = 0
    pieces: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text right in it, without white space around it."""
        return "".join(self.pieces).strip()

    def child(self, name: str) -> "Element | None":
        """The first child of that name."""
        return next(self.named(name), None)

    def named(self, name: str) -> Iterator["Element"]:
        """The children of that name."""
        return (child for child in self.children if child.name == name)

    def text_of(self, name: str) -> str:
        """The text of the first child of that name; `""` if there is none."""
        child = self.child(name)
        return "" if child is None else child.text


def root_of(body: bytes) -> Element:
    """The root of a document; RefusedError 400 if it is not well-formed, has a document type or is
    too deep or too large.
    """
    try:
        # What looks like UTF-16 would be read as such.
        if "\0" in body.decode():
            raise _malformed("it holds a zero byte, as UTF-16 does; send UTF-8")
        return _Builder(body).built()
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _malformed(str(error)) from None


class _Builder:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._open: list[Element] = []
        self._elements = 0
        self._root: Element | None = None
        self._parser = expat.ParserCreate("utf-8", _SEPARATOR)
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def built(self) -> Element:
        self._parser.Parse(self._body, True)  # noqa: FBT003 - takes no name for it
        if self._root is None:
            raise _malformed("there is no element")
        return self._root

    def _refuse(self, *_declared: object) -> None:
        raise _malformed("it has a document type, which is not accepted")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) == MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise _malformed(f"it has over {MAX_DEPTH} levels or {MAX_ELEMENTS:,} elements")
        local = {_local(each): value for each, value in attributes.items()}
        element = Element(_local(name), local, self._parser.CurrentByteIndex)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        # The index is that of the closing tag, or behind the tag that both opens and closes.
        at = self._parser.CurrentByteIndex
        is_one_tag = not (element.children or element.pieces) and self._body.endswith(b"/>", 0, at)
        element.end = at if is_one_tag else self._body.find(b">", at) + 1

    def _characters(self, text: str) -> None:
        self._open[-1].pieces.append(text)


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2]


def _malformed(problem: str) -> RefusedError:
    return RefusedError(400, "bad_xml", f"the body is not XML as expected: {problem}")
