"""How two entities are connected: both ends, what may be walked, the paths drawn and in
sentences."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Final

import streamlit as st

from graph.explore import inspector
from graph.explore.connections import Connection, Hop, Path, Terms, connect
from graph.explore.inspector import ClaimDetail
from graph.explore.layout import plain
from graph.model.schema import Schema
from graph.model.wording import counted, plain_date
from graph.questions.library import Library
from graph.runtime.workspace import Workspace
from graph.saved.runs import Asked
from graph.store.store import Store
from views import frame, links, work
from views.network import MenuItem, network_view, take_event
from views.widgets import evidence
from views.widgets.markup import Html, join, paragraph, tag
from views.widgets.search import entity_picker

_LISTED: Final = 12
"""Paths that are listed at once."""
_TOLD: Final = 3_000
"""Characters of a path in words; only what is no sentence any more is longer."""
_NAMED: Final = 160
"""Characters of a name within a sentence."""
_MOST_STEPS: Final = 8
_WITHOUT: Final = ("only these connections", "all connections but these")
_MENU: Final = (
    MenuItem("start", "Paths from here"),
    MenuItem("end", "Paths to here"),
    MenuItem("open", "Open on the Explore page"),
    MenuItem("copy", "Copy id"),
    MenuItem("copy", "Copy id", "relationship"),
)


def page() -> None:
    """Draw the page."""
    with frame.errors():
        store = frame.open_store()
        _from_link(store, links.followed(store, "ways"))
        case = frame.choose_case(store)
        if case is not None:
            frame.banner(store, case)
            _draw(store, case)


def _from_link(store: Store, found: Asked | None) -> None:
    """Ask for the paths that the address leads to."""
    if found is None:
        return
    terms = Terms(**{**found.what, "types": tuple(found.what["types"])})
    gone = links.say_gone(store, (terms.start, terms.end))
    frame.set_end("start", None if terms.start in gone else terms.start)
    frame.set_end("end", None if terms.end in gone else terms.end)
    st.session_state["_asked_terms"] = terms


def _draw(store: Store, case: str) -> None:
    _react(store, case)
    start, end = _ends(store, case)
    terms = _conditions(store, case, start or "", end or "")
    if start is None or end is None:
        frame.address()
        _empty(start, end)
        return
    links.lead_back(store, case, "ways", asdict(terms))
    if start == end:
        st.info("Both ends are the same. Choose another start or another end.")
        return
    library = _library()
    found = work.done(
        f"ways-{case}",
        terms,
        lambda _: connect(store, library, case, terms),
        "Looking for every shortest path …",
    )
    if found is None:
        return
    if found.paths:
        _show(store, case, found)
    else:
        _none(case, found)
    frame.behind(
        ("One step, repeated from both ends until they meet", found.view.cypher,
         found.view.parameters)
    )  # fmt: skip


@st.cache_resource
def _library() -> Library:
    return Library.load(schema=frame.open_store().schema)


# --- what is asked ------------------------------------------------------------------------------


def _ends(store: Store, case: str) -> tuple[str | None, str | None]:
    """Both ends, chosen here or marked on the Explore page."""
    state = st.session_state
    for name in ("path_start", "path_end"):
        # What was marked in another case is not an end of this one.
        if not str(state.get(name) or f"{case}:").startswith(f"{case}:"):
            state[name] = None
    left, middle, right = st.columns([5, 1.3, 5], vertical_alignment="bottom")
    with left:
        start = entity_picker(
            store, case, key=f"from-{case}", label="From", value=state.get("path_start"),
            taken=lambda id_: frame.set_end("start", id_),
        )  # fmt: skip
    with right:
        end = entity_picker(
            store, case, key=f"to-{case}", label="To", value=state.get("path_end"),
            taken=lambda id_: frame.set_end("end", id_),
        )  # fmt: skip
    with middle:
        swapped = st.button(
            "Swap", key="swap", help="Swap start and end",
            disabled=not (start or end), width="stretch",
        )  # fmt: skip
    if swapped:
        state["path_start"], state["path_end"] = end, start
        st.rerun()
    return start, end


def _conditions(store: Store, case: str, start: str, end: str) -> Terms:
    """What may be walked, from the fields under the two ends."""
    asked: Terms | None = st.session_state.pop("_asked_terms", None)
    # Streamlit forgets the fields of a page that is left: they are filled again.
    kept: Terms | None = st.session_state.get(f"_terms-{case}")
    if asked is not None:
        _fill(case, asked)
    elif kept is not None and f"hops-{case}" not in st.session_state:
        _fill(case, kept)
    first, second, third = st.columns([1.2, 2, 2], gap="medium", vertical_alignment="bottom")
    with first:
        st.session_state.setdefault(f"hops-{case}", 4)
        hops = st.number_input(
            "Steps at most", min_value=1, max_value=_MOST_STEPS, key=f"hops-{case}"
        )
    with second:
        alleged = st.checkbox("Also over what is only alleged", key=f"alleged-{case}")
    with third:
        possible = st.checkbox("Also over what is only possibly the same", key=f"possible-{case}")
    # Below the others and as wide as they are: opened, it leaves no gap beside it.
    with st.expander("Types of connection and time"):
        which, begun, ended = st.columns([2, 1, 1], gap="medium", vertical_alignment="bottom")
    with which:
        without = st.radio(
            "Walk over", _WITHOUT, key=f"without-{case}", horizontal=True,
        )  # fmt: skip
        declared = store.schema.relationships
        types = st.multiselect(
            "Types of connection", list(declared), key=f"types-{case}",
            format_func=lambda name: declared[name].words, placeholder="All types",
            label_visibility="collapsed",
        )  # fmt: skip
    days = {}
    for column, name, words in (
        (begun, "since", "Had not ended before"), (ended, "until", "Had begun by"),
    ):  # fmt: skip
        st.session_state.setdefault(f"{name}-{case}", None)
        with column:
            days[name] = st.date_input(
                words, key=f"{name}-{case}", format="YYYY-MM-DD",
                min_value=date(1000, 1, 1), max_value=date(9999, 12, 31),
            )  # fmt: skip
    since, until = days["since"], days["until"]
    terms = Terms(
        start, end, hops=int(hops), alleged=alleged, possible=possible, types=tuple(types),
        without=without == _WITHOUT[True],
        since=since.isoformat() if since else None, until=until.isoformat() if until else None,
    )  # fmt: skip
    st.session_state[f"_terms-{case}"] = terms
    return terms


def _fill(case: str, terms: Terms) -> None:
    """Put these terms into the fields, before they are drawn."""
    state = st.session_state
    state[f"hops-{case}"] = min(_MOST_STEPS, terms.hops)
    state[f"alleged-{case}"], state[f"possible-{case}"] = terms.alleged, terms.possible
    state[f"types-{case}"] = list(terms.types)
    state[f"without-{case}"] = _WITHOUT[terms.without]
    for name, day in (("since", terms.since), ("until", terms.until)):
        state[f"{name}-{case}"] = date.fromisoformat(day) if day else None


def _empty(start: str | None, end: str | None) -> None:
    missing = "both ends" if start == end else "the start" if start is None else "the end"
    frame.show(
        tag("p", f"Choose {missing} of the path.", cls="lead"),
        tag(
            "p",
            "Type a name above, in any script, or right-click an entity on the Explore page and "
            "set it as start or end. Every shortest path between the two is then drawn and told, "
            "with what each step stands on.",
        ),
    )


# --- what is found ------------------------------------------------------------------------------


def _react(store: Store, case: str) -> None:
    """Do what was asked of the picture, before anything is drawn."""
    for key in (_picture(case), f"paths-none-{case}"):
        event = take_event(key)
        if event.kind == "select":
            st.session_state[f"_way_selected-{case}"] = event.selected
        if event.kind == "menu" and event.context:
            _do(store, case, str(event.action), event.context.id)


def _do(store: Store, case: str, action: str, id_: str) -> None:
    """One of the things that can be done with an entity on a path."""
    if action in ("start", "end"):
        frame.set_end(action, id_)
        st.session_state[f"_way_selected-{case}"] = None
    if action == "open":
        frame.look_at(store, case, id_)
        st.switch_page(frame.page_of("explore"))


def _picture(case: str) -> str:
    return f"paths-{case}"


def _show(store: Store, case: str, found: Connection) -> None:
    chosen = _chosen(case, found)
    frame.show(tag("p", _summary(found), cls="lead"))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        network_view(
            found.view,
            key=_picture(case),
            lit=_lit(found, chosen, _selected(case)),
            selected=_selected(case) or (),
            answers=found.terms,
            height=560,
            menu=_MENU,
        )
        _below(store, case)
    with right, st.container(height=660, border=False):
        _list(store, case, found, chosen)


def _lit(found: Connection, path: Path | None, selected: str | None) -> frozenset[str] | None:
    """The paths that the chosen entity or relationship lies on; else the path that is open."""
    through = [one.lit for one in found.paths if selected in one.lit]
    if through:
        return frozenset().union(*through)
    return None if path is None else path.lit


def _summary(found: Connection) -> str:
    steps = len(found.paths[0].hops)
    ids = found.paths[0].ids
    start, end = (plain(found.captions[id_], _NAMED) for id_ in (ids[0], ids[-1]))
    paths = (
        "One shortest path leads" if found.total == 1 else f"{found.total:,} shortest paths lead"
    )
    said = f"{paths} from {start} to {end}, of {counted(steps, 'step')}."
    if found.total > len(found.paths):
        said += f" Showing {len(found.paths):,} of {found.total:,}."
    if found.gave_up:
        said += " The search met too much to look at all of it, so there may be others."
    return said


def _chosen(case: str, found: Connection) -> Path | None:
    ids = st.session_state.get(f"_path-{case}")
    return next((path for path in found.paths if path.ids == ids), None)


def _selected(case: str) -> str | None:
    found: str | None = st.session_state.get(f"_way_selected-{case}")
    return found


def _list(store: Store, case: str, found: Connection, chosen: Path | None) -> None:
    """The paths as sentences, the best evidenced first; one is opened at a time."""
    listed = st.session_state.get(f"_ways_listed-{case}", _LISTED)
    for number, path in enumerate(found.paths[:listed], 1):
        is_open = path is chosen
        through = ", ".join(found.captions[i] for i in path.ids[1:-1]) or "directly"
        words = f"{number}. {'over ' if len(path.ids) > 2 else ''}{through}"
        if st.button(
            frame.label(words), key=f"path-{number}", type="tertiary",
            icon=":material/expand_more:" if is_open else ":material/chevron_right:",
        ):  # fmt: skip
            st.session_state[f"_path-{case}"] = None if is_open else path.ids
            st.session_state[f"_way_selected-{case}"] = None
            st.rerun()
        frame.show(_path(path))
        if is_open:
            for step, hop in enumerate(path.hops):
                _hop(store, step, hop)
    if len(found.paths) > listed:
        st.caption(f"Showing {listed} of {counted(len(found.paths), 'path')}.")
        if st.button("Show more paths", icon=":material/add:"):
            st.session_state[f"_ways_listed-{case}"] = listed + _LISTED
            st.rerun()


def _path(path: Path) -> Html:
    said = "; ".join(
        relationship.sentence for hop in path.hops for relationship in hop.relationships
    )
    origins = (
        "which does not say where from" if path.origins == 0
        else counted(path.origins, "origin")
    )  # fmt: skip
    badges = [f"weakest step: {path.weakest}, {origins}"] + ["contested"] * path.contested
    return join(
        paragraph(f"{said}.", most=_TOLD),
        tag("p", *(tag("span", words, cls="badge") for words in badges)),
    )


def _hop(store: Store, step: int, hop: Hop) -> None:
    """What a step stands on: every relationship of it, with its passages."""
    ids = tuple(relationship.claim for relationship in hop.relationships)
    with st.container(border=True):
        details = work.done(
            f"step-{step}", ids, lambda _: inspector.claims(store, ids), frame.READING
        )
        for detail in details or ():
            frame.show(evidence.claim_details(detail, Workspace.locate()))


def _below(store: Store, case: str) -> None:
    """What was clicked in the picture."""
    selected = _selected(case)
    if selected is None:
        st.caption(
            "Open a path at the right to light it. Click an entity or a connection to read what it "
            "stands on; right-click an entity for what can be done with it."
        )
        return
    found = frame.picked(store, "below", selected)
    if found is None:
        return
    if isinstance(found, ClaimDetail):
        frame.show(evidence.claim_details(found, Workspace.locate()))
        return
    frame.show(tag("p", found.type_words.capitalize(), cls="kind"), paragraph(found.caption))
    with st.container(horizontal=True):
        for words, action, icon in (
            ("Paths from here", "start", "trip_origin"), ("Paths to here", "end", "flag"),
            ("Open on the Explore page", "open", "hub"),
        ):  # fmt: skip
            if st.button(words, icon=f":material/{icon}:"):
                _do(store, case, action, selected)
                st.rerun()


def _none(case: str, found: Connection) -> None:
    terms, nearest = found.terms, found.nearest
    start = plain(found.captions.get(terms.start, "the start"), _NAMED)
    end = plain(found.captions.get(terms.end, "the end"), _NAMED)
    steps = counted(terms.hops, "step")
    frame.show(
        tag("p", f"No path of at most {steps} joins {start} and {end}.", cls="lead"),
        tag("p", "; ".join(_asked(terms, found.view.schema)), cls="quiet"),
        tag("p", nearest.sentence) if nearest else None,
    )
    if nearest is not None and nearest.terms is not None:
        reach = nearest.terms.hops <= _MOST_STEPS
        if reach and st.button("Show that path", icon=":material/arrow_forward:", type="primary"):
            st.session_state["_asked_terms"] = replace(nearest.terms)
            st.rerun()
    network_view(found.view, key=f"paths-none-{case}", height=260, menu=_MENU, answers=found.terms)


def _asked(terms: Terms, schema: Schema) -> list[str]:
    """The conditions in words, so that nothing is missed because of one forgotten."""
    said = []
    if not terms.alleged:
        said.append("without what is only alleged")
    if not terms.possible:
        said.append("without what is only possibly the same")
    if terms.types:
        words = ", ".join(schema.relationships[t].words for t in terms.types)
        said.append(f"{'not over' if terms.without else 'only over'}: {words}")
    if terms.since:
        said.append(f"what had not ended before {plain_date(terms.since)}")
    if terms.until:
        said.append(f"what had begun by {plain_date(terms.until)}")
    return said
