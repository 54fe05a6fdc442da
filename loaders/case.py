"""A folder of tables: `case.yaml` and one table for each kind of record.

It is the folder of a case, or another input of it (`input:` in its case.yaml). Below `sources/` it
may have a folder for each source, with tables of its own.

What tables there are, and what columns they may have and must have, comes from the schema
(`table_heads`), so that a case that knows nothing of a newer type or property is read as well.
`read_case` maps the rows of these tables to records. It checks what a row can say of itself (a
missing column, a term that is not known, a date that is no date); what takes the whole input to
know is checked by `graph.ingest.validation`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from graph.errors import InputError
from graph.ingest.judgement import BEFORE_REPORT
from graph.ingest.loads import LoadInput
from graph.model import cells as values
from graph.model.cells import BadValueError
from graph.model.records import (
    CASE_FOLDER,
    Case,
    Check,
    Claim,
    Entity,
    Nothing,
    Passage,
    Place,
    Question,
    Record,
    Relay,
    Reply,
    Review,
    Source,
    Support,
    Value,
)
from graph.model.schema import NodeType, Property, Schema
from graph.model.types import SCHEMA
from graph.model.types.claims import AFFIRMATIVE, BASES, COMPARATORS, POLARITIES, STATUSES
from graph.runtime import files, yamltext
from loaders.readers.registry import Cells, find_table, has_table, open_table, table_files

NEEDED: Final = ("sources", "passages", "claims", "supports")
"""Tables that a case must have; any other that is not there says what a head alone would."""
REASONS: Final = ("metadata", "repetition", "connective")

_CASE_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_MEASURE: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Head:
    """The columns that a table may have, in order, and those of them that it must have."""

    columns: tuple[str, ...]
    needed: tuple[str, ...]


def table_heads(schema: Schema) -> Mapping[str, Head]:
    """The heads of the tables of a case, by the stems of their files."""
    source = schema.records["Source"].properties
    declared = tuple(p.name for p in schema.relationship_properties)
    return {
        **{table: _entity_head(types) for table, types in schema.tables.items()},
        "sources": Head(("id", *(p.name for p in source)), ("id", *_needed(source))),
        "passages": _PASSAGES,
        "claims": Head((*_CLAIM, *declared, *_WHEN), ("claim", "kind", "subject")),
        "supports": _SUPPORTS,
        "relays": _RELAYS,
        "nothing": _NOTHING,
        "replies": _REPLIES,
        "checked": _CHECKED,
    }


def _entity_head(types: tuple[NodeType, ...]) -> Head:
    kind = ("type",) if len(types) > 1 else ()
    names = (p.name for t in types for p in t.properties)
    # What some of the types need is asked for in the rows of these.
    of_all = set.intersection(*(set(_needed(t.properties)) for t in types))
    needed = (name for name in _needed(types[0].properties) if name in of_all)
    return Head(tuple(dict.fromkeys(("id", *kind, "caption", *names))), ("id", *kind, *needed))


def _needed(properties: Iterable[Property]) -> list[str]:
    return [p.name for p in properties if p.required]


@dataclass(frozen=True, slots=True)
class Scope:
    """What names in a table stand for: `names` are the ids of its case.

    `shared` comes before the ids of its entities and sources, `own` before those of its passages
    and claims. `label` comes before the name of its file in messages.
    """

    names: tuple[str, ...]
    shared: str = ""
    own: str = ""
    label: str = ""


def read_case(folder: Path, case_id: str | None = None, schema: Schema = SCHEMA) -> LoadInput:
    """The input that a folder holds, under its own case's id or `case_id`.

    Raises InputError if the folder is no case; its records raise InputError as they are read.
    """
    if not folder.is_dir():
        raise InputError("is no folder", file=folder, remedy="name the folder of a case")
    settings = folder / "case.yaml"
    case, own_id = _read_settings(settings, case_id)
    shared = "" if case.input == CASE_FOLDER else f"{case.input}/"
    scope = Scope((case.id, own_id), shared, shared)
    below, notes = _source_folders(folder)
    parts = [_Part(folder, scope, schema, () if below else NEEDED)]
    for path in below:
        label = f"{path.parent.name}/{path.name}/"
        parts.append(
            _Part(path, Scope(scope.names, shared, f"{shared}{path.name}/", label), schema)
        )

    def records() -> Iterator[Record]:
        # All of one table, then of the next: entities come before what names them.
        for stem in table_heads(schema):
            for part in parts:
                yield from part.records(stem)

    files = {settings.name: settings}
    for part in parts:
        files |= part.files
        notes += part.notes
    return LoadInput(case, records, files, tuple(notes), read_case)


def _source_folders(folder: Path) -> tuple[list[Path], list[str]]:
    """The folders of single sources, by name, and notes on what stands beside them."""
    above = folder / "sources"
    if not above.is_dir():
        return [], []
    if above.resolve().parent != folder.resolve():
        raise InputError("leads out of the folder", file=above, remedy="copy it into the folder")
    found, notes = [], []
    for path in sorted(above.iterdir()):
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            notes.append(f"sources/{path.name} is in no folder of a source and is not read.")
            continue
        if path.resolve().parent != above.resolve():
            raise InputError("leads out of the folder", file=path, remedy="copy it into the folder")
        try:
            values.identifier(path.name)
        except BadValueError as error:
            raise InputError(error.problem, file=path, remedy=error.remedy) from error
        found.append(path)
    return found, notes


class _Part:
    """The tables of one folder."""

    def __init__(
        self, folder: Path, scope: Scope, schema: Schema, needed: tuple[str, ...] = ()
    ) -> None:
        self._scope, self._schema, self._heads = scope, schema, table_heads(schema)
        self._tables = {
            stem: find_table(folder, stem)
            for stem in self._heads
            if stem in needed or has_table(folder, stem)
        }
        if scope.label and not self._tables:
            raise InputError(
                "holds no table of a case", file=folder, remedy="add its tables, or take it away"
            )
        self.files = {f"{scope.label}{path.name}": path for path in self._tables.values()}
        self.notes = [note for path in self._tables.values() if (note := open_table(path).note)]
        self.notes += (
            f"{scope.label}{name} is no table of a case and is not read."
            for name in table_files(folder)
            if f"{scope.label}{name}" not in self.files
        )

    def records(self, stem: str) -> Iterator[Record]:
        """The records of one table, if it is there."""
        if stem not in self._tables:
            return
        head = self._heads[stem]
        rows = _read(self._tables[stem], head, self._scope)
        if stem in self._schema.tables:
            yield from _entities(rows, self._schema.tables[stem], head)
        else:
            yield from _MAPPINGS[stem](rows, self._schema)


# --- case.yaml ----------------------------------------------------------------------------------

_OF_CASE: Final = frozenset({"choices", "checks", "questions", "inputs"})
_SETTINGS: Final = frozenset({"id", "title", "summary", "language", "rules", "input"}) | _OF_CASE


def read_settings(path: Path, case_id: str | None = None) -> Case:
    """What a `case.yaml` says; raises InputError if it cannot be used."""
    return _read_settings(path, case_id)[0]


def _read_settings(path: Path, case_id: str | None) -> tuple[Case, str]:
    """What it says, and the id that its case has in it."""
    found = _yaml(path)
    unknown = sorted(set(found) - _SETTINGS)
    if unknown:
        _refuse(path, f"“{unknown[0]}” is not known", f"use {', '.join(sorted(_SETTINGS))}")
    for name in ("id", "title", "summary"):
        value = found.get(name)
        if value is None or value == "":
            _refuse(path, f"“{name}” is missing", f"add a line `{name}: ...`")
        if not isinstance(value, str) or not value.strip():
            _refuse(path, f"“{name}” is no text", f"write words in quotes: `{name}: '...'`")
    own_id = case_id or found["id"]
    if len(own_id) > 60 or not _CASE_ID.fullmatch(own_id):
        raise InputError(
            f"“{own_id[:80]}” is no id for a case",
            file="--as" if case_id else path.name,
            remedy="use lower-case letters, digits, hyphens",
        )
    name = _input(path, found)
    case = Case(
        id=own_id,
        input=name,
        inputs=_order(path, found),
        title=" ".join(found["title"].split()),
        summary=" ".join(found["summary"].split()),
        place=Place(path.name),
        language=_language(path, found.get("language")),
        checks=tuple(_check(path, item) for item in _items(path, found, "checks")),
        questions=tuple(_question(path, item) for item in _items(path, found, "questions")),
        choices=tuple(_choice(path, item) for item in _items(path, found, "choices")),
        rules={name: str(words) for name, words in _settings(path, found, "rules").items()},
    )
    return case, found["id"]


def _input(path: Path, found: Mapping[str, Any]) -> str:
    """The name of the input, which is not the folder of the case if it says one."""
    name = found.get("input")
    if name is None:
        return CASE_FOLDER
    if not isinstance(name, str) or name == CASE_FOLDER or not _is_input(name):
        _refuse(path, f"“{str(name)[:80]}” is no name of an input", _NAME_INPUT)
    for setting in sorted(_OF_CASE & set(found)):
        _refuse(path, f"“{setting}” is not for the input {name}", "write it in the case's folder")
    return str(name)


_NAME_INPUT: Final = "use lower-case letters, digits, hyphens, and not the word case"


def _is_input(name: str) -> bool:
    return len(name) <= 60 and bool(_CASE_ID.fullmatch(name))


def _order(path: Path, found: Mapping[str, Any]) -> tuple[str, ...]:
    names = found.get("inputs") or []
    if not isinstance(names, list) or not all(isinstance(n, str) and _is_input(n) for n in names):
        _refuse(path, "“inputs” is no list of names of inputs", "start each with `- `")
    return tuple(names)


def _language(path: Path, given: Any) -> str:
    if given is None:
        return "en"
    if not isinstance(given, str) or not _LANGUAGE.fullmatch(given):
        _refuse(path, f"“{str(given)[:40]}” is no language", "write its code, as en or pt-BR")
    return str(given)


def _yaml(path: Path) -> Mapping[str, Any]:
    if not os.path.lexists(path):
        raise InputError(
            "is missing",
            file=path,
            remedy="name the folder of a case, which holds case.yaml and its tables",
        )
    text = files.read_text(path, files.SETTINGS, within=path.parent, named=path.name)
    try:
        found = yamltext.read(text).value
    except yamltext.YamlProblem as error:
        raise InputError(
            error.problem, file=path.name, row=error.line, remedy="see docs/case-format.md"
        ) from error
    if not isinstance(found, dict):
        _refuse(path, "holds no settings", "write id, title and summary")
    return found  # type: ignore[no-any-return]


def _items(path: Path, found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    items = found.get(name) or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        _refuse(path, f"“{name}” is no list of settings", "start each with `- `")
    return items


def _settings(path: Path, found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A setting that is a list of names with a plain value each."""
    settings = found.get(name) or {}
    plain = (str, int, float, bool, type(None))
    if not isinstance(settings, dict) or not all(isinstance(v, plain) for v in settings.values()):
        _refuse(path, f"“{name}” is not a name and a plain value a line", "write `name: value`")
    return settings


