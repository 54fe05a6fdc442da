"""What the command prints: the one place that writes to the terminal.

What is printed comes from cases that others made, from files' names and from arguments. None of it
may steer the terminal, and none may fail to be written: what would is printed as an escape.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, Self, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from graph.errors import ParameterError
from graph.model.text import in_one_line, printable
from graph.questions.table_text import drawn
from graph.runtime.jobs import Progress


def say(text: str, end: str = "\n") -> None:
    """Print to standard output."""
    _write(sys.stdout, printable(text) + end)


def say_rows(rows: Iterable[tuple[str, str]], *, numbers: bool = False) -> None:
    """Print pairs in two columns, indented; `numbers` says that the second are numbers."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right" if numbers else "left")
    for left, right in rows:
        grid.add_row(in_one_line(left), in_one_line(right))
    say(drawn(Padding(grid, (0, 0, 0, 2), expand=False), width=terminal_width()), end="")


def terminal_width() -> int | None:
    """The columns of the terminal that is printed to; None where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def warn(text: str) -> None:
    """Print a line, or several, to standard error."""
    _write(sys.stderr, f"{printable(text)}\n")


def hand_over(text: str) -> None:
    """Write data, CSV or JSON, to standard output: into a file or pipe as they are, in UTF-8.

    On a terminal they are printed as all else is.
    """
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None or sys.stdout.isatty():
        say(text.replace("\r\n", "\n"), end="")
        return
    # As bytes: a text layer would turn CR LF into CR CR LF on Windows.
    sys.stdout.flush()
    buffer.write(text.encode("utf-8", "backslashreplace"))
    buffer.flush()


def _write(stream: TextIO, text: str) -> None:
    stream.write(_writable(stream, text))
    stream.flush()


def _writable(stream: TextIO, text: str) -> str:
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


class LogHandler(logging.Handler):
    """Prints what is logged."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record."""
        warn(self.format(record))


def refuse_bytes(arguments: Sequence[str], environ: Mapping[str, str]) -> None:
    """Raise ParameterError for an argument, or a setting of ours, that is no text in UTF-8.

    Python keeps each byte of it that cannot be decoded as half of a character, which neither a
    graph nor a file can hold.
    """
    ours = (name for name in environ if name.startswith(("SUTRA_", "NEO4J_")))
    # A setting may be a password, and is not repeated.
    named = {f"{name} is": environ[name] for name in ours}
    named |= {f"The argument “{in_one_line(text)[:80]}” is": text for text in arguments}
    for what, text in named.items():
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise ParameterError(
                f"{what} not text in UTF-8; write it in UTF-8, and rename a file whose name is not."
            )


class Parser(argparse.ArgumentParser):
    """Reads the command's arguments; what it says of them is printed as all else is.

    Each command takes `--verbose` too.
    """

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        # Without a default: one of a command would hide what stands before the command.
        self.add_argument(
            "--verbose", action="store_true", default=argparse.SUPPRESS,
            help="print what is logged, too",
        )  # fmt: skip

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End the program."""
        if message:
            warn(message.rstrip("\n"))
        sys.exit(status)


class TerminalProgress(Progress):
    """A bar that fills up on a terminal; elsewhere a line a step, and one every few seconds."""

    def __init__(self, stream: TextIO | None = None, every: float = 5.0) -> None:
        self._stream = stream or sys.stderr
        self._every, self._words, self._told = every, "", 0.0
        self._bar = Bar(
            BarColumn(20), TextColumn("{task.description}", markup=False),
            console=Console(file=self._stream), transient=True,
            disable=not self._stream.isatty(),
        )  # fmt: skip
        self._task = self._bar.add_task("", total=None)

    def step(self, words: str, done: int, total: int) -> None:
        """Show that `done` of `total` is done."""
        now, words = time.monotonic(), in_one_line(words)
        if not self._bar.disable:
            count = f" {done:,} of {total:,}" if total else ""
            text = _writable(self._stream, f"{words}{count}")
            self._bar.update(self._task, description=text, completed=done, total=total or None)
            self._bar.start()
        elif words != self._words or now - self._told > self._every:
            self._words, self._told = words, now
            count = f" {done:,} of {total:,}" if total and done else ""
            _write(self._stream, f"{words}{count}\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Take the bar away."""
        self._bar.stop()
