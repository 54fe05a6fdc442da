"""Citations as CSL-JSON and as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from exports.citations import as_text, csl
from exports.plain import json_bytes, json_texts
from exports.publication import Publication

NAME = "citations"
WORDS = "Numbered notes as text, sources as CSL-JSON"
FILES = {
    "citations.txt": "numbered notes and sources",
    "citations.csl.json": "the sources for reference managers",
}


def files(publication: Publication) -> Mapping[str, bytes]:
    """`citations.txt` and `citations.csl.json`."""
    return {
        "citations.txt": as_text(publication).encode("utf-8", errors="ignore"),
        "citations.csl.json": json_bytes(csl(publication)),
    }


def texts(name: str, data: bytes) -> Iterator[str]:
    """Every text that one of the two files holds."""
    if name.endswith(".json"):
        yield from json_texts(json.loads(data))
    else:
        yield from data.decode("utf-8").splitlines()