def _choice(path: Path, item: Mapping[str, Any]) -> Mapping[str, str]:
    found = _settings(path, {"choices": item}, "choices")
    for name in ("entity", "property"):
        if not found.get(name):
            _refuse(path, f"a choice has no {name}", "write entity, property and reason")
    return {name: str(value) for name, value in found.items()}


_CHECKS: Final = ("sum", "share", "remainder")


def _check(path: Path, item: Mapping[str, Any]) -> Check:
    kind = item.get("kind")
    if kind not in _CHECKS:
        _refuse(
            path,
            f"the check “{item.get('id')}” has the kind “{str(kind or '')[:40]}”",
            f"kind is one of {', '.join(_CHECKS)}",
        )
    if "whole" not in item:
        _refuse(path, f"the check “{item.get('id')}” has no whole", "name the claim it is about")
    parts = item.get("parts") or [item["part"] if item.get("part") else None]
    if not isinstance(parts, list) or None in parts or (kind == "share" and not item.get("share")):
        _refuse(
            path, f"the check “{item.get('id')}” has no part or share", "see docs/case-format.md"
        )
    return Check(
        id=str(item.get("id", kind)),
        kind=str(kind),
        whole=str(item["whole"]),
        parts=tuple(str(part) for part in parts),
        share=str(item["share"]) if item.get("share") else None,
        words=str(item.get("words", "")),
    )


