"""What must hold of all inputs of a load together, before its first write.

Each rule is a query over the spool that finds the rows that break it, and the sentence that their
author gets. All are told at once; what only follows from another is not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.errors import InputError, InputErrors
from graph.ingest.staging import Spool
from graph.model.cells import suggestion
from graph.model.records import Case
from graph.model.schema import Schema
from graph.model.types.claims import AFFIRMATIVE


@dataclass(frozen=True)
class Rule:
    """Rows that `sql` finds break the rule. It selects file, row and what the texts interpolate.

    Where `column` is None it selects that too. `near` is the table and the column that hold what
    could have been meant.
    """

    sql: str
    column: str | None
    problem: str
    remedy: str
    near: tuple[str, str] | None = None


def _missing(
    table: str, column: str, target: str, key: str, what: str, remedy: str, shown: str | None = None
) -> Rule:
    """A rule that what `column` names is there; in the file the column may be called otherwise."""
    return Rule(
        f"SELECT a.file, a.row, a.{column} AS name FROM {table} a "  # noqa: S608 (our own names)
        f"WHERE a.{column} IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {target} b WHERE b.{key} = a.{column}) "
        f"AND NOT EXISTS (SELECT 1 FROM known k WHERE k.id = a.{column}) ORDER BY a.rowid",
        shown or column,
        f"{what} “{{name}}” is not defined",
        remedy,
        (target, key),
    )


def _again(table: str, columns: str, shown: str, more: str = "") -> str:
    """Finds rows of a table whose `columns` an earlier row has, too."""
    # By the first column alone, of which there is an index: few rows are left to be sorted.
    first = columns.partition(", ")[0]
    numbered = (
        f"SELECT rowid AS at, first_value(rowid) OVER same AS first FROM {table} "  # noqa: S608
        f"WHERE {first} IN (SELECT {first} FROM {table} GROUP BY 1 HAVING count(*) > 1) "
        f"WINDOW same AS (PARTITION BY {columns} ORDER BY rowid)"
    )
    return (
        f"SELECT b.{shown} AS name, b.file, b.row, a.row AS other{more} FROM ({numbered}) n "  # noqa: S608
        f"JOIN {table} b ON b.rowid = n.at JOIN {table} a ON a.rowid = n.first "
        "WHERE n.at > n.first ORDER BY b.rowid"
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
FROM ids WHERE id IN (SELECT id FROM twice)
AND EXISTS (SELECT 1 FROM ids o WHERE o.id = ids.id AND (o.t, o.r) < (ids.t, ids.r))
ORDER BY t DESC, r DESC
"""

_OF_TWO_TYPES: Final = """
SELECT b.id AS name, b.file, b.row, b.label AS label, a.label AS other, a.input AS input
FROM entity a JOIN entity b ON a.id = b.id AND a.rowid < b.rowid AND a.label <> b.label
ORDER BY b.rowid
"""

_NO_CLAIM: Final = """
SELECT file, row, {column} AS name FROM {table} t WHERE {column} IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.handle = t.{column})
AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.id = t.{column})
AND NOT EXISTS (SELECT 1 FROM known k WHERE k.id = t.{column}) ORDER BY rowid
"""
_UNKNOWN: Final = "the claim “{name}” is not defined"
_NAME_CLAIM: Final = "name a claim of claims.csv, or the id that the newsroom's table gives"
_CLAIM_OF_REVIEW: Final = "coalesce((SELECT id FROM claim c WHERE c.handle = review.claim), claim)"

