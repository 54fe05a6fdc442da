"""Rows of an answer as a reporter reads them: names for ids, words for codes, dates as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from graph.explore import inspector
from graph.model import dates
from graph.model.schema import Schema
from graph.model.types import SCHEMA
from graph.model.wording import plain, plain_date
from graph.questions import table_text
from graph.questions.result import Result, strip_case
from graph.questions.value_text import plain as plain_value
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from views import frame
from views.widgets import evidence
from views.widgets.markup import Html, folded, join, paragraph, tag

_IDS: Final = ("claim", "passage")
"""Types of columns that hold ids and nothing else: what is behind them is read below the table."""
_CODES: Final = (
    "rule", "how", "kind", "sense", "point", "ground", "status", "known", "date_known",
    "held_known", "by_known", "as_of_known", "relationship", "part", "form", "silence", "role",
)  # fmt: skip
_KNOWN: Final = (
    "rule", "known", "date_known", "held_known", "by_known", "as_of_known", "status",
    "date_status",
)  # fmt: skip
_BOUNDS: Final = ("earliest", "latest")
_HEADS: Final = {
    "evidence": "Passages", "rule": "Inferred by", "known": "How the date is known",
    "date_known": "How the date is known", "held_known": "How the date is known",
    "contests": "In dispute", "date_status": "Standing of the date", "status": "Standing",
    "hop": "Step", "held_evidence": "Passages for the date",
    "date_evidence": "Passages for the date", "by_evidence": "Passages for who it was",
    "order_evidence": "Passages for the order",
}  # fmt: skip
_CODE: Final = re.compile(r"(?:^|(?<=: ))[a-z0-9]+(?:_[a-z0-9]+)+$")
_DAY: Final = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_INFERRED: Final = re.compile(r"(?<=inferred: )[a-z0-9_]+(?:, [a-z0-9_]+)*")
_MOST_ENTITIES: Final = 6
_EXACT: Final = 2**53
"""Beyond it a browser rounds whole numbers."""
_WIDEST: Final = 180
_THREE_LINES: Final = 72
_FOUR_LINES: Final = 88
"""Pixels, as `_WIDEST` is."""


@dataclass(frozen=True)
class Table:
    """Rows under heads; `same` is what is the same in each of them, and need not be repeated."""

    same: Mapping[str, Any]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Rows:
    """An answer with the types of its columns, and what its ids are called."""

    result: Result
    types: Mapping[str, str]
    case: str
    called: Mapping[str, str]
    schema: Schema = SCHEMA

    @classmethod
    def read(cls, store: Store, result: Result, types: Mapping[str, str], case: str) -> Rows:
        """The rows, with the names of everything that they mention."""
        ids = {id_ for row in result.rows for id_ in _ids(row, f"{case}:")}
        called = inspector.called(store, ids) if ids else {}
        return cls(result, types, case, called, store.schema)

    def table(self) -> Table:
        """The rows for a table, without what says nothing or says it twice."""
        records = self.result.records()
        cells = {
            name: _alike([self._cell(name, record[name]) for record in records])
            for name in self.result.columns
        }
        kept = [name for name in self.result.columns if self._tells(name, cells)]
        # How it is known, and where it stands in the sources, come last.
        kept.sort(key=lambda name: (self.types.get(name) == "evidence", name in _KNOWN))
        heads = _heads(kept)
        same = [name for name in kept if len(records) > 1 and len(set(cells[name])) == 1]
        return Table(
            {heads[name]: cells[name][0] for name in same},
            [
                {heads[name]: cells[name][at] for name in kept if name not in same}
                for at in range(len(records))
            ],
        )

    def _tells(self, name: str, cells: Mapping[str, Sequence[Any]]) -> bool:
        if self.types.get(name) in _IDS or all(cell in (None, "") for cell in cells[name]):
            return False
        if name in _BOUNDS and "date" in cells:
            return False
        before = list(cells)[: list(cells).index(name)]
        named = (other for other in before if self.types.get(other) in ("entity", "source"))
        return not any(cells[other] == cells[name] for other in named)

    def _cell(self, name: str, value: Any) -> Any:
        """A value as a cell; nothing stays nothing, so that a column of numbers is one."""
        bare = plain_value(value, self.result.ends)
        if bare is None or _is_number(bare):
            return bare
        if isinstance(bare, bool) and self.types.get(name) == "bool":
            return "yes" if bare else "no"
        if isinstance(bare, list) and not any(isinstance(item, list | dict) for item in bare):
            between = ", " if self.types.get(name) == "evidence" else "; "
            return between.join(self._words(name, table_text.text_of(item)) for item in bare)
        if isinstance(bare, list | dict):
            return table_text.as_json(strip_case(bare, self.case))
        return self._words(name, table_text.text_of(bare))

    def _words(self, name: str, text: str) -> str:
        if text in self.called:
            return self.called[text]
        text = str(strip_case(text, self.case))
        if name == "date" or name in self.schema.dates or self.types.get(name) == "date":
            return _date(text)
        if name in _CODES:
            declared = self.schema.relationships.get(text)
            words = declared.words if declared else text
            words = _CODE.sub(lambda found: plain(found[0]), words)
            return _DAY.sub(lambda found: plain_date(found[0]), words)
        return _INFERRED.sub(lambda found: plain(found[0]), text)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _alike(cells: list[Any]) -> list[Any]:
    """A column's cells: all numbers, if a browser can hold each of them; else all texts."""
    told = [cell for cell in cells if cell is not None]
    if all(isinstance(cell, float) or (_is_number(cell) and abs(cell) <= _EXACT) for cell in told):
        return cells
    return [None if cell is None else table_text.text_of(cell) for cell in cells]