def _question(path: Path, item: Mapping[str, Any]) -> Question:
    if not item.get("query") or not item.get("words"):
        _refuse(path, "a question has no query or no words", "write both")
    params = _settings(path, item, "params")
    return Question(str(item["query"]), str(item["words"]), dict(params))


def _refuse(path: Path, problem: str, remedy: str) -> None:
    raise InputError(problem, file=path.name, remedy=remedy)


# --- rows ---------------------------------------------------------------------------------------


_seen: Final[set[str]] = set()
"""Texts that are ids, so that each is looked at once; begun anew when there are too many."""
_MOST_SEEN: Final = 20_000


class Row:
    """One row of a table, read cell by cell with errors that name the cell."""

    __slots__ = ("_cells", "_scope", "place")

    def __init__(self, place: Place, cells: Cells, scope: Scope) -> None:
        self.place = place
        self._cells, self._scope = cells, scope

    def text(self, column: str) -> str | None:
        """The text of a cell, or None if it is empty."""
        return self._cells.get(column)

    def need(self, column: str, remedy: str = "fill it in") -> str:
        """The text of a cell that must not be empty."""
        found = self._cells.get(column)
        if found is None:
            self.refuse(column, "is empty", remedy)
        return str(found)

    def parse(self, column: str, reader: Callable[[str], Any], default: Any = None) -> Any:
        """A cell read by one of the readers of `graph.model.cells`, or `default` if it is empty."""
        found = self._cells.get(column)
        if found is None:
            return default
        try:
            return reader(found)
        except BadValueError as error:
            self.refuse(column, error.problem, error.remedy)

    def term(self, column: str, terms: tuple[str, ...], default: str | None = None) -> Any:
        """A cell that holds one of some terms."""
        found = self._cells.get(column)
        if found is None or found in terms:
            return default if found is None else found
        return self.parse(column, partial(values.one_of, terms=terms))

    def id(self, column: str) -> str:
        """A cell that holds the id of an entity or a source of this case."""
        return self.maybe_id(column) or self.need(column)

    def maybe_id(self, column: str) -> str | None:
        """A cell that holds the id of an entity or a source of this case, or nothing."""
        return self._named(column, self._scope.shared)

    def own(self, column: str) -> str:
        """A cell that holds the id of a passage, or the handle of a claim."""
        return self.maybe_own(column) or self.need(column)

    def maybe_own(self, column: str) -> str | None:
        """A cell that holds the id of a passage, the handle of a claim, or nothing."""
        return self._named(column, self._scope.own)

    def _named(self, column: str, before: str) -> str | None:
        found = self._cells.get(column)
        if found is None:
            return None
        # Those of a table are few, and most stand in many rows.
        if found not in _seen:
            if ":" in found:
                return str(self.parse(column, partial(values.reference, names=self._scope.names)))
            _seen.add(self.parse(column, values.identifier))
            if len(_seen) > _MOST_SEEN:
                _seen.clear()
        return f"{before}{found}" if before else found

    def properties(self, declared: Iterable[Property]) -> dict[str, Value]:
        """The declared properties that this row fills in."""
        found: dict[str, Value] = {}
        for prop in declared:
            if prop.name not in self._cells:
                if prop.required:
                    self.need(prop.name)
            elif prop.kind == "id":
                found[prop.name] = self.id(prop.name)
            else:
                found[prop.name] = self.parse(prop.name, partial(values.read, prop))
        return found

    def keep_empty(self, columns: Iterable[str], problem: str) -> None:
        """Refuse the first of these cells that is filled in; `problem` may name it as {}."""
        for column in columns:
            if column in self._cells:
                self.refuse(column, problem.format(column), "leave the cell empty")

    def refuse(self, column: str, problem: str, remedy: str) -> None:
        """Raise the InputError of a cell."""
        raise InputError(
            problem, file=self.place.file, row=self.place.row, column=column, remedy=remedy
        )


