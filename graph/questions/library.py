"""The library of saved queries: the bundled ones, and those of a newsroom's own folders."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from graph.errors import (
    CypherFault,
    ParameterError,
    QueryError,
    QueryFileError,
    QueryTimeout,
    UnknownQuery,
)
from graph.model.schema import Schema
from graph.model.text import fold
from graph.model.types import SCHEMA
from graph.model.wording import counted
from graph.questions import shortest_paths
from graph.questions.guard import check
from graph.questions.guard.names import nearest, reads_in_patterns
from graph.questions.parameters import bind
from graph.questions.query_file import CASE, Expect, Query, has_header, parse, read, return_columns
from graph.questions.result import (
    DEFAULT_LIMIT,
    DEFAULT_MEGABYTES,
    DEFAULT_TIMEOUT,
    Result,
    cut,
    strip_case,
)
from graph.questions.value_text import unknown_ends
from graph.runtime.log import Timed
from graph.runtime.workspace import Workspace
from graph.store.answer_size import MEGABYTE, AnswerSize
from graph.store.faults import fault_in
from graph.store.store import Store, out_of_time
from graph.store.tokens import tokenize

BUNDLED: Final = Path(__file__).resolve().parents[2] / "queries"
FOLDERS_VARIABLE: Final = "SUTRA_QUERIES"

_LOG: Final = logging.getLogger(__name__)

_MAY_MISS: Final = (
    "rows may be missing: this engine can find nothing where the map of a pattern reads a "
    "property, as in MATCH (c {id: r.claim}); hand the value on with WITH ... AS, or compare it "
    "in WHERE"
)

# One by one: the embedded engine would look through every node for a list of them.
_ENDS: Final = """
UNWIND $ends AS element MATCH (n) WHERE elementId(n) = element
RETURN element, toString(n.id) AS id
"""


class Library:
    """Saved queries by id. Make one with `Library.load`."""

    def __init__(
        self,
        queries: Mapping[str, Query],
        problems: Mapping[str, QueryFileError],
        schema: Schema = SCHEMA,
    ) -> None:
        self.schema = schema
        self._queries = dict(queries)
        self._problems = dict(problems)

    @classmethod
    def load(cls, folders: Sequence[Path] | None = None, schema: Schema = SCHEMA) -> Library:
        """The queries in all `.cypher` files under the folders.

        Without folders: the bundled ones and those that SUTRA_QUERIES names. A file that is wrong
        keeps no other from being used: it is in `problems`, and `get` raises its error. Raises
        QueryFileError if a folder does not exist.
        """
        queries: dict[str, Query] = {}
        problems: dict[str, QueryFileError] = {}
        for file in _files(default_folders() if folders is None else folders):
            try:
                query = read(file, schema)
            except QueryFileError as error:
                problems[file.stem] = error
                continue
            if query.id in queries:
                problems[str(file)] = QueryFileError(
                    f"{file}: the id {query.id} is taken by {queries[query.id].file}; "
                    "rename the file."
                )
            else:
                queries[query.id] = query
        return cls(queries, problems, schema)

    @property
    def problems(self) -> tuple[QueryFileError, ...]:
        """The errors of files that could not be used, in the order of their ids."""
        return tuple(self._problems[key] for key in sorted(self._problems))

    def __iter__(self) -> Iterator[Query]:
        """All queries in the order of their ids."""
        return iter(self._queries[key] for key in sorted(self._queries))

    def __len__(self) -> int:
        return len(self._queries)

    def get(self, id_: str) -> Query:
        """The query of that id.

        Raises UnknownQuery, which names the nearest, or the QueryFileError of its file.
        """
        if id_ in self._queries:
            return self._queries[id_]
        if id_ in self._problems:
            raise self._problems[id_]
        near = nearest(id_, frozenset(self._queries))
        hint = f"did you mean {near}?" if near else "`sutra query` lists them."
        raise UnknownQuery(f"No saved query is called “{id_}”; {hint}")

    def by_category(self) -> dict[str, list[Query]]:
        """The queries under their categories, both in the order of the alphabet."""
        found: dict[str, list[Query]] = {}
        for query in self:
            found.setdefault(query.category, []).append(query)
        return {
            category: sorted(found[category], key=lambda q: (q.title.casefold(), q.id))
            for category in sorted(found, key=str.casefold)
        }

    def search(self, text: str) -> list[Query]:
        """The queries that hold every word of the text, those with all in the title first."""
        words = fold(text).split()
        ranked = []
        for query in self:
            title = fold(f"{query.title} {query.id}")
            whole = f"{title} {fold(query.question)} {fold(query.category)}"
            if all(word in whole for word in words):
                ranked.append((not all(word in title for word in words), title, query))
        return [query for _, _, query in sorted(ranked, key=lambda r: r[:2])]


def default_folders() -> list[Path]:
    """The bundled folder, and the newsroom's own: what SUTRA_QUERIES names, and the workspace's."""
    own = _workspace_folder()
    return [BUNDLED, *_named_folders(), *([own] if own.is_dir() else [])]


def newsroom_folder() -> Path:
    """Where a new query is kept: the first folder of SUTRA_QUERIES, else the workspace's own."""
    return next(iter(_named_folders()), _workspace_folder())


