"""Measures of a network: degree, betweenness and communities.

Computed on what is shown and on nothing else, which the caption says beside the numbers: in a case
of few sources they measure what was covered, not who has power.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import networkx as nx
import rustworkx as rx

from graph.explore.subgraph import Subgraph
from graph.model.wording import CERTAIN, counted

FEW_SOURCES: Final = 20
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that can be chosen: its name, what people call it, and what it says.

    `groups` is true where its values name groups, which have no order.
    """

    name: str
    words: str
    says: str
    groups: bool = False


MEASURES: Final[Mapping[str, Measure]] = {
    m.name: m
    for m in (
        Measure("degree", "degree", "with how many others each entity is connected"),
        Measure(
            "betweenness",
            "betweenness",
            "on what share of the shortest paths between two others each entity lies",
        ),
        Measure(
            "communities",
            "community",
            "groups whose members are connected to each other more than to the rest",
            groups=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The values of a measure by entity, and what was computed on what.

    Groups are numbered from 1, the largest first; 0 is for those that belong to none.
    """

    measure: Measure
    values: Mapping[str, float]
    caption: str

    @property
    def shares(self) -> dict[str, float]:
        """Each value between 0 and 1: its share of the largest."""
        top = max(self.values.values(), default=0.0)
        return {id_: value / top if top else 0.0 for id_, value in self.values.items()}


def measure(subgraph: Subgraph, name: str, sources: int | None = None) -> Measured:
    """A measure of every entity that is shown.

    `sources` is how many sources the case rests on, for the caption. Raises KeyError if there is
    no such measure.
    """
    chosen, graph = MEASURES[name], _graph(subgraph)
    compute, how = _COMPUTE[name]
    values = compute(graph)
    return Measured(chosen, values, _caption(chosen, graph, how(graph), sources))


def _graph(subgraph: Subgraph) -> nx.Graph[str]:
    """The network without directions, each pair connected once; what may be the same is no
    relationship."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(node.id for node in subgraph.nodes))
    same = subgraph.schema.names("same")
    for relationship in sorted(subgraph.relationships, key=lambda r: r.id):
        possible = relationship.type in same and relationship.attributes.get("certainty") != CERTAIN
        if relationship.source != relationship.target and not possible:
            graph.add_edge(relationship.source, relationship.target)
    return graph


def _degree(graph: nx.Graph[str]) -> dict[str, float]:
    return {id_: float(degree) for id_, degree in graph.degree()}


def _betweenness(graph: nx.Graph[str]) -> dict[str, float]:
    ids = list(graph)
    place = {id_: i for i, id_ in enumerate(ids)}
    counted: rx.PyGraph[str, None] = rx.PyGraph()
    counted.add_nodes_from(ids)
    counted.add_edges_from_no_data([(place[a], place[b]) for a, b in graph.edges])
    found = rx.graph_betweenness_centrality(counted)
    # Threads add the shares in any order: what differs is rounding.
    return {id_: round(found[i], 12) for id_, i in place.items()}


def _communities(graph: nx.Graph[str]) -> dict[str, float]:
    groups = nx.community.louvain_communities(graph, seed=_SEED)
    several = (sorted(group) for group in groups if len(group) > 1)
    ranked = sorted(several, key=lambda g: (-len(g), g[0]))
    found = {id_: float(number) for number, group in enumerate(ranked, 1) for id_ in group}
    return {id_: found.get(id_, 0.0) for id_ in graph}


def _no_method(_: nx.Graph[str]) -> str:
    return ""


def _louvain(_: nx.Graph[str]) -> str:
    return " by the method of Louvain, and one connection more may divide them otherwise"


_COMPUTE: Final[
    Mapping[str, tuple[Callable[[nx.Graph[str]], dict[str, float]], Callable[[nx.Graph[str]], str]]]
] = {
    "degree": (_degree, _no_method),
    "betweenness": (_betweenness, _no_method),
    "communities": (_communities, _louvain),
}


def _caption(chosen: Measure, graph: nx.Graph[str], how: str, sources: int | None) -> str:
    nodes, pairs = graph.number_of_nodes(), graph.number_of_edges()
    said = (
        f"{chosen.words.capitalize()}: {chosen.says}. Computed on the {counted(nodes, 'entity')} "
        f"shown and the {counted(pairs, 'pair')} of them with a connection{how}. "
    )
    if sources is not None and sources < FEW_SOURCES:
        rests = counted(sources, "source")
        return f"{said}The case rests on {rests}: this measures coverage, not power."
    return f"{said}It measures what sources tell, not who has power."
