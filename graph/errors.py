"""The errors that Sutra raises on purpose.

Each message is one sentence or two for the person at the keyboard: what is wrong, where, and what
to do instead. Anything that is not a `SutraError` is a defect of the program.

::

    SutraError
      + InputError            a file, row or column that cannot be used
      |   + InputErrors           several of them
      + SchemaVersionError    a workspace or database of another schema version
      + StoreError            the graph cannot be reached or used
      |   + EngineStartError      the embedded engine does not start
      |   + StoreUnavailable      nothing answers at NEO4J_URI, or it stopped answering
      |   |   + NothingAnswers        the machine refuses the connection: no server runs there
      |   + CredentialsError      the server refused the user or the password
      |   + ServerTooOld          the server lacks what Sutra needs
      + QueryError            a query that cannot run as asked
      |   + CypherFault           a text that is no Cypher, with the place where it goes wrong
      |   + UnknownQuery          no saved query of that id
      |   + QueryFileError        a .cypher file whose header or body is wrong
      |   + ParameterError        a parameter that is missing, unknown or ill-typed
      |   + QueryRefused          an analyst's text that may write, or calls what is not allowed
      |   + QueryTimeout          stopped at its time limit
      |   + QueryCancelled        stopped because somebody called it off
      + LoadError             a load that cannot go on
      |   + LoadInProgress        another load of the case is running
      |   + LoadCutOff            an earlier load of the case did not end
      |   + UnknownCase           no such case in the graph
      + JournalError          an entry of the journal that cannot be kept, or cannot be read
      + ExportError           a publication that cannot be made as asked
          + UnknownFormat         no format of that name
          + WouldOverwrite        a file that is there already
          + RevealingSource       a cited title or address that gives a name away
          + NameLeft              a name that must not leave stands in a finished file
          + PackError             a pack that cannot be read, or is not as its manifest says
"""

from __future__ import annotations

import errno
import sqlite3
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from graph.model.text import in_one_line, printable

NEEDS_MEMORY: Final = "needs more memory than the engine has"
TOO_DEEP: Final = "is nested deeper than the engine can follow"
"""Clauses on what was too much for an engine."""


class SutraError(Exception):
    """Base of all errors that Sutra raises on purpose. `str(error)` is fit to be shown.

    What it quotes may have been written by anybody: what steers a terminal, or turns the direction
    of writing on a page, stands there as an escape.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


class InputError(SutraError):
    """A file that cannot be used: names the file, the row, the column, and what to write instead.

    `row` is the line number as a spreadsheet shows it: the head row is row 1.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | Path,
        row: int | None = None,
        column: str | None = None,
        remedy: str = "",
    ) -> None:
        # What is quoted from a file may hold line ends.
        problem = " ".join(problem.split())
        self.problem, self.file, self.row, self.column = problem, str(file), row, column
        self.remedy = remedy
        # What a reader adds: the id that the row would have given to what it is about, and whether
        # none of the rest of its table could be read.
        self.defines: str | None = None
        self.ends_table = False
        place = in_one_line(str(file))
        if row is not None:
            place += f", row {row}"
        if column is not None:
            place += f", column {in_one_line(column)}"
        text = f"{place}: {problem.rstrip('.')}"
        super().__init__(f"{text}; {remedy.rstrip('.')}." if remedy else f"{text}.")


class InputErrors(InputError):  # noqa: N818 (several of them)
    """All that is wrong with an input: the first of `problems` a line each, and how many more.

    The file, the row and the column are those of the first.
    """

    def __init__(self, problems: Sequence[InputError], more: int = 0) -> None:
        first = problems[0]
        super().__init__(
            first.problem, file=first.file, row=first.row, column=first.column, remedy=first.remedy
        )
        self.problems, self.more = tuple(problems), more
        lines = [Exception.__str__(problem) for problem in problems]
        if more:
            lines.append(f"And {more:,} more.")
        self.args = ("\n".join(lines),)


class SchemaVersionError(SutraError):
    """A workspace or a database written under another schema version."""


class StoreError(SutraError):
    """The graph cannot be reached or used."""


class EngineStartError(StoreError):
    """The embedded engine does not start."""


class StoreUnavailable(StoreError):  # noqa: N818 (named for what the user meets)
    """Nothing answers where the graph should be."""


