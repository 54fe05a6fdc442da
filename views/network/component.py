"""The network as a Streamlit component: data goes out, what the user did comes back.

pyvis holds the lists of nodes and edges, the vis-network that pyvis ships draws them. pyvis's own
page is never used: it fetches from other hosts and runs HTML that data may hold.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

import streamlit as st

from graph.errors import SutraError
from graph.explore.layout import LABELLED, MARK, label_lines, plain
from graph.explore.style import RED, RED_ON_DARK, bends, line_style, standing, type_styles
from graph.explore.subgraph import NodeView, Point, RelationshipView, Subgraph
from graph.model.wording import counted
from views import session
from views.network.parts import MenuItem, NodeLook, What, menu_of, mounted
from views.network.table import TableEvent, network_table
from views.network.vendor import ensure_vendor

COMPONENT: Final = "sutra.network"

Kind = Literal["select", "expand", "context", "menu", "move", "view"]


@dataclass(frozen=True)
class Target:
    """One entity on the canvas."""

    id: str
    what: What


@dataclass(frozen=True)
class Viewport:
    """Which part is seen: the point in the middle of the frame, and the zoom (1 is full size)."""

    x: float
    y: float
    scale: float


@dataclass(frozen=True)
class Look:
    """Where the page wants the user to look, None for the whole. `asked` names the asking."""

    asked: str
    at: Viewport | None = None


@dataclass(frozen=True)
class NetworkEvent:
    """What the user did since the last run, and how the network stands now.

    `kind` is None if the user did nothing here. `selection` holds the ids selected now,
    nodes and relationships alike, the last one last. `expanded` and `context` are set in the one
    run that follows a double-click or a right-click, `action` and `context` in the one that follows
    a choice from the menu. `moved` are the nodes just dragged,
    `positions` says where every node lies. `viewport` is where the view stood at the last event,
    None before; `whole` says that it showed everything, as it does before anybody looks elsewhere.
    `acted` are the ids that the choice from the menu is for: all that are selected, as far as it
    can be done with them, where that was asked for with several.
    """

    kind: Kind | None = None
    selection: tuple[str, ...] = ()
    expanded: str | None = None
    context: Target | None = None
    action: str | None = None
    moved: Mapping[str, Point] = field(default_factory=dict)
    positions: Mapping[str, Point] = field(default_factory=dict)
    viewport: Viewport | None = None
    whole: bool = True
    acted: tuple[str, ...] = ()

    @property
    def selected(self) -> str | None:
        """The id that was selected last, or None."""
        return self.selection[-1] if self.selection else None


_ASKED: Final = ("expand", "context", "menu")


@dataclass
class _State:
    """What one network remembers between runs, in the session."""

    ack: int = 0
    selection: tuple[str, ...] = ()
    asked_selection: tuple[str, ...] | None = None
    placed: dict[str, Point] = field(default_factory=dict)
    given: dict[str, Point] = field(default_factory=dict)
    viewport: Viewport | None = None
    whole: bool = True
    look: Look | None = None
    answers: Hashable = None
    heard: dict[str, Any] | None = None
    fresh: dict[str, Any] | None = None


def network_view(
    subgraph: Subgraph,
    *,
    key: str,
    selected: str | Sequence[str] | None = None,
    lit: Collection[str] | None = None,
    focus: str | None = None,
    look: Look | None = None,
    answers: Hashable = None,
    height: int = 640,
    labels: int = LABELLED,
    follow_view: bool = False,
    menu: Sequence[MenuItem] = (),
    looks: Mapping[str, NodeLook] | None = None,
    on_event: Callable[[], None] | None = None,
    listed: bool = True,
) -> NetworkEvent:
    """Draw the network, below it the same as a table, and return what the user did.

    Every node must have been placed (`graph.explore.layout`). `key` names this network within the
    app; as long as it stays the same, reruns change what differs and move nothing else.
    `selected`: a change of it selects these ids, `()` clears, None leaves it to the user.
    `lit`: ids that stay as they are while the rest is dimmed; None dims nothing.
    `focus`: a change of it brings that node into the middle; a change of `look` flies there.
    `answers` is what the picture answers: another answer is shown whole, while of the same one the
    user may go on looking at a part. `height` is in pixels.
    `labels`: how many nodes show their captions at first. `follow_view`: whether panning and
    zooming alone are reported, and once where the view stands when it is asked for; they make no
    run otherwise and come with the next event.
    `menu` opens on a right-click, or with Shift+F10 on what is selected; without one the click is
    an event of kind `context`. `looks` sets marks apart, by id.
    `on_event` is called before the run that an event starts, as Streamlit's callbacks are.
    What is done in the table comes back as if it was done on the canvas. A page that draws the
    table itself, elsewhere below the canvas, has it not `listed` here.

    Where the page and the user both placed a node or selected something, whoever changed it last
    wins. Raises SutraError if a node has no position, or if the drawing library is missing.
    """
    missing = [n.id for n in subgraph.nodes if n.position is None]
    if missing:
        raise SutraError(
            f"{missing[0]} has no position, of {counted(len(missing), 'node')} without one."
        )
    state = session.of(_State, key)
    if answers != state.answers:
        state.answers, state.look = answers, Look(_unheard_of())
    look = look or state.look
    asked = None if selected is None else (selected,) if isinstance(selected, str) else selected
    _reconcile(state, subgraph, None if asked is None else tuple(asked))

    def received() -> None:
        _receive(state, key)
        if on_event is not None:
            on_event()

    ensure_vendor()
    mounted(COMPONENT, "network")(
        key=key,
        height=height,
        data={
            **build(subgraph.with_positions(state.placed), looks),
            "menu": menu_of(menu),
            "key": key,
            "ack": state.ack,
            "selected": list(state.selection),
            "lit": None if lit is None else sorted(lit),
            "focus": focus,
            "look": None if look is None else asdict(look),
            "labels": labels,
            "followView": follow_view,
            "viewport": None if state.viewport is None or state.whole else vars(state.viewport),
        },
        on_event_change=received,
    )
    if listed:
        _table(subgraph, state, key, menu, looks, on_event)
    return _event(state)


def _table(
    subgraph: Subgraph, state: _State, key: str, menu: Sequence[MenuItem],
    looks: Mapping[str, NodeLook] | None, on_event: Callable[[], None] | None,
) -> None:  # fmt: skip
    """What is on the canvas for keyboard and screen reader, filled once it is opened."""
    opened = st.expander("The same as a table", key=f"{key}-table", on_change="rerun")
    if not opened.open:
        return

    def received(event: TableEvent) -> None:
        _take_row(state, subgraph, event)
        if on_event is not None:
            on_event()

    with opened:
        network_table(
            subgraph, key=f"{key}-rows", selected=state.selection, menu=menu, looks=looks,
            on_event=received,
        )  # fmt: skip


def _take_row(state: _State, subgraph: Subgraph, event: TableEvent) -> None:
    """Take in what was asked for in the table, as if it was asked for on the canvas."""
    what: What = "relationship" if subgraph.node(event.id) is None else "node"
    state.fresh = {"kind": "select"}
    match event.action:
        case "choose":
            state.selection = event.chosen
        case "select":
            state.selection = (event.id,)
        case _:
            on = {"id": event.id, "what": what}
            state.fresh = {"kind": "menu", "on": on, "action": event.action, "ids": event.ids}


def look_in(key: str, selected: Sequence[str], at: Viewport | None) -> None:
    """Have these selected in that network and look there, None at the whole, from this run on.

    Called before `take_event`; what the user does later counts, as ever.
    """
    state = session.of(_State, key)
    state.selection, state.whole = tuple(selected), at is None
    state.viewport = at or state.viewport
    state.look = Look(_unheard_of(), at)


def _unheard_of() -> str:
    """A name for what is asked of the browser that no session has asked it for."""
    return secrets.token_hex(8)


def take_event(key: str) -> NetworkEvent:
    """What happened in that network since the last run, taken before it is drawn again.

    A page that changes the view by it draws once. `network_view` then returns no event of its own.
    """
    return _event(session.of(_State, key))


def build(subgraph: Subgraph, looks: Mapping[str, NodeLook] | None = None) -> dict[str, Any]:
    """Nodes, edges, options and styles as the frontend takes them, ready for JSON.

    Nothing in it is HTML. Captions are cut and stripped of control characters.
    """
    from pyvis.network import Network  # imports IPython and more: 0.5 s that only drawing needs

    net = Network(directed=True)
    bent = bends(subgraph.relationships)
    captions = {n.id: plain(n.caption) for n in subgraph.nodes}
    # add_node and add_edge search their lists each time; 10,000 of them take 14 s.
    apart = looks or {}
    net.nodes = [_node(n, captions[n.id], apart.get(n.id)) for n in subgraph.nodes]
    net.edges = [
        _edge(r, subgraph.words(r), bent[r.id], captions, apart.get(r.id))
        for r in subgraph.relationships
    ]
    net.options = _OPTIONS
    nodes, edges, _, _, _, options = net.get_network_data()
    return {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "types": type_styles(subgraph.schema),
        "red": RED,
        "redOnDark": RED_ON_DARK,
        "mark": MARK,
    }


_OPTIONS: Final[dict[str, Any]] = {
    "autoResize": False,  # the frontend watches the frame itself, and can stop watching
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"shape": "custom", "size": MARK, "chosen": False},
    "edges": {"smooth": {"enabled": False}, "chosen": False},
    "interaction": {
        "hover": False,
        "multiselect": False,
        "selectable": True,
        "selectConnectedEdges": False,
        "keyboard": {"enabled": False},
        "navigationButtons": False,
        "tooltipDelay": 1e9,
        "zoomSpeed": 0.6,
    },
}


def _node(node: NodeView, caption: str, look: NodeLook | None) -> dict[str, Any]:
    apart: dict[str, Any] = {}
    if look is not None:
        marks = {"size": look.size != 1 and round(MARK * look.size, 2), "colour": look.colour,
                 "pinned": look.pinned, "noted": bool(look.note)}  # fmt: skip
        apart = {name: value for name, value in marks.items() if value}
    return {
        **apart,
        "id": node.id,
        "x": node.x,
        "y": node.y,
        "type": node.label,
        "caption": caption,
        "lines": list(label_lines(node.caption)),
        "rank": node.rank,
    }


def _edge(
    r: RelationshipView,
    words: str,
    bend: float,
    captions: Mapping[str, str],
    look: NodeLook | None,
) -> dict[str, Any]:
    style = line_style(r)
    return {
        "id": r.id,
        "from": r.source,
        "to": r.target,
        "bend": bend,
        "words": words,
        "width": style.width,
        "dashed": style.dashed,
        "double": style.double,
        "open": style.open_arrow,
        "faint": not r.certain,
        "standing": standing(r),
        "noted": look is not None and bool(look.note),
    }


def _reconcile(state: _State, subgraph: Subgraph, asked: tuple[str, ...] | None) -> None:
    """Let the page's positions and selection win where they changed since the last run."""
    given = subgraph.positions
    for id_, point in given.items():
        if id_ not in state.placed or state.given.get(id_) != point:
            state.placed[id_] = point
    state.placed = {i: p for i, p in state.placed.items() if i in given}
    state.given = given
    if asked is not None and asked != state.asked_selection:
        state.selection = asked
    state.asked_selection = asked
    state.selection = tuple(i for i in state.selection if i in subgraph.by_id)


