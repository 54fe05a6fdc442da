"""The network of a case, with a legend, a search, and an inspector for what is clicked."""

from __future__ import annotations

import streamlit as st

from graph import explore, inspector
from graph.store import Store
from graph.subgraph import Subgraph
from graph.workspace import Workspace
from views import evidence, frame
from views.markup import tag
from views.network import NetworkEvent, network_view
from views.network.legend import legend_html


def page() -> None:
    """Draw the page."""
    with frame.errors():
        store = frame.open_store()
        case = frame.choose_case(store)
        if case is not None:
            frame.banner(store, case)
            _draw(store, case)


def _draw(store: Store, case: str) -> None:
    left, middle, right = st.columns([1.35, 4.4, 2.25], gap="medium")
    with left:
        frame.search_box(store, case, then=st.rerun)
        st.html(legend_html(frame.view_of(store, case)))
    with middle:
        view = frame.view_of(store, case)
        chosen = frame.selected()
        shown = chosen if chosen in view.by_id else None
        event = network_view(
            view, key=f"explore-{case}", selected=shown or (), focus=frame.focus(), height=700
        )
        _react(store, case, view, event)
        _count(view)
        _table(view)
    with right, st.container(height=760, border=False):
        _inspect(store, case)


def _react(store: Store, case: str, view: Subgraph, event: NetworkEvent) -> None:
    """Do what the user asked of the network."""
    if event.kind == "expand" and event.expanded:
        placed = view.with_positions(event.positions)
        frame.keep_view(case, explore.around(store, event.expanded, placed))
        frame.select(event.expanded)
        st.rerun()
    if event.kind == "select" and event.selected != frame.selected():
        frame.select(event.selected)
        st.rerun()


def _count(view: Subgraph) -> None:
    shown, total = len(view.nodes), view.total_nodes or len(view.nodes)
    cut = f" of {total:,}" if total > shown else ""
    frame.show(
        tag(
            "p",
            f"Showing {shown:,}{cut} entities and {len(view.relationships):,} ties. "
            "Click for details, double-click to bring in what surrounds a thing.",
            cls="quiet",
        )
    )


def _table(view: Subgraph) -> None:
    """What is on the canvas, for keyboard and screen reader."""
    with st.expander("The same as a table"):
        names = {node.id: node.caption for node in view.nodes}
        st.dataframe(
            [
                {
                    "From": names[tie.source], "Tie": tie.words, "To": names[tie.target],
                    "Status": tie.status, "Known origins": tie.origins,
                    "Contested": tie.contested, "From day": tie.earliest, "To day": tie.latest,
                }
                for tie in view.relationships
            ],
            hide_index=True,
        )  # fmt: skip


def _inspect(store: Store, case: str) -> None:
    chosen = frame.selected()
    workspace = Workspace.locate()
    if chosen is None:
        frame.show(
            tag("p", "Nothing is selected", cls="kind"),
            tag(
                "p",
                "Click a thing or a line between two things: what sources say of it opens here.",
            ),
        )
        return
    found = inspector.entity(store, chosen)
    if found is not None:
        frame.show(evidence.entity_details(found, workspace))
        _ties(store, case, found)
        return
    claim = inspector.claim(store, chosen)
    if claim is None:
        frame.show(tag("p", "This is no longer in the graph; it may have been withdrawn since."))
        return
    frame.show(tag("p", "Tie", cls="kind"), evidence.claim_details(claim, workspace))
    ends = [("From", claim.subject), ("To", claim.object)]
    captions = inspector.captions_of(store, [id_ for _, id_ in ends if id_])
    for words, id_ in ends:
        if id_ and st.button(f"{words}: {frame.label(captions.get(id_, id_))}", key=f"end-{words}"):
            frame.look_at(store, case, id_)
            st.rerun()


def _ties(store: Store, case: str, found: inspector.EntityDetail) -> None:
    total = sum(tie.count for tie in found.ties)
    if not total:
        return
    frame.show(
        tag("h4", "Ties"),
        tag(
            "dl",
            *(
                markup
                for tie in found.ties
                for markup in (tag("dt", f"{tie.count:,}"), tag("dd", tie.words))
            ),
        ),
    )
    if st.button("Bring in what surrounds it", icon=":material/add:", key="expand"):
        frame.keep_view(case, explore.around(store, found.id, frame.view_of(store, case)))
        st.rerun()
