"""What an analyst's own Cypher may say: it reads, and calls only what is on a list.

The engine's own enforcement (a reader without rights, READ access mode) is what keeps a write out;
this comes before it, for two reasons. It says in one sentence what is wrong, and it keeps out what
a reader's rights do not: `LOAD CSV` reads files and fetches addresses, procedures and functions of
a server's own do anything, and commands end other people's queries. Nothing is on a list of what is
forbidden alone: functions, procedures, first words and the plan's operators must be on a list of
what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.errors import QueryRefused
from graph.questions.guard.allowlist import FUNCTIONS, OPERATORS, PROCEDURES
from graph.store.tokens import CypherTextError, Token, tokenize

FIRST_WORDS: Final = frozenset({"MATCH", "OPTIONAL", "CALL", "UNWIND", "WITH", "RETURN"})
"""What a text may begin with."""

COMMANDS: Final = frozenset({"EXPLAIN", "PROFILE", "CYPHER", "SHOW", "TERMINATE"})
"""Words before a query that change what the server does with it, or command the server."""

_WRITES: Final = "CREATE MERGE SET DELETE DETACH NODETACH REMOVE FOREACH DROP INSERT ALTER"
WRITES: Final = frozenset(_WRITES.split())
OUTSIDE: Final = frozenset({"LOAD", "USE", "SHOW", "TERMINATE", "TRANSACTION", "TRANSACTIONS"})
"""Words that lead out of the graph, out of this database or out of this transaction."""

_BEFORE_A_BRACKET: Final = """
MATCH WHERE RETURN WITH UNWIND DISTINCT AND OR XOR NOT IN IS CASE WHEN THEN ELSE BY ORDER LIMIT
SKIP OFFSET CONTAINS STARTS ENDS AS ON YIELD UNION CALL OPTIONAL SHORTEST ANY ALL PATHS PATH GROUPS
GROUP WALK TRAIL ACYCLIC SIMPLE ELEMENTS RELATIONSHIPS ASC DESC ASCENDING DESCENDING
"""
BEFORE_A_BRACKET: Final = frozenset(_BEFORE_A_BRACKET.split())
"""Words that an opening bracket may follow without being a function."""

_SHOWN: Final = 60
"""Characters of a name that a message repeats."""

_ADVICE: Final = "if it is a name of your own, put it in backticks"


@dataclass(frozen=True)
class Refusal:
    """Why a text is refused: one sentence without its place, and the line, counted from 1."""

    reason: str
    line: int


def check(text: str) -> str:
    """The text as it may be sent to a reader: itself, without a closing semicolon.

    Raises QueryRefused, which names the line and the first thing that is not allowed.
    """
    try:
        tokens = tokenize(text)
    except CypherTextError as error:
        raise QueryRefused(f"Line {error.line}: {error.problem}.") from error
    end = len(text)
    if tokens and tokens[-1].is_symbol(";"):
        end = tokens.pop().start
    refusal = refuse(tokens)
    if refusal:
        raise QueryRefused(f"Line {refusal.line}: {refusal.reason}.")
    return text[:end].rstrip()


def refuse(tokens: Sequence[Token]) -> Refusal | None:
    """The first reason not to run these tokens, or None."""
    for reason in _reasons(tokens):
        return reason
    return None


def check_plan(plan: Mapping[str, Any] | None) -> None:
    """Raise QueryRefused unless every operator of the plan is on the list.

    The plan is what `Store.explain` gives: None, as on the embedded engine, passes, since there the
    reader has no other right.
    """
    if plan is None:
        return
    waiting = [plan]  # a plan may be nested deeper than Python's own calls
    while waiting:
        step = waiting.pop()
        operator = str(step["operatorType"]).partition("@")[0].strip()
        if operator not in OPERATORS:
            raise QueryRefused(
                f"The server would run the step {operator}, which is not on the list of steps that "
                "only read this graph."
            )
        if operator == "ProcedureCall":
            _check_called(step)
        waiting.extend(reversed(step.get("children") or ()))


def _check_called(plan: Mapping[str, Any]) -> None:
    details = str((plan.get("args") or {}).get("Details", ""))
    called = details.partition("(")[0].replace("`", "").strip()
    if called.lower() not in PROCEDURES:
        raise QueryRefused(f"The procedure {called or 'that it calls'} is not on the list.")


def _reasons(tokens: Sequence[Token]) -> Iterator[Refusal]:
    yield from _beginning(tokens)
    for index, token in enumerate(tokens):
        if token.is_symbol(";"):
            yield Refusal("only one statement can be run at a time", token.line)
        elif token.kind == "name" and not _is_plain_name(tokens, index):
            yield from _keyword(tokens, index)
        elif token.is_symbol("("):
            yield from _function(tokens, index)


def _beginning(tokens: Sequence[Token]) -> Iterator[Refusal]:
    if not tokens:
        yield Refusal("there is no query in the text", 1)
        return
    first = tokens[0]
    if first.word in COMMANDS:
        yield Refusal(f"a query cannot begin with {first.word}", first.line)
    elif first.word in WRITES | OUTSIDE:
        yield from _keyword(tokens, 0)
    elif first.word not in FIRST_WORDS:
        yield Refusal(
            "a query begins with MATCH, OPTIONAL MATCH, CALL, UNWIND, WITH or RETURN", first.line
        )


def _is_plain_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether the name can only be a label, a type or a property: it follows a colon or a dot."""
    if index == 0:
        return False
    before = tokens[index - 1]
    if before.is_symbol(":"):
        return True
    # After a number a dot may still belong to the number, and a clause may follow it.
    return before.is_symbol(".") and index > 1 and tokens[index - 2].kind != "number"