def _read(path: Path, head: Head, scope: Scope) -> Iterator[Row]:
    """The rows of a table that has these columns, in any order."""
    table, file = open_table(path), f"{scope.label}{path.name}"
    for name in head.needed:
        if name not in table.columns:
            raise InputError(
                "the column is missing",
                file=file,
                row=1,
                column=name,
                remedy=f"add it: the head needs {','.join(head.needed)}",
            )
    for name in table.columns:
        if name not in head.columns:
            raise InputError(
                "the column is not known here",
                file=file,
                row=1,
                column=name,
                remedy=f"the head is {','.join(head.columns)}",
            )
    for number, cells in table.rows():
        yield Row(Place(file, number), cells, scope)


# --- tables -------------------------------------------------------------------------------------


def _entities(rows: Iterable[Row], types: tuple[NodeType, ...], head: Head) -> Iterator[Record]:
    by_label = {t.label: t for t in types}
    for row in rows:
        label = types[0].label
        if len(types) > 1:
            row.need("type", f"write one of {', '.join(by_label)}")
            label = row.term("type", tuple(by_label))
        yield _entity(row, by_label[label], head.columns)


def _entity(row: Row, declared: NodeType, columns: Iterable[str]) -> Entity:
    shared = ("id", "type", "caption")
    others = (n for n in columns if n not in shared and declared.get(n) is None)
    row.keep_empty(others, f"a {declared.label} has no {{}}")
    properties = row.properties(declared.properties)
    caption = row.text("caption") or row.text("name")
    if caption is None:
        row.refuse("caption", "is empty", "write a short name for the graph")
    return Entity(row.id("id"), declared.label, str(caption), properties, row.place)


