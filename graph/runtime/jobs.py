"""Long work: one runner with progress and cancel, for the command line and the app alike."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from graph.errors import SutraError
from graph.runtime.cancel import Cancel, obeying

T = TypeVar("T")


class Cancelled(SutraError):  # noqa: N818 (not a fault: somebody asked for it)
    """Whoever waited for a piece of work has called it off."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a piece of work has come: `done` of `total` of what `words` names."""

    words: str
    done: int
    total: int


class Progress:
    """What long work tells whoever waits for it. This one listens to nobody and goes on."""

    def step(self, words: str, done: int, total: int) -> None:
        """Say that `done` of `total` is done; raises Cancelled if the work is to end here."""


class Job(Progress, Generic[T]):
    """A piece of work on a thread of its own, which can be watched and called off.

    `work` gets the job as its progress. Called off, it ends at its next step or read, and the
    query that is running then is ended on the server.
    """

    def __init__(self, work: Callable[[Progress], T]) -> None:
        self.latest = Step("Starting", 0, 0)
        self._cancel = Cancel()
        self._result: T | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)

    def start(self) -> Job[T]:
        """Begin, and return at once."""
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask the work to end at its next step, and its query at once."""
        self._cancel.call()

    @property
    def running(self) -> bool:
        """Whether the work has neither ended nor failed."""
        return self._thread.is_alive()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the work has ended, or so long; returns whether it has."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def result(self) -> T:
        """What the work returned; raises what it raised. Waits for its end."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]

    def step(self, words: str, done: int, total: int) -> None:
        """Note how far the work has come; raises Cancelled once it was called off."""
        self.latest = Step(words, done, total)
        if self._cancel.called:
            raise Cancelled(f"Called off while {words[:1].lower()}{words[1:]}.")

    def _run(self, work: Callable[[Progress], T]) -> None:
        try:
            with obeying(self._cancel):
                self._result = work(self)
        except BaseException as error:  # noqa: BLE001 (kept for whoever asks for the result)
            self._error = error
