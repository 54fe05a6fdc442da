"""Loads over connections that are lost, delayed and torn, compared with undisturbed ones."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple
from unittest.mock import patch

from fault_proxy import Faults, Proxy
from invented import differing, dump

from bench import generate
from bench.measuring import timed
from graph.ingest import loads
from graph.runtime import streams
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

SIZES: Final = (120, 100)  # claims of the two states of the case: the second withdraws some
_BATCH: Final = 40  # rows a transaction: many transactions, and so many points to fail at
_HANDS: Final = 4  # loads that run side by side: most of their time is waiting


class Disturbed(NamedTuple):
    """One disturbed load: the seed of its faults and how many there were, how often a user would
    have had to run the command again, its seconds, and what ended wrong (empty if nothing)."""

    seed: int
    faults: int
    again: int
    seconds: float
    wrong: str


def measure(
    store: Store, folder: Path, count: int, seed: int = 0
) -> tuple[float, Sequence[Disturbed]]:
    """Load a case through a proxy with faults, so often, and compare each with an undisturbed one.

    Returns the seconds of an undisturbed load, and the disturbed ones, whose seeds are counted from
    `seed`. `store` is open on a Neo4j of this machine, to which the environment leads.
    """
    states = [generate.write_case(folder / f"state-{claims}", claims) for claims in SIZES]

    def load(state: Path, case: str, store: Store) -> None:
        loads.load(store, Workspace.locate(), read_case(state, case))

    def calm(case: str) -> None:
        for state in states:
            load(state, case, store)

    def disturb(number: int) -> Disturbed:
        case = f"disturbed-{number}"
        with Proxy(int(store.info.address.rpartition(":")[2]), members=3) as proxy:
            faults = proxy.faults = Faults(number)
            tries = [timed(proxy.persist, partial(load, state, case)) for state in states]
        wrong = differing(expected, dump(store, case))
        store.write("MATCH (n) WHERE n.case = $case DETACH DELETE n", {"case": case})
        seconds, again = sum(taken for taken, _ in tries), sum(again for _, (_, again) in tries)
        return Disturbed(number, len(faults.happened), again, seconds, wrong)

    with patch.object(streams, "BATCH", _BATCH), ThreadPoolExecutor(_HANDS) as hands:
        calm("calm")
        expected = dump(store, "calm")
        disturbed = list(hands.map(disturb, range(seed, seed + count)))
        # Last, when the server's code is compiled as it was for most of the others, and as many at
        # once as these were.
        cases = [f"again-{number}" for number in range(_HANDS)]
        return timed(lambda: list(hands.map(calm, cases)))[0], disturbed