def _sources(rows: Iterable[Row], schema: Schema) -> Iterator[Record]:
    for row in rows:
        properties = row.properties(schema.records["Source"].properties)
        if properties.get("published_basis") == "inferred" and not row.text("published_rule"):
            row.refuse("published_rule", "is empty", "name the rule that the date comes from")
        yield Source(row.id("id"), properties, row.place)


_PASSAGES: Final = Head(
    ("passage", "source", "start", "end", "sha256", "language", "gist"),
    ("passage", "source", "start", "end", "gist"),
)


def _passages(rows: Iterable[Row], schema: Schema) -> Iterator[Record]:
    stated = _PASSAGES.columns[4:]
    declared = [p for p in schema.records["Passage"].properties if p.name in stated]
    for row in rows:
        start, end = _stretch(row)
        properties = {"selector": "TextPositionSelector", **row.properties(declared)}
        yield Passage(row.own("passage"), row.id("source"), start, end, properties, row.place)


def _stretch(row: Row) -> tuple[int, int]:
    row.need("start")
    row.need("end")
    start, end = (row.parse(name, values.whole_number) for name in ("start", "end"))
    if end <= start:
        row.refuse("end", "is not after the start", "the end is the first code point left out")
    return start, end


_MEASURED: Final = ("measure", "value", "unit", "comparator", "base")
_CLAIM: Final = ("claim", "kind", "subject", "predicate", "object", *_MEASURED, "polarity")
_WHEN: Final = ("when", "when_basis", "when_rule", "when_from")


