"""Where a claim comes from: the ends of the chains of who passes on whom.

Two articles that relay one original have one origin; a publisher in its own voice has an origin
that is not stated. An origin comes from RELAYS alone, never from who is quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import networkx as nx


@dataclass(frozen=True, slots=True)
class Origins:
    """`known` names sources (of a ring, its members joined by `+`); `not_stated` names sources."""

    known: tuple[str, ...]
    not_stated: tuple[str, ...]


def origins(
    supporting: Mapping[str, Iterable[str]],
    held: Callable[[str], bool],
    relayed_by_source: Callable[[str], Iterable[str]],
) -> Origins:
    """The origins of one claim.

    `supporting` maps each source with a passage on the claim to the sources that those passages
    relay. Through a source that is held (it has passages) a chain follows only its passages on the
    same claim, and ends there if it has none; through any other it follows what that source is said
    to relay. A ring without an exit is one origin.
    """
    starts = {source: list(relays) for source, relays in supporting.items()}
    not_stated = tuple(sorted(source for source, relays in starts.items() if not relays))
    if not any(starts.values()):
        return Origins((), not_stated)
    chains: dict[str, list[str]] = {}
    waiting = [source for source, relays in starts.items() if relays]
    while waiting:
        source = waiting.pop()
        if source in chains:
            continue
        if source in starts:
            chains[source] = starts[source]
        else:
            chains[source] = [] if held(source) else list(relayed_by_source(source))
        waiting += chains[source]
    return Origins(tuple(sorted(_ends(chains))), not_stated)


def _ends(chains: Mapping[str, list[str]]) -> Iterator[str]:
    """The ends of chains that map each source to those that it passes on."""
    relaying = {source for source, onward in chains.items() if onward}
    if not any(relaying.intersection(chains[source]) for source in relaying):
        # Nobody passes on who passes on: the common case needs no search for rings.
        yield from (source for source in chains if source not in relaying)
        return
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((source, end) for source, onward in chains.items() for end in onward)
    rings = nx.condensation(graph)
    for ring in rings:
        if rings.out_degree(ring) == 0:
            yield "+".join(sorted(rings.nodes[ring]["members"]))
