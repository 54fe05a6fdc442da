"""The frame that all pages share: the store, the case, the search, and what went wrong."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import streamlit as st

from graph.errors import StoreError, SutraError, disk_full
from graph.explore import inspector
from graph.explore.inspector import ClaimDetail, EntityDetail
from graph.explore.layout import plain
from graph.ingest import load_states, turns
from graph.questions.library import Library
from graph.runtime import log
from graph.runtime.log import Timed
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from views import address, session, viewing, work
from views.session import Field, Notice
from views.widgets import evidence, markup, search
from views.widgets.markup import paragraph, tag

_LOG: Final = logging.getLogger(__name__)
_STYLES: Final = tuple(Path(__file__).with_name(n) for n in ("style.css", "frame.css"))

LOGO: Final = Path(__file__).with_name("logo.svg")
REACHING: Final = "Reaching the database; if it has ended it is started again …"
READING: Final = "Reading what sources say …"
ICON: Final = Path(__file__).with_name("icon.png")

_LABEL: Final = 160
"""Characters of a text on a button."""
_SAID: Final = 600
"""Characters of a sentence about an address, which may hold whatever the address holds."""
_NEWS_STAYS: Final = 10
"""Seconds for which a notice stays; Streamlit's word for it is `long`."""


def navigate(pages: Mapping[str, Any]) -> None:
    """Show the page that the reader is on, under the navigation to all of them, by name.

    A page remembers whether it was shown: it is this session's own, at every run a new one.
    """
    ours = session.current()
    ours.pages = dict(pages)
    page = st.navigation(list(pages.values()), position="top")
    here = next(name for name, known in pages.items() if known == page)
    if here != ours.here or address.went_back():
        ours.astray = ""
    ours.here = here
    _tell_again()
    with Timed(_LOG, f"page {here}"):
        page.run()


def go(name: str) -> NoReturn:
    """Go to a page, by its name."""
    st.switch_page(session.current().pages[name])


@st.cache_resource(show_spinner="Opening the graph …")
def open_store() -> Store:
    """The one store of this app; its engine is started if it is not running."""
    return Store.open()


@st.cache_resource
def library() -> Library:
    """The saved questions, the newsroom's own among them."""
    return Library.load(schema=open_store().schema)


@contextmanager
def errors() -> Iterator[None]:
    """Says what went wrong in one sentence, above the page; of a lost database with a way on.

    What the reader looked at is kept by the session, so the same is there once it is back.
    """
    above = st.container()
    try:
        yield
    except StoreError as error:
        with above:
            st.error(log.shown(error), icon=":material/cloud_off:")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button("Try again", icon=":material/refresh:", type="primary")
                st.caption("Nothing that was loaded is lost, and your view is kept.")
    except SutraError as error:
        with above:
            st.error(log.shown(error))
    except (OSError, sqlite3.Error) as error:
        if not (words := disk_full(error)):
            raise
        with above:
            st.error(log.shown(error, words))


def style() -> None:
    """Put the style of our own markup into the page."""
    for file in _STYLES:
        st.html(file)
    # What opens above the page lies outside of it and would not know its colour scheme.
    if scheme := st.context.theme.type:
        above = "[data-testid=stPopoverBody], [role=dialog]"
        st.html(f"<style>{above} {{ color-scheme: {scheme}; }}</style>")


def show(*parts: str | None) -> None:
    """Write markup of ours into the page."""
    st.html(markup.tag("div", *parts, cls="sutra"))


# --- the case -----------------------------------------------------------------------------------