def _claims(rows: Iterable[Row], schema: Schema) -> Iterator[Record]:
    declared = tuple(p.name for p in schema.relationship_properties)
    # For each relationship type, the columns that only others fill in.
    of_others = {
        t.name: tuple(name for name in declared if t.get(name) is None)
        for t in schema.relationship_types
    }
    kinds = tuple(schema.kinds)
    for row in rows:
        row.need("kind", f"write one of {', '.join(kinds)}")
        kind = row.term("kind", kinds)
        if kind == "relationship":
            content = _relationship(row, schema, of_others)
        else:
            row.keep_empty(("predicate", "object", *declared), f"a claim of kind {kind} has none")
            content = _measured(row, kind, schema.kinds[kind].terms)
        yield Claim(
            handle=row.own("claim"),
            kind=kind,
            subject=row.id("subject"),
            place=row.place,
            polarity=row.term("polarity", POLARITIES, AFFIRMATIVE),
            **content,
            **_when(row),
        )


def _relationship(
    row: Row, schema: Schema, of_others: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    row.need("predicate", "name a relationship type of docs/schema.md")
    declared = schema.relationships[row.term("predicate", tuple(of_others))]
    row.keep_empty(_MEASURED, "a relationship has none")
    row.keep_empty(of_others[declared.name], f"{declared.name} has no {{}}")
    properties = row.properties(declared.properties)
    return {"predicate": declared.name, "object": row.id("object"), "properties": properties}


def _measured(row: Row, kind: str, terms: tuple[str, ...]) -> dict[str, Any]:
    measure = row.need("measure", "name what is counted or called, such as size or name")
    if not _MEASURE.fullmatch(measure):
        row.refuse("measure", f"“{measure[:40]}” is no measure", "use lower-case words joined by _")
    content: dict[str, Any] = {"measure": measure, "value": row.need("value")}
    if kind == "figure":
        return content | _figure(row)
    if terms:
        row.term("value", terms)
    row.keep_empty(("unit", "comparator", "base"), f"a claim of kind {kind} has none")
    return content


def _figure(row: Row) -> dict[str, Any]:
    unit = row.need("unit", "name what is counted, or edtf for a date")
    comparator = row.term("comparator", COMPARATORS, "=")
    if unit == "edtf":
        row.parse("value", values.date)
        return {"unit": unit, "comparator": comparator}
    number = row.parse("value", values.number)
    return {"unit": unit, "comparator": comparator, "base": row.maybe_id("base"), "number": number}


def _when(row: Row) -> dict[str, Any]:
    when = row.parse("when", values.date)
    basis, rule = row.term("when_basis", BASES), row.text("when_rule")
    if basis == "inferred" and rule is None:
        row.refuse("when_rule", "is empty", "name the rule that the date comes from")
    if when is not None and basis is None:
        row.refuse("when_basis", "is empty", "write stated or inferred")
    if when is None and rule not in (None, BEFORE_REPORT):
        row.refuse("when_rule", f"“{rule}” without a date", f"give the date, or {BEFORE_REPORT}")
    return {
        "when": when, "when_basis": basis, "when_rule": rule,
        "when_from": row.maybe_own("when_from"),
    }  # fmt: skip


_SUPPORTS: Final = Head(
    ("passage", "claim", "status", "said_by", "as_worded", "hedge", "quoted", "rule"),
    ("passage", "claim", "status"),
)


def _supports(rows: Iterable[Row], _: Schema) -> Iterator[Record]:
    for row in rows:
        row.need("status", f"write one of {', '.join(STATUSES)}")
        status = row.term("status", STATUSES)
        if status == "alleged" and row.text("said_by") is None:
            row.refuse("said_by", "an allegation has no speaker", "name who alleges it")
        if status == "inferred" and row.text("rule") is None:
            row.refuse("rule", "an inference has no rule", "name the rule that it rests on")
        yield Support(
            passage=row.own("passage"),
            claim=row.own("claim"),
            status=status,
            place=row.place,
            said_by=row.maybe_id("said_by"),
            as_worded=row.text("as_worded"),
            hedge=row.text("hedge"),
            quoted=row.parse("quoted", values.yes_or_no, False),
            rule=row.text("rule"),
        )


_RELAYS: Final = Head(
    ("from", "to", "evidence", "status", "rule"),
    ("from", "to"),
)


def _relays(rows: Iterable[Row], _: Schema) -> Iterator[Record]:
    for row in rows:
        status = row.term("status", STATUSES)
        if status == "inferred" and row.text("rule") is None:
            row.refuse("rule", "an inference has no rule", "name the rule that it rests on")
        yield Relay(
            start=row.own("from"),
            end=row.id("to"),
            place=row.place,
            evidence=row.maybe_own("evidence"),
            status=status,
            rule=row.text("rule"),
        )


_NOTHING: Final = Head(
    ("source", "start", "end", "reason"),
    ("source", "start", "end", "reason"),
)


def _nothing(rows: Iterable[Row], _: Schema) -> Iterator[Record]:
    for row in rows:
        row.need("reason", f"write one of {', '.join(REASONS)}")
        start, end = _stretch(row)
        yield Nothing(row.id("source"), start, end, row.term("reason", REASONS), row.place)


_REPLIES: Final = Head(
    ("party", "allegation", "asked_on", "deadline", "answer"),
    ("party", "asked_on"),
)


def _replies(rows: Iterable[Row], _: Schema) -> Iterator[Record]:
    for row in rows:
        asked = _day(row, "asked_on")
        deadline = _day(row, "deadline") if row.text("deadline") else None
        if deadline is not None and deadline < asked:
            row.refuse("deadline", "is before the day of asking", "write the day asked for")
        yield Reply(
            party=row.id("party"),
            asked_on=asked,
            place=row.place,
            allegation=row.maybe_own("allegation"),
            deadline=deadline,
            answer=row.text("answer"),
        )


_CHECKED: Final = Head(
    ("claim", "evidence", "checked_by", "checked_on"),
    ("claim", "evidence", "checked_by", "checked_on"),
)
_EVIDENCE: Final = re.compile(r"[0-9a-f]{16}")


def _checked(rows: Iterable[Row], _: Schema) -> Iterator[Record]:
    for row in rows:
        evidence = row.need("evidence", _COPY_EVIDENCE)
        if not _EVIDENCE.fullmatch(evidence):
            row.refuse("evidence", f"“{evidence[:40]}” is no code of evidence", _COPY_EVIDENCE)
        yield Review(
            claim=row.own("claim"),
            evidence=evidence,
            checked_by=row.need("checked_by", "name who checked it"),
            checked_on=_day(row, "checked_on"),
            place=row.place,
        )


_COPY_EVIDENCE: Final = "copy it from the table that an export writes beside its pack"


def _day(row: Row, column: str) -> str:
    """A cell that holds one whole day."""
    text = row.need(column, "write the day as 2021-02-10")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        row.refuse(column, f"“{text[:40]}” is not a day", "write it as 2021-02-10")
        raise


_MAPPINGS: Final[Mapping[str, Callable[[Iterable[Row], Schema], Iterator[Record]]]] = {
    "sources": _sources,
    "passages": _passages,
    "claims": _claims,
    "supports": _supports,
    "relays": _relays,
    "nothing": _nothing,
    "replies": _replies,
    "checked": _checked,
}
