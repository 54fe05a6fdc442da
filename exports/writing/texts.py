"""Texts as a file can hold them, whatever they were."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

# What XML 1.0 cannot hold: most control characters, lone surrogates, two non-characters.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PART: Final = 1 << 16
_TURNS: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")

# Everything that could begin markup, a link or HTML in Markdown; of what it also means elsewhere,
# only where it does: a colon before a word (“https://”, “:smile:”), what begins a line or a list.
_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]#<>|~&@$]|:(?=[^\s\d]|\d+:)|^[-+=]+")
_NUMBERED: Final = re.compile(r"^(\d+)([.)])(?!\S)")


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
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(_escaped, one_line(text)))


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"\\{char}" for char in match[0])


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " | ".join(map(str, value))
    return "" if value is None else str(value)


# --- writing piece by piece ---------------------------------------------------------------------


def encoded(texts: Iterable[str]) -> Iterator[bytes]:
    """Texts one after the other in UTF-8, in pieces of some size; lone surrogates are left out."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= _PART:
            yield "".join(waiting).encode("utf-8", errors="ignore")
            waiting, size = [], 0
    yield "".join(waiting).encode("utf-8", errors="ignore")


def lines(texts: Iterable[str]) -> Iterator[bytes]:
    """Texts in UTF-8, each on a line of its own."""
    return encoded(f"{text}\n" for text in texts)


def json_pieces(value: Any) -> Iterator[bytes]:
    """JSON in UTF-8, a line a value, keys as given; lone surrogates are left out."""
    return encoded(chain(_indented(value), "\n"))


_indented: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=1).iterencode


class Rows(list[Any]):
    """A list for `json_pieces` whose items are made as they are written, and gone then."""

    def __init__(self, make: Callable[[], Iterator[Any]]) -> None:
        super().__init__()
        self._make = make

    def __iter__(self) -> Iterator[Any]:
        return self._make()

    def __bool__(self) -> bool:
        return next(self._make(), None) is not None


def json_records(value: Mapping[str, Any]) -> Iterator[bytes]:
    """JSON for a large value: an iterator in it is written as a list, a line an item.

    Its items are made one by one and are gone once they are written. What cannot be written is left
    out as `json_pieces` does.
    """
    return encoded(chain(_pieces(value), "\n"))


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


# --- reading piece by piece ---------------------------------------------------------------------


def lines_of(file: BinaryIO) -> Iterator[str]:
    """The lines of a file in UTF-8, as they end with LF; raises ValueError if it is none."""
    return (line.decode("utf-8").rstrip("\n") for line in file)


def json_texts(file: BinaryIO, *, may_be_empty: bool = False) -> Iterator[str]:
    """Every text in JSON, keys included, line by line; raises ValueError.

    Whatever is no text there must be what JSON has between texts, so that nothing is passed over.
    JSON Lines may be of no line at all.
    """
    empty = True
    for line in lines_of(file):
        for literal in _JSON_TEXT.findall(line):
            yield json.loads(literal) if "\\" in literal else literal[1:-1]
        if not _JSON_BETWEEN.fullmatch(_JSON_TEXT.sub("", line)):
            raise ValueError("it is no JSON with a text on one line")
        empty = empty and not line
    if empty and not may_be_empty:
        raise ValueError("it is empty")


_JSON_TEXT: Final = re.compile(r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"')
_JSON_BETWEEN: Final = re.compile(r"(?:[\s\[\]{},:0-9.eE+-]++|true|false|null)*+")


def xml_texts(file: BinaryIO, *, attributes_last: bool = False) -> Iterator[str]:
    """Every text in XML: contents, attributes, comments, instructions. Raises ValueError.

    With `attributes_last` the contents follow each other, as the lines of one text do in a picture.
    """
    late: list[str] = []
    texts = _XmlTexts(late if attributes_last else None)
    # Our own file, without a document type, and read in parts: no tree of a large one is made.
    parser = ElementTree.XMLParser(target=texts)  # noqa: S314
    try:
        while part := file.read(_PART):
            parser.feed(part)
            yield from texts.taken()
        parser.close()
    except ElementTree.ParseError as error:
        raise ValueError(f"it is no XML: {error}") from error
    yield from texts.taken()
    yield from late


class _XmlTexts:
    """Gathers the texts that a parser comes across, each whole; attributes in `late` if given."""

    def __init__(self, late: list[str] | None = None) -> None:
        self._found: list[str] = []
        self._late = late
        self._pieces: list[str] = []

    def taken(self) -> list[str]:
        """What has been found since the last call."""
        found, self._found = self._found, []
        return found

    def doctype(self, *_: str) -> None:
        raise ValueError("it declares a document type, which no file of ours does")

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        self._end_text()
        (self._found if self._late is None else self._late).extend(attributes.values())

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
