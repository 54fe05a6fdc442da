"""A source in the inspector: what it is, its passages, and the claims that they support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from graph.explore import inspector
from graph.explore.inspector import PassageDetail, SourceDetail
from graph.model.wording import counted
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from views import frame, session
from views.widgets import evidence
from views.widgets.markup import Html, folded, join, paragraph, tag

_AT_FIRST: Final = 20
"""Passages that are listed at first, and that each press of the button adds."""


@dataclass
class _Listed:
    """How many passages of a source are listed."""

    passages: int = _AT_FIRST


def most(id_: str) -> int:
    """How many passages of a source are listed, if that is what the id is of."""
    return session.of(_Listed, id_).passages


def draw(store: Store, case: str, found: SourceDetail) -> None:
    """The source, and below it its passages, each with what it supports to be opened."""
    frame.show(_head(found))
    for number, passage in enumerate(found.passages, 1):
        with st.container(gap=None):
            frame.show(_passage(number, passage, Workspace.locate()))
            for claim in passage.supports:
                words = claim.sentence
                if claim.status != "reported":
                    words = f"{claim.status}: {words}"
                st.button(
                    frame.label(words), key=f"supported-{passage.id}-{claim.claim}",
                    type="tertiary", icon=":material/arrow_forward:",
                    on_click=frame.opening(store, case, claim.claim),
                )  # fmt: skip
    listed = len(found.passages)
    if listed < found.total:
        st.caption(f"Showing {listed:,} of {counted(found.total, 'passage')}.")

        def more() -> None:
            session.of(_Listed, found.id).passages = listed + _AT_FIRST

        st.button(
            "Show more passages", key="source-more", icon=":material/add:",
            on_click=more,
        )  # fmt: skip
    frame.behind(*inspector.behind_source(found.id, listed))


def _head(found: SourceDetail) -> Html:
    badges = [found.status]
    if found.confidential:
        badges.append("confidential: it never leaves in an export")
    count = "No passage" if not found.total else f"Passages: {found.total:,}"
    return join(
        tag("p", "Source", cls="kind"),
        paragraph(found.caption, cls="name"),
        tag("div", *(tag("span", words, cls="badge") for words in badges)),
        tag("dl", *(join(tag("dt", w), tag("dd", folded(value))) for w, value in found.properties)),
        tag("h4", count),
    )


def _passage(number: int, found: PassageDetail, workspace: Workspace) -> Html:
    verbatim = evidence.verbatim_text(found, workspace)
    local = found.id.rpartition(":")[2]
    says = "" if found.supports else " · supports nothing"
    return tag(
        "div",
        paragraph(found.gist),
        None if verbatim is None else tag("blockquote", folded(verbatim)),
        tag("p", tag("span", f"{number} ", cls="mark"), f"passage {local}{says}", cls="quiet"),
        cls="evidence",
    )
