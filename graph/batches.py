"""Streams in parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

T = TypeVar("T")

BATCH: Final = 5000
"""Rows a transaction."""


def in_batches(items: Iterable[T], size: int | None = None) -> Iterator[list[T]]:
    """Lists of at most `size` items (else `BATCH`), in order. (Python 3.12 has one of its own.)"""
    rest = iter(items)
    while batch := list(islice(rest, size or BATCH)):
        yield batch
