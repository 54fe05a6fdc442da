"""What must hold of a load as a whole, before its first write.

Each rule is a query over the spool that finds the first row that breaks it, and the sentence that
its author gets.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.errors import InputError
from graph.ingest.staging import Spool
from graph.model.records import Case
from graph.model.schema import Schema
from graph.model.types.claims import AFFIRMATIVE


@dataclass(frozen=True)
class Rule:
    """Rows that `sql` finds break the rule. It selects file, row and what the texts interpolate.

    Where `column` is None it selects that too.
    """

    sql: str
    column: str | None
    problem: str
    remedy: str


def _missing(
    table: str, column: str, target: str, key: str, what: str, remedy: str, shown: str | None = None
) -> Rule:
    """A rule that what `column` names is there; in the file the column may be called otherwise."""
    return Rule(
        f"SELECT a.file, a.row, a.{column} AS name FROM {table} a "  # noqa: S608 (our own names)
        f"WHERE a.{column} IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {target} b WHERE b.{key} = a.{column}) ORDER BY a.rowid LIMIT 1",
        shown or column,
        f"{what} “{{name}}” is not defined",
        remedy,
    )


# Several inputs may describe one entity, but each once.
_IDS: Final = """
WITH ids AS (SELECT id, input, file, row, 1 AS t, rowid AS r FROM entity UNION ALL
             SELECT id, '', file, row, 2, rowid FROM source UNION ALL
             SELECT id, '', file, row, 3, rowid FROM passage),
     twice AS (SELECT id FROM ids GROUP BY id
               HAVING count(*) > 1 AND (count(*) > count(DISTINCT input) OR count(DISTINCT t) > 1))
SELECT id AS name, file, row, CASE t WHEN 3 THEN 'passage' ELSE 'id' END AS "column",
       (SELECT o.file || ', row ' || o.row FROM ids o WHERE o.id = ids.id
        ORDER BY o.t, o.r LIMIT 1) AS other
