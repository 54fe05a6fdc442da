"""What random walks over loads share: which to go, and the end of a process in their midst."""

from __future__ import annotations

import os

from graph.runtime.jobs import Progress


class Killed(Exception):  # noqa: N818 (no error: somebody pulled the plug)
    """Stands for the end of the process."""


class Dies(Progress):
    """Ends the work at one of its steps."""

    def __init__(self, after: int) -> None:
        self.left = after

    def step(self, words: str, done: int, total: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


def seeds(usual: str) -> range:
    """Those that SUTRA_MODEL_SEEDS names, as `100-200`, or the usual ones."""
    first, _, last = os.environ.get("SUTRA_MODEL_SEEDS", usual).partition("-")
    return range(int(first), int(last or first) + 1)
