"""The search field: suggestions as one types, by the keyboard or the mouse; and a picker of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from graph.errors import QueryError, SutraError
from graph.explore.layout import plain
from graph.explore.search import Found, search
from graph.explore.style import type_styles
from graph.questions.captions import captions_of
from graph.runtime import log
from graph.store.store import Store
from views import session
from views.network.parts import mounted

COMPONENT: Final = "sutra.search"
PLACEHOLDER: Final = "Search people, orders, hashtags …"
HINT: Final = "Nothing in this case is called that. Try fewer letters, or another spelling."
_LONGEST: Final = 300


@dataclass
class _State:
    """What one field remembers between runs, in the session."""

    seq: int = 0
    text: str = ""
    answered: dict[str, Any] = field(default_factory=lambda: _nothing(0))
    chosen: tuple[str | None] | None = None
    choices: int = 0


@dataclass
class _Picked:
    """What a picker stands at, what the page gave it last, and what the page had from it last."""

    current: str | None = None
    given: str | None = None
    returned: str | None = None


def search_field(
    store: Store,
    case: str,
    *,
    key: str,
    then: Callable[[str], Any],
    label: str = "Search",
    placeholder: str = PLACEHOLDER,
    slash: bool = True,
) -> None:
    """A search over names and over what is said; `then` is called with the id that was chosen.

    It may be an entity's, a source's or a claim's. `slash`: whether `/` leads here from anywhere
    on the page.
    """
    settings = {"label": label, "placeholder": placeholder, "slash": slash}
    _fragment(store, case, key, lambda _: None, then, settings)


def entity_picker(
    store: Store,
    case: str,
    *,
    key: str,
    label: str,
    value: str | None = None,
    placeholder: str = "A name, in any script",
    taken: Callable[[str | None], Any] | None = None,
) -> str | None:
    """A field in which one entity is chosen by name; returns its id, or None.

    `value` stands in it at first, and whenever the page gives another one. A page that keeps the
    value itself gives `taken`, which is called with what is chosen, before the page runs again.
    """
    current, keep = (value, taken) if taken else _own(key, value)
    captions = captions_of(store, [current] if current else [])
    chosen = {"id": current, "caption": plain(captions.get(current, current))} if current else None
    settings = {"label": label, "placeholder": placeholder, "slash": False}
    settings = {**settings, "pick": True, "chosen": chosen}
    _fragment(store, case, key, keep, lambda _: st.rerun(), settings)
    return current


def _own(key: str, value: str | None) -> tuple[str | None, Callable[[str | None], Any]]:
    """What a picker that keeps its value itself stands at, and what keeps another."""
    kept = session.of(_Picked, key)
    # A page that gives back what it had from here wishes for nothing: something else may have been
    # chosen since.
    if value not in (kept.given, kept.returned):
        kept.current = value
    kept.given, kept.returned = value, kept.current

    def keep(id_: str | None) -> None:
        kept.current = id_

    return kept.current, keep


def forget_picked(key: str) -> None:
    """Have the picker under that key stand at what the page gives it next."""
    session.forget(_Picked, key)


# A run of the fragment alone answers what is typed: the page round it stays as it is.
@st.fragment
def _fragment(
    store: Store,
    case: str,
    key: str,
    keep: Callable[[Any], Any],
    then: Callable[[Any], Any],
    settings: Mapping[str, Any],
) -> None:
    state = session.of(_State, key)
    # Before anything is drawn: there a newer run may end this one, and the choice was forgotten.
    chosen, state.chosen = state.chosen, None
    if chosen is not None:
        try:
            then(chosen[0])
        except SutraError as error:
            state.answered = _nothing(state.seq, error=log.shown(error))
    pick = bool(settings.get("pick"))
    if state.seq != state.answered["seq"]:
        state.answered = {**_answer(store, case, state.text, names_only=pick), "seq": state.seq}
    mounted(COMPONENT, "search")(
        key=key,
        data={
            "key": key, "pick": False, "chosen": None, **settings, "hideLabel": not pick,
            "answer": state.answered, "reset": state.choices,
        },
        on_typed_change=lambda: _typed(state, key),
        on_chosen_change=lambda: _chosen(state, key, keep),
    )  # fmt: skip


def _typed(state: _State, key: str) -> None:
    sent = session.sent(key, "typed")
    if sent is not None:
        state.seq, state.text = int(sent["seq"]), str(sent["text"])[:_LONGEST]


def _chosen(state: _State, key: str, keep: Callable[[Any], Any]) -> None:
    sent = session.sent(key, "chosen")
    # The same choice may be sent again.
    if sent is not None and int(sent["seq"]) > state.choices:
        id_ = sent["id"]
        state.chosen = (None if id_ is None else str(id_),)
        state.choices = int(sent["seq"])
        keep(state.chosen[0])


def _answer(store: Store, case: str, text: str, *, names_only: bool) -> dict[str, Any]:
    """What the frontend shows for a text. What went wrong is said there: a fragment has no page."""
    try:
        others = {"said": 0, "sources": 0} if names_only else {}
        found = search(store, case, text, **others)
    except QueryError as error:
        words = "This case has no index yet: load it again with `sutra load`."
        return _nothing(0, error=log.shown(error, words))
    except SutraError as error:
        return _nothing(0, error=log.shown(error))
    looks = type_styles(store.schema)
    groups = [
        _group("People, bodies and entities", found.names, found.more_names, looks),
        _group("Sources", found.sources, found.more_sources, looks),
        _group("What is said of them", found.said, found.more_said, looks),
    ]
    return {**_nothing(0), "groups": [group for group in groups if group["items"]]}


def _nothing(seq: int, error: str = "") -> dict[str, Any]:
    return {"seq": seq, "groups": [], "empty": HINT, "error": error}


def _group(
    title: str, found: tuple[Found, ...], more: bool, looks: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "title": title,
        "items": [
            {
                "id": one.id,
                "caption": plain(one.caption, 160),
                "kind": plain(one.kind, 80),
                "look": looks.get(one.label),
            }
            for one in found
        ],
        "more": f"Showing the first {len(found)}; type more to narrow it." if more else "",
    }
