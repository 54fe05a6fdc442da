"""What this session looks at: the view of each case with its history, and where it is stored.

Whatever changes a view goes through here, so that all of it can be undone, and the address bar
always carries the id of a stored view to come back to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from graph.errors import QueryCancelled, StoreError, SutraError
from graph.explore import as_of, neighbours, reads
from graph.explore.as_of import NO_RECORD, Record
from graph.explore.subgraph import Subgraph
from graph.explore.view import NO_GAZE, Gaze, History, View
from graph.saved import boards
from graph.saved.boards import Board
from graph.store.store import Store
from views import work
from views.wayback import went_back

_READ: Final = 5.0  # s that a notice stays, at least, whatever runs meanwhile


@dataclass
class _Stored:
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


def history(store: Store, case: str) -> History:
    """The view of a case and what it was before; at first the best connected part of the case."""
    known: dict[str, History] = st.session_state.setdefault("histories", {})
    if case not in known:
        first = work.needed(
            f"first-{case}",
            lambda: reads.case_view(store, case),
            "Bringing in the best connected part of the case …",
        )
        known[case] = History(View.of(case, first))
    return known[case]


def now(store: Store, case: str) -> View:
    """The view of a case as it is."""
    return history(store, case).now


def change(case: str, view: View) -> None:
    """Look at this from now on; what was before can be undone."""
    known: dict[str, History] = st.session_state.setdefault("histories", {})
    known[case] = known[case].then(view) if case in known else History(view)


def step(case: str, make: Callable[[View], View]) -> None:
    """Change the view as it is when this is called: a callback may be older than the view."""
    known: dict[str, History] = st.session_state["histories"]
    known[case] = known[case].then(make(known[case].now))


def undo(case: str) -> None:
    """Take back the last change."""
    st.session_state["histories"][case] = st.session_state["histories"][case].undo()


def redo(case: str) -> None:
    """Do again what was taken back last."""
    st.session_state["histories"][case] = st.session_state["histories"][case].redo()


def attempt(step: Callable[[], None]) -> None:
    """Take a step outside of the page, in a callback; what goes wrong is said on the page."""
    try:
        step()
    except SutraError as error:
        tell(str(error))


def tell(words: str, *, wrong: bool = True) -> None:
    """Say this on the page, for as long as it takes to read."""
    st.session_state["notice"] = (words, wrong, None)


def told() -> tuple[str, bool] | None:
    """What is to be said, and whether it is a fault.

    It is said once, but to a reader: a run that follows at once does not take it away.
    """
    notice: tuple[str, bool, float | None] | None = st.session_state.get("notice")
    if notice is None:
        return None
    words, wrong, since = notice
    if since is not None and time.monotonic() - since > _READ:
        del st.session_state["notice"]
        return None
    st.session_state["notice"] = (words, wrong, since or time.monotonic())
    return words, wrong


# --- bringing in --------------------------------------------------------------------------------


def bring(case: str, graph: Subgraph) -> None:
    """Bring a network into the view: what it does not hold yet comes where `graph` has it."""
    known: dict[str, History] = st.session_state.setdefault("histories", {})
    if case not in known:
        known[case] = History(View.of(case, graph))
        return
    view = known[case].now
    ids = [node.id for node in graph.nodes]
    if any(view.graph.node(id_) is None for id_ in ids) or not view.hidden.isdisjoint(ids):
        change(case, view.bringing(graph))


def surround(store: Store, case: str, id_: str) -> None:
    """Bring an entity into the view with a first page of what surrounds it, on the next run."""

    def make(view: View) -> tuple[View, str]:
        if view.graph.node(id_) is not None:
            return view.showing([id_]), ""
        try:
            return neighbours.expand(store, view, id_).view, ""
        except neighbours.Full:
            return neighbours.expand(store, View(case), id_).view, (
                f"The view was full ({neighbours.MOST:,} entities), so this is a new one; "
                "undo leads back."
            )

    later(case, "Bringing in what surrounds it …", make)


def start_from(store: Store, case: str, id_: str) -> None:
    """A new view, on the next run: an entity and a first page of what surrounds it."""
    later(
        case,
        "Starting a new view …",
        lambda _: (neighbours.expand(store, View(case), id_).view, ""),
    )


def widen(
    store: Store, case: str, ids: Sequence[str], type_: str | None = None,
    outgoing: bool | None = None,
) -> None:  # fmt: skip
    """Bring in one more page of what surrounds each of these entities, on the next run."""

    def make(view: View) -> tuple[View, str]:
        wide = view
        for id_ in ids:
            try:
                found = neighbours.expand(store, wide, id_, type_, outgoing)
            except neighbours.Full as full:
                if wide is view:
                    raise
                return wide, str(full)
            if found.added or found.view.hidden != wide.hidden:
                wide = found.view
        # No change, or there would be a step to undo that undoes nothing.
        its = "it is" if len(ids) == 1 else "they are"
        return wide, f"All that {its} connected to is in this view already." if wide is view else ""

    later(case, "Bringing in what surrounds it …", make)


def take_back(case: str, ids: Sequence[str]) -> None:
    """Take back what the expansions of these brought, or say why there is nothing to take."""
    before: View = st.session_state["histories"][case].now
    view = before
    for id_ in ids:
        view = view.collapsed(id_) if view.brought_by(id_) else view
    if view is not before:
        change(case, view)
    elif any(e.entity in ids for e in view.expansions):
        tell(
            "What was brought in from here stays: it is pinned, has a note, or was brought in "
            "from elsewhere too.",
            wrong=False,
        )
    else:
        tell("Nothing was brought in from here, so there is nothing to take back.", wrong=False)


def tidy(store: Store, case: str) -> None:
    """Lay out what is shown anew, on the next run; what is pinned stays where it is."""

    def make(view: View) -> tuple[View, str]:
        ids = [relationship.id for relationship in view.graph.relationships]
        known = as_of.record(store, ids) if view.filters.need_record else NO_RECORD
        return view.tidied(known), ""

    later(case, "Laying out what is shown …", make)


# --- steps that ask the graph -------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """A change that asks the graph: from a view to another, and what is to be said of it."""

    case: str
    words: str
    make: Callable[[View], tuple[View, str]]
    after: Callable[[View], None] | None = None


def later(
    case: str,
    words: str,
    make: Callable[[View], tuple[View, str]],
    after: Callable[[View], None] | None = None,
) -> None:
    """Change the view on the next run of its page, which shows that it takes time if it does.

    `make` runs on another thread: it must not touch the session. `after` may, once it is changed.
    """
    st.session_state.setdefault("steps", []).append(_Step(case, words, make, after))


def go_on(store: Store, case: str) -> None:
    """Take the steps that wait, one after the other; what takes long is shown and can be ended.

    Raises what a step raises; that step is not taken again.
    """
    steps: list[_Step] = st.session_state.setdefault("steps", [])
    while steps:
        first = steps[0]
        if first.case != case:
            steps.pop(0)
            continue
        view = now(store, case)
        known: dict[str, History] = st.session_state["histories"]
        try:
            # Made from the view as it is: if that changes meanwhile, it is made again.
            made = work.step("step", (first, view), lambda: first.make(view), first.words)  # noqa: B023
        except QueryCancelled:
            steps.clear()
            tell("You called this off; the view is as it was.", wrong=False)
            return
        except SutraError:
            steps.pop(0)
            raise
        if made is None:
            return
        # Nothing here asks the session, where a newer run may end this one: the step would be lost.
        steps.pop(0)
        after, says = made[0]
        known[case] = known[case].then(after)
        if first.after is not None:
            first.after(after)
        if says:
            tell(says, wrong=False)


# --- what the view needs ------------------------------------------------------------------------


def record(store: Store, view: View, *, needed: bool = False) -> Record:
    """What stands behind the relationships of a view; read only where its filters ask for it."""
    if not (needed or view.filters.need_record):
        return NO_RECORD
    known: tuple[tuple[object, ...], Record] | None = st.session_state.get("record")
    relationships = view.graph.relationships
    if known is None or known[0] != relationships:
        ids = [relationship.id for relationship in relationships]
        known = (
            relationships,
            work.needed(
                "record",
                lambda: as_of.record(store, ids),
                "Reading what connections rest on …",
                relationships,
            ),
        )
        st.session_state["record"] = known
    return known[1]


# --- the address --------------------------------------------------------------------------------


def stored(case: str) -> _Stored:
    """Where the view of a case is stored."""
    known: dict[str, _Stored] = st.session_state.setdefault("stored", {})
    return known.setdefault(case, _Stored())


def open_link(store: Store) -> str:
    """Open the view that the address bar names, if this session does not look at it already.

    Returns what is wrong with the address in a sentence, or nothing.

    An address that is not the latest is followed by the browser's way back alone: what is pressed
    before the browser has heard of the latest one comes with the one before.
    """
    id_: str | None = st.session_state.get("to_open")
    asked, known = st.query_params.get("view"), st.session_state.get("address")
    if id_ is None and asked and asked != known and (known is None or went_back()):
        to_open(id_ := asked)
    if id_ is None:
        return ""
    wrong = ""
    try:
        open_stored(store, id_)
    except StoreError:
        raise
    except SutraError as error:
        wrong = str(error)
    st.session_state["address"] = id_
    del st.session_state["to_open"]
    return wrong


def to_open(id_: str) -> None:
    """Look at this stored view once the Explore page is there."""
    st.session_state["to_open"] = id_
    st.session_state.pop("address", None)


def open_stored(store: Store, id_: str) -> None:
    """Look at a stored view, and choose its case."""
    opened = work.needed(
        f"open-{id_}", lambda: boards.open_board(store, id_), "Opening the stored view …"
    )
    case = opened.board.case
    st.session_state["case"] = case
    change(case, opened.view)
    place = stored(case)
    place.address, place.view, place.own = id_, opened.view, ""
    place.gaze = opened.gaze
    place.board = opened.board if opened.board.kept else None
    st.session_state["to_look"] = (case, opened.gaze)
    if opened.says:
        tell(opened.says, wrong=False)


def look_as_stored(case: str) -> Gaze | None:
    """Where to look now that a stored view of the case was opened; it is told once."""
    asked: tuple[str, Gaze] | None = st.session_state.get("to_look")
    if asked is None or asked[0] != case:
        return None
    del st.session_state["to_look"]
    return asked[1]


def store_view(store: Store, case: str, gaze: Gaze) -> str | None:
    """Store the view if it or the reader's gaze changed.

    Returns its id, for the address bar, or None if there is none. The next run is to know that it
    looks at it already.
    """
    view, place = now(store, case), stored(case)
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
            place.refused = str(error)
            return None
        if made is None:
            return None
        place.own = place.address = made[0].id
        place.view, place.gaze, place.refused = view, gaze, ""
    st.session_state["address"] = place.address
    return place.address


def keep_board(store: Store, case: str, title: str, *, new: bool) -> None:
    """Keep the view as a board under that title: the one it was opened as, or a new one."""
    place = stored(case)
    if not View(case).titled(title).title:
        tell("Give the board a title first.")
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

    later(case, "Keeping the board …", make, after)


def forget_board(id_: str) -> None:
    """No longer take a board for the one that a view was opened as: it is deleted."""
    for place in st.session_state.get("stored", {}).values():
        if place.board is not None and place.board.id == id_:
            place.board, place.address, place.own, place.view = None, "", "", None


def renamed(board: Board) -> None:
    """Know a board under its new title, where a view was opened as it."""
    place = stored(board.case)
    if place.board is not None and place.board.id == board.id:
        place.board = board
        known: dict[str, History] = st.session_state.get("histories", {})
        if board.case in known:
            old = known[board.case]
            titled = old.now.titled(board.title)
            place.view = titled if place.view == old.now else place.view
            known[board.case] = replace(old, now=titled)
