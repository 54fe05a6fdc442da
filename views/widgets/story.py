"""The story of a view: steps that a reader of the published page walks through, written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import streamlit as st

from graph.explore.layout import plain
from graph.explore.subgraph import Subgraph
from graph.explore.view import LONGEST_NOTE, LONGEST_TITLE, MOST_STORY, Step, View
from views import frame, session, viewing
from views.network.component import Look, Viewport
from views.session import Field
from views.widgets import leaving
from views.widgets.markup import Html, tag

_NEW: Final = -1
_HERE, _BEFORE, _WHOLE = "here", "before", "whole"
_SHOW_WIDTH: Final = 150
"""Pixels of the button that shows a step and stops showing it."""
_LISTED: Final = 8
"""Entities that a step names of those that it lights."""
_LOOKS: Final = {
    _HERE: "where I look now",
    _BEFORE: "where it looked before",
    _WHOLE: "at the whole",
}


@dataclass
class _Desk:
    """What is open of one case's story: the step being written, and the one that is shown."""

    open: bool = False
    written: int | None = None
    draft: Step = field(default_factory=lambda: Step("", ""))  # what its fields begin with
    look: str | None = None  # the same for where it looks, where that is not the usual
    typed: tuple[Step, str] | None = None  # what its fields hold since, and where it looks
    turn: int = 0
    added: int = 0
    shown: int | None = None
    asked: int = 0


class _Fields:
    """The fields of the step that is written, of their own for each: it begins with their defaults.

    A value that is put into a field from here is lost if the run that does it is cut off.
    """

    def __init__(self, case: str) -> None:
        desk = session.of(_Desk, case)
        self.title = Field[str](f"story-{case}-title-{desk.turn}")
        self.text = Field[str](f"story-{case}-text-{desk.turn}")
        self.look = Field[str](f"story-{case}-look-{desk.turn}")
        self.lit = Field[Sequence[str]](f"story-{case}-lit-{desk.turn}-{desk.added}")

    def read(self) -> tuple[Step, str]:
        """What they hold now, and where the step is to look."""
        step = Step(self.title.value, self.text.value, tuple(self.lit.value))
        return step, self.look.value


def is_open(case: str) -> bool:
    """Whether the story is being written, in place of the details of what is selected."""
    return session.of(_Desk, case).open


def button(case: str, view: View) -> None:
    """Opens the story, or goes back to the details."""
    desk = session.of(_Desk, case)

    def turn() -> None:
        desk.open, desk.shown, desk.written = not desk.open, None, None

    words = f"Story ({len(view.steps)})" if view.steps else "Story"
    kind: Literal["primary", "secondary"] = "primary" if desk.open else "secondary"
    st.button(words, key="story", type=kind, on_click=turn)


def shown(case: str, view: View) -> tuple[frozenset[str] | None, Look | None]:
    """What the step that is shown lights, and where it looks; nothing while none is."""
    desk = session.of(_Desk, case)
    if not desk.open or desk.shown is None or desk.shown >= len(view.steps):
        return None, None
    step = view.steps[desk.shown]
    at = None if step.view is None else Viewport(*step.view)
    return _lit(view, step) or None, Look(f"story {desk.asked}", at)


def _lit(view: View, step: Step) -> frozenset[str]:
    """What a step lights; a relationship is lit with its ends, as on the page."""
    ends = {
        end
        for relationship in view.graph.relationships
        if relationship.id in step.lit
        for end in (relationship.source, relationship.target)
    }
    return frozenset(step.lit) | ends


def panel(
    case: str, view: View, on_screen: Subgraph, selection: tuple[str, ...], look: Viewport | None
) -> None:
    """The steps in order, each to be shown, written, moved and taken out.

    `selection` are the ids selected on the canvas, `look` is where the reader looks there.
    """
    desk = session.of(_Desk, case)
    frame.show(
        tag("p", "Story", cls="kind"),
        tag(
            "p",
            "The page that an export makes walks a reader through these steps. Each lights what "
            "you add to it, and flies to where it looks. Steps are kept with the board.",
            cls="quiet",
        ),
    )
    names = _names(on_screen)
    for at, step in enumerate(view.steps):
        with st.container(border=True):
            if desk.written == at:
                _editor(case, at, step, names, selection, look)
            else:
                _card(case, at, step, len(view.steps), names)
    if desk.written == _NEW:
        with st.container(border=True):
            _editor(case, _NEW, Step("", ""), names, selection, look)
    elif len(view.steps) >= MOST_STORY:
        st.caption(f"A story has {MOST_STORY} steps at most.")
    else:
        st.button("Add a step", key="story-add", icon=":material/add:", on_click=_write,
                  args=(case, _NEW))  # fmt: skip


def _names(on_screen: Subgraph) -> Mapping[str, str]:
    """What can be lit, with what it is called."""
    captions = {node.id: plain(node.caption, 120) for node in on_screen.nodes}
    relationships = {
        one.id: f"{captions[one.source]} {on_screen.words(one)} {captions[one.target]}"
        for one in on_screen.relationships
    }
    return {**captions, **relationships}


# --- one step -----------------------------------------------------------------------------------