def _receive(state: _State, key: str) -> None:
    """Take in what the frontend sent, before the run that it started."""
    sent = session.sent(key, "event")
    # What has not been heard of is sent again: it happened once.
    if sent is None or sent == state.heard:
        return
    state.heard = sent
    state.ack = max(state.ack, int(sent["seq"]))
    if sent["selected"] is not None:
        state.selection = tuple(str(i) for i in sent["selected"])
    if view := sent.get("viewport"):
        state.viewport = Viewport(float(view["x"]), float(view["y"]), float(view["scale"]))
        state.whole = bool(sent.get("whole"))
    for id_, (x, y) in sent["moved"].items():
        if id_ in state.placed:
            state.placed[id_] = (float(x), float(y))
    # A run that is overtaken before it took what was asked for leaves that to the next one; where
    # the reader looks is told beside whatever else happened.
    kept = state.fresh is not None and (
        sent["kind"] == "view" or (state.fresh["kind"] in _ASKED and sent["kind"] not in _ASKED)
    )
    if not kept:
        state.fresh = sent


def _event(state: _State) -> NetworkEvent:
    """What happened since the last run; it happens once."""
    sent, state.fresh = state.fresh or {}, None
    kind: Kind | None = sent.get("kind")
    on = sent.get("on")
    return NetworkEvent(
        kind=kind,
        selection=state.selection,
        expanded=str(on["id"]) if kind == "expand" and on else None,
        context=Target(on["id"], on["what"]) if kind in ("context", "menu") and on else None,
        action=str(sent["action"]) if kind == "menu" and sent.get("action") else None,
        moved={i: state.placed[i] for i in sent.get("moved", {}) if i in state.placed},
        positions=dict(state.placed),
        viewport=state.viewport,
        whole=state.whole,
        acted=tuple(map(str, sent.get("ids") or ())) if kind == "menu" else (),
    )
