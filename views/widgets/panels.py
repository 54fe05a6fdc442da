"""The panels over the network: what is left out, what is measured, what is kept, what was asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import streamlit as st

from graph.explore import measures, neighbours
from graph.explore import reads as explore
from graph.explore.as_of import Record
from graph.explore.measures import MEASURES, Measured
from graph.explore.subgraph import Subgraph
from graph.explore.view import NO_FILTERS, Dispute, Filters, View
from graph.model.types.claims import STATUSES
from graph.model.wording import counted, plain_date
from graph.store.store import Store
from views import address, frame, session, viewing, work
from views.network.parts import NodeLook
from views.session import Field
from views.widgets.markup import Html, join, paragraph, tag
from views.widgets.taking import take_rows

ANY_DAY: Final = "any day"
_LEAST: Final = (0, 1, 2, 3)
_DISPUTES: Final = {"any": "all", "contested": "contested", "agreed": "not contested"}

GROUPS: Final = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#7A5195", "#F0E442", "#8C6D46",
)  # fmt: skip
REST: Final = "#BDBDBD"
STEPS: Final = ("#EDF3FA", "#B9D2E8", "#74AFD6", "#2F7FBC", "#08468B")
"""Colours of a measure, from little to much."""


# --- filters ------------------------------------------------------------------------------------


def filters_panel(case: str, view: View, record: Record) -> None:
    """Everything that can be left out, with how much there is of each."""
    filters, graph = view.filters, view.graph
    key = f"filter-{case}"

    def changed(make: Callable[[Filters], Filters]) -> Callable[[], None]:
        return lambda: viewing.step(case, lambda now: now.filtered(make(now.filters)))

    def kept(now: Filters, name: str, present: Sequence[str], on: Collection[str]) -> Filters:
        """What is left out once the pills that are off are: what is not here stays as it was."""
        before: frozenset[str] = getattr(now, name)
        out: dict[str, Any] = {name: (before - set(present)) | (set(present) - set(on))}
        return replace(now, **out)

    def pills(
        name: str, words: str, counts: Mapping[str, int], reads: Callable[[str], str]
    ) -> None:
        present, field = list(counts), Field[list[str]](f"{key}-{name}")
        field.fill([n for n in present if n not in getattr(filters, name)])
        st.pills(
            words, present, selection_mode="multi", key=field.key,
            format_func=lambda n: f"{reads(n)} {counts[n]:,}",
            on_change=changed(lambda now: kept(now, name, present, field.value or ())),
        )  # fmt: skip

    pills("types", "Entities", graph.count_nodes(), lambda n: graph.schema.nodes[n].plural)
    pills("statuses", "Standing", _statuses(graph), str)
    pills("relationships", "Connections", graph.count_relationships(), _relationship_words(graph))
    least = Field[int](f"{key}-least")
    least.fill(min(filters.least_origins, _LEAST[-1]))
    st.segmented_control(
        "Origins", _LEAST, key=least.key, required=True,
        format_func=lambda n: "all" if not n else f"{n} or more",
        on_change=changed(lambda now: replace(now, least_origins=least.value)),
    )  # fmt: skip
    dispute = Field[Dispute](f"{key}-dispute")
    dispute.fill(filters.dispute)
    st.segmented_control(
        "Contested", list(_DISPUTES), key=dispute.key, required=True,
        format_func=_DISPUTES.__getitem__,
        on_change=changed(lambda now: replace(now, dispute=dispute.value)),
    )  # fmt: skip
    names = dict(record.sources)
    sources = Field[list[str]](f"{key}-sources")
    sources.fill([s for s in filters.sources if s in names])
    st.multiselect(
        "Only what stands in", list(names), key=sources.key, format_func=names.__getitem__,
        placeholder="any source",
        on_change=changed(
            lambda now: replace(now, sources=(now.sources - set(names)) | set(sources.value))
        ),
    )  # fmt: skip
    if filters != NO_FILTERS:
        st.button(
            "Leave nothing out", key=f"{key}-none",
            on_click=lambda: viewing.step(case, lambda now: now.filtered(NO_FILTERS)),
        )  # fmt: skip


def _relationship_words(graph: Subgraph) -> Callable[[str], str]:
    """What types of relationship are called; two that read alike say of what they are."""
    types = graph.schema.relationships
    often = Counter(types[name].words for name in graph.count_relationships())

    def words(name: str) -> str:
        declared = types[name]
        if often[declared.words] == 1:
            return declared.words
        starts = ", ".join(graph.schema.nodes[label].plural for label in declared.sources)
        return f"{declared.words} ({starts})"

    return words


def _statuses(graph: Subgraph) -> dict[str, int]:
    counts = {
        s: sum(relationship.status == s for relationship in graph.relationships) for s in STATUSES
    }
    return {status: count for status, count in counts.items() if count}


def clocks(case: str, view: View) -> None:
    """The two clocks: what had happened by a day, and what had been reported by a day."""
    with st.container(key="clocks"):
        _clock(case, view, "happened", "Happened until")
        _clock(case, view, "reported", "Reported until")


def _clock(case: str, view: View, clock: Literal["happened", "reported"], words: str) -> None:
    name, chosen = f"{clock}_until", Field[str](f"clock-{case}-{clock}")
    day: str | None = getattr(view.filters, name)
    days = sorted({*view.days(clock), *([day] if day else [])})
    if not days:
        return
    chosen.fill(day or ANY_DAY)

    def changed() -> None:
        until: dict[str, Any] = {name: None if chosen.value == ANY_DAY else chosen.value}
        viewing.step(case, lambda now: now.filtered(replace(now.filters, **until)))

    st.select_slider(
        words, [*days, ANY_DAY], key=chosen.key, on_change=changed,
        format_func=lambda d: d if d == ANY_DAY else plain_date(d),
    )  # fmt: skip


# --- what is left out ---------------------------------------------------------------------------


def count_line(store: Store, case: str, view: View, record: Record) -> None:
    """How much is shown of how much, what is left out and why, and how to bring it back."""
    shown, left = view.shown(record), view.left_out(record)
    nodes, relationships = _totals(store, case)
    said = (
        f"Showing {_of(len(shown.nodes), nodes, 'entity')} and "
        f"{_of(len(shown.relationships), relationships, 'connection')} of the case."
    )
    if left.nodes_hidden or left.relationships_hidden:
        said += f" Hidden by hand: {both(left.nodes_hidden, left.relationships_hidden)}."
    if left.nodes_filtered or left.relationships_filtered:
        said += f" Left out by filters: {both(left.nodes_filtered, left.relationships_filtered)}."
    uncertain = sum(not relationship.certain for relationship in shown.relationships)
    if uncertain:
        said += (
            f" {counted(uncertain, 'connection')}, drawn faint, need not have happened by the day "
            "chosen."
        )
    frame.show(tag("p", said, cls="quiet"))
    if len(view.graph.nodes) > neighbours.WARN:
        st.warning(
            f"This view holds {counted(len(view.graph.nodes), 'entity')}: it draws slowly, and "
            f"beyond {neighbours.MOST:,} no more come in. Filters, or a new view from one of them, "
            "help."
        )
    if not left and view.filters == NO_FILTERS:
        return
    with st.container(horizontal=True, gap="xsmall", key="left-out"):
        if view.hidden:
            st.button(
                "Show what is hidden", key="show-hidden",
                on_click=lambda: viewing.step(case, View.showing),
            )  # fmt: skip
        if view.filters != NO_FILTERS:
            st.button(
                "Clear filters", key="clear-filters",
                on_click=lambda: viewing.step(case, lambda now: now.filtered(NO_FILTERS)),
            )  # fmt: skip
        if lone := _left_alone(view, shown):
            st.button(
                f"Hide {len(lone):,} left alone", key="hide-lone",
                help="What has no connection here any more, since the other end is left out",
                on_click=lambda: viewing.step(case, lambda now: now.hiding(lone)),
            )  # fmt: skip
        if left.nodes_hidden or left.nodes_filtered:
            st.button(
                "Take out what is not shown", key="let-go",
                help="Takes it out of this view; undo brings it back",
                on_click=lambda: viewing.step(
                    case, lambda now: now.letting_go(viewing.record(store, now))
                ),
            )  # fmt: skip


def _left_alone(view: View, shown: Subgraph) -> list[str]:
    """The entities that are shown without a relationship, though the view holds one of theirs."""
    tied = {
        end
        for relationship in shown.relationships
        for end in (relationship.source, relationship.target)
    }
    ever = {
        end
        for relationship in view.graph.relationships
        for end in (relationship.source, relationship.target)
    }
    lone = ever - tied
    return [node.id for node in shown.nodes if node.id in lone]


def _of(some: int, total: int, noun: str) -> str:
    whole = counted(max(some, total), noun)
    return f"{some:,} of {whole}" if total > some else f"all {whole}"


def both(nodes: int, relationships: int) -> str:
    """So many entities and connections, in words."""
    parts = ((nodes, "entity"), (relationships, "connection"))
    return " and ".join(counted(n, noun) for n, noun in parts if n)


@st.cache_data(ttl=60, show_spinner=False)
def _totals(_store: Store, case: str) -> tuple[int, int]:
    return explore.totals(_store, case)


# --- measures -----------------------------------------------------------------------------------


@dataclass
class _Computed:
    """A measure that was computed, and on what."""

    found: Measured | None = None
    basis: Hashable = None


def measured(shown: Subgraph, name: str, sources: int) -> Measured | None:
    """A measure of what is shown, computed once for it; None if none is chosen."""
    if not name or not shown.nodes:
        return None
    known = session.of(_Computed, name)
    basis = (shown.nodes, shown.relationships, sources)
    if known.found is None or known.basis != basis:
        known.found = work.needed(
            f"measure-{name}",
            lambda: measures.measure(shown, name, sources),
            "Measuring …",
            asked=basis,
        )
        known.basis = basis
    return known.found


@st.cache_data(ttl=60, show_spinner=False)
def sources_of(_store: Store, case: str) -> int:
    """How many sources a case rests on."""
    rows = _store.read(
        "MATCH (s:Source) WHERE s.case = $case AND EXISTS { (s)<-[:FROM]-(:Passage) } "
        "RETURN count(s) AS n",
        {"case": case},
    )
    return int(rows[0]["n"])


def looks(view: View, size: Measured | None, colour: Measured | None) -> dict[str, NodeLook]:
    """What sets marks apart: measures, pins and notes."""
    sizes = {} if size is None else size.shares
    colours = {} if colour is None else colour_of(colour)
    apart = set(sizes) | set(colours) | view.pinned | set(view.notes)
    return {
        id_: NodeLook(
            size=round(0.7 + 1.5 * sizes[id_] ** 0.5, 3) if id_ in sizes else 1.0,
            colour=colours.get(id_),
            pinned=id_ in view.pinned,
            note=view.notes.get(id_, ""),
        )
        for id_ in apart
    }


def colour_of(found: Measured) -> dict[str, str]:
    """A colour for each value: one a group, the smaller groups alike; else five steps."""
    if found.measure.groups:
        return {
            id_: GROUPS[int(n) - 1] if 1 <= n <= len(GROUPS) else REST
            for id_, n in found.values.items()
        }
    last = len(STEPS) - 1
    return {id_: STEPS[min(last, int(s * len(STEPS)))] for id_, s in found.shares.items()}


def measures_panel(case: str, view: View, shown: Subgraph, found: Mapping[str, Measured]) -> None:
    """Choose what size and colour say; what was computed on what; and all of it as a table."""

    size, colour = Field[str](f"measure-{case}-size"), Field[str](f"measure-{case}-colour")

    def chosen() -> None:
        viewing.step(case, lambda now: now.measured(size.value, colour.value))

    ordered = ["", *(m.name for m in MEASURES.values() if not m.groups)]

    def choose(
        field: Field[str], words: str, options: Sequence[str], value: str, none: str
    ) -> None:
        field.fill(value if value in options else "")
        st.selectbox(
            words, options, key=field.key, on_change=chosen,
            format_func=lambda m: MEASURES[m].words if m else none,
        )  # fmt: skip

    choose(size, "Size by", ordered, view.size_by, "the same for all")
    choose(colour, "Colour by", ["", *MEASURES], view.colour_by, "the type")
    if not found:
        st.caption("A measure is computed on what is shown, and on nothing else.")
        return
    for each in found.values():
        st.caption(each.caption)
    rows: list[dict[str, Any]] = [
        {
            "Entity": node.caption,
            **{
                m.measure.words.capitalize(): (
                    int(m.values[node.id])
                    if m.measure.groups or m.measure.name == "degree"
                    else round(m.values[node.id], 4)
                )
                for m in found.values()
            },
            "Type": shown.schema.words(node.label),
        }
        for node in shown.nodes
    ]
    first = next(iter(found.values())).measure
    order = 1 if first.groups else -1
    rows.sort(key=lambda row: (order * row[first.words.capitalize()], row["Entity"].casefold()))
    # In a panel this narrow a long name would push what was measured out of sight.
    st.dataframe(
        rows, hide_index=True, height=min(38 + 35 * len(rows), 300),
        column_config={"Entity": st.column_config.TextColumn(width=160)},
    )  # fmt: skip
    take_rows(rows, "measures")
    frame.behind(explore.behind(shown))


def measure_legend(view: View, found: Mapping[str, Measured]) -> Html | None:
    """What colours and sizes mean now, beside the legend."""
    parts: list[Html] = []
    colour = found.get(view.colour_by)
    if colour is not None:
        parts.append(tag("p", f"Colour: {colour.measure.words}", cls="quiet"))
    if colour is not None and colour.measure.groups:
        counts: dict[int, int] = {}
        for number in colour.values.values():
            counts[int(number)] = counts.get(int(number), 0) + 1
        alone = counts.pop(0, 0)
        rest = sum(n for number, n in counts.items() if number > len(GROUPS))
        for number in sorted(counts)[: len(GROUPS)]:
            parts.append(_swatch(f"group-{number}", f"group {number}", counts[number]))
        if rest:
            parts.append(_swatch("group-rest", "smaller groups", rest))
        if alone:
            parts.append(_swatch("group-rest", "in no group", alone))
    elif colour is not None:
        top = max(colour.values.values(), default=0)
        ramp = [tag("i", cls=f"swatch step-{n}") for n in range(1, len(STEPS) + 1)]
        parts.append(tag("p", *ramp, cls="ramp"))
        parts.append(tag("p", f"0 to {_number(top)}", cls="quiet"))
    size = found.get(view.size_by)
    if size is not None:
        parts.append(tag("p", f"Size: {size.measure.words}", cls="quiet"))
    return join(*parts) if parts else None


def _swatch(cls: str, words: str, count: int) -> Html:
    return tag("p", tag("i", cls=f"swatch {cls}"), words, tag("b", f"{count:,}"), cls="key")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3f}"


# --- notes --------------------------------------------------------------------------------------


def notes_list(view: View) -> None:
    """Every note of the view, with what it is on; each opens that."""
    if not view.notes:
        return
    names = {node.id: node.caption for node in view.graph.nodes}

    def called(id_: str) -> str:
        relationship = view.graph.relationship(id_)
        if relationship is None:
            return names[id_]
        start, end = names[relationship.source], names[relationship.target]
        return f"{start} {view.graph.words(relationship)} {end}"

    notes = sorted((called(id_).casefold(), id_, note) for id_, note in view.notes.items())
    # Its words stay the same: under others it would be another one, and closed.
    with st.expander("Notes on this board", key="notes"):
        for _, id_, note in notes:
            with st.container(gap=None):
                st.button(
                    frame.label(called(id_)), key=f"note-of-{id_}", type="tertiary",
                    icon=":material/sticky_note_2:", on_click=session.current().select, args=(id_,),
                )  # fmt: skip
                frame.show(paragraph(note, cls="note"))


# --- boards -------------------------------------------------------------------------------------


def board_panel(store: Store, case: str, view: View) -> None:
    """Keep the view as a board, and how to come back to it."""
    place = address.stored(case)
    # It begins with the title, and another title is another field.
    typed = Field[str](f"board-title-{case}-{view.title}")
    st.text_input(
        "Title", view.title, key=typed.key, placeholder="What this board shows", max_chars=200
    )

    def keep(*, new: bool) -> None:
        title = typed.value
        viewing.attempt(lambda: address.keep_board(store, case, title, new=new))

    with st.container(horizontal=True):
        if place.board is not None:
            st.button("Save the board", key="board-save", type="primary",
                      on_click=lambda: keep(new=False))  # fmt: skip
        st.button("Keep as a new board", key="board-new",
                  type="secondary" if place.board else "primary",
                  on_click=lambda: keep(new=True))  # fmt: skip
    st.caption(
        "A board keeps entities, places, filters and notes. The address of this page leads back to "
        "the view as it is now; whoever may open this graph can follow it."
    )
    if st.button("All boards", key="board-all", icon=":material/dashboard:", type="tertiary"):
        frame.go("boards")


# --- the Cypher ---------------------------------------------------------------------------------


def cypher_panel(view: View, shown: Subgraph) -> None:
    """What was asked of the graph for this view, ready to be run in a shell."""
    if view.graph.cypher:
        st.caption("How the view began")
        st.code(view.graph.cypher, language="cypher", wrap_lines=True)
        st.code(_parameters(view.graph.parameters), language="json", wrap_lines=True)
    schema = view.graph.schema
    kinds = {(e.type, e.outgoing): e for e in view.expansions}
    for (type_, outgoing), expansion in kinds.items():
        words = "all types" if type_ is None else schema.relationships[type_].words
        st.caption(f"The neighbours of an entity, over {words}")
        st.code(neighbours.statement(schema, type_, outgoing), language="cypher", wrap_lines=True)
        one = {"id": expansion.entity, "skip": 0, "limit": max(1, expansion.next)}
        st.code(_parameters(one), language="json", wrap_lines=True)
    st.caption("What is shown, as it stands")
    st.code(
        "MATCH (a:Entity) WHERE a.id IN $ids\n"
        "OPTIONAL MATCH (a)-[r]->(b:Entity) WHERE b.id IN $ids\n"
        "RETURN a.id AS source, type(r) AS type, b.id AS target, r.claim AS claim\n"
        "ORDER BY source, claim",
        language="cypher",
        wrap_lines=True,
    )
    ids = [node.id for node in shown.nodes]
    st.code(_parameters({"ids": ids}), language="json", wrap_lines=True)


def _parameters(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, indent=1)
