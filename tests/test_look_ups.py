"""No text of Cypher looks up optionally by a value that may be nothing.

The embedded engine then reads all that there is of the label, for each row (docs/engines.md).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from graph.cypher import Token, tokenize
from graph.library import BUNDLED

ROOT = Path(__file__).resolve().parents[1]
CODE = [
    file
    for folder in ("graph", "loaders", "exports", "views", "sutra")
    for file in sorted((ROOT / folder).glob("*.py"))
]
CLAUSES = ("WHERE", "WITH", "RETURN", "MATCH", "CALL", "UNWIND", "CREATE", "SET", "ORDER", "DELETE")


def unsafe(tokens: Sequence[Token]) -> Iterator[Token]:
    """The values in the maps of optional patterns that are neither written out nor made of one."""
    for at, token in enumerate(tokens):
        if token.word != "OPTIONAL":
            continue
        inside = False
        for index in range(at + 2, len(tokens)):
            here, before = tokens[index], tokens[index - 1]
            if here.word in CLAUSES:
                break
            inside = here.is_symbol("{") or (inside and not here.is_symbol("}"))
            safe = here.kind in ("string", "number") or here.word == "COALESCE"
            if inside and before.is_symbol(":") and not safe:
                yield here


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """The texts of Cypher in a file, each with its line."""
    if file.suffix == ".cypher":
        yield 1, file.read_text("utf-8").partition("*/")[2]
        return
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        written = [
            str(part.value) if isinstance(part, ast.Constant) else "x"
            for part in parts
            if isinstance(part, ast.Constant | ast.FormattedValue)
        ]
        if any("OPTIONAL MATCH (" in text for text in written):
            yield node.lineno, "".join(written)


@pytest.mark.parametrize(
    "file",
    [*sorted(BUNDLED.rglob("*.cypher")), *CODE],
    ids=lambda file: f"{file.parent.name}/{file.name}",
)
def test_an_optional_look_up_is_by_a_value(file: Path) -> None:
    found = [
        f"{file.name}, line {line + token.line - 1}: {token.text}"
        for line, text in texts(file)
        for token in unsafe(tokenize(text))
    ]
    assert not found, "write coalesce(..., '') in the map of an OPTIONAL MATCH"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("OPTIONAL MATCH (x:Entity {id: y}) RETURN x", ["y"]),
        ("OPTIONAL MATCH (x:Entity {id: $y}) RETURN x", ["y"]),
        (
            "OPTIONAL MATCH (x:Entity {id: y.id, case: 'c'})-[:FROM {load: z}]->(s) RETURN s",
            ["y", "z"],
        ),
        ("OPTIONAL MATCH (x:Entity {id: coalesce(y, '')}) WHERE x.caption = y RETURN {id: y}", []),
        ("OPTIONAL MATCH (x:Entity {id: 'c:1'}) MATCH (z:Entity {id: y}) RETURN x", []),
    ],
)
def test_what_may_be_nothing_is_seen(text: str, wrong: list[str]) -> None:
    assert [token.text for token in unsafe(tokenize(text))] == wrong
