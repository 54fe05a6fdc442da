"""What a newsroom brings to a pack from its own files: its key, checks, replies and steps."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from exports.choices import Reply, SecondReading
from exports.pack.pack import write_file
from graph.errors import ExportError, InputError
from graph.explore.view import Step, is_look
from graph.runtime import delimited, files
from graph.runtime.workspace import Workspace

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_KEY_BYTES: Final = 32
_ID: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9])?")


def pack_id(text: str) -> str:
    """An id of a pack, which also names its files; raises ExportError if it cannot be one."""
    if not _ID.fullmatch(text):
        raise ExportError(f"“{text[:40]}” cannot name a pack; use letters, digits and hyphens.")
    return text


def day(text: str) -> str:
    """A day in ISO form; raises ExportError if it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ExportError(f"“{text[:40]}” is not a day; write it as 2021-02-10.") from error


def language(text: str) -> str:
    """A language as HTML names it, or nothing; raises ExportError if it is no such name."""
    if text and not _LANGUAGE.fullmatch(text):
        raise ExportError(f"“{text[:40]}” is no language; write its code, as en or pt-BR.")
    return text


def each_word(reasons: Mapping[str, str]) -> dict[str, str]:
    """The same reasons, with each of the words that share one, commas between, by itself."""
    return {
        word.strip(): reason
        for words, reason in reasons.items()
        for word in words.split(",")
        if word.strip()
    }


def key(workspace: Workspace, pack: str) -> bytes:
    """The secret key of a pack: made once, then kept, so that its pseudonyms stay.

    Raises ExportError where it cannot be kept.
    """
    file = workspace.root / "packs" / f"{pack_id(pack)}.key"
    try:
        if file.is_file():
            kept = bytes.fromhex(files.read_text(file, files.STATE))
            if len(kept) != _KEY_BYTES:
                raise ValueError("it is no key")
            return kept
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = secrets.token_bytes(_KEY_BYTES)
        write_file(file, made.hex().encode("ascii"), private=True)
    except (OSError, InputError, ValueError) as error:
        raise ExportError(f"The key of {pack} in {file.parent} cannot be used.") from error
    return made


def second_readings(path: Path) -> tuple[SecondReading, ...]:
    """The rows of a table `claim,evidence,checked_by,checked_on`; raises InputError."""
    rows = _rows(path, ("claim", "evidence", "checked_by", "checked_on"))
    return tuple(SecondReading(*row) for row in rows)


def replies(path: Path) -> tuple[Reply, ...]:
    """The rows of a table `party,allegation,asked_on,deadline,answer`; raises InputError."""
    rows = _rows(path, ("party", "allegation", "asked_on", "deadline", "answer"))
    return tuple(Reply(*row) for row in rows)


def steps(path: Path) -> tuple[Step, ...]:
    """Steps from JSON: a list of `{title, text, lit: [ids], view: [x, y, zoom]}`.

    `lit` and `view` may be left out. Raises InputError.
    """
    try:
        listed = files.parse_json(files.read_bytes(path, files.DECISIONS))
        return tuple(_step(item) for item in listed)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise InputError(
            "is no list of steps",
            file=path,
            remedy='write [{"title": "...", "text": "...", "lit": ["id"], "view": [0, 0, 1]}]',
        ) from error


def _step(item: Any) -> Step:
    view = item.get("view")
    if view is not None:
        x, y, zoom = (float(n) for n in view)
        if not is_look(x, y, zoom):
            raise ValueError("it looks at no place")
        view = (x, y, zoom)
    return Step(str(item["title"]), str(item["text"]), tuple(map(str, item.get("lit", ()))), view)


def _rows(path: Path, columns: Sequence[str]) -> Iterable[tuple[str, ...]]:
    table = delimited.open_table(path, files.DECISIONS)
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise InputError(
            f"the column {missing[0]} is missing", file=path, remedy=f"write {','.join(columns)}"
        )
    return [tuple(row.get(name, "") for name in columns) for _, row in table.rows()]
