"""The names that a query may use: labels, relationship types and properties as they are stored.

What the schema declares, and what the writer adds to it. `unknown_names` finds a
misspelt one, which Cypher would answer with no rows instead of an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process

from graph.model.schema import CLAIM_LABEL, ENTITY_LABEL, RECORD_LABEL, WITHDRAWN_LABEL, Schema
from graph.questions.guard.check import BEFORE_A_BRACKET
from graph.store.tokens import OPENERS, Token

_ON_EVERY_NODE: Final = "id case caption search"
_ON_RELATIONSHIPS: Final = "claim earliest latest reported status origins contested"
_ON_CLAIMS: Final = """
    kind subject predicate object measure value number unit comparator base polarity
    when when_basis when_rule when_from earliest latest reported strongest weakest
    origins origin_ids publishers not_stated contested follows computed sentence
"""
_ON_RECORDS: Final = """
    source start end status said_by as_worded hedge quoted rule evidence how
    reason withdrawn_on started finished
"""
PARTS_OF_A_DATE: Final = frozenset({"year", "month", "day", "days", "months", "years"})


def labels(schema: Schema) -> frozenset[str]:
    """The labels of nodes."""
    return frozenset(
        (ENTITY_LABEL, CLAIM_LABEL, RECORD_LABEL, WITHDRAWN_LABEL, *schema.nodes, *schema.records)
    )


def types(schema: Schema) -> frozenset[str]:
    """The types of relationships."""
    return frozenset((*schema.relationships, *schema.record_relationships))


def properties(schema: Schema) -> frozenset[str]:
    """The properties of nodes and of relationships."""
    every = f"{_ON_EVERY_NODE} {_ON_RELATIONSHIPS} {_ON_CLAIMS} {_ON_RECORDS}".split()
    declared = [p for node in schema.node_types for p in node.properties]
    declared += [p for record in schema.record_types for p in record.properties]
    declared += schema.relationship_properties
    return frozenset((*every, *(name for p in declared for name in (p.name, *p.beside))))


@dataclass(frozen=True)
class UnknownName:
    """A name that is not in the graph. `kind` is label, relationship type or property.

    `near` is the most similar one that is there, or None.
    """

    kind: str
    name: str
    line: int
    near: str | None

    def __str__(self) -> str:
        hint = f"; did you mean “{self.near}”?" if self.near else ""
        return f"no {self.kind} “{self.name}” is in the schema{hint}"


def nearest(word: str, known: Sequence[str] | frozenset[str]) -> str | None:
    """The most similar of the known words, or None if none is similar."""
    found = process.extractOne(
        word,
        sorted(known),
        processor=lambda text: text.casefold().replace("_", "-"),
        score_cutoff=60,
    )
    return found[0] if found else None


def unknown_names(tokens: Sequence[Token], schema: Schema) -> list[UnknownName]:
    """Labels, types and properties in the tokens that the schema does not know, in order.

    A property is what follows a dot, or a key of the map in a node's or a relationship's pattern.
    Keys of other maps are the query's own, and may be read from it again with a dot.
    """
    return list(_Names(tokens).unknown(schema))


def reads_in_patterns(tokens: Sequence[Token]) -> list[Token]:
    """Names after a dot in the map of a pattern, as `claim` in `MATCH (c:Claim {id: r.claim})`.

    Where `r` is a relationship of a MATCH before without a WITH between, the embedded engine finds
    nothing, without an error.
    """
    return list(_Names(tokens).in_pattern_maps())


class _Names:
    """One walk over the tokens that keeps the brackets it is in."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.open: list[str] = []
        """What each open bracket is: node, relationship, pattern map, map, or another."""
        self._calls = self._chains_that_call()
        self._labels: dict[tuple[int, str], bool] = {}
        """What `_in_label_expression` has found, by place and by the bracket around it."""
        own = {
            token.text
            for token, where in zip(tokens, self._places(), strict=True)
            if where == "map key"
        }
        self.also_readable = PARTS_OF_A_DATE | own

    def unknown(self, schema: Schema) -> Iterator[UnknownName]:
        known = {
            "label": ("label", labels(schema)),
            "type": ("relationship type", types(schema)),
            "pattern key": ("property", properties(schema)),
            "read": ("property", properties(schema)),
        }
        for index, where in enumerate(self._places()):
            token = self.tokens[index]
            if where not in known or (where == "read" and token.text in self.also_readable):
                continue
            kind, names = known[where]
            if token.text not in names:
                yield UnknownName(kind, token.text, token.line, nearest(token.text, names))

    def in_pattern_maps(self) -> Iterator[Token]:
        self.open = []
        for index, token in enumerate(self.tokens):
            if self.open[-1:] == ["pattern map"] and self._place(index) == "read":
                yield token
            self._follow(index)

    def _places(self) -> list[str]:
        """For each token what it is: label, type, pattern key, map key, read, or nothing."""
        self.open = []
        found = []
        for index, token in enumerate(self.tokens):
            found.append(self._place(index) if token.kind in ("name", "quoted") else "")
            self._follow(index)
        return found

    def _follow(self, index: int) -> None:
        """Note the bracket at `index`, if it is one."""
        if self.tokens[index].is_symbol(*OPENERS):
            self.open.append(self._opened(index))
        elif self.tokens[index].is_symbol(*OPENERS.values()):
            self.open.pop()

    def _place(self, index: int) -> str:
        inside = self.open[-1] if self.open else ""
        if _is(self.tokens, index - 1, ".") and not _is(self.tokens, index + 1, "("):
            return "" if self._calls[index] else "read"
        in_map = inside in ("map", "pattern map") and _is(self.tokens, index - 1, "{", ",")
        if in_map and _is(self.tokens, index + 1, ":"):
            return "map key" if inside == "map" else "pattern key"
        if self._in_label_expression(index):
            return "type" if "relationship" in self.open[-2:] else "label"
        return ""

    def _chains_that_call(self) -> list[bool]:
        """For each token whether a bracket follows it, or the dotted parts behind it."""
        found = [False] * len(self.tokens)
        for index in reversed(range(len(self.tokens))):
            has_more = _is(self.tokens, index + 1, ".") and index + 2 < len(self.tokens)
            found[index] = found[index + 2] if has_more else _is(self.tokens, index + 1, "(")
        return found

    def _in_label_expression(self, index: int) -> bool:
        """Whether only names, `|`, `&`, `!` and brackets lie between the name and a colon."""
        inside = self.open[-1] if self.open else ""
        walked: list[int] = []
        found: bool | None = None
        while found is None:
            found = self._labels.get((index, inside))
            if found is None:
                walked.append(index)
                found, index = self._label_before(index, inside)
        # Each stretch is walked once, however many names follow it.
        self._labels.update(((at, inside), found) for at in walked)
        return found

    def _label_before(self, index: int, inside: str) -> tuple[bool | None, int]:
        """Whether a colon comes before the name; None, and the name to ask, if that depends."""
        at = index - 1
        while at >= 0 and _is(self.tokens, at, "(", "!"):
            at -= 1
        if _is(self.tokens, at, ":"):
            return not self._ends_map_key(at), at
        # Just inside a list's brackets a bar ends the condition of a comprehension.
        if not _is(self.tokens, at, "|", "&") or inside == "list":
            return False, at
        at -= 1
        while at >= 0 and _is(self.tokens, at, ")"):
            at -= 1
        is_name = at >= 0 and self.tokens[at].kind in ("name", "quoted")
        return (None if is_name else False), at

    def _ends_map_key(self, colon: int) -> bool:
        in_map = bool(self.open) and self.open[-1] in ("map", "pattern map")
        return in_map and _is(self.tokens, colon - 2, "{", ",")

    def _opened(self, index: int) -> str:
        """What the bracket at `index` opens."""
        token, before = self.tokens[index], self.tokens[index - 1] if index else None
        if token.text == "[":
            return "relationship" if before is not None and before.is_symbol("-") else "list"
        if token.text == "(":
            called = before is not None and before.kind in ("name", "quoted")
            is_call = called and before is not None and before.word not in BEFORE_A_BRACKET
            return "call" if is_call else "node"
        inside = self.open[-1] if self.open else ""
        in_pattern = inside in ("node", "relationship") and (
            before is not None
            and (before.kind in ("name", "quoted") or before.is_symbol("(", "[", ")", "]", "*"))
            and not _is(self.tokens, index + 1, ".")
        )
        return "pattern map" if in_pattern else "map"


def _is(tokens: Sequence[Token], index: int, *symbols: str) -> bool:
    return 0 <= index < len(tokens) and tokens[index].is_symbol(*symbols)
