"""The boards of a case: open, rename, duplicate, delete, take away and bring back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from graph.errors import QueryCancelled, SutraError
from graph.model.wording import counted
from graph.runtime import log
from graph.saved import boards
from graph.saved.boards import Board
from graph.store.store import Store
from views import address, frame, session, viewing, work
from views.widgets.markup import tag


def page() -> None:
    """Draw the page."""
    frame.on_case(_draw)


def _draw(store: Store, case: str) -> None:
    st.title("Boards")
    # What comes and goes has a place of its own, or what is below would be made anew each time.
    with st.container():
        _go_on()
        frame.told()
    with st.container():
        _list(store, case)
    _import(store, case)


def _list(store: Store, case: str) -> None:
    found = work.needed(
        f"boards-{case}", lambda: boards.boards(store, case), "Reading the boards …"
    )
    if not found:
        frame.show(
            tag("p", "No board of this case is kept yet.", cls="lead"),
            tag(
                "p",
                "On the Explore page, bring together what belongs together, then choose Board and "
                "give it a title. It keeps entities, places, filters and notes.",
            ),
        )
        if st.button("Explore the network", icon=":material/hub:"):
            frame.go("explore")
    for board in found:
        _board(store, board)


def _board(store: Store, board: Board) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        notes = f", {counted(board.notes, 'note')}" if board.notes else ""
        entities = counted(board.nodes, "entity")
        changed = board.changed[:16].replace("T", " ")
        with st.container(width="stretch", gap=None):
            frame.show(
                tag("p", board.title, cls="sentence"),
                tag(
                    "p", f"{entities}{notes} · changed {changed} UTC", cls="quiet"
                ),
            )  # fmt: skip
        if st.button("Open", key=f"open-{board.id}", type="primary"):
            address.to_open(board.id)
            frame.go("explore")
        with st.popover("Rename"):
            _rename(store, board)
        st.button(
            "Duplicate", key=f"copy-{board.id}",
            on_click=_later, args=("Duplicating the board …", lambda: _duplicate(store, board)),
        )  # fmt: skip
        st.download_button(
            "Export", lambda: boards.export(store, board.id), file_name=f"board-{board.id}.json",
            mime="application/json", key=f"export-{board.id}", on_click="ignore",
        )  # fmt: skip
        with st.popover("Delete"):
            st.caption("The board goes for everybody, and its address leads nowhere.")
            st.button(
                "Delete it", key=f"delete-{board.id}", type="primary",
                on_click=_later, args=("Deleting the board …", lambda: _delete(store, board)),
            )  # fmt: skip


def _rename(store: Store, board: Board) -> None:
    with st.form(f"rename-{board.id}", border=False):
        title = st.text_input("Title", board.title, max_chars=200, key=f"title-{board.id}")
        if st.form_submit_button("Rename it"):
            _later("Renaming the board …", lambda: _renamed(store, board, title))
            st.rerun()


# --- what is written ----------------------------------------------------------------------------

# What is left to do for the session once it is written, and to say.
_Written = Callable[[], str]


@dataclass
class _Waiting:
    """What waits to be written, with what is said meanwhile."""

    steps: list[tuple[str, Callable[[], _Written]]] = field(default_factory=list)


def _later(words: str, write: Callable[[], _Written]) -> None:
    """Write on the next run of the page, which shows that it takes time if it does.

    `write` runs on another thread: it must not touch the session. What it returns may.
    """
    session.of(_Waiting).steps.append((words, write))


def _go_on() -> None:
    """Do what waits to be written, one after the other; what goes wrong is said on the page."""
    steps = session.of(_Waiting).steps
    while steps:
        words, write = steps[0]
        try:
            written = work.step("board-step", write, write, words)
        except QueryCancelled:
            steps.pop(0)
            viewing.tell("You called this off.", wrong=False)
        except SutraError as error:
            steps.pop(0)
            viewing.tell(log.shown(error))
        except Exception:
            # A defect is told once: tried again, it would keep everybody from this page.
            steps.pop(0)
            raise
        else:
            if written is None:
                st.stop()
            # Before anything is touched that could end this run: it must not be written again.
            steps.pop(0)
            if says := written[0]():
                viewing.tell(says, wrong=False)


def _duplicate(store: Store, board: Board) -> _Written:
    made = boards.duplicate(store, board.id)
    return lambda: f"“{made.title}” is there now."


def _renamed(store: Store, board: Board, title: str) -> _Written:
    made = boards.rename(store, board.id, title)

    def known() -> str:
        address.renamed(made)
        return ""

    return known


def _delete(store: Store, board: Board) -> _Written:
    boards.delete(store, [board.id])

    def forgotten() -> str:
        address.forget_board(board.id)
        return f"“{board.title}” is deleted."

    return forgotten


def _imported(store: Store, case: str, content: bytes, name: str) -> _Written:
    opened = boards.import_board(store, content, name, case)
    gone = f" {opened.says}" if opened.says else ""
    return lambda: f"“{opened.board.title}” was brought in.{gone}"


# --- bringing in --------------------------------------------------------------------------------


def _import(store: Store, case: str) -> None:
    """Bring in the file of a board; what is wrong with it is one sentence."""
    st.subheader("Bring in a board")
    with st.form("import-board", border=False, clear_on_submit=True):
        file = st.file_uploader(
            "The JSON file that a board exported", type="json", max_upload_size=5,
        )  # fmt: skip
        if st.form_submit_button("Bring it in") and file is not None:
            content, name = file.getvalue(), file.name
            _later("Bringing in the board …", lambda: _imported(store, case, content, name))
            st.rerun()
