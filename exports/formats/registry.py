"""The formats that a publication can be written in: one module of this package each.

Such a module has `NAME` (as `--format` takes it), `WORDS` (what it is for, in a few words), `FILES`
(what each file that it writes is for, by name),
`files(publication)`, which gives the bytes of each file by name, and `texts(name, file)`, which
gives every text that a file of it holds, as a reader of the format meets it: the scanner reads
files back with it. Nothing else has to know of a format.

Both go piece by piece: what a format needs beside the publication does not grow with it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import BinaryIO, Protocol, cast

import exports.formats
from exports.publication import Publication
from graph.errors import UnknownFormat


class Format(Protocol):
    """What a format module offers."""

    NAME: str
    WORDS: str
    FILES: Mapping[str, str]

    def files(self, publication: Publication) -> Mapping[str, Iterable[bytes]]:
        """The bytes of each file by its name, piece by piece.

        Raises ExportError if it cannot be made, before the first piece.
        """

    def texts(self, name: str, file: BinaryIO) -> Iterator[str]:
        """Every text that a file holds; raises ValueError if it is none of this format."""


@cache
def formats() -> Mapping[str, Format]:
    """Every format by its name, in the order of the alphabet."""
    found = [
        cast(Format, importlib.import_module(f"exports.formats.{module.name}"))
        for module in pkgutil.iter_modules(exports.formats.__path__)
        if module.name != "registry"
    ]
    return {module.NAME: module for module in sorted(found, key=lambda m: m.NAME)}


def get(name: str) -> Format:
    """The format of that name; raises UnknownFormat, which lists them."""
    found = formats().get(name)
    if found is None:
        raise UnknownFormat(f"There is no format “{name}”; use one of {', '.join(formats())}.")
    return found