TWICE: Final[tuple[Rule, ...]] = (
    Rule(_IDS, None, "the id “{name}” stands twice (also in {other})", "give each row an id of its own"),
    Rule(
        _again("claim", "handle", "handle"), "claim",
        "the claim “{name}” stands twice (also in row {other})", "give each claim a handle of its own",
    ),
    Rule(
        _again("claim", "key, input, file", "handle", ", a.handle AS handle"), "claim",
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
        "AND NOT EXISTS (SELECT 1 FROM source s WHERE s.id = r.start) "
        "AND NOT EXISTS (SELECT 1 FROM known k WHERE k.id = r.start) ORDER BY rowid",
        "from", "“{name}” is neither a passage nor a source", "name one of passages.csv or sources.csv",
    ),
    Rule(
        "SELECT file, row, when_from AS name FROM claim c WHERE when_from IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM passage p WHERE p.id = c.when_from) "
        "AND NOT EXISTS (SELECT 1 FROM claim d WHERE d.handle = c.when_from) "
        "AND NOT EXISTS (SELECT 1 FROM source s WHERE s.id = c.when_from) "
        "AND NOT EXISTS (SELECT 1 FROM known k WHERE k.id = c.when_from) ORDER BY rowid",
        "when_from", "“{name}” is neither a passage nor a claim nor a source",
        "name what the date was inferred from",
    ),
    Rule(
        _again("support", "claim, passage", "claim"),
        "claim", "this passage supports “{name}” twice (also in row {other})", "keep one of the rows",
    ),
    Rule(
        _again("relay", "start, stop, evidence", "stop"),
        "to", "this relays “{name}” twice (also in row {other})", "keep one of the rows",
    ),
    _missing("reply", "party", "entity", "id", "the entity", "name who was asked by an id of this case"),
    Rule(_NO_CLAIM.format(table="reply", column="allegation"), "allegation", _UNKNOWN, _NAME_CLAIM),
    Rule(_NO_CLAIM.format(table="review", column="claim"), "claim", _UNKNOWN, _NAME_CLAIM),
    Rule(
        _again("reply", "party, allegation, asked_on", "party"),
        "party", "“{name}” was asked the same on the same day twice (also in row {other})",
        "keep one of the rows",
    ),
    Rule(
        _again("review", f"checked_by, {_CLAIM_OF_REVIEW}", "checked_by"),
        "checked_by", "“{name}” checked this claim twice (also in row {other})",
        "keep the row of the later day",
    ),
    Rule(
        "SELECT p.file, p.row, p.stop AS name, json_extract(s.properties, '$.text_length') AS other "
        "FROM passage p JOIN source s ON s.id = p.source "
        "WHERE p.stop > json_extract(s.properties, '$.text_length') ORDER BY p.rowid",
        "end", "the passage ends at {name}, beyond the text's end at {other}",
        "count code points of the normalised text",
    ),
    Rule(
        "SELECT p.file, p.row, p.stop AS name, json_extract(s.properties, '$.text_length') AS other "
        "FROM gap p JOIN source s ON s.id = p.source "
        "WHERE p.stop > json_extract(s.properties, '$.text_length') ORDER BY p.rowid",
        "end", "the stretch ends at {name}, beyond the text's end at {other}",
        "count code points of the normalised text",
    ),
)  # fmt: skip

UNUSED: Final[tuple[Rule, ...]] = (
    # Told after a wrong end, which often leaves something without a claim.
    Rule(
        "SELECT file, row, handle AS name FROM claim c "
        "WHERE NOT EXISTS (SELECT 1 FROM support s WHERE s.claim = c.handle) ORDER BY rowid",
        "claim", "no passage supports the claim “{name}”", "add a row to supports.csv, or take the claim out",
    ),
    Rule(
        "SELECT file, row, id AS name FROM passage p "
        "WHERE NOT EXISTS (SELECT 1 FROM support s WHERE s.passage = p.id) "
        "AND NOT EXISTS (SELECT 1 FROM spare s WHERE s.id = p.id) ORDER BY rowid",
        "passage", "the passage “{name}” supports no claim",
        "add a row to supports.csv, or move the stretch to nothing.csv",
    ),
    Rule(
        "SELECT file, row, id AS name FROM entity e "
        "WHERE NOT EXISTS (SELECT 1 FROM claim c WHERE c.subject = e.id) "
        "AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.object = e.id) "
        "AND NOT EXISTS (SELECT 1 FROM spare s WHERE s.id = e.id) ORDER BY rowid",
        "id", "no claim speaks of “{name}”", "add a claim about it, or take it out",
    ),
)  # fmt: skip


def validate(spool: Spool, case: Case, lay: Callable[[Spool], None] | None = None) -> None:
    """Raise InputErrors for the rules that the spooled load of `case` breaks, and for the rows that
    could not be read into it. `lay` lays over it what the journal decides."""
    _keep(spool, TWICE)
    spool.merge()
    if lay:
        lay(spool)
    # What is named may stand in what could not be read; and what is there for nothing often is so
    # because of a row that cannot be used.
    if spool.is_whole:
        _keep(spool, RULES)
        _check_ends(spool)
        _check_references(spool)
    for check in (_check_use, _check_dates):
        if not spool.problems:
            check(spool)
    if not spool.problems:
        _check_checks(spool, case)
        _check_choices(spool, case)
    if spool.problems:
        raise InputErrors(spool.problems, spool.more)


def of_rows(spool: Spool) -> list[InputError]:
    """What can be said of single rows before several are made one: the first problems."""
    before = spool.problems, spool.more
    spool.problems, spool.more = [], 0
    _keep(spool, (*TWICE, *RULES, *UNUSED))
    _check_ends(spool)
    _check_references(spool)
    found = spool.problems
    spool.problems, spool.more = before
    return found


def _check_use(spool: Spool) -> None:
    _keep(spool, UNUSED)