class NothingAnswers(StoreUnavailable):
    """The machine is there and refuses the connection: no server runs at that port."""


class CredentialsError(StoreError):
    """The server refused the user or the password."""


class ServerTooOld(StoreError):  # noqa: N818
    """The server lacks what Sutra needs."""


class QueryError(SutraError):
    """A query that cannot run as asked."""


class CypherFault(QueryError):  # noqa: N818
    """A text that the server cannot read, and where: `line` and `column` are counted from 1.

    `written` is that line as it was written.
    """

    def __init__(self, problem: str, text: str, offset: int) -> None:
        before = text[:offset]
        self.line, self.column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
        self.written = text.split("\n")[self.line - 1].rstrip("\r")
        place = f"line {self.line}, column {self.column}"
        super().__init__(f"The query cannot be run: {problem.rstrip('.')} ({place}).")

    @property
    def pointed(self) -> str:
        """The line as it was written, and below it a caret under the place."""
        return f"{self.written}\n{''.join(map(_blank, self.written[: self.column - 1]))}^"


def _blank(character: str) -> str:
    """Nothing to be seen, as wide as that character."""
    if character == "\t" or unicodedata.combining(character):
        return "\t" if character == "\t" else ""
    return "\u3000" if unicodedata.east_asian_width(character) in ("W", "F") else " "


class UnknownQuery(QueryError):  # noqa: N818
    """No saved query has that id."""


class QueryFileError(QueryError):
    """A .cypher file whose header or body is wrong."""


class ParameterError(QueryError):
    """A parameter that is missing, unknown or of the wrong type."""


class QueryRefused(QueryError):  # noqa: N818
    """An analyst's text that may write, or that calls what is not on the list."""


class QueryTimeout(QueryError):  # noqa: N818
    """A query that was stopped at its time limit."""


class QueryCancelled(QueryError):  # noqa: N818 (not a fault: somebody asked for it)
    """A query that was stopped because whoever waited for it called it off."""


class LoadError(SutraError):
    """A load that cannot go on."""


class LoadInProgress(LoadError):  # noqa: N818
    """Another load of the same case is running."""


class LoadCutOff(LoadError):  # noqa: N818
    """An earlier load of the case did not come to its end."""


class UnknownCase(LoadError):  # noqa: N818
    """The graph holds no case of that id."""

    @classmethod
    def called(cls, case: str) -> UnknownCase:
        """The error for a case that the graph does not hold."""
        return cls(f"The graph holds no case “{case}”; `sutra status` lists them.")


class JournalError(SutraError):
    """An entry of the journal that cannot be kept, or that this version cannot read."""


class ExportError(SutraError):
    """A publication that cannot be made as asked."""


class UnknownFormat(ExportError):  # noqa: N818
    """No format has that name."""


class WouldOverwrite(ExportError):  # noqa: N818
    """A file that is there already, and nobody said that it may go."""


class RevealingSource(ExportError):  # noqa: N818
    """A cited title, address or publisher that gives a redacted name away."""


class NameLeft(ExportError):  # noqa: N818
    """A name that must not leave stands in a finished file.

    `words` are those that may as well be other words, which one decision lets pass.
    """

    def __init__(self, message: str, words: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.words = words


class PackError(ExportError):
    """A pack that cannot be read, or that is not as its manifest says."""


def disk_full(error: OSError | sqlite3.Error) -> str:
    """A sentence for an error that comes of a full disk; empty for any other.

    It can come from everywhere, so whoever talks to the user asks, and nobody below.
    """
    full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    if not full and getattr(error, "errno", None) not in (errno.ENOSPC, errno.EDQUOT):
        return ""
    name = getattr(error, "filename", None)
    return f"The disk{f' of {name}' if name else ''} is full: free some space, then try again."


def full_disk(place: Path | str) -> str:
    """A sentence for a change that the graph could not keep, since its disk is full."""
    return (
        f"The disk is full, so nothing more can be saved: free some space where the data lie "
        f"({place}), then run the command again."
    )


def unusable_file(error: OSError) -> str:
    """A sentence for a file or folder that the system refuses, whatever was to be done with it."""
    why = error.strerror or str(error) or type(error).__name__
    if error.filename is None:
        return f"The system refuses what was asked of it ({why}); see to that, then try again."
    return (
        f"{error.filename} cannot be used ({why}); see that it is there and may be read and "
        f"written, then try again."
    )
