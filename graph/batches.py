"""Streams in parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

T = TypeVar("T")

BATCH: Final = 5000
"""Rows a transaction."""


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of at most `size` items, in order. (itertools.batched came with Python 3.12.)"""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