def _keep(spool: Spool, rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        known: list[str] | None = None
        for row in spool.rows(rule.sql):
            problem = rule.problem.format(**dict(row))
            if rule.near and not spool.more:
                known = _names(spool, *rule.near) if known is None else known
                problem += suggestion(row["name"], known)
            _refuse(spool, row, rule.column or row["column"], problem, rule.remedy)


_MOST_NAMES: Final = 50_000
"""Among more names than that, none is looked for that could have been meant."""


def _names(spool: Spool, table: str, column: str) -> list[str]:
    if spool.count(table) > _MOST_NAMES:
        return []
    there = f"SELECT {column} AS name FROM {table} UNION ALL SELECT id FROM known"  # noqa: S608
    return [row["name"] for row in spool.rows(there)]


def _refuse(spool: Spool, row: sqlite3.Row, column: str | None, problem: str, remedy: str) -> None:
    spool.refuse(
        InputError(problem, file=row["file"], row=row["row"], column=column, remedy=remedy)
    )


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
            for row in spool.rows(_JOINING, [found["predicate"], found["one"], found["other"]]):
                _refuse(spool, row, column, problem, remedy)


_JOINING: Final = """
SELECT c.file, c.row FROM claim c JOIN entity a ON a.id = c.subject JOIN entity b ON b.id = c.object
WHERE c.predicate = ? AND a.label = ? AND b.label = ? ORDER BY c.rowid
"""


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
        rows = spool.rows(
            f"SELECT file, row, json_extract(properties, ?) AS name FROM entity e "  # noqa: S608
            f"WHERE label = ? AND name IS NOT NULL "
            f"AND NOT EXISTS (SELECT 1 FROM {target} t WHERE t.id = json_extract(e.properties, ?)) "
            "AND NOT EXISTS (SELECT 1 FROM known k WHERE k.id = json_extract(e.properties, ?)) "
            "ORDER BY rowid",
            [f"$.{name}", label, f"$.{name}", f"$.{name}"],
        )
        for row in rows:
            problem = f"“{row['name']}” is not defined"
            _refuse(spool, row, name, problem, f"add it to {table}, or mend the id")
    for row in spool.rows(
        "SELECT file, row, json_extract(properties, '$.supersedes') AS name FROM source s "
        "WHERE name IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM source t WHERE t.id = json_extract(s.properties, '$.supersedes')) "
        "AND NOT EXISTS "
        "(SELECT 1 FROM known k WHERE k.id = json_extract(s.properties, '$.supersedes')) "
        "ORDER BY rowid"
    ):
        problem = f"the source “{row['name']}” is not defined"
        _refuse(spool, row, "supersedes", problem, "add it to sources.csv")


def _check_dates(spool: Spool) -> None:
    """A date on an entity must be what some claim says."""
    for node in spool.schema.nodes.values():
        for name in node.dates:
            rows = spool.rows(
                "SELECT file, row, json_extract(properties, ?) AS name FROM entity e "
                "WHERE label = ? AND json_extract(properties, ?) IS NOT NULL AND NOT EXISTS "
                "(SELECT 1 FROM claim c WHERE c.subject = e.id AND c.measure = ? AND c.polarity = ? "
                " AND c.value = json_extract(e.properties, ?)) ORDER BY rowid",
                [f"$.{name}", node.label, f"$.{name}", name, AFFIRMATIVE, f"$.{name}"],
            )
            for row in rows:
                _refuse(
                    spool, row, name, f"no claim says “{row['name']}”",
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
                spool.refuse(
                    InputError(
                        f"the check “{check.id}” names “{handle}”, which is no figure",
                        file=case.place.file,
                        remedy="name a claim of kind figure with a number",
                    )
                )
            elif check.kind == "share" and handle == check.whole and not row["number"]:
                spool.refuse(
                    InputError(
                        f"the check “{check.id}” is a share of “{handle}”, which is 0",
                        file=case.place.file,
                        remedy="take the check out, or mend the figure",
                    )
                )


def _check_choices(spool: Spool, case: Case) -> None:
    """The choices of a case must name its entities and their properties."""
    for choice in case.choices:
        row = spool.first("SELECT label FROM entity WHERE id = ?", [choice.get("entity")])
        if row is None:
            spool.refuse(
                InputError(
                    f"a choice names the entity “{choice.get('entity')}”, which is not defined",
                    file=case.place.file,
                    remedy="mend the id",
                )
            )
        elif spool.schema.nodes[row["label"]].get(str(choice.get("property"))) is None:
            spool.refuse(
                InputError(
                    f"a choice names the property “{choice.get('property')}”, "
                    f"which a {row['label']} does not have",
                    file=case.place.file,
                    remedy="name a property of docs/schema.md",
                )
            )
