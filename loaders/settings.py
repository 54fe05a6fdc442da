"""`case.yaml`: what an input says of itself and of its case."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from graph.errors import InputError
from graph.model.records import CASE_FOLDER, JOURNAL, Case, Check, Place, Question
from graph.runtime import files, yamltext

_CASE_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

_OF_CASE: Final = frozenset({"choices", "checks", "questions", "inputs"})
_SETTINGS: Final = frozenset({"id", "title", "summary", "language", "rules", "input"}) | _OF_CASE


def read_settings(path: Path, case_id: str | None = None) -> tuple[Case, str]:
    """What a `case.yaml` says, for its own case or `case_id`, and the id that stands in it.

    Raises InputError if it cannot be used.
    """
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
    if not isinstance(name, str) or not _is_input(name) or name in (CASE_FOLDER, JOURNAL):
        _refuse(path, f"“{str(name)[:80]}” is no name of an input", _NAME_INPUT)
    for setting in sorted(_OF_CASE & set(found)):
        _refuse(path, f"“{setting}” is not for the input {name}", "write it in the case's folder")
    return str(name)


_NAME_INPUT: Final = "use lower-case letters, digits, hyphens, and not the words case and journal"


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