def _named_folders() -> list[Path]:
    named = os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep)
    return [Path(part).expanduser() for part in named if part.strip()]


def _workspace_folder() -> Path:
    return Workspace.locate().root / "queries"


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder == BUNDLED and not folder.is_dir():
            raise QueryFileError(f"Sutra's own queries are missing at {folder}; install it anew.")
        if not folder.is_dir():
            raise QueryFileError(
                f"There is no folder {folder} to read queries from; correct {FOLDERS_VARIABLE}."
            )
        yield from sorted(folder.rglob("*.cypher"))


# --- running ------------------------------------------------------------------------------------


def run(
    store: Store,
    query: Query,
    case: str,
    params: Mapping[str, object] | None = None,
    *,
    timeout: float | None = DEFAULT_TIMEOUT,
    limit: int | None = DEFAULT_LIMIT,
    megabytes: float = DEFAULT_MEGABYTES,
    text: str = "",
) -> Result:
    """The answer of a saved query on a case. `timeout` in seconds, `limit` in rows.

    `text` is what it was read from, header and all, if a fault is to be found in there. Raises
    ParameterError, QueryTimeout, QueryRefused if a newsroom's own query would make the server do
    more than read, and CypherFault if the server cannot read it.
    """
    limits = Limits(timeout, limit, megabytes)
    bundled = query.file.resolve().is_relative_to(BUNDLED)
    # The id of another may be somebody's name.
    with Timed(_LOG, f"question {query.id if bundled else 'of the newsroom'}", params) as timed:
        bound = bind(query.params, params or {}, case, store, query=query.id)
        if query.procedure:
            result = shortest_paths.run(store, query, bound, timeout=timeout, limit=limit)
        else:
            columns, written = tuple(c.name for c in query.columns), text or query.cypher
            if not bundled:
                _check_plan(store, query.cypher, bound, limits, written)
            result = _read(store, query.cypher, bound, columns, limits, written)
        timed.rows = len(result.rows)
    return result


def run_own(
    store: Store,
    text: str,
    file: Path,
    case: str | None,
    params: Mapping[str, object] | None = None,
    *,
    timeout: float | None = DEFAULT_TIMEOUT,
    limit: int | None = DEFAULT_LIMIT,
    megabytes: float = DEFAULT_MEGABYTES,
) -> Result:
    """The answer of an analyst's own Cypher, read-only. `timeout` in seconds, `limit` in rows.

    With a header it is read as a saved query and needs a case; without one the parameters are the
    text's own, and `$case` is given if it occurs. Raises what `run` raises, and QueryFileError if
    the header is wrong.
    """
    if has_header(text):
        if case is None:
            raise ParameterError("The query needs a case; choose one with --case.")
        query = parse(text, file, store.schema)
        return run(
            store, query, case, params, timeout=timeout, limit=limit, megabytes=megabytes, text=text
        )
    limits = Limits(timeout, limit, megabytes)
    with Timed(_LOG, "query of an analyst", params) as timed:
        cypher = check.check(text)
        tokens = tokenize(cypher)
        used = sorted({t.text for t in tokens if t.kind == "parameter"})
        bound = _bind_own(used, params or {}, case)
        _check_plan(store, cypher, bound, limits, text)
        columns = tuple(name or "" for name, _ in return_columns(tokens))
        result = _read(store, cypher, bound, columns, limits, text)
        timed.rows = len(result.rows)
    if store.info.embedded and reads_in_patterns(tokens):
        return replace(result, notes=(*result.notes, _MAY_MISS))
    return result