def _card(case: str, at: int, step: Step, count: int, names: Mapping[str, str]) -> None:
    desk = session.of(_Desk, case)
    frame.show(
        tag("p", f"{at + 1}. {step.title or 'Without a title'}", cls="sentence"),
        tag("p", step.text) if step.text else None,
        tag("p", _says(step, names), cls="quiet"),
    )

    def show() -> None:
        desk.shown, desk.asked = at, desk.asked + 1

    def stop() -> None:
        desk.shown = None

    def move(to: int) -> None:
        desk.shown = None
        viewing.step(case, lambda now: now.reordered(at, to))

    def remove() -> None:
        desk.shown, desk.written = None, None
        viewing.step(case, lambda now: now.untelling(at))

    with st.container(
        horizontal=True, gap="xsmall", key=f"story-do-{at}", vertical_alignment="center"
    ):
        # As wide in both states: the buttons beside it stay under whoever is about to press them.
        shown = desk.shown == at
        st.button(
            "Stop showing" if shown else "Show", key=f"story-show-{at}", width=_SHOW_WIDTH,
            icon=":material/stop:" if shown else ":material/play_arrow:",
            on_click=stop if shown else show,
        )  # fmt: skip
        st.button("Write", key=f"story-write-{at}", icon=":material/edit:", on_click=_write,
                  args=(case, at, step))  # fmt: skip
        for words, to in (("Up", at - 1), ("Down", at + 1)):
            st.button(
                words, key=f"story-{words.lower()}-{at}", type="tertiary",
                disabled=not 0 <= to < count, on_click=move, args=(to,),
            )  # fmt: skip
        st.button("Take out", key=f"story-remove-{at}", type="tertiary", on_click=remove)


def _says(step: Step, names: Mapping[str, str]) -> str:
    """What a step does, with what it lights by name."""
    shown = [names[id_] for id_ in step.lit if id_ in names]
    lights = ", ".join(shown[:_LISTED])
    if len(shown) > _LISTED:
        lights += f" and {len(shown) - _LISTED} more"
    if away := len(step.lit) - len(shown):
        lights += f"{' and ' if lights else ''}{away} not shown now"
    looks = f"looks at {'the whole' if step.view is None else 'a part'}"
    return f"{f'lights {lights}' if lights else 'lights nothing apart'} · {looks}"


def _write(case: str, at: int, step: Step | None = None) -> None:
    """Begin to write a step: an old one as it is, a new one that lights nothing yet.

    What happens to be selected is nobody's word that it belongs to what will be written.
    """
    desk = session.of(_Desk, case)
    desk.written, desk.shown, desk.turn = at, None, desk.turn + 1
    desk.draft, desk.look, desk.typed = step or Step("", ""), None, None


def _editor(
    case: str, at: int, step: Step, names: Mapping[str, str], selection: tuple[str, ...],
    look: Viewport | None,
) -> None:  # fmt: skip
    desk = session.of(_Desk, case)
    frame.show(_head(at))
    fresh = tuple(id_ for id_ in selection if id_ in names)
    leaving.asks(written=desk.typed is not None)
    _begin_again(case)
    draft, fields = desk.draft, _Fields(case)

    def typed() -> None:
        now = fields.read()
        if _emptied(desk.draft, desk.typed, now):
            _restore(desk)
        else:
            desk.typed = now

    st.text_input(
        "Title", draft.title, key=fields.title.key, max_chars=LONGEST_TITLE, on_change=typed
    )
    st.text_area(
        "Text", draft.text, key=fields.text.key, max_chars=LONGEST_NOTE, height=140,
        on_change=typed,
    )  # fmt: skip
    # What is lit and not shown now stays: it is only not offered by name.
    lit = fields.lit.get(draft.lit)
    away = [id_ for id_ in {**dict.fromkeys(lit), **dict.fromkeys(draft.lit)} if id_ not in names]
    st.multiselect(
        "Lights", [*names, *away], draft.lit, key=fields.lit.key, on_change=typed,
        placeholder="Nothing apart",
        format_func=lambda id_: names.get(id_, f"{id_} (not shown)"),
    )  # fmt: skip

    def take() -> None:
        now, way = fields.read()
        both = tuple(dict.fromkeys([*now.lit, *fresh]))
        desk.typed = replace(now, lit=both), way
        desk.draft, desk.added = replace(desk.draft, lit=both), desk.added + 1

    st.button("Add what is selected", key="story-take", icon=":material/ads_click:", on_click=take,
              disabled=not set(fresh) - set(lit))  # fmt: skip
    ways = [_HERE, *([_BEFORE] if step.view is not None else []), _WHOLE]
    began = desk.look or (ways[1] if at != _NEW else _HERE)
    st.radio(
        "Looks", ways, ways.index(began), key=fields.look.key, format_func=_LOOKS.__getitem__,
        on_change=typed,
    )  # fmt: skip

    def keep() -> None:
        written, way = fields.read()
        here = None if look is None else (round(look.x, 1), round(look.y, 1), round(look.scale, 3))
        made = replace(written, view={_HERE: here, _BEFORE: step.view, _WHOLE: None}[way])
        viewing.step(case, lambda now: now.telling(made, None if at == _NEW else at))
        desk.written = None

    def drop() -> None:
        desk.written = None

    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Keep the step", key="story-keep", type="primary", on_click=keep)
        st.button("Leave it", key="story-leave", type="tertiary", on_click=drop)


def _begin_again(case: str) -> None:
    """Have the fields begin with what was typed, where the page was left meanwhile."""
    desk = session.of(_Desk, case)
    # Streamlit forgets the fields of a page that is left.
    if not _Fields(case).title.is_there:
        _restore(desk)


def _restore(desk: _Desk) -> None:
    """Other fields, that begin with what was typed last."""
    if desk.typed is not None:
        desk.draft, desk.look = desk.typed
        desk.turn += 1


def _emptied(draft: Step, typed: tuple[Step, str] | None, now: tuple[Step, str]) -> bool:
    """Whether several fields are at once what they began with: no hand does that.

    A page that is left while it is drawn again does.
    """
    if typed is None or (now[0].title, now[0].text) != (draft.title, draft.text):
        return False
    return typed[0].title != draft.title and typed[0].text != draft.text


def _head(at: int) -> Html:
    return tag("p", "A new step" if at == _NEW else f"Step {at + 1}", cls="kind")
