"""Addresses that lead back to what was asked: by an opaque id, since addresses leak."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from graph import asked
from graph.asked import Asked, AskedError
from graph.store import Store
from views import frame
from views.wayback import went_back


def lead_back(store: Store, case: str, kind: str, what: Mapping[str, Any]) -> None:
    """Have the address lead back to what was asked; the same is kept once in a session."""
    known, mark = _known(), (case, kind, json.dumps(what, sort_keys=True))
    if mark not in known:
        try:
            known[mark] = asked.keep(store, case, kind, what)
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
        found = asked.find(store, id_)
    except AskedError as error:
        known["", "", id_] = id_
        st.warning(str(error))
        return None
    if found.kind not in kinds:
        return None
    mark = (found.case, found.kind, json.dumps(dict(found.what), sort_keys=True))
    known[mark] = id_
    st.session_state["case"] = found.case
    return found


def _known() -> dict[tuple[str, str, str], str]:
    known: dict[tuple[str, str, str], str] = st.session_state.setdefault("asked", {})
    return known
