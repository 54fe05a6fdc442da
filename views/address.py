"""What an address leads back to: a stored view, or what was asked, by an opaque id; and the case.

Addresses leak, so they hold no names. The address names what is looked at; a press may come with an
address older than the latest, if the browser has not heard of that yet. So within a session an id
that it has led to itself is followed by the browser's way back alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from graph.errors import QueryCancelled, StoreError, SutraError
from graph.explore.view import NO_GAZE, Gaze, View
from graph.questions.captions import captions_of
from graph.runtime import log
from graph.saved import asked_queries, boards
from graph.saved.asked_queries import Asked, AskedError
from graph.saved.boards import Board
from graph.store.store import Store
from views import session, viewing, work

_PAGES: Final = {"question": "Questions", "own": "Questions", "ways": "Paths"}


@dataclass
class Stored:
    """Where the view of a case is stored: as this session's own, and as the board it was opened as.

    `view` is what was stored last under `address`, with the reader's `gaze`; only an id in `own` is
    written again. `now` is where the reader looked last.
    """

    address: str = ""
    own: str = ""
    view: View | None = None
    gaze: Gaze = NO_GAZE
    now: Gaze = NO_GAZE
    board: Board | None = None
    refused: str = ""


@dataclass
class _Addresses:
    """Where this session has led: the ids of its addresses, and what each run asked is kept as.

    `to_open` is a stored view to open once the Explore page is there, `to_look` where to look then.
    """

    known: set[str] = field(default_factory=set)
    latest: str | None = None
    runs: dict[tuple[str, str, str], str] = field(default_factory=dict)
    stored: dict[str, Stored] = field(default_factory=dict)
    to_open: str | None = None
    to_look: tuple[str, Gaze] | None = None


def went_back() -> bool:
    """Whether this run was asked for by the browser's way back or forward.

    True of an older Streamlit, which does not say.
    """
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", True))


def write(**given: str) -> None:
    """Have the address lead back here with these values, and with the case.

    It is written once a run: each change is a step of the browser's way back.
    """
    mark = session.current().case_mark
    wanted = {**given, **({"case": mark} if mark else {})}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def astray(words: str) -> None:
    """Say above the page that its address leads to nothing, until the page is left."""
    session.current().astray = words


def _named(parameter: str) -> str | None:
    """The id that the address has under that name, if it is to be followed."""
    id_ = st.query_params.get(parameter)
    return id_ if id_ and (id_ not in session.of(_Addresses).known or went_back()) else None


# --- what was asked -----------------------------------------------------------------------------


def lead_back(store: Store, case: str, kind: str, what: Mapping[str, Any]) -> None:
    """Have the address lead back to what was asked; the same is kept once in a session."""
    ours, mark = session.of(_Addresses), _mark(case, kind, what)
    if mark not in ours.runs:
        try:
            _keep(ours, mark, asked_queries.keep(store, case, kind, what))
        except AskedError as error:
            st.caption(str(error))
            return write()
    return write(run=ours.runs[mark])


def followed(store: Store, *kinds: str) -> Asked | None:
    """What the address leads to, if the page was opened by it; its case is chosen.

    It is handed out once, and again when the browser goes back to it: what this session asks
    later is newer than its address.
    """
    id_, ours = _named("run"), session.of(_Addresses)
    if id_ is None:
        return None
    try:
        found = asked_queries.find(store, id_)
    except AskedError as error:
        ours.known.add(id_)
        astray(log.shown(error))
        return None
    if found.kind not in kinds:
        astray(
            f"This address leads to what was asked on the {_PAGES[found.kind]} page: put "
            f"“{_PAGES[found.kind].lower()}” into it in place of the page's name."
        )
        return None
    _keep(ours, _mark(found.case, found.kind, found.what), id_)
    session.current().case = found.case
    return found


def _mark(case: str, kind: str, what: Mapping[str, Any]) -> tuple[str, str, str]:
    return case, kind, json.dumps(dict(what), sort_keys=True)


def _keep(ours: _Addresses, mark: tuple[str, str, str], id_: str) -> None:
    ours.runs[mark] = id_
    ours.known.add(id_)


def say_gone(store: Store, ids: Iterable[str]) -> frozenset[str]:
    """Which of these entities are not there any more; above the page it is said that they were."""
    asked_for = frozenset(ids)
    gone = asked_for - captions_of(store, asked_for).keys()
    if gone:
        names = ", ".join(id_.partition(":")[2] for id_ in sorted(gone))
        astray(
            f"This address asks for what is not in the case any more: {names}. "
            "Choose another in its field."
        )
    return gone


# --- the stored view ----------------------------------------------------------------------------


def stored(case: str) -> Stored:
    """Where the view of a case is stored."""
    return session.of(_Addresses).stored.setdefault(case, Stored())


def open_link(store: Store) -> None:
    """Open the view that the address bar names, if this session does not look at it already."""
    ours = session.of(_Addresses)
    if ours.to_open is None and (named := _named("view")) != ours.latest:
        ours.to_open = named
    id_ = ours.to_open
    if id_ is None:
        return
    try:
        _open_stored(store, id_)
    except StoreError:
        raise
    except SutraError as error:
        astray(
            f"{error} What is shown is this session's own view; boards that are kept stand "
            "on the Boards page."
        )
    ours.known.add(id_)
    ours.latest, ours.to_open = id_, None


def to_open(id_: str) -> None:
    """Look at this stored view once the Explore page is there."""
    ours = session.of(_Addresses)
    ours.to_open, ours.latest = id_, None


def _open_stored(store: Store, id_: str) -> None:
    """Look at a stored view, and choose its case."""
    opened = work.needed(
        f"open-{id_}", lambda: boards.open_board(store, id_), "Opening the stored view …"
    )
    case = opened.board.case
    session.current().case = case
    viewing.change(case, opened.view)
    place = stored(case)
    place.address, place.view, place.own = id_, opened.view, ""
    place.gaze = opened.gaze
    place.board = opened.board if opened.board.kept else None
    session.of(_Addresses).to_look = (case, opened.gaze)
    if opened.says:
        viewing.tell(opened.says, wrong=False)


def look_as_stored(case: str) -> Gaze | None:
    """Where to look now that a stored view of the case was opened; it is told once."""
    ours = session.of(_Addresses)
    if ours.to_look is None or ours.to_look[0] != case:
        return None
    gaze, ours.to_look = ours.to_look[1], None
    return gaze


def store_view(store: Store, case: str, gaze: Gaze) -> str | None:
    """Store the view if it or the reader's gaze changed.

    Returns its id, for the address bar, or None if there is none. The next run is to know that it
    looks at it already.
    """
    view, place = viewing.now(store, case), stored(case)
    place.now = gaze
    if place.view != view or not place.gaze.is_like(gaze):
        own = place.own or None
        try:
            made = work.step(
                f"store-{case}", (view, own, gaze),
                lambda: boards.keep(store, view, own, kept=False, gaze=gaze),
                "Storing this view …",
            )  # fmt: skip
        except (StoreError, QueryCancelled) as error:
            place.refused = log.shown(error)
            return None
        if made is None:
            return None
        place.own = place.address = made[0].id
        place.view, place.gaze, place.refused = view, gaze, ""
    ours = session.of(_Addresses)
    ours.known.add(place.address)
    ours.latest = place.address
    return place.address


def keep_board(store: Store, case: str, title: str, *, new: bool) -> None:
    """Keep the view as a board under that title: the one it was opened as, or a new one."""
    place = stored(case)
    if not View(case).titled(title).title:
        viewing.tell("Give the board a title first.")
        return
    old, gaze = None if new else place.board, place.now
    made: list[Board] = []

    def make(view: View) -> tuple[View, str]:
        titled = view.titled(title)
        seen = old.changed if old else None
        id_ = old.id if old else None
        made.append(boards.keep(store, titled, id_, kept=True, seen=seen, gaze=gaze))
        words = f"Kept as “{titled.title}”; the Boards page has it in its list."
        return titled, words

    def after(view: View) -> None:
        board = made[-1]
        place.address, place.own, place.view, place.board = board.id, "", view, board
        place.gaze = gaze

    viewing.later(case, "Keeping the board …", make, after)


def forget_board(id_: str) -> None:
    """No longer take a board for the one that a view was opened as: it is deleted."""
    for place in session.of(_Addresses).stored.values():
        if place.board is not None and place.board.id == id_:
            place.board, place.address, place.own, place.view = None, "", "", None


def renamed(board: Board) -> None:
    """Know a board under its new title, where a view was opened as it."""
    place = stored(board.case)
    if place.board is not None and place.board.id == board.id:
        place.board = board
        if views := viewing.retitle(board.case, board.title):
            before, after = views
            place.view = after if place.view == before else place.view
