"""How two entities are connected: both ends, what may be walked, the paths drawn and in
sentences."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

import streamlit as st

from graph.explore import inspector
from graph.explore.connections import Connection, Hop, Path, Terms, connect
from graph.explore.inspector import EntityDetail
from graph.explore.layout import plain
from graph.model.schema import Schema
from graph.model.wording import counted, plain_date
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from views import address, frame, session, work
from views.network.component import network_view, take_event
from views.network.parts import MenuItem
from views.session import ENDS, Field
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


@dataclass
class _Wanted:
    """What the fields are to ask for on the next run, if that is not what stands in them."""

    terms: Terms | None = None


@dataclass
class _Open:
    """What was asked last of one case, and what of the answer is open."""

    terms: Terms | None = None
    path: tuple[str, ...] | None = None
    selected: str | None = None
    listed: int = _LISTED


class _Fields:
    """The conditions under the two ends, for one case."""

    def __init__(self, case: str) -> None:
        self.hops = Field[int](f"hops-{case}")
        self.alleged = Field[bool](f"alleged-{case}")
        self.possible = Field[bool](f"possible-{case}")
        self.types = Field[list[str]](f"types-{case}")
        self.without = Field[str](f"without-{case}")
        self.since = Field[date | None](f"since-{case}")
        self.until = Field[date | None](f"until-{case}")

    def fill(self, terms: Terms) -> None:
        """Put these terms into the fields, before they are drawn."""
        self.hops.fill(min(_MOST_STEPS, terms.hops))
        self.alleged.fill(terms.alleged)
        self.possible.fill(terms.possible)
        self.types.fill(list(terms.types))
        self.without.fill(_WITHOUT[terms.without])
        for field, day in ((self.since, terms.since), (self.until, terms.until)):
            field.fill(date.fromisoformat(day) if day else None)


def page() -> None:
    """Draw the page."""
    frame.on_case(_draw, _follow)


def _follow(store: Store) -> None:
    """Ask for the paths that the address leads to."""
    found = address.followed(store, "ways")
    if found is None:
        return
    terms = Terms(**{**found.what, "types": tuple(found.what["types"])})
    gone = address.say_gone(store, (terms.start, terms.end))
    ours = session.current()
    ours.set_end("start", None if terms.start in gone else terms.start)
    ours.set_end("end", None if terms.end in gone else terms.end)
    session.of(_Wanted).terms = terms


def _draw(store: Store, case: str) -> None:
    _react(store, case)
    start, end = _ends(store, case)
    terms = _conditions(store, case, start or "", end or "")
    if start is None or end is None:
        address.write()
        _empty(start, end)
        return
    address.lead_back(store, case, "ways", asdict(terms))
    if start == end:
        st.info("Both ends are the same. Choose another start or another end.")
        return
    library = frame.library()
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


# --- what is asked ------------------------------------------------------------------------------


def _ends(store: Store, case: str) -> tuple[str | None, str | None]:
    """Both ends, chosen here or marked on the Explore page."""
    ours = session.current()
    # What was marked in another case is not an end of this one.
    ours.ends = {end: id_ for end, id_ in ours.ends.items() if id_ and id_.startswith(f"{case}:")}
    left, middle, right = st.columns([5, 1.3, 5], vertical_alignment="bottom")
    with left:
        start = entity_picker(
            store, case, key=f"from-{case}", label="From", value=ours.ends.get("start"),
            taken=lambda id_: ours.set_end("start", id_),
        )  # fmt: skip
    with right:
        end = entity_picker(
            store, case, key=f"to-{case}", label="To", value=ours.ends.get("end"),
            taken=lambda id_: ours.set_end("end", id_),
        )  # fmt: skip
    with middle:
        swapped = st.button(
            "Swap", key="swap", help="Swap start and end",
            disabled=not (start or end), width="stretch",
        )  # fmt: skip
    if swapped:
        ours.ends = {"start": end, "end": start}
        st.rerun()
    return start, end


def _conditions(store: Store, case: str, start: str, end: str) -> Terms:
    """What may be walked, from the fields under the two ends."""
    fields, kept, wanted = _Fields(case), session.of(_Open, case), session.of(_Wanted)
    asked, wanted.terms = wanted.terms, None
    # Streamlit forgets the fields of a page that is left: they are filled again.
    if asked is None and not fields.hops.is_there:
        asked = kept.terms
    if asked is not None:
        fields.fill(asked)
    first, second, third = st.columns([1.2, 2, 2], gap="medium", vertical_alignment="bottom")
    with first:
        fields.hops.begin_with(4)
        hops = st.number_input(
            "Steps at most", min_value=1, max_value=_MOST_STEPS, key=fields.hops.key
        )
    with second:
        alleged = st.checkbox("Also over what is only alleged", key=fields.alleged.key)
    with third:
        possible = st.checkbox("Also over what is only possibly the same", key=fields.possible.key)
    # Below the others and as wide as they are: opened, it leaves no gap beside it.
    with st.expander("Types of connection and time"):
        which, begun, ended = st.columns([2, 1, 1], gap="medium", vertical_alignment="bottom")
    with which:
        without = st.radio(
            "Walk over", _WITHOUT, key=fields.without.key, horizontal=True,
        )  # fmt: skip
        declared = store.schema.relationships
        types = st.multiselect(
            "Types of connection", list(declared), key=fields.types.key,
            format_func=lambda name: declared[name].words, placeholder="All types",
            label_visibility="collapsed",
        )  # fmt: skip
    with begun:
        since = _day_field("Had not ended before", fields.since)
    with ended:
        until = _day_field("Had begun by", fields.until)
    kept.terms = Terms(
        start, end, hops=int(hops), alleged=alleged, possible=possible, types=tuple(types),
        without=without == _WITHOUT[True],
        since=since.isoformat() if since else None, until=until.isoformat() if until else None,
    )  # fmt: skip
    return kept.terms


def _day_field(words: str, field: Field[date | None]) -> date | None:
    field.begin_with(None)
    return st.date_input(
        words, key=field.key, format="YYYY-MM-DD",
        min_value=date(1000, 1, 1), max_value=date(9999, 12, 31),
    )  # fmt: skip


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
    for key in (f"paths-{case}", f"paths-none-{case}"):
        event = take_event(key)
        if event.kind == "select":
            session.of(_Open, case).selected = event.selected
        if event.kind == "menu" and event.context:
            _do(store, case, str(event.action), event.context.id)


def _do(store: Store, case: str, action: str, id_: str) -> None:
    """One of the things that can be done with an entity on a path."""
    if action in ENDS:
        session.current().set_end(ENDS[action], id_)
        session.of(_Open, case).selected = None
    if action == "open":
        frame.look_at(store, case, id_)
        frame.go("explore")


def _show(store: Store, case: str, found: Connection) -> None:
    chosen, selected = _chosen(case, found), session.of(_Open, case).selected
    frame.show(tag("p", _summary(found), cls="lead"))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        network_view(
            found.view,
            key=f"paths-{case}",
            lit=_lit(found, chosen, selected),
            selected=selected or (),
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
    ids = session.of(_Open, case).path
    return next((path for path in found.paths if path.ids == ids), None)


def _list(store: Store, case: str, found: Connection, chosen: Path | None) -> None:
    """The paths as sentences, the best evidenced first; one is opened at a time."""
    ours = session.of(_Open, case)
    listed = ours.listed
    for number, path in enumerate(found.paths[:listed], 1):
        is_open = path is chosen
        through = ", ".join(found.captions[i] for i in path.ids[1:-1]) or "directly"
        words = f"{number}. {'over ' if len(path.ids) > 2 else ''}{through}"
        if st.button(
            frame.label(words), key=f"path-{number}", type="tertiary",
            icon=":material/expand_more:" if is_open else ":material/chevron_right:",
        ):  # fmt: skip
            ours.path, ours.selected = None if is_open else path.ids, None
            st.rerun()
        frame.show(_path(path))
        if is_open:
            for step, hop in enumerate(path.hops):
                _hop(store, step, hop)
    if len(found.paths) > listed:
        st.caption(f"Showing {listed} of {counted(len(found.paths), 'path')}.")
        if st.button("Show more paths", icon=":material/add:"):
            ours.listed = listed + _LISTED
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
    selected = session.of(_Open, case).selected
    if selected is None:
        st.caption(
            "Open a path at the right to light it. Click an entity or a connection to read what it "
            "stands on; right-click an entity for what can be done with it."
        )
        return
    if not isinstance(frame.picked(store, "below", selected), EntityDetail):
        return
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
            session.of(_Wanted).terms = nearest.terms
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
