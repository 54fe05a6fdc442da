"""`python -m bench`: everything measured in one run, as the tables of docs/performance.md.

It starts its own Neo4j and its own embedded engine in a temporary folder, and takes them away.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from bench import faults, generate, reading, register, view
from bench.loading import driver
from bench.servers import Server, serve
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.store.embedded import service
from graph.store.store import Store

OTHERS = {
    "merge": "MERGE a row (extrapolated)",
    "graphio": "graphio",
}
ROOT = Path(__file__).resolve().parent.parent
BEGAN = time.monotonic()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure loads and reads side by side.")
    parser.add_argument("--loads", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--others", type=int, default=10_000, help="largest case of other ways")
    parser.add_argument("--reads", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--embedded", type=int, nargs="*", default=[10_000])
    parser.add_argument("--register", type=float, default=1.0, help="size of a register; 0: none")
    parser.add_argument("--faults", type=int, default=200, help="disturbed loads; 0: none")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--view", type=int, nargs="*", default=[25, 300, 1_000, 2_000])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sutra-bench-") as temporary:
        folder = Path(temporary)
        os.environ["SUTRA_HOME"] = str(folder / "workspace")
        os.environ.pop("NEO4J_DATABASE", None)
        Workspace.locate().prepare()
        with running(folder / "loads"), Store.open() as store:
            _machine(store)
            _loads(folder, args.loads, args.others)
            _faults(store, folder, args.faults)
        medians = {claims: _read(folder, claims, args) for claims in args.reads}
        _growth(medians)
        _embedded(folder, args.embedded, args.rounds)
        _register(folder, args.register)
        _view(args.view, args.rounds)
    print(f"\nThe whole run took {(time.monotonic() - BEGAN) / 60:.1f} minutes.")


def say(*cells: Any) -> None:
    """A row of a table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def head(title: str, *cells: str) -> None:
    """The head of a table; how long the run has taken goes beside it, to whoever waits."""
    minutes, seconds = divmod(int(time.monotonic() - BEGAN), 60)
    print(f"[{minutes}:{seconds:02}] {title}", file=sys.stderr, flush=True)
    print(f"\n### {title}\n", flush=True)
    say(*cells)
    print("|" + "---|" * len(cells), flush=True)


@contextmanager
def running(home: Path) -> Iterator[Server]:
    """A server on a home, to which the environment leads."""
    with serve(home) as server:
        os.environ.update(server.environ)
        yield server


def _machine(store: Store) -> None:
    memory = psutil.virtual_memory().total / 2**30
    print(
        f"{psutil.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()}, "
        f"Python {platform.python_version()}, {store.info.engine} {store.info.version}; "
        f"load of the machine at the start {os.getloadavg()[0]:.1f}",
        flush=True,
    )


# --- loads --------------------------------------------------------------------------------------


