"""Many values: in memory while they are few, else in a file that has no name.

Whoever makes a shelf from a stream never holds more of it than a few thousand values at a time.
"""

from __future__ import annotations

import heapq
import pickle
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from threading import Lock
from typing import Any, BinaryIO, Final, Generic, TypeVar, cast, overload

T = TypeVar("T")

FEW: Final = 10_000
"""Values that are kept in memory."""
_PIECE: Final = 1 << 16


class Shelf(Sequence[T], Generic[T]):
    """Values in their order, to be gone through again and again, by several threads too.

    So many as `few` (else `FEW`) are kept in memory; where there are more, all are on disk. A value
    from there is equal to what was put, and a new one each time. The file is gone with the shelf,
    however the program ends.
    """

    def __init__(self, values: Iterable[T] = (), few: int | None = None) -> None:
        stream = iter(values)
        self._few = list(islice(stream, FEW if few is None else few))
        self._file: BinaryIO | None = None
        self._ends = array("Q")
        self._lock = Lock()
        for value in stream:
            self._put(chain(self._few, (value,), stream))
            self._few = []

    def _put(self, values: Iterable[T]) -> None:
        file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 (it is read later)
        at = 0
        for value in values:
            at += file.write(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
            self._ends.append(at)
        file.flush()
        self._file = file

    def __len__(self) -> int:
        return len(self._few) if self._file is None else len(self._ends)

    def __iter__(self) -> Iterator[T]:
        if self._file is None:
            yield from self._few
            return
        piece, begins, start = b"", 0, 0
        for end in self._ends:
            if end > begins + len(piece):
                piece, begins = self._read(start, max(_PIECE, end - start)), start
            yield _loaded(piece[start - begins : end - begins])
            start = end

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        if self._file is None:
            return self._few[place]
        at = range(len(self._ends))[place]
        start = self._ends[at - 1] if at else 0
        return cast(T, _loaded(self._read(start, self._ends[at] - start)))

    def _read(self, start: int, size: int) -> bytes:
        file = cast(BinaryIO, self._file)
        with self._lock:
            file.seek(start)
            return file.read(size)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Shelf of {len(self):,}>"


class ShelfMap(Mapping[str, T], Generic[T]):
    """Values by key, each of which comes once. Only the keys are in memory where there are many."""

    def __init__(self, values: Iterable[tuple[str, T]] = ()) -> None:
        self._places: dict[str, int] = {}
        self._shelf = Shelf(self._noted(values))

    def _noted(self, values: Iterable[tuple[str, T]]) -> Iterator[T]:
        for key, value in values:
            self._places[key] = len(self._places)
            yield value

    def __getitem__(self, key: str) -> T:
        return self._shelf[self._places[key]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def ordered(values: Iterable[T], key: Callable[[T], Any]) -> Iterator[T]:
    """The values in the order of their keys; those alike stay as they were.

    Sorted piece by piece, then merged: Knuth, The Art of Computer Programming 3, 5.4.
    """
    stream, runs = iter(values), list[Iterable[T]]()
    while some := sorted(islice(stream, FEW), key=key):
        runs.append(Shelf(some, few=0) if len(some) == FEW else some)
    return heapq.merge(*runs, key=key)


def _loaded(data: bytes) -> Any:
    # Nothing but what a shelf has put into a file of its own, which nobody else can open.
    return pickle.loads(data)  # noqa: S301
