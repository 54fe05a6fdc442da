"""Parameters of a question as fields of a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

import streamlit as st

from graph.errors import ParameterError, SutraError
from graph.questions.captions import captions_of
from graph.questions.parameters import OF_TYPES, Parameter, check_value, entity
from graph.store.store import Store
from views import frame
from views.widgets.search import entity_picker

_IN_A_ROW: Final = 3
_FIRST, _LAST = date(1000, 1, 1), date(9999, 12, 31)


def fields(
    store: Store, case: str, params: Sequence[Parameter], values: Mapping[str, Any], key: str
) -> dict[str, Any]:
    """Draw a field for each parameter, with these values at first; returns what stands in them.

    Boxes to tick come last, so that fields stand in straight rows.
    """
    ticks = [param for param in params if param.type == "bool"]
    others = [param for param in params if param.type != "bool"]

    def one(param: Parameter) -> Any:
        value = in_field(store, case, param, values.get(param.name))
        return _field(store, case, param, value, f"{key}-{param.name}")

    return {**in_rows(others, one), **in_rows(ticks, one)}


def in_rows(
    params: Sequence[Any],
    draw: Callable[[Any], Any],
    align: Literal["top", "bottom"] = "bottom",
) -> dict[str, Any]:
    """Draw these row by row, as they are read and as Tab goes; returns what each gave, by name."""
    found = {}
    # Columns that go on over several rows would have Tab run down each of them.
    for start in range(0, len(params), _IN_A_ROW):
        row = params[start : start + _IN_A_ROW]
        columns = st.columns(min(_IN_A_ROW, len(params)), vertical_alignment=align)
        for column, param in zip(columns, row, strict=False):
            with column:
                found[getattr(param, "name", param)] = draw(param)
    return found


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def as_fields(
    store: Store, case: str, params: Sequence[Parameter], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Values as the fields hold them: entities by their ids, defaults filled in."""
    return kept({p.name: in_field(store, case, p, values.get(p.name)) for p in params})


def in_field(store: Store, case: str, param: Parameter, value: Any) -> Any:
    """A value as its field holds it."""
    value = param.default if value is None else value
    match param.type:
        case "entity":
            return _entity_id(store, case, value)
        case "bool":
            return value in (True, "true")
        case "int" | "float":
            return _number(param, value)
        case "date":
            return str(value or "")
        case "list" if param.of == OF_TYPES:
            names = value.split("|") if isinstance(value, str) else value or []
            return [name for name in names if name in store.schema.relationships]
        case "list":
            return " | ".join(value) if isinstance(value, list) else value or ""
        case "choice":
            return value if value in param.choices else None
        case _:
            return value or ""


def _number(param: Parameter, value: Any) -> Any:
    """A number for its field, or None: an address may hold anything."""
    try:
        return None if value in (None, "") else check_value(param, value)
    except ParameterError:
        return None


def written(value: Any) -> str:
    """A value as it would be typed where its type is told apart."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)


def _entity_id(store: Store, case: str, value: Any) -> str | None:
    """The id that a value of a form or of an example means, or None."""
    if not value:
        return None
    if str(value).startswith(f"{case}:") and captions_of(store, [str(value)]):
        return str(value)
    try:
        return entity(store, case, str(value))
    except SutraError:
        return None


def _field(store: Store, case: str, param: Parameter, value: Any, key: str) -> Any:
    label = frame.label(param.label)
    match param.type:
        case "entity":
            return entity_picker(store, case, key=key, label=param.label, value=value)
        case "int":
            return st.number_input(label, value=value, step=1, key=key)
        case "float":
            return st.number_input(label, value=value, step=None, format="%g", key=key)
        case "bool":
            return st.checkbox(label, value=value, key=key)
        case "choice":
            choices = list(param.choices)
            index = choices.index(value) if value else None
            return st.selectbox(label, choices, index=index, key=key, placeholder="Any")
        case "list" if param.of == OF_TYPES:
            types = store.schema.relationships
            return st.multiselect(
                label, list(types), value, key=key,
                format_func=lambda name: types[name].words, placeholder="All types",
            )  # fmt: skip
        case "list":
            return st.text_input(label, value, key=key, help="Part several by |")
        case "date":
            day = st.date_input(label, _day(value), _FIRST, _LAST, key=key, format="YYYY-MM-DD")
            return day.isoformat() if day else ""
        case _:
            return st.text_input(label, value, key=key)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
