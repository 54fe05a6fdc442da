"""No text of Cypher looks up optionally by a value that may be nothing, or an id by a made list.

For each row the embedded engine then goes through all there is of the label (docs/engines.md).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from graph.questions.library import BUNDLED
from graph.store.tokens import Token, tokenize

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    file
    for folder in ("graph", "loaders", "exports", "views", "sutra")
    for file in sorted((ROOT / folder).rglob("*.py"))
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


def lists(tokens: Sequence[Token]) -> Iterator[Token]:
    """What an id is looked up in, `x.id IN ...`, where that is no parameter."""
    for at, token in enumerate(tokens):
        is_id = at > 1 and tokens[at - 1].text == "id" and tokens[at - 2].is_symbol(".")
        if token.word == "IN" and is_id and tokens[at + 1].kind != "parameter":
            yield tokens[at + 1]


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """The texts of Cypher in a file, each with its line."""
    if file.suffix == ".cypher":
        header, _, body = file.read_text("utf-8").partition("*/")
        yield header.count("\n") + 1, body
        return
    tree = ast.parse(file.read_text("utf-8"))
    whole = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    # A part of a text is not one, and neither is what describes the code.
    seen = {id(part) for node in whole for part in ast.walk(node) if part is not node}
    seen |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values
            )
        elif isinstance(node, ast.Constant) and id(node) not in seen:
            text = str(node.value)
        else:
            continue
        if "MATCH (" in text:
            yield node.lineno, text


@pytest.mark.parametrize(
    "file",
    [*sorted(BUNDLED.rglob("*.cypher")), *CODE],
    ids=lambda file: f"{file.parent.name}/{file.name}",
)
def test_a_look_up_is_one(file: Path) -> None:
    told = {
        unsafe: "write coalesce(..., '') in the map of an OPTIONAL MATCH",
        lists: "write UNWIND and a map in place of `id IN`",
    }
    for find, instead in told.items():
        found = [
            f"{file.name}, line {line + token.line - 1}: {token.text}"
            for line, text in texts(file)
            for token in find(tokenize(text))
        ]
        assert not found, f"{instead}: {found}"


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


def test_a_made_list_is_seen() -> None:
    text = "MATCH (x) WHERE x.id IN {} AND x.how IN ['value'] RETURN 1 IN [x.id] AS n"
    made = {
        form: list(lists(tokenize(text.format(form)))) for form in ("$ids", "[]", "[a, b]", "ids")
    }
    assert {form for form, found in made.items() if found} == {"[]", "[a, b]", "ids"}
