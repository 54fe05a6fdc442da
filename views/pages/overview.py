"""The first page: what is in a case, when it plays, what is contested, where to start."""

from __future__ import annotations

from typing import Final

import streamlit as st

from graph.explore import inspector, overview, reads
from graph.explore.inspector import ClaimDetail
from graph.explore.overview import Dispute, Misfit, Overview
from graph.model.wording import counted, plain_date
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from views import frame, work
from views.network.component import network_view
from views.pages import questions
from views.widgets import evidence
from views.widgets.markup import Html, join, paragraph, tag

_CORE: Final = 16
"""Entities in the small picture: the best connected few of a case."""


def page() -> None:
    """Draw the page."""
    frame.on_case(_draw)


def _draw(store: Store, case: str) -> None:
    found = work.needed(
        f"overview-{case}", lambda: overview.overview(store, case), "Reading what is in the case …"
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.title(found.title)
        frame.show(tag("p", found.summary, cls="lead"), _plays(found), _figures(found))
        _questions(found)
    with right:
        # What is read of a pick comes and goes: what is open below must not be made anew by it.
        with st.container():
            _small_graph(store, case, f"{found.load} {found.entries}")
        _contested(found)
    frame.show(
        tag(
            "p",
            f"Last load {found.load}, finished {found.loaded[:16].replace('T', ' ')} UTC",
            cls="quiet",
        )
    )
    frame.behind(*overview.behind(case))


def _plays(found: Overview) -> Html:
    if found.first is None:
        return tag("p", "No event of this case has a known date.", cls="quiet")
    first, last = plain_date(found.first), plain_date(found.last or "")
    said = f"Dated events from {first} to {last or 'an unknown day'}"
    if found.until and found.last and found.until > found.last:
        said += f"; what has no day of its own had happened by {plain_date(found.until)}"
    return tag("p", f"{said}.", cls="quiet")


def _figures(found: Overview) -> Html:
    figures = (
        (found.entities, "person, body, order or other entity",
         "people, bodies, orders and other entities"),
        (found.relationships, "connection between them", "connections between them"),
        (found.claims, f"claim, {found.alleged:,} alleged",
         f"claims, {found.alleged:,} of them alleged"),
        (found.passages, f"passage of {counted(found.sources, 'source')}",
         f"passages of {counted(found.sources, 'source')}"),
        (found.one_publisher, "claim told by one publisher alone",
         "claims told by one publisher alone"),
    )  # fmt: skip
    said = (counted(*figure).partition(" ") for figure in figures)
    return tag(
        "div",
        *(tag("div", tag("b", number), tag("span", words)) for number, _, words in said),
        cls="figures",
    )


def _questions(found: Overview) -> None:
    st.subheader("Questions to start with")
    if not found.questions:
        st.caption("This case suggests none; the Questions page has them all.")
    for number, question in enumerate(found.questions):
        if st.button(question.words, key=f"question-{number}", icon=":material/arrow_forward:"):
            questions.ask(question.query, dict(question.params))
            frame.go("questions")


def _small_graph(store: Store, case: str, state: str) -> None:
    core = work.done(
        f"core-{case}",
        state,
        lambda _: reads.case_view(store, case, limit=_CORE),
        "Drawing the network …",
    )
    if core is None:
        return
    event = network_view(core, key=f"overview-{case}", height=400)
    if event.selected is not None:
        _picked(store, case, event.selected)
    elif st.button("Explore the network", icon=":material/hub:"):
        frame.go("explore")


def _picked(store: Store, case: str, selected: str) -> None:
    """What was clicked in the small picture, and the way to all that is known of it."""
    found = work.needed(
        "picked", lambda: inspector.either(store, selected), frame.READING, asked=selected
    )
    if isinstance(found, ClaimDetail):
        frame.show(evidence.claim_details(found, Workspace.locate()))
    elif found is not None:
        frame.show(evidence.entity_head(found))
    if st.button("Open on the Explore page", icon=":material/hub:"):
        frame.open_found(store, case, selected)
        frame.go("explore")


def _contested(found: Overview) -> None:
    st.subheader("What does not agree")
    contested = [d for d in found.disputes if d.contests]
    others = [d for d in found.disputes if not d.contests]
    if not (contested or found.misfits or others):
        st.caption("No two sources differ on anything in this case.")
        return
    frame.show(*(_pair(d) for d in contested), *(_misfit(m) for m in found.misfits))
    if others:
        with st.expander(f"{counted(len(others), 'more difference')} that contest nothing"):
            frame.show(*(_pair(d) for d in others))


_HOW = {
    "value": "Contested: the figures cannot both be right",
    "polarity": "Contested: one says so, another denies it",
    "level": "Told of a body, and of a part of it",
    "precision": "Told more and less exactly",
    "wording": "Worded differently",
}


def _pair(dispute: Dispute) -> Html:
    return tag(
        "div",
        tag("p", _HOW[dispute.how], cls="how"),
        paragraph(dispute.one),
        paragraph(dispute.other),
        cls="pair",
    )


def _misfit(misfit: Misfit) -> Html:
    computed = f"{misfit.computed:,.2f}".rstrip("0").rstrip(".")
    return tag(
        "div",
        tag("p", "Does not follow from its parts", cls="how"),
        tag("p", join(misfit.sentence, f"; computed from the parts: {computed}")),
        cls="pair",
    )
