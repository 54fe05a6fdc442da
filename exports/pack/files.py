"""Files in the making or at hand, each read piece by piece: in memory while small, else on disk.

What lies on disk has no name there, and is gone with it, however the program ends.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from threading import RLock
from typing import BinaryIO, Final, cast

_IN_MEMORY: Final = 1 << 20
_PART: Final = 1 << 20


class Files(Mapping[str, bytes]):
    """Files by name. As a mapping it gives the whole of one; `open` reads it in pieces.

    All but what `open` gives may be read by several threads at a time.
    """

    def __init__(self) -> None:
        self._files: dict[str, BinaryIO] = {}
        self._lock = RLock()

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep a file; one of that name is replaced."""
        file = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
        for piece in pieces:
            file.write(piece)
        self._files[name] = file

    def open(self, name: str) -> BinaryIO:
        """A file, from its beginning; nobody else may read it meanwhile. Raises KeyError."""
        file = self._files[name]
        file.seek(0)
        return file

    def size(self, name: str) -> int:
        """The bytes of a file."""
        with self._lock:
            return self._files[name].seek(0, io.SEEK_END)

    def sha256(self, name: str) -> str:
        """The digest of a file, in hexadecimal digits."""
        digest = hashlib.sha256()
        with self._lock:
            for piece in pieces_of(self.open(name)):
                digest.update(piece)
        return digest.hexdigest()

    def copy(self, name: str, to: BinaryIO) -> None:
        """Write a file into another."""
        with self._lock:
            shutil.copyfileobj(self.open(name), to, _PART)

    def __getitem__(self, name: str) -> bytes:
        with self._lock:
            return self.open(name).read()

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """What is left of a file, in pieces."""
    while piece := file.read(_PART):
        yield piece
