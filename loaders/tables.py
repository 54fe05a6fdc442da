"""The tables of a case: their columns, and how a row of each becomes a record.

What tables there are, and what columns they may have and must have, comes from the schema
(`table_heads`), so that a case that knows nothing of a newer type or property is read as well. A
row is checked for what it can say of itself (a term that is not known, a date that is no date);
what takes all inputs to know is checked by `graph.ingest.validation`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from graph.ingest.judgement import BEFORE_REPORT
from graph.model import cells as values
from graph.model.records import (
    Claim,
    Entity,
    Nothing,
    Passage,
    Record,
    Relay,
    Reply,
    Review,
    Source,
    Support,
)
from graph.model.schema import NodeType, Property, Schema
from graph.model.types.claims import AFFIRMATIVE, BASES, COMPARATORS, POLARITIES, STATUSES
from loaders.rows import Head, Row

ReadRow = Callable[[Row], Record]
"""Makes a record of a row; raises InputError for one that cannot be used."""

NEEDED: Final = ("sources", "passages", "claims", "supports")
"""Tables that a case must have; any other that is not there says what a head alone would."""
REASONS: Final = ("metadata", "repetition", "connective")

_MEASURE: Final = re.compile(r"[a-z][a-z0-9_]*")


def read_row(stem: str, schema: Schema) -> ReadRow:
    """How a row of that table becomes a record."""
    if stem in schema.tables:
        return _entities(schema.tables[stem], table_heads(schema)[stem])
    return _MAPPINGS[stem](schema)


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


def defined(row: Row, stem: str, schema: Schema) -> str | None:
    """The id that a row of that table gives to what it is about, if it gives one."""
    if stem == "sources" or stem in schema.tables:
        return row.maybe_id("id")
    return row.maybe_own(OWN[stem]) if stem in OWN else None


OWN: Final = {"passages": "passage", "claims": "claim"}
"""The columns that name passages and claims in their own tables."""


def _entity_head(types: tuple[NodeType, ...]) -> Head:
    kind = ("type",) if len(types) > 1 else ()
    names = (p.name for t in types for p in t.properties)
    # What some of the types need is asked for in the rows of these.
    of_all = set.intersection(*(set(_needed(t.properties)) for t in types))
    needed = (name for name in _needed(types[0].properties) if name in of_all)
    return Head(tuple(dict.fromkeys(("id", *kind, "caption", *names))), ("id", *kind, *needed))


def _needed(properties: Iterable[Property]) -> list[str]:
    return [p.name for p in properties if p.required]


def _entities(types: tuple[NodeType, ...], head: Head) -> ReadRow:
    by_label = {t.label: t for t in types}

    def read(row: Row) -> Entity:
        label = types[0].label
        if len(types) > 1:
            row.need("type", f"write one of {', '.join(by_label)}")
            label = row.term("type", tuple(by_label))
        return _entity(row, by_label[label], head.columns)

    return read


def _entity(row: Row, declared: NodeType, columns: Iterable[str]) -> Entity:
    shared = ("id", "type", "caption")
    others = (n for n in columns if n not in shared and declared.get(n) is None)
    row.keep_empty(others, f"a {declared.label} has no {{}}")
    properties = row.properties(declared.properties)
    caption = row.text("caption") or row.text("name")
    if caption is None:
        row.refuse("caption", "is empty", "write a short name for the graph")
    return Entity(row.id("id"), declared.label, str(caption), properties, row.place)


def _sources(schema: Schema) -> ReadRow:
    def read(row: Row) -> Source:
        properties = row.properties(schema.records["Source"].properties)
        if properties.get("published_basis") == "inferred" and not row.text("published_rule"):
            row.refuse("published_rule", "is empty", "name the rule that the date comes from")
        return Source(row.id("id"), properties, row.place)

    return read


_PASSAGES: Final = Head(
    (
        "passage",
        "source",
        "start",
        "end",
        "exact",
        "prefix",
        "suffix",
        "sha256",
        "language",
        "gist",
    ),
    ("passage", "source", "gist"),
)


def _passages(schema: Schema) -> ReadRow:
    stated = ("sha256", "language", "gist")
    declared = [p for p in schema.records["Passage"].properties if p.name in stated]

    def read(row: Row) -> Passage:
        quote = _quote(row)
        start, end = (None, None) if quote else _stretch(row)
        properties = {"selector": "TextPositionSelector", **row.properties(declared)}
        named = row.own("passage"), row.id("source")
        return Passage(*named, start, end, properties, row.place, quote)

    return read


def _quote(row: Row) -> tuple[str, str, str] | None:
    exact = row.text("exact")
    if exact is None:
        row.keep_empty(("prefix", "suffix"), "there are no quoted words that {} could belong to")
        return None
    row.keep_empty(("start", "end", "sha256"), "it is worked out from the quoted words")
    return exact, row.text("prefix") or "", row.text("suffix") or ""


def _stretch(row: Row) -> tuple[int, int]:
    row.need("start", "count the code points before it")
    row.need("end", "the end is the first code point left out")
    start, end = (row.parse(name, values.whole_number) for name in ("start", "end"))
    if end <= start:
        row.refuse("end", "is not after the start", "the end is the first code point left out")
    return start, end


_MEASURED: Final = ("measure", "value", "unit", "comparator", "base")
_CLAIM: Final = ("claim", "kind", "subject", "predicate", "object", *_MEASURED, "polarity")
_WHEN: Final = ("when", "when_basis", "when_rule", "when_from")


def _claims(schema: Schema) -> ReadRow:
    declared = tuple(p.name for p in schema.relationship_properties)
    # For each relationship type, the columns that only others fill in.
    of_others = {
        t.name: tuple(name for name in declared if t.get(name) is None)
        for t in schema.relationship_types
    }
    kinds = tuple(schema.kinds)

    def read(row: Row) -> Claim:
        row.need("kind", f"write one of {', '.join(kinds)}")
        kind = row.term("kind", kinds)
        if kind == "relationship":
            content = _relationship(row, schema, of_others)
        else:
            row.keep_empty(("predicate", "object", *declared), f"a claim of kind {kind} has none")
            content = _measured(row, kind, schema.kinds[kind].terms)
        return Claim(
            handle=row.own("claim"),
            kind=kind,
            subject=row.id("subject"),
            place=row.place,
            polarity=row.term("polarity", POLARITIES, AFFIRMATIVE),
            **content,
            **_when(row),
        )

    return read


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


def _supports(_: Schema) -> ReadRow:
    def read(row: Row) -> Support:
        row.need("status", f"write one of {', '.join(STATUSES)}")
        status = row.term("status", STATUSES)
        if status == "alleged" and row.text("said_by") is None:
            row.refuse("said_by", "an allegation has no speaker", "name who alleges it")
        _check_rule(row, status)
        return Support(
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

    return read


def _check_rule(row: Row, status: str | None) -> None:
    if status == "inferred" and row.text("rule") is None:
        row.refuse("rule", "an inference has no rule", "name the rule that it rests on")


_RELAYS: Final = Head(
    ("from", "to", "evidence", "status", "rule"),
    ("from", "to"),
)


def _relays(_: Schema) -> ReadRow:
    def read(row: Row) -> Relay:
        status = row.term("status", STATUSES)
        _check_rule(row, status)
        return Relay(
            start=row.own("from"),
            end=row.id("to"),
            place=row.place,
            evidence=row.maybe_own("evidence"),
            status=status,
            rule=row.text("rule"),
        )

    return read


_NOTHING: Final = Head(
    ("source", "start", "end", "reason"),
    ("source", "start", "end", "reason"),
)


def _nothing(_: Schema) -> ReadRow:
    def read(row: Row) -> Nothing:
        row.need("reason", f"write one of {', '.join(REASONS)}")
        start, end = _stretch(row)
        return Nothing(row.id("source"), start, end, row.term("reason", REASONS), row.place)

    return read


_REPLIES: Final = Head(
    ("party", "allegation", "asked_on", "deadline", "answer"),
    ("party", "asked_on"),
)


def _replies(_: Schema) -> ReadRow:
    def read(row: Row) -> Reply:
        asked = day(row, "asked_on")
        deadline = day(row, "deadline") if row.text("deadline") else None
        if deadline is not None and deadline < asked:
            row.refuse("deadline", "is before the day of asking", "write the day asked for")
        return Reply(
            party=row.id("party"),
            asked_on=asked,
            place=row.place,
            allegation=row.maybe_own("allegation"),
            deadline=deadline,
            answer=row.text("answer"),
        )

    return read


_CHECKED: Final = Head(
    ("claim", "evidence", "checked_by", "checked_on"),
    ("claim", "evidence", "checked_by", "checked_on"),
)
_EVIDENCE: Final = re.compile(r"[0-9a-f]{16}")


def _checked(_: Schema) -> ReadRow:
    def read(row: Row) -> Review:
        evidence = row.need("evidence", _COPY_EVIDENCE)
        if not _EVIDENCE.fullmatch(evidence):
            row.refuse("evidence", f"“{evidence[:40]}” is no code of evidence", _COPY_EVIDENCE)
        return Review(
            claim=row.own("claim"),
            evidence=evidence,
            checked_by=row.need("checked_by", "name who checked it"),
            checked_on=day(row, "checked_on"),
            place=row.place,
        )

    return read


_COPY_EVIDENCE: Final = "copy it from the table that an export writes beside its pack"


def day(row: Row, column: str) -> str:
    """A cell that holds one whole day."""
    text = row.need(column, "write the day as 2021-02-10")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        row.refuse(column, f"“{text[:40]}” is not a day", "write it as 2021-02-10")
        raise


_MAPPINGS: Final[Mapping[str, Callable[[Schema], ReadRow]]] = {
    "sources": _sources,
    "passages": _passages,
    "claims": _claims,
    "supports": _supports,
    "relays": _relays,
    "nothing": _nothing,
    "replies": _replies,
    "checked": _checked,
}