FROM ids WHERE id IN (SELECT id FROM twice) ORDER BY t DESC, r DESC LIMIT 1
"""

_TWICE: Final = """
SELECT b.{column} AS name, b.file, b.row, a.row AS other, a.handle AS handle
FROM claim a JOIN claim b ON a.{column} = b.{column} AND a.rowid < b.rowid
AND a.input = b.input AND a.file = b.file
ORDER BY b.rowid LIMIT 1
"""

_OF_TWO_TYPES: Final = """
SELECT b.id AS name, b.file, b.row, b.label AS label, a.label AS other, a.input AS input
FROM entity a JOIN entity b ON a.id = b.id AND a.rowid < b.rowid AND a.label <> b.label
ORDER BY b.rowid LIMIT 1
"""

_NO_CLAIM: Final = """
SELECT file, row, {column} AS name FROM {table} t WHERE {column} IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.handle = t.{column})
AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.id = t.{column}) ORDER BY rowid LIMIT 1
"""
_UNKNOWN: Final = "the claim “{name}” is not defined"
_NAME_CLAIM: Final = "name a claim of claims.csv, or the id that the newsroom's table gives"
_SAME_CLAIM: Final = (
    "coalesce((SELECT id FROM claim WHERE handle = a.claim), a.claim) = "
    "coalesce((SELECT id FROM claim WHERE handle = b.claim), b.claim)"
)

TWICE: Final[tuple[Rule, ...]] = (
    Rule(_IDS, None, "the id “{name}” stands twice (also in {other})", "give each row an id of its own"),
    Rule(
        _TWICE.format(column="handle"), "claim",
        "the claim “{name}” stands twice (also in row {other})", "give each claim a handle of its own",
    ),
    Rule(
        _TWICE.format(column="key"), "claim",
        "this asserts the same as the claim “{handle}” in row {other}",
        "keep one row and let supports.csv name every passage for it",
    ),
    Rule(
        _OF_TWO_TYPES, "id",
        "“{name}” is a {label} here, and a {other} in the input {input}",
        "give it the same type, or another id",
    ),
)  # fmt: skip
"""What must hold of each input before several are made one: no row stands twice in it."""

RULES: Final[tuple[Rule, ...]] = (
    _missing("claim", "subject", "entity", "id", "the entity", "add it to its table, or mend the id"),
    _missing("claim", "object", "entity", "id", "the entity", "add it to its table, or mend the id"),
    _missing("claim", "base", "entity", "id", "the entity", "name the group that it is a share of"),
    _missing("passage", "source", "source", "id", "the source", "add it to sources.csv"),
    _missing("support", "passage", "passage", "id", "the passage", "add it to passages.csv"),
    _missing("support", "claim", "claim", "handle", "the claim", "add it to claims.csv"),
    _missing("support", "said_by", "entity", "id", "the entity", "name who says it by an id of this case"),
    _missing("gap", "source", "source", "id", "the source", "add it to sources.csv"),
    _missing("relay", "stop", "source", "id", "the source", "add it to sources.csv", "to"),
    _missing("relay", "evidence", "passage", "id", "the passage", "add it to passages.csv"),
    Rule(
        "SELECT file, row, start AS name FROM relay r "
        "WHERE NOT EXISTS (SELECT 1 FROM passage p WHERE p.id = r.start) "
        "AND NOT EXISTS (SELECT 1 FROM source s WHERE s.id = r.start) ORDER BY rowid LIMIT 1",
        "from", "“{name}” is neither a passage nor a source", "name one of passages.csv or sources.csv",
    ),
    Rule(
        "SELECT file, row, when_from AS name FROM claim c WHERE when_from IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM passage p WHERE p.id = c.when_from) "
        "AND NOT EXISTS (SELECT 1 FROM claim d WHERE d.handle = c.when_from) "
        "AND NOT EXISTS (SELECT 1 FROM source s WHERE s.id = c.when_from) ORDER BY rowid LIMIT 1",
        "when_from", "“{name}” is neither a passage nor a claim nor a source",
        "name what the date was inferred from",
    ),
    Rule(
        "SELECT b.file, b.row, b.claim AS name, a.row AS other FROM support a JOIN support b "
        "ON a.claim = b.claim AND a.passage = b.passage AND a.rowid < b.rowid "
        "ORDER BY b.rowid LIMIT 1",
        "claim", "this passage supports “{name}” twice (also in row {other})", "keep one of the rows",
    ),
    Rule(
        "SELECT b.file, b.row, b.stop AS name, a.row AS other FROM relay a JOIN relay b "
        "ON a.start = b.start AND a.stop = b.stop AND a.evidence IS b.evidence AND a.rowid < b.rowid "
        "ORDER BY b.rowid LIMIT 1",
        "to", "this relays “{name}” twice (also in row {other})", "keep one of the rows",
    ),
    _missing("reply", "party", "entity", "id", "the entity", "name who was asked by an id of this case"),
    Rule(_NO_CLAIM.format(table="reply", column="allegation"), "allegation", _UNKNOWN, _NAME_CLAIM),
    Rule(_NO_CLAIM.format(table="review", column="claim"), "claim", _UNKNOWN, _NAME_CLAIM),
    Rule(
        "SELECT b.file, b.row, b.party AS name, a.row AS other FROM reply a JOIN reply b "
        "ON a.party = b.party AND a.allegation IS b.allegation AND a.asked_on = b.asked_on "
        "AND a.rowid < b.rowid ORDER BY b.rowid LIMIT 1",
        "party", "“{name}” was asked the same on the same day twice (also in row {other})",
        "keep one of the rows",
    ),
    Rule(
        "SELECT b.file, b.row, b.checked_by AS name, a.row AS other FROM review a JOIN review b "  # noqa: S608
        f"ON {_SAME_CLAIM} AND a.checked_by = b.checked_by AND a.rowid < b.rowid "
        "ORDER BY b.rowid LIMIT 1",
        "checked_by", "“{name}” checked this claim twice (also in row {other})",
        "keep the row of the later day",
    ),
    Rule(
        "SELECT p.file, p.row, p.stop AS name, json_extract(s.properties, '$.text_length') AS other "
        "FROM passage p JOIN source s ON s.id = p.source "
        "WHERE p.stop > json_extract(s.properties, '$.text_length') ORDER BY p.rowid LIMIT 1",
        "end", "the passage ends at {name}, beyond the text's end at {other}",
        "count code points of the normalised text",
    ),
    Rule(
        "SELECT p.file, p.row, p.stop AS name, json_extract(s.properties, '$.text_length') AS other "
        "FROM gap p JOIN source s ON s.id = p.source "
        "WHERE p.stop > json_extract(s.properties, '$.text_length') ORDER BY p.rowid LIMIT 1",
        "end", "the stretch ends at {name}, beyond the text's end at {other}",
        "count code points of the normalised text",
    ),
)  # fmt: skip

UNUSED: Final[tuple[Rule, ...]] = (
    # Told after a wrong end, which often leaves something without a claim.
    Rule(
        "SELECT file, row, handle AS name FROM claim c "
        "WHERE NOT EXISTS (SELECT 1 FROM support s WHERE s.claim = c.handle) ORDER BY rowid LIMIT 1",
        "claim", "no passage supports the claim “{name}”", "add a row to supports.csv, or take the claim out",
    ),
    Rule(
        "SELECT file, row, id AS name FROM passage p "
        "WHERE NOT EXISTS (SELECT 1 FROM support s WHERE s.passage = p.id) ORDER BY rowid LIMIT 1",
        "passage", "the passage “{name}” supports no claim",
        "add a row to supports.csv, or move the stretch to nothing.csv",
    ),
    Rule(
        "SELECT file, row, id AS name FROM entity e "
        "WHERE NOT EXISTS (SELECT 1 FROM claim c WHERE c.subject = e.id) "
        "AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.object = e.id) ORDER BY rowid LIMIT 1",
        "id", "no claim speaks of “{name}”", "add a claim about it, or take it out",
    ),
)  # fmt: skip


def validate(spool: Spool, case: Case) -> None:
    """Raise InputError for the first rule that the spooled load of `case` breaks."""
    _keep(spool, TWICE)
    spool.merge()
    _keep(spool, RULES)
    _check_ends(spool)
    _keep(spool, UNUSED)
    _check_references(spool)
    _check_dates(spool)
    _check_checks(spool, case)
    _check_choices(spool, case)


def _keep(spool: Spool, rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        row = spool.first(rule.sql)
        if row is not None:
            column = rule.column or row["column"]
            _refuse(row, column, rule.problem.format(**dict(row)), rule.remedy)


def _refuse(row: sqlite3.Row, column: str | None, problem: str, remedy: str) -> None:
    raise InputError(problem, file=row["file"], row=row["row"], column=column, remedy=remedy)


def _check_ends(spool: Spool) -> None:
    """Both ends of each relationship must be of a type that it may join."""
    combinations = spool.rows(
        "SELECT c.predicate, a.label AS one, b.label AS other, min(c.rowid) AS at "
        "FROM claim c JOIN entity a ON a.id = c.subject JOIN entity b ON b.id = c.object "
        "GROUP BY 1, 2, 3 ORDER BY at"
    )
    for found in list(combinations):
        declared = spool.schema.relationships[found["predicate"]]
        problem = None
        if found["one"] not in declared.sources:
            column, problem = "subject", f"{declared.name} cannot start at a {found['one']}"
            remedy = f"name a {' or '.join(declared.sources)}"
        elif found["other"] not in declared.targets:
            column, problem = "object", f"{declared.name} cannot end at a {found['other']}"
            remedy = f"name a {' or '.join(declared.targets)}"
        elif declared.same_label and found["one"] != found["other"]:
            column, problem = "object", f"{declared.name} joins two of one type"
            remedy = f"name a {found['one']}, as the subject is"
        if problem is not None:
            row = spool.first("SELECT file, row FROM claim WHERE rowid = ?", [found["at"]])
            if row is not None:
                _refuse(row, column, problem, remedy)


def _id_properties(schema: Schema) -> Iterator[tuple[str, str, str, str]]:
    """(entity label, property, spool table it refers to, name of that table)."""
    for node in schema.nodes.values():
        for prop in node.properties:
            if prop.kind == "id":
                table = "sources.csv" if prop.to == "source" else "its table"
                yield node.label, prop.name, prop.to, table


def _check_references(spool: Spool) -> None:
    """Properties that hold an id must name something of the case."""
    for label, name, target, table in _id_properties(spool.schema):
        row = spool.first(
            f"SELECT file, row, json_extract(properties, ?) AS name FROM entity e "  # noqa: S608
            f"WHERE label = ? AND json_extract(properties, ?) IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM {target} t WHERE t.id = json_extract(e.properties, ?)) "
            "ORDER BY rowid LIMIT 1",
            [f"$.{name}", label, f"$.{name}", f"$.{name}"],
        )
        if row is not None:
            _refuse(
                row, name, f"“{row['name']}” is not defined", f"add it to {table}, or mend the id"
            )
    row = spool.first(
        "SELECT file, row, json_extract(properties, '$.supersedes') AS name FROM source s "
        "WHERE name IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM source t WHERE t.id = json_extract(s.properties, '$.supersedes')) "
        "ORDER BY rowid LIMIT 1"
    )
    if row is not None:
        _refuse(
            row, "supersedes", f"the source “{row['name']}” is not defined", "add it to sources.csv"
        )


def _check_dates(spool: Spool) -> None:
    """A date on an entity must be what some claim says."""
    for node in spool.schema.nodes.values():
        for name in node.dates:
            row = spool.first(
                "SELECT file, row, json_extract(properties, ?) AS name FROM entity e "
                "WHERE label = ? AND json_extract(properties, ?) IS NOT NULL AND NOT EXISTS "
                "(SELECT 1 FROM claim c WHERE c.subject = e.id AND c.measure = ? AND c.polarity = ? "
                " AND c.value = json_extract(e.properties, ?)) ORDER BY rowid LIMIT 1",
                [f"$.{name}", node.label, f"$.{name}", name, AFFIRMATIVE, f"$.{name}"],
            )
            if row is not None:
                _refuse(
                    row, name, f"no claim says “{row['name']}”",
                    f"add a figure claim with measure {name} and unit edtf, or leave the cell empty",
                )  # fmt: skip


def _check_checks(spool: Spool, case: Case) -> None:
    """The checks of a case must name figures."""
    for check in case.checks:
        for handle in (check.whole, *check.parts, *([check.share] if check.share else [])):
            row = spool.first(
                "SELECT kind, number FROM claim WHERE handle = ?", [spool.handle(handle)]
            )
            if row is None or row["number"] is None:
                raise InputError(
                    f"the check “{check.id}” names “{handle}”, which is no figure",
                    file=case.place.file,
                    remedy="name a claim of kind figure with a number",
                )
            if check.kind == "share" and handle == check.whole and not row["number"]:
                raise InputError(
                    f"the check “{check.id}” is a share of “{handle}”, which is 0",
                    file=case.place.file,
                    remedy="take the check out, or mend the figure",
                )


def _check_choices(spool: Spool, case: Case) -> None:
    """The choices of a case must name its entities and their properties."""
    for choice in case.choices:
        row = spool.first("SELECT label FROM entity WHERE id = ?", [choice.get("entity")])
        if row is None:
            raise InputError(
                f"a choice names the entity “{choice.get('entity')}”, which is not defined",
                file=case.place.file,
                remedy="mend the id",
            )
        if spool.schema.nodes[row["label"]].get(str(choice.get("property"))) is None:
            raise InputError(
                f"a choice names the property “{choice.get('property')}”, "
                f"which a {row['label']} does not have",
                file=case.place.file,
                remedy="name a property of docs/schema.md",
            )
