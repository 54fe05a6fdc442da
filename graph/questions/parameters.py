"""Values for a query's parameters: from a form or a command line to what Cypher is given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz import process

from graph.errors import ParameterError
from graph.model.schema import Schema
from graph.model.text import fold
from graph.model.types import SCHEMA
from graph.questions.guard.names import nearest

if TYPE_CHECKING:
    from graph.store.store import Store

TYPES: Final = ("text", "int", "float", "bool", "date", "entity", "choice", "list")
GIVEN_TYPES: Final = ("text", "int", "float", "bool", "date", "list")
"""Types that may be named with a value, where no header declares one."""
RELATIONSHIP_TYPES: Final = "relationships"
NAMES_READ: Final = 20_000
"""How many entities of a case are looked at for the nearest name."""

_INT: Final = re.compile(r"[+-]?[0-9]{1,18}")
_FLOAT: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
# What begins with 0 is more often a code than a number, and 19 digits may not fit.
_LOOKS_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_BOOLS: Final = {"true": True, "yes": True, "false": False, "no": False}

_BY_ID: Final = "MATCH (n:Entity {id: $id}) WHERE n.case = $case RETURN n.id AS id"
_BY_NAME: Final = """
MATCH (n:Entity)
WHERE n.case = $case
RETURN n.id AS id, n.caption AS caption, n.name AS name, n.aliases AS aliases
ORDER BY n.id
"""


@dataclass(frozen=True)
class Parameter:
    """A parameter as a query's header declares it. Without a default, an optional one is null.

    `of` says what a list is of, where that is TIES: types of relationship.
    """

    name: str
    type: str
    label: str
    default: Any = None
    choices: tuple[str, ...] = ()
    required: bool = False
    of: str = ""


def check_value(param: Parameter, value: object, schema: Schema = SCHEMA) -> Any:
    """The value with its type; an entity's stays as it was written.

    Raises ParameterError in one sentence if it is not of the parameter's type.
    """
    match param.type:
        case "int":
            return _whole_number(param, value)
        case "float":
            return _number(param, value)
        case "bool":
            return _truth(param, value)
        case "date":
            return _day(param, value)
        case "choice":
            return _choice(param, value)
        case "list":
            return (
                _relationships(param, value, schema)
                if param.of == RELATIONSHIP_TYPES
                else _list(param, value)
            )
        case _:
            if not isinstance(value, str):
                raise _ill_typed(param, value, "a text")
            return value


def typed(name: str, kind: str, value: str) -> Any:
    """A value of which its giver says the type, one of GIVEN_TYPES.

    Raises ParameterError for another type, and for a value that is not of it.
    """
    if kind not in GIVEN_TYPES:
        near = nearest(kind, GIVEN_TYPES)
        hint = f"did you mean {near}?" if near else f"it is one of {', '.join(GIVEN_TYPES)}."
        raise ParameterError(f"Parameter {name} has no type “{kind[:60]}”; {hint}")
    return check_value(Parameter(name, kind, name), value)


def guessed(value: str) -> str | int | bool:
    """A value without a type: a whole number, true or false if it looks like one, else a text."""
    if value in ("true", "false"):
        return value == "true"
    return int(value) if _LOOKS_WHOLE.fullmatch(value) else value


def type_of(value: object) -> str:
    """The type of a value, as `typed` and a header name it."""
    kinds = ((bool, "bool"), (int, "int"), (float, "float"), (list, "list"))
    return next((word for kind, word in kinds if isinstance(value, kind)), "text")


def bind(
    params: Sequence[Parameter],
    given: Mapping[str, object],
    case: str,
    store: Store,
    *,
    query: str = "this query",
) -> dict[str, Any]:
    """What Cypher is given: every declared parameter, and `case`.

    A blank text or None counts as not given. Raises ParameterError for a missing, an unknown or an
    ill-typed one, and for a name that is no entity of the case, or of several.
    """
    _check_known(params, given, query)
    bound: dict[str, Any] = {"case": case}
    for param in params:
        value = given.get(param.name)
        if value is None or value == "":
            if param.required:
                raise ParameterError(
                    f"Parameter {param.name} is missing: give {param.label} ({_wanted(param)})."
                )
            value = param.default
        if value is not None:
            value = check_value(param, value, store.schema)
            if param.type == "entity":
                value = entity(store, case, value, name=param.name)
        bound[param.name] = value
    return bound


def entity(store: Store, case: str, text: str, *, name: str = "entity") -> str:
    """The id of the entity that the text means: a full id, a local id, or its only name.

    Raises ParameterError that says the nearest, or which entities share the name.
    """
    written = text.strip()
    for candidate in (written, f"{case}:{written}"):
        rows = store.read(_BY_ID, {"id": candidate, "case": case}, timeout=None, limit=1)
        if rows:
            return str(rows[0]["id"])
    named = list(store.read(_BY_NAME, {"case": case}, timeout=None, limit=NAMES_READ))
    exact = _of_that_name(named, written)
    if len(exact) == 1:
        return str(exact[0]["id"])
    if exact:
        ids = ", ".join(_local(case, row["id"]) for row in exact[:5])
        more = f" and {len(exact) - 5} more" if len(exact) > 5 else ""
        raise ParameterError(
            f"Parameter {name}: {len(exact)} entities are called “{written}”; give the id of one: "
            f"{ids}{more}."
        )
    raise ParameterError(
        f"Parameter {name}: nothing in {case} is called “{written}”"
        f"{_nearest_entity(named, case, written)}."
    )


def _of_that_name(rows: Sequence[Mapping[str, Any]], text: str) -> list[Mapping[str, Any]]:
    """The rows that bear the name: as it is written, or else in any spelling that folds to it."""
    as_written = [row for row in rows if text in _names(row)]
    if as_written:
        return as_written
    folded = fold(text)
    found = [row for row in rows if folded and folded in map(fold, _names(row))]
    # With or without an apostrophe, a hyphen or a space.
    joined = folded.replace(" ", "")
    return found or [
        row for row in rows if joined and joined in (fold(n).replace(" ", "") for n in _names(row))
    ]


def _nearest_entity(rows: Sequence[Mapping[str, Any]], case: str, text: str) -> str:
    known = {f"{_local(case, row['id'])}\0{fold(n)}": row for row in rows for n in _names(row)}
    known |= {_local(case, row["id"]): row for row in rows}
    found = process.extractOne(
        fold(text), list(known), processor=lambda k: fold(k.rpartition("\0")[2]), score_cutoff=55
    )
    if not found:
        return ""
    row = known[found[0]]
    return f"; the nearest is {_local(case, row['id'])} ({row['caption']})"


def _names(row: Mapping[str, Any]) -> list[str]:
    aliases = row["aliases"] if isinstance(row["aliases"], list) else []
    return [n for n in (row["caption"], row["name"], *aliases) if isinstance(n, str)]


def _local(case: str, id_: str) -> str:
    return id_.removeprefix(f"{case}:")


def _check_known(params: Sequence[Parameter], given: Mapping[str, object], query: str) -> None:
    names = [p.name for p in params]
    for name in given:
        if name in names:
            continue
        if name == "case":
            raise ParameterError("The case is not a parameter: choose it with --case.")
        near = nearest(name, names)
        if near:
            hint = f"did you mean {near}?"
        else:
            hint = f"it has {', '.join(names)}." if names else "it has none."
        raise ParameterError(f"No parameter “{name}” belongs to {query}; {hint}")


def _ill_typed(param: Parameter, value: object, wanted: str) -> ParameterError:
    shown = value if isinstance(value, str) else repr(value)
    return ParameterError(f"Parameter {param.name} must be {wanted}, not “{str(shown)[:60]}”.")


def _wanted(param: Parameter) -> str:
    if param.of == RELATIONSHIP_TYPES:
        return "types of relationship as docs/schema.md names them, with | between them"
    return {
        "int": "a whole number",
        "float": "a number, as 2.5",
        "bool": "yes or no",
        "date": "a day, as 2021-02-10",
        "entity": "an id or a name",
        "choice": "one of " + ", ".join(param.choices),
        "list": "texts, with | between them",
    }.get(param.type, "a text")


def _whole_number(param: Parameter, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INT.fullmatch(value.strip()):
        return int(value)
    raise _ill_typed(param, value, _wanted(param))


def _number(param: Parameter, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and _FLOAT.fullmatch(value.strip()) and isfinite(float(value)):
        return float(value)
    raise _ill_typed(param, value, _wanted(param))


def _truth(param: Parameter, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _BOOLS:
        return _BOOLS[value.strip().lower()]
    raise _ill_typed(param, value, _wanted(param))


def _day(param: Parameter, value: object) -> str:
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip()).isoformat()
        except ValueError as error:
            raise _ill_typed(param, value, _wanted(param)) from error
    raise _ill_typed(param, value, _wanted(param))


def _choice(param: Parameter, value: object) -> str:
    if isinstance(value, str) and value in param.choices:
        return value
    near = nearest(str(value), param.choices)
    hint = f"; did you mean {near}?" if near else "."
    raise ParameterError(
        f"Parameter {param.name} must be {_wanted(param)}, not “{str(value)[:60]}”{hint}"
    )


def _list(param: Parameter, value: object) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split("|") if part.strip()]
    if isinstance(value, Sequence) and all(isinstance(part, str) for part in value):
        return [str(part) for part in value]
    raise _ill_typed(param, value, _wanted(param))


def _relationships(param: Parameter, value: object, schema: Schema) -> list[str]:
    names = _list(param, value)
    for name in names:
        if name not in schema.relationships:
            near = nearest(name, list(schema.relationships))
            hint = f"; did you mean {near}?" if near else "."
            raise ParameterError(
                f"Parameter {param.name} must be {_wanted(param)}, and “{name[:60]}” is none{hint}"
            )
    return names
