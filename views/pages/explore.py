"""The network of a case: look round, hide, filter, measure, and read what is behind each
relationship."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from graph.explore import inspector, neighbours
from graph.explore.history import History
from graph.explore.inspector import ClaimDetail, EntityDetail, SourceDetail
from graph.explore.layout import plain
from graph.explore.measures import Measured
from graph.explore.neighbours import RelationshipType
from graph.explore.subgraph import Subgraph
from graph.explore.view import LONGEST_NOTE, Gaze, View
from graph.questions.captions import captions_of
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from views import address, frame, session, viewing, work
from views.network.component import NetworkEvent, Viewport, look_in, network_view, take_event
from views.network.legend import legend_html
from views.network.parts import MenuItem, NodeLook
from views.network.table import TableEvent, network_table, take_row_event
from views.network.table import rows as table_rows
from views.session import ENDS, Field
from views.widgets import evidence, panels, sources, story
from views.widgets.markup import paragraph, tag
from views.widgets.taking import take_rows, take_tables

_MENU: Final = (
    MenuItem("expand", "Bring in its neighbours", many="Bring in the neighbours of these {n}"),
    MenuItem("collapse", "Take back what it brought", many="Take back what these {n} brought"),
    MenuItem("hide", "Hide", many="Hide these {n}"),
    MenuItem("pin", "Pin", when="loose", many="Pin these {n}"),
    MenuItem("unpin", "Unpin", when="pinned", many="Unpin these {n}"),
    MenuItem("start", "Paths from here"),
    MenuItem("end", "Paths to here"),
    MenuItem("copy", "Copy id", many="Copy these {n} ids"),
    MenuItem("hide", "Hide this connection", "relationship", many="Hide these {n}"),
    MenuItem("copy", "Copy id", "relationship", many="Copy these {n} ids"),
)
# In the tables, where nothing can be dragged.
_STEPS: Final = {"left": (-60, 0), "right": (60, 0), "up": (0, -60), "down": (0, 60)}
_ROW_MENU: Final = (
    *_MENU,
    *(MenuItem(f"move-{w}", f"Move {w}", many=f"Move these {{n}} {w}") for w in _STEPS),
)


@dataclass
class _LitRelationships:
    """The relationships that the inspector lights: of that entity, of that type, in that
    direction."""

    of: tuple[str, str, bool] | None = None


def page() -> None:
    """Draw the page."""
    frame.on_case(_draw, address.open_link)


def _draw(store: Store, case: str) -> None:
    gaze = _draw_view(store, case)
    if id_ := address.store_view(store, case, gaze):
        address.write(view=id_)


def _draw_view(store: Store, case: str) -> Gaze:
    """Draw the view; returns what the reader has before their eyes of it."""
    with st.container(key="explore"):
        left, middle, right = st.columns([1.35, 4.4, 2.25], gap="medium")
    with middle:
        # Below the canvas: what comes and goes must not move it.
        above, below = st.container(), st.container()
    _look_as_stored(case)
    event = take_event(f"explore-{case}")
    row = take_row_event(f"rows-{case}")
    viewing.attempt(lambda: _react(store, case, event, row))
    # Each of what comes and goes has a place of its own: else the table below would be made anew.
    with below, st.container():
        viewing.attempt(lambda: viewing.go_on(store, case))
    view = viewing.now(store, case)
    record = viewing.record(store, view)
    shown = view.shown(record)
    selection = _together(_chosen(row, event.selection))
    sources = panels.sources_of(store, case)
    found = {
        name: measured
        for name in dict.fromkeys((view.size_by, view.colour_by))
        if (measured := panels.measured(shown, name, sources)) is not None
    }
    with left:
        _title(view)
        st.html(legend_html(shown, coloured=view.colour_by not in found))
        if legend := panels.measure_legend(view, found):
            frame.show(legend)
        panels.clocks(case, view)
    with above:
        _toolbar(store, case, view, shown, found)
        looks = panels.looks(view, found.get(view.size_by), found.get(view.colour_by))
        _canvas(case, view, shown, looks, selection)
    with below:
        with st.container():
            frame.told()
        with st.container():
            _ways(view)
        with st.container():
            panels.count_line(store, case, view, record)
            if refused := address.stored(case).refused:
                st.caption(f"This view could not be stored: {refused}")
        with st.container():
            panels.notes_list(view)
        _table(case, shown, looks, selection)
    with right, st.container(height=760, border=False, key="beside"):
        if story.is_open(case):
            story.panel(case, view, shown, selection, event.viewport)
        else:
            _inspect(store, case, view, selection)
    at = None if event.whole else event.viewport
    look = None if at is None else (round(at.x, 2), round(at.y, 2), round(at.scale, 4))
    return Gaze(selection, look)


def _look_as_stored(case: str) -> None:
    """Have what was selected when the view was stored selected again, and look there."""
    gaze = address.look_as_stored(case)
    if gaze is None:
        return
    session.current().select(gaze.selected[-1] if gaze.selected else None)
    at = None if gaze.look is None else Viewport(*gaze.look)
    look_in(f"explore-{case}", gaze.selected, at)


def _title(view: View) -> None:
    """What the board is called that this view was kept as."""
    if view.title:
        frame.show(tag("p", "Board", cls="kind"), paragraph(view.title, cls="board"))


def _ways(view: View) -> None:
    """The ends of paths that were chosen here, and the way to the ways."""
    ours = session.current()
    ends = [ours.ends.get(which) for which in ENDS.values()]
    if not any(ends):
        return
    names = [
        plain(node.caption, 80) if id_ and (node := view.graph.node(id_)) else "…" for id_ in ends
    ]
    with st.container(horizontal=True, gap="xsmall", key="ends", vertical_alignment="center"):
        frame.show(tag("p", f"Paths from {names[0]} to {names[1]}", cls="quiet"))
        if all(ends) and st.button("Find them", key="find-paths"):
            frame.go("paths")
        st.button("Forget them", key="forget-ends", on_click=lambda: ours.ends.clear())


# --- the canvas ---------------------------------------------------------------------------------


def _toolbar(
    store: Store, case: str, view: View, shown: Subgraph, found: Mapping[str, Measured]
) -> None:
    history = viewing.history(store, case)
    with st.container(horizontal=True, gap="xsmall", key="toolbar"):
        for words, keys, to, steps in (
            ("Undo", "Ctrl+Z", History.undo, history.past),
            ("Redo", "Ctrl+Shift+Z", History.redo, history.future),
        ):
            name = words.lower()
            st.button(words, key=name, icon=f":material/{name}:", shortcut=keys, disabled=not steps,
                      help=f"{words} ({keys})", on_click=viewing.turn, args=(case, to))  # fmt: skip
        st.button("Tidy", key="tidy", help="Lay out what is shown anew; what is pinned stays",
                  on_click=viewing.tidy, args=(store, case))  # fmt: skip

        def filters() -> None:
            panels.filters_panel(case, view, viewing.record(store, view, needed=True))

        _panel("Filters", filters)
        _panel("Measures", lambda: panels.measures_panel(case, view, shown, found))
        # At hand before it is opened: it asks nothing, and a field that is drawn only while its
        # panel is open loses what was typed when the panel is closed and opened again at once.
        with st.popover("Board", key="panel-board"), st.container(key="side-board"):
            panels.board_panel(store, case, view)
        story.button(case, view)
        _panel("Cypher", lambda: panels.cypher_panel(view, shown))


def _panel(words: str, fill: Callable[[], None]) -> None:
    """A panel, filled once it is opened: it asks or computes something."""
    key = words.lower()
    opened = st.popover(words, key=f"panel-{key}", on_change="rerun")
    if opened.open:
        with opened, st.container(key=f"side-{key}"):
            fill()


def _canvas(
    case: str, view: View, shown: Subgraph, looks: dict[str, NodeLook],
    selection: tuple[str, ...],
) -> None:  # fmt: skip
    if not shown.nodes:
        words = (
            "Nothing of this view is left to show. Undo, or bring back what is left out below."
            if view.graph.nodes
            else "This view is empty. Search a name above to bring it in."
        )
        st.info(words)
        return
    lit, look = story.shown(case, view)
    if lit is None:
        lit = _lit(shown)
    network_view(
        shown,
        key=f"explore-{case}",
        selected=tuple(id_ for id_ in selection if id_ in shown.by_id),
        lit=lit,
        focus=session.current().focus,
        look=look,
        follow_view=True,
        height=660,
        menu=_MENU,
        looks=looks,
        listed=False,
    )


def _lit(shown: Subgraph) -> frozenset[str] | None:
    """What the inspector was asked to light: relationships and their ends; None is everything."""
    asked = session.of(_LitRelationships).of
    if asked is None or asked[0] != session.current().selected:
        return None
    entity, type_, outgoing = asked
    parts = set()
    for one in shown.relationships:
        if one.type == type_ and entity == (one.source if outgoing else one.target):
            parts |= {one.id, one.source, one.target}
    return frozenset(parts) or None


def _chosen(row: TableEvent | None, selection: tuple[str, ...]) -> tuple[str, ...]:
    """What is selected after what was asked for in the table, if anything was."""
    if row is None or row.action not in ("choose", "select"):
        return selection
    return row.chosen if row.action == "choose" else (row.id,)


def _together(selection: tuple[str, ...]) -> tuple[str, ...]:
    """All that are selected: several as long as the last is what is read beside the canvas."""
    read = session.current().selected
    return selection if selection[-1:] == (read,) else (read,) if read else ()


def _react(store: Store, case: str, event: NetworkEvent, row: TableEvent | None) -> None:
    """Do what the user asked of the network or of the table, before they are drawn again."""
    view = viewing.now(store, case)
    if event.moved:
        view = view.moved(event.moved)
        viewing.change(case, view)
    if event.kind == "select":
        session.current().select(event.selected)
    if event.kind == "expand" and event.expanded:
        _do(store, case, "expand", (event.expanded,))
    if event.kind == "menu" and event.context and event.action:
        _do(store, case, event.action, event.acted)
    if row is None:
        return
    if row.action == "choose":
        session.current().select(row.chosen[-1] if row.chosen else None)
    elif row.action.removeprefix("move-") in _STEPS:
        _move(store, case, row.action, row.ids)
    else:
        _do(store, case, row.action, row.ids or (row.id,))


def _move(store: Store, case: str, action: str, ids: Sequence[str]) -> None:
    """Move these a step to one side."""
    view, (dx, dy) = viewing.now(store, case), _STEPS[action.removeprefix("move-")]
    here = view.graph.positions
    places = {id_: (here[id_][0] + dx, here[id_][1] + dy) for id_ in ids if id_ in here}
    viewing.change(case, view.moved(places))


def _doing(store: Store, case: str, action: str, ids: Sequence[str]) -> Callable[[], None]:
    """A callback that does it; what goes wrong is said on the page."""
    return lambda: viewing.attempt(lambda: _do(store, case, action, ids))


def _do(store: Store, case: str, action: str, ids: Sequence[str]) -> None:
    """One of the things that can be done with an entity or a relationship, or with several at
    once."""
    if not ids:
        return
    view, several = viewing.now(store, case), len(ids) > 1
    if action in ("select", "expand", "collapse", "start", "end") and not several:
        session.current().select(ids[0])
    match action:
        case "expand":
            viewing.widen(store, case, ids)
        case "collapse":
            viewing.take_back(case, ids)
        case "hide":
            viewing.change(case, view.hiding(ids))
        case "show":
            viewing.change(case, view.showing(ids))
        case "pin" | "unpin":
            for id_ in ids:
                view = view.pinning(id_, on=action == "pin")
            viewing.change(case, view)
        case "start" | "end":
            session.current().set_end(ENDS[action], ids[0])
        case "fresh":
            viewing.start_from(store, case, ids[0])


def _table(
    case: str, shown: Subgraph, looks: dict[str, NodeLook], selection: tuple[str, ...]
) -> None:
    """What is on the canvas, and all that can be done with it, for keyboard and screen reader."""
    table = st.expander("The same as a table", key="table", on_change="rerun")
    if not table.open:
        return
    with table:
        # First: the table fills itself, and would push a button away from the pointer.
        take_tables(table_rows(shown))
        network_table(
            shown, key=f"rows-{case}", selected=[i for i in selection if i in shown.by_id],
            menu=_ROW_MENU, looks=looks,
        )  # fmt: skip


# --- the inspector ------------------------------------------------------------------------------


def _inspect(store: Store, case: str, view: View, selection: tuple[str, ...]) -> None:
    chosen = session.current().selected
    if chosen is None:
        _nothing_selected(case, view)
        return
    if len(selection) > 1:
        _several(store, case, view, selection)
    most = sources.most(chosen)
    found, types = work.needed(
        "inspect",
        lambda: _read(store, view, chosen, most),
        frame.READING,
        asked=(chosen, view, most),
    )
    match found:
        case EntityDetail():
            _entity(store, case, view, found, types)
        case ClaimDetail():
            _claim(store, case, view, found)
        case SourceDetail():
            sources.draw(store, case, found)
        case _:
            frame.show(
                tag("p", "This is no longer in the graph; it may have been withdrawn since.")
            )


def _several(store: Store, case: str, view: View, selection: tuple[str, ...]) -> None:
    """How many are selected, and what can be done with all of them; the last is read below."""
    nodes = [id_ for id_ in selection if view.graph.node(id_) is not None]
    loose = [id_ for id_ in nodes if id_ not in view.pinned]
    pinned = [id_ for id_ in nodes if id_ in view.pinned]
    with st.container(border=True, key="several", gap="xsmall"):
        parts = panels.both(len(nodes), len(selection) - len(nodes))
        frame.show(
            tag("p", f"{len(selection)} selected", cls="sentence"),
            tag("p", f"{parts}. What was chosen last is read below.", cls="quiet"),
        )
        with st.container(horizontal=True, gap="xsmall", key="several-do"):
            for words, action, icon, ids in (
                ("Hide all", "hide", "visibility_off", selection),
                ("Pin all", "pin", "keep", loose), ("Unpin all", "unpin", "keep_off", pinned),
            ):  # fmt: skip
                st.button(words, key=f"all-{action}", icon=f":material/{icon}:", disabled=not ids,
                          on_click=_doing(store, case, action, ids))  # fmt: skip


def _claim(store: Store, case: str, view: View, claim: ClaimDetail) -> None:
    chosen = claim.id
    is_relationship = chosen in view.graph.by_id or claim.object is not None
    frame.show(tag("p", "Connection" if is_relationship else "What is said", cls="kind"))
    _actions(store, case, view, chosen)
    frame.show(evidence.claim_details(claim, Workspace.locate()))
    ends = [("From", claim.subject), ("To", claim.object)]
    captions = captions_of(store, [id_ for _, id_ in ends if id_])
    for words, id_ in ends:
        if id_ and st.button(f"{words}: {frame.label(captions.get(id_, id_))}", key=f"end-{words}"):
            frame.look_at(store, case, id_)
            st.rerun()
    frame.behind(*inspector.behind(chosen, [chosen]))
    _note(case, view, chosen)


def _read(
    store: Store, view: View, id_: str, most: int
) -> tuple[EntityDetail | ClaimDetail | SourceDetail | None, list[RelationshipType]]:
    """What is behind an id, or nothing any more; of an entity its types of relationship as well.

    Of a source, `most` passages.
    """
    found = inspector.entity(store, id_)
    if found is None:
        return inspector.claim(store, id_) or inspector.source(store, id_, most), []
    return found, list(neighbours.relationship_types(store, view, id_))


def _nothing_selected(case: str, view: View) -> None:
    frame.show(
        tag("p", "Nothing is selected", cls="kind"),
        tag("p", "Click an entity or a connection: what sources say of it opens here."),
        tag(
            "p",
            "Double-click brings in the neighbours of an entity; a right-click has everything that "
            "can be done with it, and so has the table below, by keyboard. ? lists all keys.",
            cls="quiet",
        ),
    )
    if not view.hidden_nodes:
        return
    frame.show(tag("h4", "Hidden by hand"))
    for node in view.hidden_nodes[:20]:
        st.button(
            frame.label(f"Show {node.caption}"), key=f"unhide-{node.id}", type="tertiary",
            icon=":material/visibility:",
            on_click=lambda id_=node.id: viewing.step(case, lambda now: now.showing([id_])),
        )  # fmt: skip
    if len(view.hidden_nodes) > 20:
        st.caption(f"Showing 20 of {len(view.hidden_nodes):,}; “Show what is hidden” brings all.")


def _entity(
    store: Store, case: str, view: View, found: EntityDetail, types: Sequence[RelationshipType]
) -> None:
    frame.show(evidence.entity_head(found))
    _actions(store, case, view, found.id)
    _relationships(store, case, view, found.id, types)
    frame.show(evidence.entity_claims(found, Workspace.locate()))
    frame.behind(*inspector.behind(found.id, [claim.id for claim in found.claims]))
    _note(case, view, found.id)


def _actions(store: Store, case: str, view: View, id_: str) -> None:
    """What can be done with what is selected, by button."""

    def button(words: str, action: str, icon: str, tip: str) -> None:
        st.button(words, key=f"do-{action}", icon=f":material/{icon}:", help=tip,
                  on_click=_doing(store, case, action, (id_,)))  # fmt: skip

    with st.container(horizontal=True, gap="xsmall", key="actions"):
        here = id_ in view.graph.by_id
        if here and id_ in view.hidden:
            button("Show", "show", "visibility", "Bring it back onto the canvas")
        elif here:
            button("Hide", "hide", "visibility_off", "It stays counted, and can be brought back")
        if view.graph.node(id_) is not None:
            if id_ in view.pinned:
                button("Unpin", "unpin", "keep_off", "Let it move and be taken back again")
            else:
                button("Pin", "pin", "keep", "It keeps its place, and no collapse takes it back")
            button("From", "start", "trip_origin", "Paths from here")
            button("To", "end", "flag", "Paths to here")
        with st.popover("Id"):
            st.code(id_, language=None, wrap_lines=True)


def _relationships(
    store: Store, case: str, view: View, id_: str, types: Sequence[RelationshipType]
) -> None:
    """The types of relationship with their numbers; each can be brought in, page by page."""
    if not types:
        st.caption("No connection leads from here to another entity.")
        return
    total, shown = sum(t.total for t in types), sum(min(t.shown, t.total) for t in types)
    # Said once above the rows: a tooltip would lie over the next ones.
    does = [f"+ brings in up to {neighbours.PAGE} more, the best sourced first"] * any(
        relationship.left for relationship in types
    )
    does += ["○ lights these connections and dims the rest"] * any(
        not relationship.left for relationship in types
    )
    with st.container(gap=None):
        frame.show(
            tag("h4", f"Connections: {shown:,} of {total:,} brought in"),
            tag("p", "; ".join(does), cls="quiet"),
        )
        for relationship in types:
            _relationship(store, case, id_, relationship)
    with st.container(horizontal=True, gap="small"):
        if shown < total:
            st.button(
                f"Add {neighbours.PAGE_ALL}" if total - shown > neighbours.PAGE_ALL else "Add all",
                key="expand", icon=":material/add:", help="Over all types of connection",
                on_click=_doing(store, case, "expand", (id_,)),
            )  # fmt: skip
        brought = view.brought_by(id_)
        if brought:
            st.button(
                f"Take back {len(brought):,}", key="collapse", icon=":material/remove:",
                help="What came from here, unless something else needs it",
                on_click=_doing(store, case, "collapse", (id_,)),
            )  # fmt: skip
    held = len(view.graph.nodes)
    if shown < total and held >= neighbours.MOST:
        _offer(store, case, id_)
    elif held > neighbours.WARN:
        # The warning stands below the canvas, and more is brought in from here.
        st.caption(f"The view holds {held:,} entities; beyond {neighbours.MOST:,} no more come in.")


def _relationship(store: Store, case: str, id_: str, relationship: RelationshipType) -> None:
    """Draw a button for one type: it brings in more of it, or lights it once all of it is here."""
    shown = min(relationship.shown, relationship.total)
    words = f"{relationship.words} · {shown:,} of {relationship.total:,}"
    key = f"add-{relationship.type}-{'out' if relationship.outgoing else 'in'}"
    if relationship.left:
        more = (relationship.type, relationship.outgoing)
        st.button(
            words, key=key, type="tertiary", icon=":material/add:",
            on_click=lambda: viewing.widen(store, case, (id_,), *more),
        )  # fmt: skip
        return
    these = (id_, relationship.type, relationship.outgoing)
    asked = session.of(_LitRelationships)
    lit = asked.of == these

    def turn() -> None:
        # By what is lit now: the press may come before this button was drawn anew.
        asked.of = None if asked.of == these else these

    st.button(
        words, key=key, type="tertiary", on_click=turn,
        icon=":material/radio_button_checked:" if lit else ":material/radio_button_unchecked:",
    )  # fmt: skip


def _offer(store: Store, case: str, id_: str) -> None:
    """Where there is no room: what there would be, as counts and a ranked table."""
    found = work.done(
        "offer", id_, lambda _: neighbours.offer(store, id_), "Counting its neighbours …"
    )
    st.warning(
        f"This view holds {neighbours.MOST:,} entities, which is as many as it may. Narrow it with "
        "Filters and “Take out what is not shown”, or start a new view from here."
    )
    st.button("Start a new view from here", key="fresh",
              on_click=_doing(store, case, "fresh", (id_,)))  # fmt: skip
    if found is None:
        return
    kinds = ", ".join(f"{count:,} {words}" for words, count in found.by_type)
    st.caption(f"Around it: {kinds}. The best sourced {len(found.ranked)} of {found.total:,}:")
    ranked = [
        {
            "Entity": n.caption, "Type": n.type_words, "Connections": n.relationships,
            "Origins": n.origins,
        }
        for n in found.ranked
    ]  # fmt: skip
    st.dataframe(ranked, hide_index=True)
    take_rows(ranked, "around")


def _note(case: str, view: View, id_: str) -> None:
    """The newsroom's own words, which no source says."""
    if id_ not in view.graph.by_id:
        return
    written = Field[str](f"note-{case}-{id_}")
    written.fill(view.notes.get(id_, ""))
    st.text_area(
        "Note on this board", key=written.key, max_chars=LONGEST_NOTE, height=90,
        placeholder="Your own words; they stay in this view.",
        on_change=lambda: viewing.step(case, lambda now: now.noting(id_, written.value)),
    )  # fmt: skip
