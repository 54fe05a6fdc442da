"""What was asked on a page, kept in the graph's own store so that an address can lead back to it.

Values name people, and addresses leak: so an address carries an opaque id alone, as that of a view
does. What is kept goes after as many days as a view that nobody named.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from graph.errors import SutraError
from graph.runtime.files import parse_json
from graph.saved.boards import KEEP_DAYS
from graph.store.store import Store

KINDS: Final = ("question", "own", "ways")
LARGEST: Final = 100_000
"""Characters of what is kept, at most."""
_LONGEST_ID: Final = 64

_FIND: Final = "MATCH (a:Record {id: $id}) RETURN properties(a) AS asked, labels(a) AS labels"
_CREATE: Final = "CREATE (a:Record:Asked) SET a = $asked"
_OLD: Final = """
MATCH (a:Asked) WHERE a.case = $case AND a.changed < $before
RETURN a.id AS id ORDER BY id LIMIT 100
"""
_DELETE: Final = "MATCH (a:Record) WHERE a.id IN $ids DETACH DELETE a"


class AskedError(SutraError):
    """Nothing is kept under that id, or it is too long to be kept."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a case: of which kind, and its values as JSON has them."""

    id: str
    case: str
    kind: str
    what: Mapping[str, Any]


def keep(store: Store, case: str, kind: str, what: Mapping[str, Any]) -> str:
    """Keep what was asked; returns its new id. Raises AskedError if it is too long."""
    if kind not in KINDS:
        raise ValueError(f"{kind} is none of {KINDS}")
    state = json.dumps(what, ensure_ascii=False, sort_keys=True)
    if len(state) > LARGEST:
        raise AskedError("This is too long for an address to lead back to it.")
    now = datetime.now(UTC)
    asked = {
        "id": secrets.token_hex(10), "case": case, "kind": kind, "state": state,
        "changed": now.isoformat(timespec="microseconds"),
    }  # fmt: skip
    store.write(_CREATE, {"asked": asked})
    _sweep(store, case, now)
    return str(asked["id"])


def find(store: Store, id_: str) -> Asked:
    """What is kept under that id. Raises AskedError if nothing is."""
    rows = store.read(_FIND, {"id": id_}) if id_ and len(id_) <= _LONGEST_ID else []
    if not rows or "Asked" not in rows[0]["labels"]:
        raise AskedError(
            f"Nothing is kept under this address: it is incomplete, or older than {KEEP_DAYS} days."
        )
    found = rows[0]["asked"]
    try:
        what = parse_json(found["state"])
    except ValueError:
        what = None
    if not isinstance(what, dict):
        raise AskedError("What is kept under this address cannot be read; ask it anew.")
    return Asked(found["id"], found["case"], found["kind"], what)


def _sweep(store: Store, case: str, now: datetime) -> None:
    """Let go of what was asked long ago."""
    before = (now - timedelta(days=KEEP_DAYS)).isoformat(timespec="microseconds")
    old = [row["id"] for row in store.read(_OLD, {"case": case, "before": before})]
    if old:
        store.write(_DELETE, {"ids": old})
