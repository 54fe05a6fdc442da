"""Citations as CSL-JSON and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from exports.publication import Publication
from exports.writing.references import csl, text_lines
from exports.writing.texts import Rows, json_pieces, json_texts, lines, lines_of

NAME = "citations"
WORDS = "Numbered notes as text, sources as CSL-JSON"
FILES = {
    "citations.txt": "numbered notes and sources",
    "citations.csl.json": "the sources for reference managers",
}


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`citations.txt` and `citations.csl.json`."""
    return {
        "citations.txt": lines(text_lines(publication)),
        "citations.csl.json": json_pieces(Rows(lambda: csl(publication))),
    }


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every text that one of the two files holds."""
    yield from json_texts(file) if name.endswith(".json") else lines_of(file)