def _keyword(tokens: Sequence[Token], index: int) -> Iterator[Refusal]:
    token = tokens[index]
    word = token.word
    if word in WRITES:
        yield Refusal(f"a query may only read, and {word} writes; {_ADVICE}", token.line)
    elif word == "LOAD":
        yield Refusal(f"LOAD CSV reads files and addresses, so it is off; {_ADVICE}", token.line)
    elif word.startswith("TRANSACTION"):
        yield Refusal(f"a subquery cannot run in transactions of its own; {_ADVICE}", token.line)
    elif word in OUTSIDE:
        yield Refusal(f"{word} leads out of this graph, so it is off; {_ADVICE}", token.line)
    elif word == "CALL":
        yield from _call(tokens, index)


def _call(tokens: Sequence[Token], index: int) -> Iterator[Refusal]:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if following is not None and following.is_symbol("{", "("):
        return  # a subquery: what it says stands in these tokens too
    name, _ = _chain_from(tokens, index + 1)
    if name.lower() not in PROCEDURES:
        called = _clipped(name) or "that CALL names"
        yield Refusal(
            f"the procedure {called} is not on the list ({_listed(PROCEDURES)})",
            tokens[index].line,
        )


def _function(tokens: Sequence[Token], index: int) -> Iterator[Refusal]:
    """What is wrong with the name before the bracket at `index`, if it calls a function."""
    start = _chain_start(tokens, index)
    if start is None or _is_procedure(tokens, start):
        return
    name, length = _chain_from(tokens, start)
    first = tokens[start]
    follows_dot = start > 0 and tokens[start - 1].is_symbol(".")
    if length == 1 and not follows_dot and first.word in BEFORE_A_BRACKET:
        return
    if follows_dot or name.lower() not in FUNCTIONS or not name.isascii():
        yield Refusal(f"the function {_clipped(name)} is not on the list of functions", first.line)


def _is_procedure(tokens: Sequence[Token], start: int) -> bool:
    """Whether the name is what CALL calls, which `_call` has looked at."""
    if start == 0 or tokens[start - 1].word != "CALL":
        return False
    return not _is_plain_name(tokens, start - 1)


def _chain_start(tokens: Sequence[Token], bracket: int) -> int | None:
    """Where the dotted name that ends just before the bracket begins; None without a name."""
    at = bracket - 1
    if at < 0 or not _is_name(tokens[at]):
        return None
    while at >= 2 and tokens[at - 1].is_symbol(".") and _is_name(tokens[at - 2]):
        at -= 2
    return at


def _chain_from(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """The dotted name that begins at `start`, and the number of its parts."""
    parts: list[str] = []
    at = start
    while at < len(tokens) and _is_name(tokens[at]):
        parts.append(tokens[at].text)
        if not (at + 2 < len(tokens) and tokens[at + 1].is_symbol(".")):
            break
        at += 2
    return ".".join(parts), len(parts)


def _is_name(token: Token) -> bool:
    return token.kind in ("name", "quoted")


def _clipped(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
