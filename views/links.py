"""Addresses that lead back to what was asked: by an opaque id, since addresses leak."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import streamlit as st

from graph.explore import inspector
from graph.runtime import log
from graph.saved import runs
from graph.saved.runs import Asked, AskedError
from graph.store.store import Store
from views import frame
from views.wayback import went_back

_PAGES: Final = {"question": "Questions", "own": "Questions", "ways": "Paths"}


def lead_back(store: Store, case: str, kind: str, what: Mapping[str, Any]) -> None:
    """Have the address lead back to what was asked; the same is kept once in a session."""
    known, mark = _known(), (case, kind, json.dumps(what, sort_keys=True))
    if mark not in known:
        try:
            known[mark] = runs.keep(store, case, kind, what)
        except AskedError as error:
            st.caption(str(error))
            return frame.address()
    return frame.address(run=known[mark])


def followed(store: Store, *kinds: str) -> Asked | None:
    """What the address leads to, if the page was opened by it; its case is chosen.

    It is handed out once, and again when the browser goes back to it: what this session asks
    later is newer than its address.
    """
    id_, known = st.query_params.get("run"), _known()
    if not id_ or (id_ in known.values() and not went_back()):
        return None
    try:
        found = runs.find(store, id_)
    except AskedError as error:
        known["", "", id_] = id_
        frame.astray(log.shown(error))
        return None
    if found.kind not in kinds:
        frame.astray(
            f"This address leads to what was asked on the {_PAGES[found.kind]} page: put "
            f"“{_PAGES[found.kind].lower()}” into it in place of the page's name."
        )
        return None
    mark = (found.case, found.kind, json.dumps(dict(found.what), sort_keys=True))
    known[mark] = id_
    st.session_state["case"] = found.case
    return found


def say_gone(store: Store, ids: Iterable[str]) -> frozenset[str]:
    """Which of these entities are not there any more; above the page it is said that they were."""
    asked_for = frozenset(ids)
    gone = asked_for - inspector.captions_of(store, asked_for).keys()
    if gone:
        names = ", ".join(id_.partition(":")[2] for id_ in sorted(gone))
        frame.astray(
            f"This address asks for what is not in the case any more: {names}. "
            "Choose another in its field."
        )
    return gone


def _known() -> dict[tuple[str, str, str], str]:
    known: dict[tuple[str, str, str], str] = st.session_state.setdefault("asked", {})
    return known
