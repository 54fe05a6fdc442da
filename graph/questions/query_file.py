"""The format of a saved query: a `.cypher` file that opens with a comment of YAML.

::

    /*
    title: Who issued which order
    question: Which orders were issued, by whom, and who says so?
    category: Orders                       # the group it is listed under
    params:                                # optional; `case` is a parameter of every query
      - {name: issuer, type: entity, label: Issued by, required: false}
      - {name: most, type: int, default: 50}
    columns:                               # as the last RETURN names them, in that order
      - {name: order, type: entity}
      - {name: issuer, type: entity}
      - {name: evidence, type: evidence}
    view: table                            # graph, table or timeline
    example: {most: 10}                    # values for the parameters
    expect:                                # optional: what the example returns on the bundled case
      count: 1
      rows: [[order-1, ministry, [p-1, p-2]]]
    procedure: paths                       # optional, see graph/questions/shortest_paths.py
    scan: true                             # optional: it reads the whole case, and may
    */
    MATCH ... WHERE o.case = $case ... RETURN ... ORDER BY ...

The file's stem is the query's id. Types of parameters: text, int, float, bool, date (a day, as
2021-02-10), entity, choice (one of `choices`), list (of texts; with `of: ties`, of types of
relationship as the schema names them). A parameter without a `default` must be given unless it says
`required: false`; then it is null. Types of columns: text, int, float, bool, date, list, entity,
claim, source, passage (ids), evidence (a list of passage ids).

A column whose name is an entity's column with `_name` behind holds what that is called. With
`view: timeline` the column `date` says when, in EDTF.

`expect` has the rows in order, all of them up to 20; beyond that the count and the first ten. Ids
stand there without the prefix of their case.

The model is strict: an unknown key, a parameter that is declared and not used or used and not
declared, columns that differ from the RETURN, a name that is not in the schema, a last RETURN
without ORDER BY, or anything that does more than read, is an error with the file and the line. So
is `MATCH (c:Claim {id: r.claim})`, where the embedded engine finds nothing if `r` is a relationship
of the MATCH before: write `WITH ..., r.claim AS claim MATCH (c:Claim {id: claim})`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from graph.errors import InputError, ParameterError, QueryFileError
from graph.model.schema import Schema
from graph.model.types import SCHEMA
from graph.model.wording import counted
from graph.questions.guard import check
from graph.questions.guard.names import nearest, reads_in_patterns, unknown_names
from graph.questions.parameters import RELATIONSHIP_TYPES, Parameter, check_value
from graph.questions.parameters import TYPES as PARAMETER_TYPES
from graph.runtime import yamltext
from graph.runtime.files import QUERY, read_text
from graph.runtime.yamltext import YamlProblem
from graph.store.tokens import CypherTextError, Token, depths, opening_comment, tokenize

COLUMN_TYPES: Final = (
    "text", "int", "float", "bool", "date", "list",
    "entity", "claim", "source", "passage", "evidence",
)  # fmt: skip
VIEWS: Final = ("graph", "table", "timeline")
ALL_ROWS_UP_TO: Final = 20
FIRST_ROWS: Final = 10
CASE: Final = "case"

_KEYS: Final = (
    "title", "question", "category", "params", "columns", "view", "example", "expect",
    "procedure", "scan",
)  # fmt: skip
_REQUIRED: Final = ("title", "question", "category", "columns", "view")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Column:
    """A column of a query's answer."""

    name: str
    type: str


@dataclass(frozen=True)
class Expect:
    """What the example must return on the bundled case: all rows, or the count and the first."""

    count: int
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Procedure:
    """A way to answer that takes more than one statement; the body is the step it repeats.

    `uses` are declared parameters that the procedure reads itself, with the type each must have;
    `gives` are parameters of the body that it fills in; `body_columns` is what a step returns and
    `columns` what the whole answers.
    """

    name: str
    uses: Mapping[str, str]
    gives: tuple[str, ...]
    body_columns: tuple[str, ...]
    columns: tuple[Column, ...]


