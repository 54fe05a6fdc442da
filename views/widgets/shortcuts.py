"""The sheet of shortcuts, on every page: a button, and `?`."""

from __future__ import annotations

from typing import Final

import streamlit as st

from views.network.parts import mounted

COMPONENT: Final = "sutra.shortcuts"
TITLE: Final = "Keys and gestures"

SHEET: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        "Anywhere",
        (
            ("/", "Search"),
            ("?", "This sheet"),
            ("Tab", "To the next field or button; with Shift to the one before"),
        ),
    ),
    (
        "In a search",
        (
            ("↓ ↑", "Through the suggestions"),
            ("Enter", "Take the one that is lit, or the first"),
            ("Esc", "Close the suggestions"),
        ),
    ),
    (
        "On the Explore page",
        (
            ("Ctrl Z", "Undo"),
            ("Ctrl Shift Z", "Redo"),
        ),
    ),
    (
        "On a network that has the focus",
        (
            ("← → ↑ ↓", "Move what is seen"),
            ("+ −", "Closer, farther"),
            ("0", "All of it"),
            ("Shift F10", "What can be done with what is selected"),
            ("Esc", "Select nothing"),
        ),
    ),
    (
        "With the pointer on a network",
        (
            ("Click", "What sources say of it"),
            ("Double-click", "Bring in its neighbours (Explore)"),
            ("Right-click", "What can be done with it"),
            ("Ctrl Click", "Select several; dragging one moves all"),
            ("Drag", "Move an entity, or what is seen"),
            ("Wheel", "Closer, farther, once it was clicked or with Ctrl"),
        ),
    ),
    (
        "In the table below the network",
        (
            ("Enter", "Open a name or a connection; on “Do …” its menu"),
            ("Ctrl Enter", "On a name or a connection: select it too, or no longer"),
            ("Space", "On a box: the same"),
            ("↓ ↑", "Through an open menu"),
            ("Esc", "Close the menu"),
        ),
    ),
    (
        "In the editor of a query",
        (("Ctrl Enter", "Take over what was typed, before Run"),),
    ),
)
"""Places, and what keys do there: nothing that does not work."""


def button(place: str = "") -> None:
    """The button that opens the sheet; `?` does too.

    As it is on every page, it also sees that what is new at another `place` is seen from its
    beginning.
    """
    with st.container(key="shortcuts", width="content"):
        mounted(COMPONENT, "shortcuts")(
            key="shortcuts-sheet",
            data={
                "title": TITLE,
                "place": place,
                "groups": [{"place": place, "keys": keys} for place, keys in SHEET],
            },
        )
