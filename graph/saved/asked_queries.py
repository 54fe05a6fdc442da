"""What was asked on a page, kept in the graph's own store so that an address leads back to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph.errors import SutraError
from graph.runtime.files import parse_json
from graph.saved import states
from graph.store.store import Store

KINDS: Final = ("question", "own", "ways")
LARGEST: Final = 100_000
"""Characters of what is kept, at most."""


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
    id_ = states.new_id()
    stored = {"id": id_, "case": case, "kind": kind, "state": state, "changed": states.now()}
    store.write(states.CREATE["Asked"], {"stored": stored})
    states.sweep(store, "Asked", case)
    return id_


def find(store: Store, id_: str) -> Asked:
    """What is kept under that id. Raises AskedError if nothing is."""
    found = states.find(store, "Asked", id_)
    if found is None:
        raise AskedError(
            "Nothing is kept under this address: it is incomplete, or older than "
            f"{states.KEEP_DAYS} days."
        )
    try:
        what = parse_json(found["state"])
    except ValueError:
        what = None
    if not isinstance(what, dict):
        raise AskedError("What is kept under this address cannot be read; ask it anew.")
    return Asked(found["id"], found["case"], found["kind"], what)
