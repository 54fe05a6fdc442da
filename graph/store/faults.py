"""What the errors of a server mean: a fault in the text, a stop, a want of memory."""

from __future__ import annotations

import re
from typing import Final

from graph.store.tokens import tokenize

EXPLAIN: Final = "EXPLAIN "
"""What is put before a text to have its plan alone."""
_STOPPED: Final = (
    "Neo.ClientError.Transaction.Terminated",
    "Neo.TransientError.Transaction.Terminated",
    "Neo.ClientError.Transaction.TransactionTimedOut",
)
_MEMORY: Final = ("OutOfMemory", "MemoryLimit", "StackOverFlow")
# How each says where a text goes wrong: Neo4j in UTF-16 units of all that was sent, the embedded
# engine by line and column (from 0) of what is left without the comments that open the text.
_OFFSET: Final = re.compile(r"\s*\(line \d+, column \d+ \(offset: (?P<offset>\d+)\)\).*", re.DOTALL)
_LINE: Final = re.compile(
    r"^Syntax error at line (?P<line>\d+):(?P<column>\d+) - "
    r"|\s+at line (?P<line_>\d+), column (?P<column_>\d+)\n.*",
    re.DOTALL,
)


def first_sentence(error: Exception) -> str:
    """What the server said, in at most 500 characters and on one line."""
    text = " ".join((getattr(error, "message", None) or str(error)).split())
    return text if len(text) <= 500 else text[:499] + "…"


def fault_in(error: BaseException, cypher: str, *, explained: bool) -> tuple[str, int] | None:
    """What a server says is wrong with a text, and at which offset of it; None if it names none.

    `explained` says that its plan alone was asked for.
    """
    said = getattr(error, "message", None) or ""
    if found := _OFFSET.search(said):
        units = int(found["offset"]) - (len(EXPLAIN) if explained else 0)
        at = len(cypher.encode("utf-16-le")[: 2 * max(0, units)].decode("utf-16-le", "ignore"))
    elif found := _LINE.search(said):
        line, column = (int(found[name] or found[f"{name}_"]) for name in ("line", "column"))
        start = next((token.start for token in tokenize(cypher)), 0)
        lines = cypher[start:].split("\n")
        at = start + sum(len(one) + 1 for one in lines[: line - 1]) + column
    else:
        return None
    problem = said[: found.start()] + said[found.end() :]
    # What is named first stands at the place, or the place is none of this text.
    named = re.search(r"['`](\w+)['`]", problem)
    if named and not cypher[at:].casefold().startswith(named[1].casefold()):
        return None
    return " ".join(problem.split()), min(at, len(cypher))


def was_stopped(error: Exception) -> bool:
    """Whether the error says that the query was ended from outside or at its time limit."""
    code = getattr(error, "code", None) or ""
    # The embedded engine gives no code when it is stopped while rows are fetched.
    return code.startswith(_STOPPED) or "the command has been terminated" in str(error)


def needs_memory(error: Exception) -> bool:
    """Whether the server says that what it ran needs more memory than there is for it."""
    code = getattr(error, "code", None) or ""
    return any(word in code for word in _MEMORY) or "Java heap space" in str(error)
