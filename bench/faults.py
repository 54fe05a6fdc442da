"""Loads over connections that are lost, delayed and torn, compared with undisturbed ones.

`python -m bench.faults --loads 200 --seed 0` starts its own Neo4j, prints the table and ends with
an error if a load ended wrong; it names the seed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from bench import generate
from bench.servers import serve
from graph.errors import StoreUnavailable
from graph.ingest import loads
from graph.runtime import streams
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

# bench.servers leads to the tests' own modules.
from fault_proxy import Faults, Proxy  # isort: skip
from invented import differing, dump  # isort: skip

SIZES: Final = (120, 100)
"""Claims of the two states of the case, loaded one after the other: the second withdraws some."""
_BATCH: Final = 40
_TRIES: Final = 6
_HANDS: Final = 4
"""Loads that run side by side."""


@dataclass
class Outcome:
    """What came of disturbed loads: how many faults there were, how often a user would have had to
    run the command again, seconds of both states without and with faults, and what ended wrong."""

    faults: int = 0
    again: int = 0
    calm: float = 0.0
    disturbed: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def of_all(cls, parts: Sequence[Outcome]) -> Outcome:
        """What came of all of them; `calm` is still to be measured."""
        return cls(
            faults=sum(part.faults for part in parts),
            again=sum(part.again for part in parts),
            disturbed=[seconds for part in parts for seconds in part.disturbed],
            wrong=[wrong for part in parts for wrong in part.wrong],
        )

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of the table's row."""
        return (
            f"{len(self.disturbed)}", f"{self.faults}", f"{self.again}", f"{self.calm:.2f}",
            f"{statistics.median(self.disturbed):.2f}", f"{max(self.disturbed):.2f}",
            f"{len(self.wrong)}",
        )  # fmt: skip


HEAD: Final = (
    "loads", "faults", "commands run again", "s, undisturbed", "s, disturbed", "s, at most",
    "ended wrong",
)  # fmt: skip


def measure(store: Store, folder: Path, count: int, seed: int = 0) -> Outcome:
    """Load a case through a proxy with faults, so often, and compare each with an undisturbed one.

    `store` is open on a Neo4j of this machine, to which the environment leads. A few load side by
    side, each a case of its own through a proxy of its own: most of their time is waiting.
    """
    states = [
        generate.write_case(folder / f"state-{claims}", claims, case_id="invented")
        for claims in SIZES
    ]
    with pytest.MonkeyPatch.context() as patch:
        # Many transactions, and so many points to fail at.
        patch.setattr(streams, "BATCH", _BATCH)
        _load(store, states, "calm")
        expected = dump(store, "calm")
        with ThreadPoolExecutor(_HANDS) as pool:
            hands = []
            for hand in range(_HANDS):
                numbers, case = range(seed + hand, seed + count, _HANDS), f"disturbed-{hand}"
                hands.append(pool.submit(_disturb, store, states, case, numbers, expected))
        outcome = Outcome.of_all([hand.result() for hand in hands])
        # Last, when the server's code is compiled as it was for most of the others, and as many at
        # once as these were.
        began = time.monotonic()
        with ThreadPoolExecutor(_HANDS) as pool:
            again = [pool.submit(_load, store, states, f"again-{n}") for n in range(_HANDS)]
        for done in again:
            done.result()
        outcome.calm = time.monotonic() - began
    return outcome


def _disturb(store: Store, states: list[Path], case: str, numbers: range, expected: Any) -> Outcome:
    """Load the case again and again, each time with the faults of another seed."""
    outcome = Outcome()
    with Proxy(int(store.info.address.rpartition(":")[2]), members=3) as proxy:
        for number in numbers:
            _disturbed(proxy, states, case, number, outcome)
            if different := differing(expected, dump(store, case)):
                outcome.wrong.append(f"seed {number}:\n{different}")
            store.write("MATCH (n) WHERE n.case = $case DETACH DELETE n", {"case": case})
    return outcome


def _disturbed(proxy: Proxy, states: list[Path], case: str, seed: int, outcome: Outcome) -> None:
    """One disturbed load of both states, run again where the error says so."""
    faults = proxy.faults = Faults(seed)
    began = time.monotonic()
    for state in states:
        for turn in range(_TRIES):
            try:
                with Store.open(environ={**os.environ, "NEO4J_URI": proxy.uri}) as store:
                    _load(store, [state], case)
                break
            except StoreUnavailable:
                outcome.again += 1
                if turn == _TRIES - 1:
                    raise
    proxy.faults = None
    outcome.disturbed.append(time.monotonic() - began)
    outcome.faults += len(faults.happened)


def _load(store: Store, states: list[Path], case: str) -> None:
    for state in states:
        loads.load(store, Workspace.locate(), read_case(state, case))


def main() -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(description="Disturb loads, and compare what they leave.")
    parser.add_argument("--loads", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the first")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sutra-faults-") as temporary:
        folder = Path(temporary)
        os.environ["SUTRA_HOME"] = str(folder / "workspace")
        Workspace.locate().prepare()
        with serve(folder / "server", heap="1g", page_cache="128m") as server:
            os.environ.update(server.environ)
            with Store.open() as store:
                outcome = measure(store, folder, asked.loads, asked.seed)
    for name, cell in zip(HEAD, outcome.row, strict=True):
        print(f"{name}: {cell}")
    for wrong in outcome.wrong:
        print(wrong)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