def _bind_own(
    used: Sequence[str], given: Mapping[str, object], case: str | None
) -> dict[str, object]:
    available = dict(given) if case is None else {CASE: case, **given}
    for name in given:
        if name not in used:
            near = nearest(name, list(used))
            hint = f"; did you mean {near}?" if near else "."
            raise ParameterError(f"The query does not use a parameter “{name}”{hint}")
    for name in used:
        if name not in available:
            option = "--case" if name == CASE else f"--param {name}=..."
            raise ParameterError(f"Parameter {name} is missing: give it with {option}.")
    return {name: available[name] for name in used}


class Limits:
    """What one answer may take, from now on: seconds, rows, megabytes."""

    def __init__(self, timeout: float | None, rows: int | None, megabytes: float) -> None:
        self.timeout, self.rows = timeout, rows
        self.size = AnswerSize(int(megabytes * MEGABYTE))
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has taken by now."""
        return time.monotonic() - self.began

    @contextmanager
    def time(self) -> Iterator[float | None]:
        """The seconds that are left for a read, which is timed with all that was before it."""
        try:
            yield None if self.timeout is None else max(0.001, self.timeout - self.seconds)
        except QueryTimeout as error:
            raise out_of_time(self.timeout) from error


def _check_plan(
    store: Store, cypher: str, bound: Mapping[str, Any], limits: Limits, text: str
) -> None:
    with limits.time() as left, _faults_in(text, cypher, explained=True):
        plan = store.explain(cypher, bound, timeout=left)
    check.check_plan(plan)


@contextmanager
def _faults_in(text: str, cypher: str, *, explained: bool = False) -> Iterator[None]:
    """Have what the server cannot read said with its place in the text as it was written."""
    try:
        yield
    except QueryError as error:
        start = text.rfind(cypher)
        if type(error) is not QueryError or error.__cause__ is None or start < 0:
            raise
        found = fault_in(error.__cause__, cypher, explained=explained)
        if found is None:
            raise
        raise CypherFault(found[0], text, start + found[1]) from error


def _read(
    store: Store, cypher: str, bound: Mapping[str, Any], columns: tuple[str, ...], limits: Limits,
    text: str,
) -> Result:  # fmt: skip
    more = None if limits.rows is None else limits.rows + 1
    with limits.time() as left, _faults_in(text, cypher):
        read = store.read(cypher, bound, timeout=left, limit=more, size=limits.size)
    rows, truncated, notes = cut(read, limits.rows, limits.size)
    ends = unknown_ends(value for row in rows for value in row.values())
    found = []
    if ends:
        with limits.time() as left:
            found = store.read(_ENDS, {"ends": ends}, timeout=left)
    names = tuple(rows[0]) if rows else columns
    if rows and set(names) == set(columns):
        names = columns
    return Result(
        columns=names,
        rows=tuple(tuple(row[name] for name in names) for row in rows),
        cypher=cypher,
        parameters=bound,
        truncated=truncated,
        seconds=limits.seconds,
        notes=notes,
        ends={row["element"]: row["id"] for row in found if row["id"]},
    )


def differences(result: Result, expect: Expect, case: str) -> list[str]:
    """Where a result is not what a query's header expects, a sentence each; empty if it is."""
    found = [strip_case(list(row), case) for row in result.rows]
    said = []
    if len(found) != expect.count:
        said.append(f"{counted(len(found), 'row')}, and {expect.count} are expected")
    for number, (row, wanted) in enumerate(zip(found, expect.rows, strict=False), start=1):
        if row != list(wanted):
            said.append(f"row {number} is {row!r}, and {list(wanted)!r} is expected")
    return said