PATHS: Final = Procedure(
    "paths",
    {"start": "entity", "end": "entity", "hops": "int"},
    ("frontier",),
    ("here", "there", "type", "outward", "claim", "status", "certainty"),
    (
        Column("path", "int"),
        Column("hop", "int"),
        Column("from", "entity"),
        Column("relationship", "text"),
        Column("to", "entity"),
        Column("claim", "claim"),
        Column("status", "text"),
        Column("evidence", "evidence"),
        Column("sentence", "text"),
    ),
)
PROCEDURES: Final[Mapping[str, Procedure]] = {PATHS.name: PATHS}


@dataclass(frozen=True)
class Query:
    """A saved query, checked. `cypher` is its body, without the comment that opens the file."""

    id: str
    title: str
    question: str
    category: str
    columns: tuple[Column, ...]
    view: str
    cypher: str
    file: Path
    params: tuple[Parameter, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)
    expect: Expect | None = None
    procedure: str | None = None
    scan: bool = False


def read(file: Path, schema: Schema = SCHEMA) -> Query:
    """The query in a file.

    Raises QueryFileError, with file and line, for anything that is not as this module says.
    """
    return parse(text_of(file), file, schema)


def text_of(file: Path) -> str:
    """The text of a query's file; raises QueryFileError if it cannot be read."""
    try:
        return read_text(file, QUERY)
    except InputError as error:
        raise QueryFileError(str(error)) from error


def parse(text: str, file: Path, schema: Schema = SCHEMA) -> Query:
    """The query in the text of a file; raises QueryFileError as `read` does."""
    return _Parser(text, file, schema).query()


def has_header(text: str) -> bool:
    """Whether the text opens with a header: a comment whose YAML has one of the header's keys."""
    try:
        comment = opening_comment(text)
        found = yamltext.read(comment[0]).value if comment else None
    except (CypherTextError, YamlProblem):
        return False
    return isinstance(found, dict) and bool(found.keys() & set(_KEYS))


def return_columns(tokens: Sequence[Token]) -> list[tuple[str | None, int]]:
    """The names and lines of the columns of the last RETURN that stands in no bracket.

    A column that is an expression without AS has the name None.
    """
    levels = depths(tokens)
    at = _last_return(tokens, levels)
    if at is None:
        return []
    at += 1
    if at < len(tokens) and tokens[at].word == "DISTINCT":
        at += 1
    items: list[list[Token]] = [[]]
    for index in range(at, len(tokens)):
        if levels[index] == 0 and _ends_columns(tokens, index):
            break
        if levels[index] == 0 and tokens[index].is_symbol(","):
            items.append([])
        else:
            items[-1].append(tokens[index])
    return [_column(item, tokens[at - 1].line) for item in items]


def _last_return(tokens: Sequence[Token], levels: Sequence[int]) -> int | None:
    found = None
    for index, token in enumerate(tokens):
        if levels[index] == 0 and token.word == "RETURN" and not _is_own_name(tokens, index):
            found = index
    return found


def _ends_columns(tokens: Sequence[Token], index: int) -> bool:
    word = tokens[index].word
    if word == "ORDER":
        return _is_order_by(tokens, index)
    return word in ("SKIP", "OFFSET", "LIMIT", "UNION") and not _is_own_name(tokens, index)


def _is_order_by(tokens: Sequence[Token], index: int) -> bool:
    followed = index + 1 < len(tokens) and tokens[index + 1].word == "BY"
    return tokens[index].word == "ORDER" and followed and not _is_own_name(tokens, index)


