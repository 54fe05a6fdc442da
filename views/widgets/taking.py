"""Rows taken away as a file: for Excel, as CSV, as JSON."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from graph.questions import table_text
from graph.questions.result import Result
from graph.questions.xlsx import MIME, write_xlsx


def take_away(result: Result, name: str, params: Mapping[str, Any] | None = None) -> None:
    """Three small buttons; a file is made once its button is pressed, from all rows."""

    def xlsx() -> bytes:
        file = io.BytesIO()
        write_xlsx(result, file)
        return file.getvalue()

    def csv() -> str:
        return table_text.as_csv(result)

    def json() -> str:
        return table_text.as_json(table_text.answer(result, name, dict(params or {})), indent=1)

    files = (
        ("XLSX", xlsx, MIME, "A workbook for Excel and LibreOffice"),
        ("CSV", csv, "text/csv", "In UTF-8, for programs; for Excel take XLSX"),
        ("JSON", json, "application/json", "For programs, with what was asked"),
    )
    with st.container(horizontal=True, gap="xsmall", key=f"take-{name}"):
        for words, make, kind, about in files:
            st.download_button(
                words, make, f"{name}.{words.lower()}", kind, key=f"take-{name}-{words}",
                help=about, icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def take_rows(rows: Sequence[Mapping[str, Any]], name: str) -> None:
    """The same for a table that is on the page as it stands."""
    columns = tuple(rows[0]) if rows else ()
    values = tuple(tuple(row[column] for column in columns) for row in rows)
    take_away(Result(columns, values, "", {}, truncated=False, seconds=0.0), name)


def take_tables(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """The same for several tables that belong together, out of the way until it is asked for."""
    with st.popover("Take the rows away", icon=":material/download:"):
        for name, rows in tables.items():
            if rows:
                st.caption(f"{len(rows):,} {name}")
                take_rows(rows, name)
