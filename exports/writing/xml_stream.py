"""XML written piece by piece: each call gives the text that comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from exports.writing.texts import xml_text


class XmlStream:
    """An XML document in the making, each element on a line of its own."""

    def __init__(self) -> None:
        self._open: list[str] = []

    def begin(self, name: str, attributes: Mapping[str, Any] | None = None) -> str:
        """The beginning of an element, and before the first one that of the document."""
        head = self._line() if self._open else '<?xml version="1.0" encoding="utf-8"?>\n'
        self._open.append(name)
        return f"{head}<{name}{_written(attributes)}>"

    def end(self) -> str:
        """The end of the element that was begun last."""
        name = self._open.pop()
        return f"{self._line()}</{name}>" + ("" if self._open else "\n")

    def leaf(
        self, name: str, attributes: Mapping[str, Any] | None = None, text: object = None
    ) -> str:
        """An element that holds a text or nothing."""
        inner = "" if text is None else escape(value_text(text), _RETURN)
        end = f">{inner}</{name}>" if inner else "/>"
        return f"{self._line()}<{name}{_written(attributes)}{end}"

    def _line(self) -> str:
        return "\n" + " " * len(self._open)


# A bare carriage return would be read as a line's end.
_RETURN: Final = {"\r": "&#13;"}


def value_text(value: object) -> str:
    """A value as XML Schema writes it: `true` for True, numbers as they are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return xml_text(value)


def _written(attributes: Mapping[str, Any] | None) -> str:
    if not attributes:
        return ""
    return "".join(f" {name}={quoteattr(value_text(v))}" for name, v in attributes.items())


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
