"""XML written piece by piece: what was written is not kept as a tree."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from exports.plain import xml_text


class XmlStream:
    """An XML document in the making, each element on a line of its own."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        # The generator writes a few characters at a time: here they are gathered.
        self._out = io.TextIOWrapper(self._bytes, "utf-8")
        self._xml = XMLGenerator(self._out, "utf-8", short_empty_elements=True)
        self._xml.startDocument()
        self._depth, self._begun = 0, False

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, Any] | None = None) -> Iterator[None]:
        """An element; what is written within is in it."""
        self._line()
        self._xml.startElement(name, _texts(attributes))
        self._depth += 1
        yield
        self._depth -= 1
        self._line()
        self._xml.endElement(name)

    def leaf(
        self, name: str, attributes: Mapping[str, Any] | None = None, text: object = None
    ) -> None:
        """An element that holds a text or nothing."""
        self._line()
        self._xml.startElement(name, _texts(attributes))
        if text is not None:
            first, *rest = value_text(text).split("\r")
            self._xml.characters(first)
            for part in rest:  # a bare one would be read as a line's end
                self._xml.ignorableWhitespace("&#13;")
                self._xml.characters(part)
        self._xml.endElement(name)

    def done(self) -> bytes:
        """The document."""
        self._xml.ignorableWhitespace("\n")
        self._xml.endDocument()
        self._out.flush()
        return self._bytes.getvalue()

    def _line(self) -> None:
        if self._begun:
            self._xml.ignorableWhitespace("\n" + " " * self._depth)
        self._begun = True


def value_text(value: object) -> str:
    """A value as XML Schema writes it: `true` for True, numbers as they are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return xml_text(value)


def _texts(attributes: Mapping[str, Any] | None) -> AttributesImpl[str]:
    return AttributesImpl({name: value_text(value) for name, value in (attributes or {}).items()})


_TYPES: Final[Mapping[type, str]] = {bool: "boolean", int: "long", float: "double"}


def kinds(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names that some row has a value for, in order, each with its type as GraphML names it.

    A name whose values are of several types is a string.
    """
    found: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            if value is not None:
                kind = _TYPES.get(type(value), "string")
                found[name] = kind if found.get(name, kind) == kind else "string"
    return found
