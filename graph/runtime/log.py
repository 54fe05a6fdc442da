"""What the program logs: a file of bounded size in the workspace, and standard error where asked.

The log says what was done, how long it took and what failed, and nothing of what the graph holds:
no names, no texts of queries, no parameters, no passwords. What an error says may quote all of
these, so its kind and its place in the code are logged instead. `SUTRA_LOG_PARAMETERS=1` adds the
parameters and the words of errors. Only our own modules are logged: the driver would write the
parameters of queries.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
import reprlib
import secrets
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Final

from filelock import FileLock

from graph.errors import StoreError
from graph.model.text import in_one_line
from graph.runtime.workspace import Workspace

NAME: Final = "sutra.log"
PARAMETERS: Final = "SUTRA_LOG_PARAMETERS"
"""The variable that asks for parameters and the words of errors."""

_OURS: Final = ("graph", "loaders", "exports", "views", "sutra")
_MOST: Final = 1_000_000
"""Bytes of the file, and of each of the older ones beside it."""
_OLDER: Final = 3
_WAIT: Final = 1.0
"""Seconds that another process may take to rotate it."""
_FORMAT: Final = (
    "%(asctime)s %(process)d %(levelname)s %(name)s [%(module)s:%(lineno)d] %(message)s"
)
_NUMBER: Final = "number in the log"
_LOG: Final = logging.getLogger(__name__)


class _Lines(logging.Formatter):
    """Makes one line of each record, whatever it quotes."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        record.message = in_one_line(record.message)
        return super().formatMessage(record)


class _File(logging.handlers.RotatingFileHandler):
    """The log in a workspace, which several processes write and rotate.

    The workspace is not created for it. A log that cannot be written stops no work: `kept` says
    whether the latest line stands in it.
    """

    def __init__(self, workspace: Workspace) -> None:
        file = workspace.logs / NAME
        super().__init__(file, maxBytes=_MOST, backupCount=_OLDER, encoding="utf-8", delay=True)
        self._workspace, self._file, self.kept = workspace, file, False
        self._turn = FileLock(workspace.logs / f"{NAME}.lock", timeout=_WAIT)

    def emit(self, record: logging.LogRecord) -> None:
        # A pipe there would have us wait for its reader.
        usable = self._file.is_file() or not self._file.exists()
        self.kept = self._workspace.root.is_dir() and usable
        if not self.kept:
            return
        try:
            self._workspace.logs.mkdir(mode=0o700, exist_ok=True)
            super().emit(record)
            # Windows renames no file that is open, and elsewhere it would grow under its old name
            # once another process has rotated it.
            self.close()
        except OSError:
            self.kept = False

    def doRollover(self) -> None:  # noqa: N802 (logging's own name)
        self.close()
        with self._turn:
            # Unless another process has done so meanwhile.
            if self._file.stat().st_size > _MOST // 2:
                super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's own name)
        self.kept = False


def configure(terminal: logging.Handler | None = None, *, verbose: bool = False) -> None:
    """Log into the workspace of `SUTRA_HOME`, and errors that nobody foresaw to `terminal`.

    With `verbose` all goes to `terminal` too (by default standard error). A second call takes the
    place of the first.
    """
    handlers: list[logging.Handler] = [terminal or logging.StreamHandler()]
    handlers[0].setLevel(logging.DEBUG if verbose else logging.ERROR)
    with suppress(StoreError):  # whoever opens the workspace says what is wrong with it
        handlers.append(_File(Workspace.locate()))
    for handler in handlers:
        handler.setFormatter(_Lines(_FORMAT))
    for name in _OURS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = list(handlers), False
        logger.setLevel(logging.DEBUG)


def configure_once() -> None:
    """Log into the workspace unless the command that started this process does so already."""
    if not _is_configured():
        configure()


def _is_configured() -> bool:
    return bool(logging.getLogger(_OURS[0]).handlers)


# --- errors that are shown ----------------------------------------------------------------------


def shown(error: BaseException, words: str = "") -> str:
    """Log an error that a user is shown; returns its sentence with its number in the log.

    `words` is the sentence, if the error has none of its own. It stands alone where there is no
    log. An error that is shown again keeps its number.
    """
    words = words or str(error)
    if not _is_configured():
        return words
    number = _numbered(error, logging.WARNING)
    return f"{words} (log {number})" if _is_kept() else words


def defect(error: BaseException) -> str:
    """Log an error that nobody foresaw, at ERROR; returns its number."""
    return _numbered(error, logging.ERROR)


def _numbered(error: BaseException, level: int) -> str:
    known = vars(error)
    if _NUMBER not in known:
        known[_NUMBER] = secrets.token_hex(4)
        _LOG.log(level, "error %s: %s", known[_NUMBER], " from ".join(_chain(error)), stacklevel=3)
    return str(known[_NUMBER])


def _is_kept() -> bool:
    return any(isinstance(h, _File) and h.kept for h in logging.getLogger(_OURS[0]).handlers)


def _chain(error: BaseException | None) -> Iterator[str]:
    """An error and what caused it: each its kind, the server's code, and where it was raised."""
    while error is not None:
        code = str(getattr(error, "code", ""))
        said = f" {str(error)!r}" if _asked_for_parameters() else ""
        yield (
            type(error).__name__
            + (f" {code}" if re.fullmatch(r"Neo\.[\w.]+", code) else "")
            + f" at {' < '.join(_places(error.__traceback__)) or 'an unknown place'}{said}"
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _places(trace: TracebackType | None) -> list[str]:
    """Where an error came by, innermost first: our own modules with their lines."""
    found = [
        (str(frame.f_globals.get("__name__")), line) for frame, line in traceback.walk_tb(trace)
    ]
    *outer, innermost = found or [("", 0)]
    ours = [(name, line) for name, line in outer if name.partition(".")[0] in _OURS]
    return [f"{name}:{line}" for name, line in reversed([*ours, innermost]) if name]


# --- what was done ------------------------------------------------------------------------------

_SHORT: Final = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 200
_SHORT.maxlist = _SHORT.maxdict = 20


class Timed:
    """Logs at DEBUG what a piece of work is, how long it took, and how many rows it gave.

    A context manager; `rows` is set within it. `what` is a word of ours, never of the data.
    """

    def __init__(
        self, logger: logging.Logger, what: str, parameters: Mapping[str, Any] | None = None
    ) -> None:
        self._logger, self._what, self._parameters = logger, what, parameters
        self.rows: int | None = None

    def __enter__(self) -> Timed:
        self._began = time.monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._logger.isEnabledFor(logging.DEBUG):
            return
        failed = kind is not None and issubclass(kind, Exception)
        how = f" failed ({kind.__name__})," if failed and kind else ""
        rows = "" if self.rows is None else f" {self.rows} rows,"
        given = ""
        if self._parameters and _asked_for_parameters():
            given = f", parameters {_SHORT.repr(dict(self._parameters))}"
        took = 1000 * (time.monotonic() - self._began)
        # The line that is named is the caller of whoever is timed.
        self._logger.debug("%s:%s%s %.1f ms%s", self._what, how, rows, took, given, stacklevel=3)


def _asked_for_parameters() -> bool:
    return os.environ.get(PARAMETERS, "").strip() == "1"