def choose_case(store: Store) -> str | None:
    """Draw the head of a page; returns the case that it is on.

    None if the graph holds none, and the page says so. The choice outlives the page: Streamlit
    forgets a field with its page, so it is kept apart from the field.
    """
    # Over the page, not in it: what comes and goes there would move everything below.
    with st.container(key="reaching"):
        # The first that is asked of the database on every page: a lost one is met here.
        known = work.needed("cases", lambda: load_states.cases(store), REACHING)
    if not known:
        st.header("No case yet")
        st.write(
            "The graph is empty. Load the folder of a case from a shell, then come back: "
            "this page looks again when you reload it."
        )
        st.code("sutra load cases/twitter-blocking-orders-2021", language="sh", wrap_lines=True)
        return None
    titles = {state.case: state.title for state in known}
    case = _kept_case(list(titles))
    if case is None:
        _no_such_case(titles)
        return None
    named = len(titles) > 1 or "case" in st.query_params
    session.current().case_mark = _mark(case) if named else None
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        _case_field(titles, case)
        with st.container(key="head-search"):
            search_box(store, case)
    with st.container(key="astray"):
        if words := session.current().astray:
            st.warning(label(words, _SAID), icon=":material/link_off:")
    return case


def _kept_case(known: list[str]) -> str | None:
    """The case that was chosen, or that the address means, or the first.

    None if that one is not here: nobody is to take another case for it.
    """
    ours = session.current()
    asked = st.query_params.get("case")
    if asked is not None and (ours.case is None or address.went_back()):
        # The way back leads to another case, too.
        meant = next((one for one in known if _mark(one) == asked), None)
        if meant != ours.case:
            _take_case(meant)
        return meant
    if ours.case is None:
        ours.case = known[0]
    return ours.case if ours.case in known else None


def _take_case(case: str | None) -> None:
    """Look at another case. What was open belongs to the one that is left."""
    ours = session.current()
    ours.case, ours.selected, ours.focus = case, None, None


def _no_such_case(titles: Mapping[str, str]) -> None:
    """Say that the case which the address means is not here, and offer those that are."""
    st.header("This case is not here")
    show(
        tag(
            "p",
            "The address leads to a case that is not loaded on this machine: it was removed, or "
            "the address is incomplete. Load its folder from a shell, then come back to this "
            "address:",
            cls="lead",
        )
    )
    st.code("sutra load FOLDER", language="sh")
    show(tag("p", "Or open one that is here:", cls="lead"))
    for case, title in titles.items():
        st.button(
            label(f"{title} ({case})"), key=f"instead-{case}", type="tertiary",
            icon=":material/folder_open:", on_click=_take_case, args=(case,),
        )  # fmt: skip


def _mark(case: str) -> str:
    """What stands for a case in an address, which names none."""
    return hashlib.sha256(case.encode()).hexdigest()[:10]


def _case_field(titles: Mapping[str, str], case: str) -> None:
    if len(titles) == 1:
        show(tag("p", plain(titles[case], _LABEL), cls="case"))
        return
    chosen = Field[str]("case-field")
    chosen.fill(case)
    st.selectbox(
        "Case", list(titles), key=chosen.key, label_visibility="collapsed",
        on_change=lambda: _take_case(chosen.value),
        format_func=lambda one: f"{titles[one]} ({one})",
    )  # fmt: skip


def told() -> None:
    """Show what the last step has to say, where the page has its place for it."""
    if notice := viewing.told():
        words, wrong = notice
        (st.warning if wrong else st.info)(words)


def tell(words: str, icon: str | None = None) -> None:
    """Say it in a notice above the page, which may be scrolled to its end; it goes by itself.

    A notice ends with the run that shows it, and the next run may follow at once: whatever is
    still news is shown by each.
    """
    session.current().news.append(Notice(words, icon=icon))
    st.toast(words, icon=icon, duration="long")


def _tell_again() -> None:
    ours = session.current()
    ours.news = [notice for notice in ours.news if not notice.was_shown(_NEWS_STAYS)]
    for notice in ours.news:
        st.toast(notice.words, icon=notice.icon, duration="long")


def on_case(
    draw: Callable[[Store, str], None], follow: Callable[[Store], None] | None = None
) -> None:
    """Draw a page on the case that the reader has chosen; what goes wrong stands in its place.

    A page that can `follow` its address does so first, and writes it itself.
    """
    with errors():
        store = open_store()
        # What comes and goes has a place of its own: else all below would be made anew in the
        # browser, and a press on it meanwhile be lost.
        with st.container():
            if follow is not None:
                follow(store)
        case = choose_case(store)
        if case is None:
            return
        if follow is None:
            address.write()
        with st.container():
            banner(store, case)
        draw(store, case)


