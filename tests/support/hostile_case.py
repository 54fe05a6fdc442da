"""A plainly invented case that holds a hostile value in every text of every type."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

from invented import Tables

from graph.model.schema import NodeType, Property
from graph.model.types import SCHEMA

CASE = "hostile"
RUNS = "window.hacked = 1"
VALUES = (
    f"<script>{RUNS}</script>",
    f"<img src=x onerror='{RUNS}'>",
    f"[click](javascript:{RUNS}) <a href='javascript:{RUNS}'>here</a>",
    "long " * 2000,
    "\u202eRight to left\u2066 isolated",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1f3\U0001f1f4 e\u0301\u0323\u0336",
    f"\"'`]]>--></style></textarea><svg onload={RUNS}> ${{1}} {{{{x}}}} :material/bolt: $x^2$",
    "![seen](https://elsewhere.example/seen.png) <img src='https://elsewhere.example/seen.png'>",
)
CONTROL = "bell\x07"


def hostile() -> Tables:
    """Two entities of each type, a relationship of each type, a claim of each kind."""
    values = itertools.cycle(VALUES)
    tables = Tables(
        settings=f"id: {CASE}\ntitle: {json.dumps(VALUES[0])}\nsummary: {json.dumps(VALUES[2])}\n"
    )
    _sources(tables, values)
    for declared in SCHEMA.node_types:
        for number in (1, 2):
            _entity(tables, declared, number, values)
    for number, relationship in enumerate(SCHEMA.relationships.values()):
        start = relationship.sources[0]
        end = start if relationship.same_label else relationship.targets[0]
        extra = _cells(relationship.properties, values)
        _claim(
            tables, values, f"r{number}", kind="relationship", subject=_id(start, 1),
            predicate=relationship.name, object=_id(end, 2), **extra,
        )  # fmt: skip
    return tables


def _id(label: str, number: int) -> str:
    return f"{label.lower()}-{number}"


def _cells(properties: tuple[Property, ...], values: Iterator[str]) -> dict[str, str]:
    """What a row holds of these properties: a hostile text wherever any text may stand."""
    cells = {}
    for prop in properties:
        if prop.kind in ("text", "list"):
            cells[prop.name] = next(values).replace("|", "/")
        elif prop.kind == "term" and prop.required:
            cells[prop.name] = prop.terms[0]
        elif prop.kind == "id" and prop.required:
            cells[prop.name] = "organization-1"
    return cells


def _sources(tables: Tables, values: Iterator[str]) -> None:
    for number in (1, 2):
        cells = _cells(SCHEMA.records["Source"].properties, values)
        for name in ("sha256", "text_sha256", "language", "published_rule"):
            cells.pop(name, None)
        cells |= {"kind": "article", "url": f"javascript:{RUNS}", "text_length": "500000"}
        tables.add("sources", id=f"source-{number}", **cells)


def _entity(tables: Tables, declared: NodeType, number: int, values: Iterator[str]) -> None:
    id_, cells = _id(declared.label, number), _cells(declared.properties, values)
    cells.pop("naming_by", None)
    cells.pop("naming_reason", None)
    kind = {"type": declared.label} if declared.table == "actors" else {}
    tables.add(declared.table, id=id_, caption=next(values), **kind, **cells)
    _claim(
        tables, values, f"{id_}-called", kind="wording", subject=id_, measure="called",
        value=next(values),
    )  # fmt: skip
    for claim_kind in SCHEMA.kinds.values():
        if claim_kind.name in ("relationship", "wording"):
            continue
        value = claim_kind.terms[0] if claim_kind.terms else next(values)
        more = {"unit": next(values)} if claim_kind.name == "figure" else {}
        _claim(
            tables, values, f"{id_}-{claim_kind.name}", kind=claim_kind.name, subject=id_,
            measure="size", value="7" if more else value, **more,
        )  # fmt: skip


def _claim(tables: Tables, values: Iterator[str], handle: str, **cells: str) -> None:
    tables.add("claims", claim=handle, **cells)
    place = len(tables.rows["passages"])
    tables.add(
        "passages", passage=f"p{place}", source=f"source-{place % 2 + 1}", gist=next(values),
        start=str(100 * place), end=str(100 * place + 90), sha256="0" * 64,
    )  # fmt: skip
    tables.add(
        "supports", passage=f"p{place}", claim=handle, status="alleged", said_by="person-1",
        as_worded=next(values), hedge=next(values),
    )  # fmt: skip