def _run(way: str, claims: int, *more: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.loading", way, str(claims), *more],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{way} at {claims:,} claims failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _loads(folder: Path, sizes: Sequence[int], others: int) -> None:
    head(
        "Loads into Neo4j",
        "claims",
        "way",
        "s",
        "claims a second",
        "of the bare driver's rate",
        "MB",
    )
    for claims in sizes:
        tables = generate.write_case(folder / f"case-{claims}", claims)
        if claims == sizes[0]:
            _run("bare", min(claims, 10_000))  # the server's code gets compiled
        bare = _run("bare", claims)
        ours = _run("ours", claims, "--folder", str(tables))
        limit = bare["seconds"]
        if claims <= others:
            limit = (limit + _run("bare", claims)["seconds"]) / 2
        _load_row(claims, "bare driver", limit, limit, bare["peak"])
        _load_row(claims, "sutra load, from CSV", ours["seconds"], limit, ours["peak"])
        for way, words in OTHERS.items() if claims <= others else ():
            other = _run(way, claims)
            _load_row(claims, words, other["seconds"], limit, other["peak"])


def _load_row(claims: int, way: str, seconds: float, limit: float, memory: float) -> None:
    rate, share = claims / seconds, limit / seconds
    say(f"{claims:,}", way, f"{seconds:,.1f}", f"{rate:,.0f}", f"{share:.2f}", f"{memory:,.0f}")


def _faults(store: Store, folder: Path, count: int) -> None:
    if not count:
        return
    outcome = faults.measure(store, folder, count)
    head("Loads over connections that are lost, delayed and torn", *faults.HEAD)
    say(*outcome.row)
    for wrong in outcome.wrong:
        print(f"\nEnded wrong: {wrong}")


# --- reads --------------------------------------------------------------------------------------


def _read(folder: Path, claims: int, args: argparse.Namespace) -> dict[str, float]:
    tables = generate.write_case(folder / f"case-{claims}", claims)
    with running(folder / f"reads-{claims}"), Store.open() as store, driver() as bare:
        _run("ours", claims, "--folder", str(tables))
        found = reading.interactions(store, bare, args.rounds)
        found += reading.queries(store, bare, args.rounds)
        _table(f"Reads, {claims:,} claims, in ms", found)
        without = reading.starts_without_index(store)
        print(f"\nWithout an index start and without `scan: true`: {', '.join(without) or 'none'}.")
        ways = reading.ways(store, bare, args.pairs, compare=claims <= 100_000)
        head(
            "Ways of up to six hops, ms", "claims", "ours", "p95", "allShortestPaths", "p95", "same"
        )
        other = ways.theirs or (0.0, 0.0)
        same = f"{ways.same_as_theirs} of {ways.pairs}"
        if ways.same_as_networkx is not None:
            same += f", networkx {ways.same_as_networkx}"
        say(f"{claims:,} ({ways.hops} hops)", *(f"{x:,.1f}" for x in (*ways.ours, *other)), same)
    return {timing.what: timing.median for timing in found}


def _table(title: str, found: Sequence[reading.Timing]) -> None:
    head(title, "what", "median", "95th", "bare driver", "ours to bare", "")
    for t in found:
        ratio = f"{t.median / t.bare:.2f}" if t.bare else ""
        bare = f"{t.bare:,.1f}" if t.bare else ""
        say(t.what, f"{t.median:,.1f}", f"{t.p95:,.1f}", bare, ratio, t.note)


def _growth(medians: dict[int, dict[str, float]]) -> None:
    if len(medians) < 2:
        return
    least, most = min(medians), max(medians)
    head("Growth", "what", f"{least:,} claims, ms", f"{most:,} claims, ms", "times")
    for what, before in medians[least].items():
        after = medians[most].get(what)
        if after:
            say(what, f"{before:,.1f}", f"{after:,.1f}", f"{after / before:.2f}")


# --- the embedded engine ------------------------------------------------------------------------


@contextmanager
def embedded(home: Path) -> Iterator[None]:
    """An embedded engine of its own, to which the environment leads."""
    for name in ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD"):
        os.environ.pop(name, None)
    os.environ["SUTRA_HOME"] = str(home)
    try:
        yield
    finally:
        service.stop(Workspace.locate())


def _embedded(folder: Path, sizes: Sequence[int], rounds: int) -> None:
    for claims in sizes:
        tables = generate.write_case(folder / f"case-{claims}", claims)
        with embedded(folder / f"embedded-{claims}"):
            done = _run("ours", claims, "--folder", str(tables))
            print(
                f"\nThe embedded engine loads {claims:,} claims in {done['seconds']:,.1f} s, "
                f"{claims / done['seconds']:,.0f} a second; our process {done['peak']:,.0f} MB."
            )
            with Store.open() as store:
                found = reading.interactions(store, None, rounds)
                found += reading.queries(store, None, rounds)
                _table(f"Embedded engine, {claims:,} claims, in ms", found)


def _register(folder: Path, factor: float) -> None:
    if not factor:
        return
    with embedded(folder / "embedded-register"), Store.open() as store:
        given = register.load_input(folder / "register", factor)
        report = loads.load(store, Workspace.locate(), given)
        counts = f"{report.counts['Meeting']:,} meetings, {report.counts['Claim']:,} claims"
        head(f"Questions on a register, {counts}, embedded engine", "question", "s", "rows")
        for question, seconds, rows in reading.questions(store, register.CASE):
            say(question, f"{seconds:,.2f}", rows)


# --- the network view ---------------------------------------------------------------------------


def _view(sizes: Sequence[int], rounds: int) -> None:
    if not sizes:
        return
    head("From click to picture", "nodes", "tool", "drawn, s", "still, s", "frames/s", "MB")
    for one in view.measure(sizes, min(rounds, 3)):
        seconds = (f"{one.drawn:.2f}", f"{one.still:.2f}")
        say(f"{one.nodes:,}", one.tool, *seconds, f"{one.frames:.0f}", f"{one.memory:.0f}")
    brought = view.expanded(rounds)
    print(
        f"\nExpanding an entity in the app, which brings {brought.brought}: drawn "
        f"{brought.drawn:.2f} s after the double-click, still after {brought.still:.2f} s."
    )


if __name__ == "__main__":
    main()
