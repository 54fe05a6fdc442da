"""How long work shows itself in a shell: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

from graph.jobs import Progress


class TerminalProgress(Progress):
    """One line that fills up on a terminal; elsewhere a line a step, and one every few seconds."""

    def __init__(self, stream: TextIO | None = None, every: float = 5.0) -> None:
        self._stream = stream or sys.stderr
        self._bar = self._stream.isatty()
        self._every, self._words, self._told, self._width = every, "", 0.0, 0

    def step(self, words: str, done: int, total: int) -> None:
        """Show that `done` of `total` is done."""
        now = time.monotonic()
        if not self._bar:
            if words != self._words or now - self._told > self._every:
                self._words, self._told = words, now
                count = f" {done:,} of {total:,}" if total and done else ""
                self._stream.write(f"{words}{count}\n")
            return
        share = done / total if total else 0.0
        count = f" {done:,} of {total:,}" if total else ""
        bar = "█" * round(20 * share) + "░" * (20 - round(20 * share))
        line = f"{bar} {words}{count}"[: shutil.get_terminal_size().columns - 1]
        self._stream.write("\r" + line.ljust(self._width))
        self._stream.flush()
        self._width = len(line)

    def end(self) -> None:
        """Take the bar away."""
        if self._bar and self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
