"""Texts as a file can hold them, whatever they were."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree import ElementTree

# What XML 1.0 cannot hold: most control characters, lone surrogates, two non-characters.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNS: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def xml_text(text: object) -> str:
    """A value as text that XML can hold; what it cannot is left out."""
    return _NOT_XML.sub("", _written(text))


def one_line(text: object) -> str:
    """A value as text on one line, without control characters and direction overrides."""
    return " ".join(_TURNS.sub("", _NOT_XML.sub(" ", _written(text))).split())


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " | ".join(map(str, value))
    return "" if value is None else str(value)


def json_bytes(value: Any) -> bytes:
    """JSON in UTF-8, a line a value, keys as given; lone surrogates are left out."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    return (text + "\n").encode("utf-8", errors="ignore")


def json_records(value: Mapping[str, Any]) -> bytes:
    """JSON for a large value: an iterator in it is written as a list, a line an item.

    Its items are made one by one and are gone once they are written. What cannot be written is left
    out as `json_bytes` does.
    """
    stream = io.BytesIO()
    for piece in _pieces(value):
        stream.write(piece.encode("utf-8", errors="ignore"))
    stream.write(b"\n")
    return stream.getvalue()


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, Iterator):
        empty = True
        for number, item in enumerate(value):
            yield f"{',' if number else '['}\n{_line(item)}"
            empty = False
        yield "[]" if empty else "\n]"
    elif isinstance(value, Mapping):
        for number, (name, item) in enumerate(value.items()):
            yield f"{',' if number else '{'}\n{_line(name)}: "
            yield from _pieces(item)
        yield "\n}"
    else:
        yield _line(value)


_line: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def json_texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included, in no order."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, list):
            waiting += found
        elif isinstance(found, dict):
            waiting += found
            waiting += found.values()


def xml_texts(data: bytes) -> Iterator[str]:
    """Every text in XML: contents, attributes, comments, instructions. Raises ValueError."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("it declares a document type, which no file of ours does")
    parser = ElementTree.XMLParser(  # noqa: S314 (our own file, and without a document type)
        target=ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
    )
    try:
        root = ElementTree.fromstring(data, parser)  # noqa: S314
    except ElementTree.ParseError as error:
        raise ValueError(f"it is no XML: {error}") from error
    for element in root.iter():
        yield from (t for t in (element.text, element.tail) if t and t.strip())
        yield from element.attrib.values()
