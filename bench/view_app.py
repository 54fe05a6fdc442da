"""One page with one drawing tool: `?tool=sutra|st-link-analysis|streamlit-agraph`.

A number and a button; what is drawn is the same invented graph with the same features for each:
captions, types by colour and shape, arrowheads, a layout of its own, zoom and pan.
"""

from __future__ import annotations

import networkx as nx
import streamlit as st

from graph.explore.layout import layout
from graph.explore.subgraph import NodeView, RelationshipView, Subgraph
from graph.model.types import SCHEMA

HEIGHT = 700
_TYPES = SCHEMA.node_types[:6]
_RELATIONSHIPS = SCHEMA.relationship_types[:5]


def a_graph(count: int) -> Subgraph:
    """So many nodes, and about twice as many relationships, a few nodes with very many of them."""
    drawn = nx.barabasi_albert_graph(count, 2, seed=3)
    nodes = tuple(
        NodeView(f"n{i}", _TYPES[i % len(_TYPES)].label, f"Invented no. {i}", rank=drawn.degree(i))
        for i in drawn
    )
    relationships = tuple(
        RelationshipView(f"t{k}", _RELATIONSHIPS[k % 5].name, f"n{a}", f"n{b}")
        for k, (a, b) in enumerate(drawn.edges)
    )
    return Subgraph(nodes, relationships)


def with_sutra(graph: Subgraph) -> None:
    """Our own view."""
    from views.network.component import network_view

    network_view(graph.with_positions(layout(graph)), key="bench", height=HEIGHT)


def with_st_link_analysis(graph: Subgraph) -> None:
    """st-link-analysis, on Cytoscape.js."""
    from st_link_analysis import EdgeStyle, NodeStyle, st_link_analysis

    elements = {
        "nodes": [{"data": {"id": n.id, "label": n.label, "name": n.caption}} for n in graph.nodes],
        "edges": [
            {"data": {"id": t.id, "label": t.type, "source": t.source, "target": t.target}}
            for t in graph.relationships
        ],
    }
    nodes = [NodeStyle(t.label, t.colour, "name") for t in _TYPES]
    edges = [EdgeStyle(t.name, directed=True) for t in _RELATIONSHIPS]
    st_link_analysis(elements, "cose", nodes, edges, height=HEIGHT, key="bench")


def with_streamlit_agraph(graph: Subgraph) -> None:
    """streamlit-agraph, on the vis-network that we draw with too."""
    from streamlit_agraph import Config, Edge, Node, agraph

    forms = ("dot", "square", "triangle", "diamond", "star", "hexagon")
    styles = {t.label: {"color": t.colour, "shape": f} for t, f in zip(_TYPES, forms, strict=True)}
    nodes = [Node(id=n.id, label=n.caption, size=14, **styles[n.label]) for n in graph.nodes]
    edges = [Edge(source=t.source, target=t.target) for t in graph.relationships]
    agraph(nodes, edges, Config(width=1200, height=HEIGHT, directed=True, physics=True))


TOOLS = {
    "sutra": with_sutra,
    "st-link-analysis": with_st_link_analysis,
    "streamlit-agraph": with_streamlit_agraph,
}

st.set_page_config(layout="wide")
if st.button("Draw"):
    TOOLS[st.query_params["tool"]](a_graph(int(st.query_params["nodes"])))
