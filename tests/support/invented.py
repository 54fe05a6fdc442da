"""Plainly invented cases for the tests: tables in memory, written as a case folder."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.model.search_text import case_token
from graph.model.types import SCHEMA
from graph.store.store import Store
from loaders.tables import table_heads

Row = dict[str, str]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    stem: head.columns for stem, head in table_heads(SCHEMA).items()
}
NEEDED = tuple(stem for stem in COLUMNS if stem not in ("replies", "checked"))
"""Tables that are written whether a test fills them or not."""

SETTINGS = "id: {id}\ntitle: The lighthouse of Sandwick\nsummary: Who switched it off.\n"


@dataclass
class Tables:
    """The tables of a case, by stem; cells that are not given are empty."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {stem: [] for stem in NEEDED})
    settings: str = SETTINGS.format(id="sandwick")

    def add(self, stem: str, **cells: str) -> None:
        """Append a row. A trailing underscore keeps a column's name out of Python's way."""
        self.rows.setdefault(stem, []).append(
            {name.rstrip("_"): cell for name, cell in cells.items()}
        )

    def write(self, folder: Path) -> Path:
        """Write the folder of the case; returns it."""
        rows = ((stem, row) for stem, rows in self.rows.items() for row in rows)
        return write_tables(folder, self.settings, rows, self.rows)


def write_tables(
    folder: Path,
    settings: str,
    rows: Iterable[tuple[str, Mapping[str, Any]]],
    stems: Iterable[str] = NEEDED,
) -> Path:
    """Write rows, each with the stem of its table, as they come, as these tables of a case folder.

    Returns the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.yaml").write_text(settings, encoding="utf-8")
    with ExitStack() as stack:
        tables = {}
        for stem in stems:
            file = (folder / f"{stem}.csv").open("w", encoding="utf-8", newline="")
            tables[stem] = csv.DictWriter(
                stack.enter_context(file), COLUMNS[stem], lineterminator="\n"
            )
            tables[stem].writeheader()
        for stem, cells in rows:
            tables[stem].writerow(cells)
    return folder


def lighthouse() -> Tables:
    """A small case that is right: two papers on who switched off a lighthouse."""
    tables = Tables()
    tables.add("actors", id="odd", type="Person", caption="Odd Lanternby", name="Odd Lanternby")
    tables.add("actors", id="board", type="Organization", caption="Lamp Board", kind="other")
    tables.add("groups", id="lamps", caption="The lamps", description="Lamps", of="bodies")
    tables.add("statements", id="excuse", caption="Excuse", kind="remark", gist="It was foggy")
    paper = {"kind": "article", "status": "current", "text_length": "500", "language": "en"}
    tables.add("sources", id="gazette", caption="Gazette", published_on="1987-05-02", **paper)
    tables.add("sources", id="herald", caption="Herald", published_on="1987-05-04", **paper)
    for id_, source, start, gist in (
        ("g1", "gazette", 0, "Odd made an excuse"),
        ("g2", "gazette", 100, "Twelve lamps, says the board"),
        ("h1", "herald", 0, "Odd speaks for the board"),
    ):
        place = {"start": str(start), "end": str(start + 90), "sha256": "0" * 64, "language": "en"}
        tables.add("passages", passage=id_, source=source, gist=gist, **place)
    tables.add("claims", claim="odd-said", kind="relationship", subject="odd", predicate="MADE",
               object="excuse", when="1987-05-01", when_basis="stated")  # fmt: skip
    tables.add("claims", claim="twelve", kind="figure", subject="lamps", measure="size",
               value="12", unit="lamps", comparator="=")  # fmt: skip
    tables.add("claims", claim="odd-role", kind="relationship", subject="odd",
               predicate="HOLDS_ROLE", object="board", title="keeper")  # fmt: skip
    tables.add("supports", passage="g1", claim="odd-said", status="reported")
    tables.add("supports", passage="g2", claim="twelve", status="alleged", said_by="board")
    tables.add("supports", passage="h1", claim="odd-role", status="inferred", rule="as_told")
    return tables


STAMPS = frozenset({"load", "since", "digest", "made", "withdrawn_on", "withdrawn_by"})


def dump(store: Store, case: str, *, stamps: bool = False) -> dict[str, Any]:
    """Everything that the graph holds of a case, without its Loads, its prefix and the stamps."""

    def bare(value: Any) -> Any:
        if isinstance(value, list):
            return [bare(item) for item in value]
        if not isinstance(value, str):
            return value
        # What is searched begins with a word that stands for the case.
        return value.replace(f"{case}:", "").replace(case_token(case), "")

    def kept(properties: Mapping[str, Any]) -> dict[str, Any]:
        wanted = (p for p in properties.items() if stamps or p[0] not in STAMPS)
        return {name: bare(value) for name, value in wanted if name != "case"}

    nodes, relationships = {}, []
    for row in store.read(
        "MATCH (n) WHERE n.case = $case AND NOT n:Load "
        "RETURN n.id AS id, labels(n) AS labels, properties(n) AS p",
        {"case": case},
    ):
        assert row["id"] not in nodes, f"{row['id']} stands twice"
        nodes[bare(row["id"])] = (sorted(row["labels"]), kept(row["p"]))
    for row in store.read(
        "MATCH (a)-[r]->(b) WHERE a.case = $case OR b.case = $case "
        "RETURN a.id AS a, type(r) AS t, b.id AS b, properties(r) AS p",
        {"case": case},
    ):
        ends = (bare(row["a"]), row["t"], bare(row["b"]))
        relationships.append((*ends, sorted(kept(row["p"]).items())))
    return {"nodes": nodes, "relationships": sorted(relationships, key=repr)}


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """What differs between two dumps, for the message of a failed test; empty if nothing does."""
    lines: list[str] = []
    for id_ in sorted({*one["nodes"], *other["nodes"]}):
        a, b = one["nodes"].get(id_), other["nodes"].get(id_)
        if a != b:
            lines.append(f"{id_}:\n  {a}\n  {b}")
    lines += _only("-", one["relationships"], other["relationships"])
    lines += _only("+", other["relationships"], one["relationships"])
    return "\n".join(lines)


def _only(mark: str, these: Iterable[Any], those: Iterable[Any]) -> list[str]:
    rest = [repr(r) for r in those]
    found = []
    for relationship in map(repr, these):
        if relationship in rest:
            rest.remove(relationship)
        else:
            found.append(f"{mark} {relationship}")
    return found
