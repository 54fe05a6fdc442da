"""Loads over connections that are lost, delayed and torn, compared with undisturbed ones."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest.mock import patch

from fault_proxy import Faults, Proxy
from invented import differing, dump

from bench import generate
from bench.measuring import seconds
from graph.errors import StoreUnavailable
from graph.ingest import loads
from graph.runtime import streams
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

SIZES: Final = (120, 100)
"""Claims of the two states of the case, loaded one after the other: the second withdraws some."""
_BATCH: Final = 40
"""Rows a transaction: many transactions, and so many points to fail at."""
_TRIES: Final = 6
_HANDS: Final = 4
"""Loads that run side by side: most of their time is waiting."""


@dataclass(frozen=True)
class Disturbed:
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
    states = [
        generate.write_case(folder / f"state-{claims}", claims, case_id="invented")
        for claims in SIZES
    ]

    def disturb(number: int) -> Disturbed:
        case = f"disturbed-{number}"
        with Proxy(int(store.info.address.rpartition(":")[2]), members=3) as proxy:
            faults = proxy.faults = Faults(number)
            began = time.monotonic()
            again = sum(_tries(proxy, state, case) for state in states)
            taken = time.monotonic() - began
        wrong = differing(expected, dump(store, case))
        store.write("MATCH (n) WHERE n.case = $case DETACH DELETE n", {"case": case})
        return Disturbed(number, len(faults.happened), again, taken, wrong)

    def calm(case: str) -> None:
        for state in states:
            _load(store, state, case)

    with patch.object(streams, "BATCH", _BATCH), ThreadPoolExecutor(_HANDS) as hands:
        calm("calm")
        expected = dump(store, "calm")
        disturbed = list(hands.map(disturb, range(seed, seed + count)))
        # Last, when the server's code is compiled as it was for most of the others, and as many at
        # once as these were.
        again = [f"again-{number}" for number in range(_HANDS)]
        return seconds(lambda: list(hands.map(calm, again))), disturbed


def _load(store: Store, state: Path, case: str) -> None:
    loads.load(store, Workspace.locate(), read_case(state, case))


def _tries(proxy: Proxy, state: Path, case: str) -> int:
    """Load a state, again where the error says so; returns how often that was."""
    for again in range(_TRIES):
        try:
            with Store.open(environ={**os.environ, "NEO4J_URI": proxy.uri}) as store:
                _load(store, state, case)
            return again
        except StoreUnavailable as error:
            last = error
    raise last