def banner(store: Store, case: str) -> None:
    """Say that a load of the case is under way, or was cut off."""
    for state in load_states.states(store, case):
        if state.ended:
            continue
        cut_off = {s.id for s in turns.cut_off(store, Workspace.locate())}
        if state.id in cut_off:
            st.warning(turns.explain_cut_off(state))
        else:
            st.info("This case is being loaded: what you see may change until that has ended.")


# --- what is open --------------------------------------------------------------------------------


def look_at(store: Store, case: str, id_: str) -> None:
    """Open the details of an entity, bringing it into the view with its neighbours."""
    viewing.surround(store, case, id_)
    ours = session.current()
    ours.selected = ours.focus = id_


def picked(store: Store, key: str, id_: str) -> ClaimDetail | EntityDetail | None:
    """Draw the claim or the entity that was picked in a picture; returns it once it is read."""
    found = work.done(key, id_, lambda _: inspector.either(store, id_), READING)
    if isinstance(found, ClaimDetail):
        show(evidence.claim_details(found, Workspace.locate()))
    elif found is not None:
        show(tag("p", found.type_words.capitalize(), cls="kind"), paragraph(found.caption))
    return found


# --- search -------------------------------------------------------------------------------------


def search_box(store: Store, case: str) -> None:
    """A search over names and what is said; choosing one opens it on the Explore page."""

    def chosen(id_: str) -> None:
        open_found(store, case, id_)
        if session.current().here == "explore":
            st.rerun()
        go("explore")

    search.search_field(store, case, key=f"search-{case}", then=chosen)


def open_found(store: Store, case: str, id_: str) -> None:
    """Open the details of an entity, of a claim with its subject in the view, or of a source."""
    claim = inspector.claim(store, id_)
    if claim is not None or not inspector.is_source(store, id_):
        look_at(store, case, id_ if claim is None else claim.subject)
    session.current().selected = id_


def opening(store: Store, case: str, id_: str) -> Callable[[], None]:
    """A callback that opens it; what goes wrong is said on the page."""
    return lambda: viewing.attempt(lambda: open_found(store, case, id_))


_MARKS: Final = re.compile(
    r"""[\\`*_{}\[\]$<~]   # marks wherever they stand
    | ^(?:[-+\#>]|\d+(?=[.)](\s|$)))   # a list, a heading or a quotation, at the beginning
    | [:.@&](?=\S)   # an icon, a colour or an address, if something follows
    """,
    re.VERBOSE,
)


def label(text: str, most: int = _LABEL) -> str:
    """A text as a label, where Streamlit would read Markdown; a long one is cut.

    Only what would be read as a mark is escaped: of a field, a screen reader reads the escapes too.
    """
    return escaped(plain(text, most))


def escaped(text: str) -> str:
    """A text as it is, where Streamlit would read Markdown."""
    return _MARKS.sub(_escaped, text)


def _escaped(mark: re.Match[str]) -> str:
    # A number is no mark; what follows it makes it one.
    return f"{mark[0]}\\" if mark[0].isdigit() else f"\\{mark[0]}"


# --- what was asked -----------------------------------------------------------------------------


def behind(*asked: tuple[str, str, Mapping[str, Any]]) -> None:
    """The Cypher behind a view, closed at first: what each statement is for, it, its parameters."""
    with st.expander("The Cypher behind it"):
        st.caption("The button in the corner of each copies it.")
        for words, cypher, parameters in asked:
            if words:
                st.caption(words)
            st.code(cypher.strip(), language="cypher", wrap_lines=True)
            if parameters:
                given = json.dumps(dict(parameters), ensure_ascii=False, indent=1)
                st.code(given, language="json", wrap_lines=True)