def _ids(values: Any, prefix: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, str) and value.startswith(prefix):
            yield value
        elif isinstance(value, list | tuple):
            yield from _ids(value, prefix)


def _date(text: str) -> str:
    try:
        dates.bounds(text)
    except ValueError:
        return text
    return plain_date(text)


def _heads(names: Sequence[str]) -> dict[str, str]:
    """The heads of columns; where two would read alike, as they are called in the query."""
    heads = {name: _HEADS.get(name) or plain(name).strip().capitalize() or " " for name in names}
    return {
        name: plain(name) if list(heads.values()).count(head) > 1 else head
        for name, head in heads.items()
    }


# --- on the page --------------------------------------------------------------------------------


def draw(store: Store, rows: Rows, key: str) -> None:
    """The table, and below it all of the row that is chosen, with what it stands on."""
    table = rows.table()
    if table.same:
        said = "; ".join(f"{head}: {cell}" for head, cell in table.same.items())
        frame.show(paragraph(f"In every row – {said}", cls="quiet"))
    if not any(table.rows):
        return
    event = st.dataframe(
        table.rows, hide_index=True, height="auto", key=key, on_select="rerun", placeholder="",
        selection_mode="single-row", row_height=_height(table.rows),
        column_config={head: _column(head, table.rows) for head in table.rows[0]},
    )  # fmt: skip
    chosen = event["selection"]["rows"]
    if not chosen or chosen[0] >= len(table.rows):
        st.caption(
            "Choose a row at its left edge to read all of it, and what it stands on. Ids, and "
            "columns in which no row says anything, are in the files below."
        )
        return
    cells = {**table.same, **table.rows[chosen[0]]}
    with st.container(border=True):
        _card(store, rows, rows.result.records()[chosen[0]], cells, key)


def _longest(head: str, rows: Sequence[Mapping[str, Any]]) -> int:
    return max(len(head), *(len(str(row[head] or "")) for row in rows))


def _column(head: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    """As wide as its words need, up to where they take another line."""
    width = min(_WIDEST, 8 * _longest(head, rows) + 20)
    if any(isinstance(row[head], int | float) for row in rows):
        return st.column_config.NumberColumn(width=width)
    return st.column_config.TextColumn(width=width)


def _height(rows: Sequence[Mapping[str, Any]]) -> int | None:
    """High enough for several lines where some words need them: lower rows would not break them."""
    widest = max(8 * _longest(head, rows) + 20 for head in rows[0])
    if widest <= _WIDEST:
        return None
    return _THREE_LINES if widest <= 2 * _WIDEST else _FOUR_LINES


def _card(
    store: Store, rows: Rows, record: Mapping[str, Any], cells: Mapping[str, Any], key: str
) -> None:
    told = [(head, cell) for head, cell in cells.items() if cell not in (None, "")]
    frame.show(
        tag("dl", *(join(tag("dt", head), tag("dd", folded(str(cell)))) for head, cell in told)),
        *_stands_on(store, rows, record),
    )
    entities = [record[n] for n, kind in rows.types.items() if kind == "entity" and record.get(n)]
    with st.container(horizontal=True, gap="xsmall"):
        for id_ in list(dict.fromkeys(entities))[:_MOST_ENTITIES]:
            name = frame.label(f"Explore {rows.called.get(id_, id_)}")
            if st.button(name, key=f"{key}-explore-{id_}", icon=":material/hub:"):
                frame.look_at(store, rows.case, id_)
                frame.go("explore")


def _stands_on(store: Store, rows: Rows, record: Mapping[str, Any]) -> list[Html]:
    """The claims that a row names, with their passages; else its passages."""
    ids = [record[n] for n, kind in rows.types.items() if kind == "claim" and record.get(n)]
    claims = inspector.claims(store, ids) if ids else []
    if claims:
        return [evidence.claim_details(claim, Workspace.locate()) for claim in claims]
    passages = [
        id_
        for name, kind in rows.types.items()
        if kind in ("evidence", "passage")
        for id_ in _ids([record.get(name)], f"{rows.case}:")
    ]
    return [
        tag(
            "div",
            tag("p", tag("span", f"{number} ", cls="mark"), tag("b", f"According to {source}")),
            paragraph(gist),
            tag("p", f"passage {id_.rpartition(':')[2]}", cls="quiet"),
            cls="evidence",
        )
        for number, (id_, gist, source) in enumerate(
            inspector.passages(store, list(dict.fromkeys(passages))), 1
        )
    ]
