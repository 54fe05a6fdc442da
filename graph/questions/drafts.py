"""An analyst's own query on its way into the library: its header, and the file it is kept in."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from graph.errors import QueryFileError
from graph.model.text import slug
from graph.questions.library import FOLDERS_VARIABLE, Library, newsroom_folder
from graph.questions.parameters import type_of
from graph.questions.query_file import CASE, Query, has_header, parse, return_columns
from graph.questions.result import Result
from graph.store.tokens import CypherTextError, tokenize

OWN: Final = "Our own"
"""The category of a query that names none."""


def parameters_of(text: str) -> list[str]:
    """The parameters that a text uses, `case` excepted, in order; none if it cannot be read."""
    try:
        used = {token.text for token in tokenize(text) if token.kind == "parameter"}
    except CypherTextError:
        return []
    return sorted(used - {CASE})


def with_header(
    text: str,
    *,
    title: str,
    question: str,
    category: str = OWN,
    params: Mapping[str, Any] | None = None,
    result: Result | None = None,
    case: str = "",
) -> str:
    """The text with a header before it; types of columns and parameters are told from values.

    A text that has a header keeps it.
    """
    if has_header(text):
        return text
    given = dict(params or {})
    header: dict[str, Any] = {
        "title": title, "question": question, "category": category,
        "params": [{"name": n, "type": _type([v], case), "label": n} for n, v in given.items()],
        "columns": _columns(text, result, case),
        "view": "table",
        "example": given,
    }  # fmt: skip
    kept = {key: value for key, value in header.items() if value not in ({}, [])}
    written = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=96)
    # The comment that holds it must not end within it.
    return f"/*\n{written.replace('*/', '* /')}*/\n{text.strip().removesuffix(';').strip()}\n"


def _columns(text: str, result: Result | None, case: str) -> list[dict[str, str]]:
    try:
        names = [name or "" for name, _ in return_columns(tokenize(text))]
    except CypherTextError:
        names = []
    values = {} if result is None else {n: _values(result, n) for n in result.columns}
    return [{"name": name, "type": _type(values.get(name, []), case)} for name in names]


def _values(result: Result, name: str) -> list[Any]:
    place = result.columns.index(name)
    return [row[place] for row in result.rows if row[place] is not None]


def _type(values: Sequence[Any], case: str) -> str:
    """The type that all these values have, as a header names it."""
    if not values:
        return "text"
    kinds = {type_of(value) for value in values}
    return kinds.pop() if len(kinds) == 1 else "text"


def save(text: str, name: str, library: Library) -> Query:
    """Keep a query as a new file in the newsroom's folder; returns it as the library reads it.

    `name` becomes the file's name and the query's id. Raises QueryFileError in one sentence if the
    header is wrong, the id is taken, or the folder cannot be written; no file is ever replaced.
    """
    id_ = slug(name)
    if not id_:
        raise QueryFileError("Give the query a name with letters or digits in it.")
    folder = newsroom_folder()
    file = folder / f"{id_}.cypher"
    query = parse(text, file, library.schema)
    taken = next((known.file for known in library if known.id == id_), None)
    if taken is not None:
        raise QueryFileError(f"A question “{id_}” is there already; choose another name.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
    except FileExistsError as error:
        raise QueryFileError(
            f"There is a file {file.name} in {folder} already; choose another name."
        ) from error
    except OSError as error:
        raise QueryFileError(
            f"{folder} cannot be written ({error.strerror}); make it writable, or name another "
            f"folder with {FOLDERS_VARIABLE}."
        ) from error
    return query
