"""Texts as a file can hold them, whatever they were."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

# What XML 1.0 cannot hold: most control characters, lone surrogates, two non-characters.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNS: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")

# Everything that could begin markup, a link or HTML in Markdown.
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+!<>|~&:@$-])")
_NUMBERED: Final = re.compile(r"^(\d+)\.(?!\S)")


def xml_text(text: object) -> str:
    """A value as text that XML can hold; what it cannot is left out."""
    return _NOT_XML.sub("", _written(text))


def one_line(text: object) -> str:
    """A value as text on one line, without control characters and direction overrides."""
    return " ".join(_TURNS.sub("", _NOT_XML.sub(" ", _written(text))).split())


def is_web(address: str) -> bool:
    """Whether an address may be a link: http or https, to a host, without anything odd in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    odd = not address.isprintable() or " " in address
    return parts.scheme in ("http", "https") and "." in parts.netloc and not odd


def markdown_text(text: object) -> str:
    """A value as one line of Markdown in which nothing counts as Markdown or HTML."""
    return _NUMBERED.sub(r"\1\\.", _SPECIAL.sub(r"\\\1", one_line(text)))


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
    texts = _XmlTexts()
    # Our own file, without a document type, and read in parts: no tree of a large one is made.
    parser = ElementTree.XMLParser(target=texts)  # noqa: S314
    try:
        for start in range(0, len(data), _PART):
            parser.feed(data[start : start + _PART])
            yield from texts.taken()
        parser.close()
    except ElementTree.ParseError as error:
        raise ValueError(f"it is no XML: {error}") from error
    yield from texts.taken()


_PART: Final = 1 << 20


class _XmlTexts:
    """Gathers the texts that a parser comes across, each whole."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._pieces: list[str] = []

    def taken(self) -> list[str]:
        """What has been found since the last call."""
        found, self._found = self._found, []
        return found

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        self._end_text()
        self._found += attributes.values()

    def end(self, _tag: str) -> None:
        self._end_text()

    def data(self, piece: str) -> None:
        self._pieces.append(piece)

    def comment(self, text: str) -> None:
        self._end_text()
        self._found.append(text)

    def pi(self, target: str, data: str | None = None) -> None:
        self._end_text()
        self._found.append(f"{target} {data or ''}")

    def close(self) -> None:
        self._end_text()

    def _end_text(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if text.strip():
            self._found.append(text)
