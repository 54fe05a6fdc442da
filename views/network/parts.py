"""What the network and its tables share: what can be done with a row or a mark, and mounting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st
from streamlit.errors import StreamlitAPIException

from graph.errors import SutraError

What = Literal["node", "relationship"]
When = Literal["pinned", "loose"]


@dataclass(frozen=True)
class MenuItem:
    """Something that can be done with what was clicked with the right button.

    `when` shows it for pinned entities alone, or for the others alone. `many` is what it is called
    where several are selected, with {n} for how many it is done with; without, it is done with one
    alone. The action `copy` puts the ids into the clipboard; every other comes back as an event.
    """

    action: str
    words: str
    what: What = "node"
    when: When | None = None
    many: str = ""


@dataclass(frozen=True)
class NodeLook:
    """What sets one entity's mark apart: `size` is a factor, `colour` stands for its type's.

    `note` is the newsroom's own word on it: of a relationship, that alone sets it apart.
    """

    size: float = 1.0
    colour: str | None = None
    pinned: bool = False
    note: str = ""


def menu_of(items: Sequence[MenuItem]) -> dict[str, list[dict[str, str | None]]]:
    """The menu as the frontend takes it, by what it is for."""
    kinds: tuple[What, ...] = ("node", "relationship")
    return {
        what: [
            {"action": item.action, "words": item.words, "when": item.when, "many": item.many}
            for item in items
            if item.what == what
        ]
        for what in kinds
    }


def mounted(component: str, files: str) -> Callable[..., Any]:
    """The mounting command of one of our components. Raises SutraError if it cannot be served."""
    try:
        return st.components.v2.component(component, js=f"{files}.js", css=f"{files}.css")
    except StreamlitAPIException as error:
        raise SutraError(
            "Parts of this page are served by the installed project, and Sutra is not installed "
            "here: run `pip install -e .` (or `pip install .`) in its folder, then start again."
        ) from error
