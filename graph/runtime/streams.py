"""Streams in parts, and ahead of whoever takes them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from itertools import islice
from queue import Empty, Full, Queue
from typing import Any, Final, TypeVar

T = TypeVar("T")

BATCH: Final = 5000
"""Rows a transaction."""


def in_batches(items: Iterable[T], size: int | None = None) -> Iterator[list[T]]:
    """Lists of at most `size` items (else `BATCH`), in order. (Python 3.12 has one of its own.)"""
    rest = iter(items)
    while batch := list(islice(rest, size or BATCH)):
        yield batch


_LOOK_EVERY: Final = 0.1
_END: Final = object()


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The items, made in a thread of their own, one ahead of whoever takes them.

    What the making raises is raised here. If the taker stops early, the thread ends before the
    generator does.
    """
    ready: Queue[tuple[Any, BaseException | None]] = Queue(maxsize=1)
    over = threading.Event()

    def hand(item: Any, error: BaseException | None = None) -> None:
        while not over.is_set():
            try:
                ready.put((item, error), timeout=_LOOK_EVERY)
            except Full:
                continue
            return

    def make() -> None:
        try:
            for item in items:
                hand(item)
                if over.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 (raised again where the items are taken)
            hand(_END, error)
        else:
            hand(_END)

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            try:
                item, error = ready.get(timeout=_LOOK_EVERY)
            except Empty:
                continue
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        over.set()
        thread.join()