def _is_own_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word that could be a keyword is a name: after a dot, a colon or AS."""
    before = tokens[index - 1] if index else None
    return before is not None and (before.is_symbol(".", ":") or before.word == "AS")


def _column(item: Sequence[Token], line: int) -> tuple[str | None, int]:
    if not item:
        return None, line
    named = len(item) == 1 or item[-2].word == "AS"
    is_name = item[-1].kind in ("name", "quoted")
    return (item[-1].text if named and is_name else None), item[0].line


class _Parser:
    def __init__(self, text: str, file: Path, schema: Schema) -> None:
        self.text, self.file, self.schema = text, file, schema
        self.lines: dict[tuple[str | int, ...], int] = {}

    def query(self) -> Query:
        if not _ID.fullmatch(self.file.stem):
            self._fail(1, "a query's file is named in small letters, digits and hyphens")
        header, after = self._header()
        body = "\n" * self.text.count("\n", 0, after) + self.text[after:]
        self._check_keys(header, _KEYS, ())
        for key in _REQUIRED:
            if key not in header:
                self._fail(1, f"the header lacks “{key}”")
        procedure = self._procedure(header)
        params, columns = self._params(header), self._columns(header)
        self._check_body(body, params, columns, procedure)
        return Query(
            id=self.file.stem,
            title=self._text(header, "title"),
            question=self._text(header, "question"),
            category=self._text(header, "category"),
            columns=columns,
            view=self._one_of(header["view"], VIEWS, ("view",)),
            cypher=self.text[after:].strip(),
            file=self.file,
            params=params,
            example=self._example(header, params),
            expect=self._expect(header, columns),
            procedure=procedure.name if procedure else None,
            scan=self._flag(header, "scan"),
        )

    # --- the header

    def _header(self) -> tuple[dict[str, Any], int]:
        try:
            comment = opening_comment(self.text)
        except CypherTextError as error:
            self._fail(error.line, error.problem, error)
        if comment is None:
            self._fail(
                1, "a saved query opens with its header, a comment of YAML: /* title: ... */"
            )
        content, after = comment
        offset = self.text.count("\n", 0, self.text.index("/*"))
        try:
            found = yamltext.read(content)
        except YamlProblem as error:
            self._fail((error.line or 1) + offset, f"the header {error.problem}", error)
        if not isinstance(found.value, dict):
            self._fail(1, "the header is not a list of “key: value” lines")
        self.lines = {path: line + offset for path, line in found.lines.items()}
        return found.value, after

    def _fail(self, line: int, problem: str, cause: BaseException | None = None) -> NoReturn:
        end = "" if problem.endswith(("?", ".")) else "."
        raise QueryFileError(f"{self.file}, line {line}: {problem}{end}") from cause

    def _fail_at(self, path: tuple[str | int, ...], problem: str) -> NoReturn:
        while path not in self.lines:
            path = path[:-1]
        self._fail(self.lines[path], problem)

    def _check_keys(
        self, found: Mapping[Any, Any], known: Sequence[str], path: tuple[str | int, ...]
    ) -> None:
        for key in found:
            if key not in known:
                near = nearest(str(key), known)
                hint = f"; did you mean “{near}”?" if near else f" ({', '.join(known)})"
                self._fail_at((*path, str(key)), f"“{key}” is no key here{hint}")

    def _text(self, found: Mapping[str, Any], key: str, path: tuple[str | int, ...] = ()) -> str:
        value = found[key]
        if not isinstance(value, str) or not value.strip():
            self._fail_at((*path, key), f"“{key}” must be text")
        return value.strip()

    def _flag(self, found: Mapping[str, Any], key: str, path: tuple[str | int, ...] = ()) -> bool:
        value = found.get(key, False)
        if not isinstance(value, bool):
            self._fail_at((*path, key), f"“{key}” must be true or false")
        return value

    def _one_of(self, value: Any, known: Sequence[str], path: tuple[str | int, ...]) -> str:
        if value not in known:
            self._fail_at(path, f"“{value}” is not one of {', '.join(known)}")
        return str(value)

    def _items(self, header: Mapping[str, Any], key: str, keys: Sequence[str]) -> list[Any]:
        """The list of mappings under a key, each with a name and a type."""
        items = header.get(key) or []
        if not isinstance(items, list):
            self._fail_at((key,), f"“{key}” must be a list")
        names = set()
        for index, item in enumerate(items):
            if not isinstance(item, dict) or not {"name", "type"} <= item.keys():
                self._fail_at((key, index), f"each of “{key}” needs a name and a type")
            self._check_keys(item, keys, (key, index))
            name = self._text(item, "name", (key, index))
            if not _NAME.fullmatch(name):
                self._fail_at(
                    (key, index), f"“{name}” is not a name in small letters, digits and _"
                )
            if name in names:
                self._fail_at((key, index), f"“{name}” stands twice in “{key}”")
            names.add(name)
        return items

    def _columns(self, header: Mapping[str, Any]) -> tuple[Column, ...]:
        items = self._items(header, "columns", ("name", "type"))
        if not items:
            self._fail_at(("columns",), "a query has at least one column")
        return tuple(
            Column(i["name"], self._one_of(i["type"], COLUMN_TYPES, ("columns", n, "type")))
            for n, i in enumerate(items)
        )

    def _params(self, header: Mapping[str, Any]) -> tuple[Parameter, ...]:
        keys = ("name", "type", "default", "label", "choices", "required", "of")
        items = self._items(header, "params", keys)
        return tuple(self._param(item, ("params", n)) for n, item in enumerate(items))

    def _param(self, item: Mapping[str, Any], path: tuple[str | int, ...]) -> Parameter:
        kind = self._one_of(item["type"], PARAMETER_TYPES, (*path, "type"))
        name = item["name"]
        if name == CASE:
            self._fail_at(path, "“case” is a parameter of every query and is not declared")
        choices = self._choices(item, kind, path)
        required = self._flag({"required": "default" not in item} | dict(item), "required", path)
        if required and "default" in item:
            self._fail_at(path, f"“{name}” has a default, so it cannot be required")
        label = self._text({"label": name.replace("_", " ")} | dict(item), "label", path)
        of = item.get("of", "")
        if of and (of != RELATIONSHIP_TYPES or kind != "list"):
            self._fail_at(path, f"“of” says {RELATIONSHIP_TYPES}, and goes with type list alone")
        found = Parameter(name, kind, label, item.get("default"), choices, required, of)
        if found.default is not None:
            self._value(found, found.default, (*path, "default"))
        return found

    def _choices(
        self, item: Mapping[str, Any], kind: str, path: tuple[str | int, ...]
    ) -> tuple[str, ...]:
        found = item.get("choices", [])
        texts = isinstance(found, list) and all(isinstance(c, str) for c in found)
        if not texts or bool(found) != (kind == "choice"):
            self._fail_at(path, "“choices” is a list of texts, and goes with type choice alone")
        return tuple(found)

    def _value(self, param: Parameter, value: Any, path: tuple[str | int, ...]) -> None:
        try:
            check_value(param, value, self.schema)
        except ParameterError as error:
            self._fail_at(path, str(error))

    def _example(self, header: Mapping[str, Any], params: Sequence[Parameter]) -> Mapping[str, Any]:
        found = header.get("example") or {}
        if not isinstance(found, dict):
            self._fail_at(("example",), "“example” must give values by parameter")
        self._check_keys(found, [p.name for p in params], ("example",))
        for param in params:
            if param.name in found:
                self._value(param, found[param.name], ("example", param.name))
            elif param.required:
                self._fail_at(("example",), f"the example lacks the parameter “{param.name}”")
        return found

    def _expect(self, header: Mapping[str, Any], columns: Sequence[Column]) -> Expect | None:
        if "expect" not in header:
            return None
        found = header["expect"]
        if not isinstance(found, dict) or set(found) != {"count", "rows"}:
            self._fail_at(("expect",), "“expect” needs “count” and “rows”, and nothing else")
        count, rows = found["count"], found["rows"]
        if type(count) is not int or count < 0 or not isinstance(rows, list):
            self._fail_at(("expect",), "“count” must be a whole number and “rows” a list")
        wanted = count if count <= ALL_ROWS_UP_TO else FIRST_ROWS
        if len(rows) != wanted:
            self._fail_at(
                ("expect", "rows"),
                f"of {counted(count, 'row')} {wanted} belong here, not {len(rows)}",
            )
        for index, row in enumerate(rows):
            if not isinstance(row, list) or len(row) != len(columns):
                self._fail_at(
                    ("expect", "rows", index),
                    f"a row has {counted(len(columns), 'value')}, as the columns",
                )
        return Expect(count, tuple(tuple(row) for row in rows))

    def _procedure(self, header: Mapping[str, Any]) -> Procedure | None:
        if "procedure" not in header:
            return None
        name = self._one_of(header["procedure"], tuple(PROCEDURES), ("procedure",))
        procedure = PROCEDURES[name]
        declared = {
            p.get("name"): p.get("type") for p in header.get("params") or [] if isinstance(p, dict)
        }
        for needed, kind in procedure.uses.items():
            if declared.get(needed) != kind:
                self._fail_at(
                    ("procedure",),
                    f"the procedure {name} needs a parameter “{needed}” of type {kind}",
                )
        return procedure

    # --- the body

    def _check_body(
        self,
        body: str,
        params: Sequence[Parameter],
        columns: Sequence[Column],
        procedure: Procedure | None,
    ) -> None:
        try:
            tokens = tokenize(body)
        except CypherTextError as error:
            self._fail(error.line, error.problem, error)
        if tokens and tokens[-1].is_symbol(";"):
            self._fail(tokens[-1].line, "a saved query ends without a semicolon")
        refusal = check.refuse(tokens)
        if refusal:
            self._fail(refusal.line, refusal.reason)
        for name in unknown_names(tokens, self.schema):
            self._fail(name.line, str(name))
        for read_ in reads_in_patterns(tokens):
            self._fail(
                read_.line,
                "a pattern's map cannot read a property of another variable, since the embedded "
                f"engine may then find nothing; hand “{read_.text}” on with WITH ... AS, or "
                "compare it in WHERE",
            )
        self._check_used(tokens, params, procedure)
        self._check_return(tokens, columns, procedure)

    def _check_used(
        self, tokens: Sequence[Token], params: Sequence[Parameter], procedure: Procedure | None
    ) -> None:
        used = {t.text: t.line for t in reversed(tokens) if t.kind == "parameter"}
        given = {CASE, *(procedure.gives if procedure else ())}
        taken = set(procedure.uses) if procedure else set()
        declared = {p.name for p in params}
        for name in sorted(given - used.keys()):
            self._fail(tokens[0].line, f"the query does not use ${name}")
        for name, line in used.items():
            if name not in declared | given:
                near = nearest(name, sorted(declared | given))
                hint = f"; did you mean ${near}?" if near else ""
                self._fail(line, f"${name} is used and not declared{hint}")
        for index, param in enumerate(params):
            if param.name not in used.keys() | taken:
                self._fail_at(("params", index), f"“{param.name}” is declared and not used")

    def _check_return(
        self, tokens: Sequence[Token], columns: Sequence[Column], procedure: Procedure | None
    ) -> None:
        found = return_columns(tokens)
        last = tokens[-1].line
        if not found:
            self._fail(last, "the query returns nothing")
        for name, line in found:
            if name is None:
                self._fail(line, "every column needs a name: write “... AS name”")
        names = [name for name, _ in found]
        declared = [c.name for c in columns]
        if procedure:
            self._same_columns(
                declared, [c.name for c in procedure.columns], self.lines["columns",]
            )
            self._same_columns(names, list(procedure.body_columns), found[0][1])
            return
        if names != declared:
            self._fail(
                found[0][1],
                f"the query returns {', '.join(map(str, names))}, "
                f"and the header has {', '.join(declared)}",
            )
        if not _is_ordered(tokens):
            self._fail(last, "rows come in no fixed order: end the query with ORDER BY")

    def _same_columns(self, found: Sequence[str | None], wanted: Sequence[str], line: int) -> None:
        if list(found) != list(wanted):
            self._fail(line, f"with this procedure the columns here are {', '.join(wanted)}")


def _is_ordered(tokens: Sequence[Token]) -> bool:
    levels = depths(tokens)
    start = _last_return(tokens, levels) or 0
    return any(
        levels[index] == 0 and _is_order_by(tokens, index) for index in range(start, len(tokens))
    )
