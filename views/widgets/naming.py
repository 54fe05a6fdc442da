"""Who may be named in print: decided on the Export page, with reason, name and day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import streamlit as st

from graph.errors import ParameterError
from graph.explore.subgraph import Subgraph
from graph.runtime import log
from graph.saved import naming_decisions
from graph.saved.naming_decisions import Decided
from graph.store.store import Store
from views import frame
from views.widgets.markup import tag

HOW: Final = {
    "public_role": "named",
    "named_in_role": "named, with facts of the role only",
    "private": "a made-up name",
    "protect": "out, with every trace",
}


def panel(store: Store, case: str, shown: Subgraph) -> None:
    """A form for one decision, and the decisions that were made here."""
    types = shown.schema.nodes
    named = [n for n in shown.nodes if types[n.label].has_naming]
    named.sort(key=lambda n: (types[n.label].plural, n.caption, n.id))
    there = {n.id: f"{n.caption} ({types[n.label].words})" for n in named}
    made = naming_decisions.decided(store, case)
    # Its words stay the same: under others it would be another one, and closed.
    with st.expander("Who may be named"):
        frame.show(
            tag(
                "p",
                "People and accounts have made-up names until somebody decides. Where the tables "
                "of the case decide as well, the more protective counts.",
                cls="quiet",
            )
        )
        if there:
            _form(store, case, there)
        else:
            st.caption("Nothing in this view has a name.")
        for one in made.values():
            _line(store, one, there.get(one.entity, one.entity))


def _form(store: Store, case: str, captions: dict[str, str]) -> None:
    with st.form("naming", border=False, clear_on_submit=False):
        entity = st.selectbox("On whom", list(captions), format_func=captions.__getitem__)
        how = st.selectbox("May be", list(HOW), format_func=HOW.__getitem__)
        reason = st.text_input("Why", placeholder="a minister, in office")
        by = st.text_input("Decided by", placeholder="your name")
        on = st.date_input("On", datetime.now(UTC).date())
        if not st.form_submit_button("Decide", icon=":material/gavel:"):
            return
    try:
        naming_decisions.decide(store, case, Decided(entity, how, reason, by, str(on)))
    except ParameterError as error:
        st.error(log.shown(error))
    else:
        st.rerun()


def _line(store: Store, one: Decided, caption: str) -> None:
    words, button = st.columns([5, 2], vertical_alignment="center")
    with words:
        frame.show(
            tag("p", f"{caption}: {HOW[one.naming]}"),
            tag("p", f"{one.reason}. {one.by}, {one.on}", cls="quiet"),
        )
    if button.button("Take back", key=f"naming-{one.entity}"):
        naming_decisions.take_back(store, one.entity)
        st.rerun()
