"""Where a claim comes from: the ends of the chains of who passes on whom.

Two articles that relay one original have one origin; an outlet in its own voice has an origin that
is not stated. An origin comes from RELAYS alone, never from who is quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
    chains: nx.DiGraph[str] = nx.DiGraph()
    waiting = [source for source, relays in starts.items() if relays]
    while waiting:
        source = waiting.pop()
        if source in starts:
            onward = starts[source]
        else:
            onward = [] if held(source) else list(relayed_by_source(source))
        for target in onward:
            if target not in chains:
                waiting.append(target)
            chains.add_edge(source, target)
    rings = nx.condensation(chains)
    ends = (rings.nodes[n]["members"] for n in rings if rings.out_degree(n) == 0)
    return Origins(tuple(sorted("+".join(sorted(ring)) for ring in ends)), not_stated)
