"""Calling off what is under way: one token, which every read of the work that carries it obeys.

The token is carried by the thread, not handed from function to function: whoever calls off a piece
of work means every query that it asks, however deep.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final


class Cancel:
    """Whether somebody has called off a piece of work. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._called = threading.Event()
        self._stops: list[Callable[[], None]] = []

    @property
    def called(self) -> bool:
        """Whether the work is called off."""
        return self._called.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until the work is called off; returns whether it is."""
        return self._called.wait(seconds)

    def call(self) -> None:
        """Call the work off: what it is doing now is stopped. A second call does nothing."""
        with self._lock:
            if self._called.is_set():
                return
            self._called.set()
            stops = list(self._stops)
        for stop in stops:
            stop()

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """While the block lasts, `stop` is what ends the work; called at once if it is too late.

        `stop` may be called from any thread and must return soon.
        """
        with self._lock:
            self._stops.append(stop)
            late = self._called.is_set()
        try:
            if late:
                stop()
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)


_CARRIED: Final[ContextVar[Cancel | None]] = ContextVar("cancel", default=None)


def carried() -> Cancel | None:
    """The token that this thread's work obeys, or None if nobody can call it off."""
    return _CARRIED.get()


@contextmanager
def obeying(token: Cancel) -> Iterator[Cancel]:
    """While the block lasts, whatever this thread reads ends once the token is called."""
    before = _CARRIED.set(token)
    try:
        yield token
    finally:
        _CARRIED.reset(before)
