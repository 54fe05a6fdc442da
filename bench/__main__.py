"""`python -m bench`: the tables of docs/performance.md, in one run.

It starts its own Neo4j and its own embedded engine in a temporary folder, and takes them away.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psutil

from bench import exporting, faults, generate, measuring, reading, register, view
from bench.loading import measure
from bench.measuring import apart, neo4j_store, own_store, table
from bench.reading import Reader
from graph.ingest import loads
from graph.runtime.workspace import Workspace


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    sizes: dict[str, Any] = {"type": int, "nargs": "*", "metavar": "CLAIMS"}
    add("--only", nargs="+", choices=TABLES, default=TABLES, help="these alone")
    add("--loads", **sizes, default=[10_000, 100_000], help="loads into Neo4j of these sizes")
    add("--others", type=int, default=10_000, help="largest case of other ways of loading")
    add("--faults", type=int, default=200, help="disturbed loads; 0: none")
    add("--seed", type=int, default=0, help="of the first disturbed load")
    add("--reads", **sizes, default=[10_000, 100_000, 1_000_000], help="reads of Neo4j")
    add("--pairs", type=int, default=15, help="pairs of people whose paths are looked for")
    add("--embedded", **sizes, default=[10_000], help="loads and reads of the embedded engine")
    add("--register", type=float, default=1.0, help="size of a register; 0: none")
    add("--view", type=int, nargs="*", default=[25, 300, 1_000, 2_000], help="nodes that are drawn")
    add("--rounds", type=int, default=5, help="rounds of a read and of a drawing")
    add("--exports", type=int, default=0, help="connections of a publication in every format")
    add("--pack", type=int, default=0, help="entities of a pack that is made as a whole")
    add("--page", type=Path, help="where to leave the page of that pack")
    args = parser.parse_args()
    memory = psutil.virtual_memory().total / 2**30
    print(
        f"{psutil.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()}, Python "
        f"{platform.python_version()}; load of the machine at the start {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="sutra-bench-") as folder:
        for name in args.only:
            if getattr(args, name):
                TABLES[name](args, Path(folder))
    print(f"\nThe whole run took {(time.monotonic() - measuring.BEGAN) / 60:.1f} minutes.")


def _case(folder: Path, claims: int) -> Path:
    return generate.write_case(folder / f"case-{claims}", claims)


def _loads(args: argparse.Namespace, folder: Path) -> None:
    columns = "claims | way | s | claims a second | of the bare driver's rate | MB"
    with neo4j_store(folder / "loads") as store:
        apart(measure, "bare", _case(folder, min(args.loads[0], 10_000)))  # its code is compiled
        rows = (
            row for n in args.loads for row in _load_rows(_case(folder, n), n, n <= args.others)
        )
        table(f"Loads into {store.info.engine} {store.info.version}", columns, rows)


def _load_rows(case: Path, claims: int, others: bool) -> Iterator[tuple[Any, ...]]:
    def row(words: str, seconds: float, memory: float) -> tuple[Any, ...]:
        return claims, words, seconds, claims / seconds, bare / seconds, memory

    (bare, memory), ours = apart(measure, "bare", case), apart(measure, "ours", case)
    if others:
        bare = statistics.mean((bare, apart(measure, "bare", case)[0]))
    yield row("bare driver", bare, memory)
    yield row("sutra load, from CSV", *ours)
    if others:
        yield row("MERGE a row (extrapolated)", *apart(measure, "merge", case))
        yield row("graphio", *apart(measure, "graphio", case))


def _faults(args: argparse.Namespace, folder: Path) -> None:
    """Ends the run if a load ended wrong, and says with which seed."""
    with neo4j_store(folder / "faults") as store:
        calm, disturbed = faults.measure(store, folder, args.faults, args.seed)
    times = [load.seconds for load in disturbed]
    counts = [sum(load.faults for load in disturbed), sum(load.again for load in disturbed)]
    wrong = [f"seed {load.seed}:\n{load.wrong}" for load in disturbed if load.wrong]
    columns = "loads | faults | commands run again | s, undisturbed | s, disturbed | s, at most"
    row = len(disturbed), *counts, calm, statistics.median(times), max(times), len(wrong)
    title = "Loads over connections that are lost, delayed and torn"
    table(title, f"{columns} | ended wrong", [row])
    if wrong:
        raise SystemExit("\n".join(["These ended wrong:", *wrong]))


def _reads(args: argparse.Namespace, folder: Path) -> None:
    medians = {}
    for claims in args.reads:
        with neo4j_store(folder / f"reads-{claims}") as store, measuring.bare_driver() as bare:
            apart(measure, "ours", _case(folder, claims))
            reader = Reader(store, bare, args.rounds)
            medians[claims] = _read_table(f"Reads, {claims:,} claims, in ms", reader)
            _path_table(reader, claims, args.pairs)
    if len(medians) > 1:
        least, most = min(medians), max(medians)
        columns = f"what | {least:,} claims, ms | {most:,} claims, ms | times"
        rows = (
            (what, before, after, after / before)
            for what, before in medians[least].items()
            if before and (after := medians[most][what])
        )
        table("Growth", columns, rows)


def _read_table(title: str, reader: Reader) -> dict[str, float | None]:
    """Print what was read; returns the medians."""
    timings = [*reader.interactions(), *reader.queries()]
    table(title, "what | median | 95th | bare driver | ours to bare | rows", timings)
    return {timing.what: timing.median for timing in timings}


def _path_table(reader: Reader, claims: int, pairs: int) -> None:
    compare = claims <= 100_000
    hops, ours, theirs, same, alike = zip(*reader.paths(pairs, compare), strict=True)
    lengths = f"{min(hops)} to {max(hops)}, median {statistics.median(hops):g}"
    told = f"{sum(same)} of {pairs}" + (f"; networkx {sum(alike)}" if compare else "")
    columns = "claims | length of the paths | ours | 95th | allShortestPaths | its 95th"
    row = claims, lengths, *measuring.median_and_p95(ours), *measuring.median_and_p95(theirs), told
    table("Paths of up to six hops, in ms", f"{columns} | the same paths", [row])


def _embedded(args: argparse.Namespace, folder: Path) -> None:
    for claims in args.embedded:
        with own_store(folder / f"embedded-{claims}") as store:
            seconds, memory = apart(measure, "ours", _case(folder, claims))
            print(
                f"\nThe embedded engine loads {claims:,} claims in {seconds:,.1f} s, "
                f"{claims / seconds:,.0f} a second; our process {memory:,.0f} MB."
            )
            title = f"Embedded engine, {claims:,} claims, in ms"
            _read_table(title, Reader(store, rounds=args.rounds))


def _register(args: argparse.Namespace, folder: Path) -> None:
    with own_store(folder / "embedded-register") as store:
        given = register.load_input(folder / "register", args.register)
        counts = loads.load(store, Workspace.locate(), given).counts
        told = f"{counts['Meeting']:,} meetings, {counts['Claim']:,} claims"
        rows = reading.questions(store, register.CASE)
        table(f"Questions on a register, {told}, embedded engine", "question | s | rows", rows)


def _view(args: argparse.Namespace, _folder: Path) -> None:
    table("From click to picture", view.COLUMNS, view.drawings(args.view, min(args.rounds, 3)))
    brought, drawn = view.expansion(args.rounds)
    print(
        f"\nIn the app a double-click brings {brought} entities in: drawn {drawn:.2f} s after it."
    )


def _exports(args: argparse.Namespace, _folder: Path) -> None:
    rows = exporting.format_rows(args.exports)
    table(f"Exports of {args.exports:,} connections", exporting.COLUMNS, rows)


def _pack(args: argparse.Namespace, _folder: Path) -> None:
    made, seconds = exporting.packed(args.pack)
    counts, size = made.publication.counts, sum(map(made.files.size, made.files)) / 1e6
    print(
        f"\nA pack of {counts['things']:,} entities, {counts['ties']:,} connections and "
        f"{counts['facts']:,} facts takes {seconds:.1f} s; it has {size:.0f} MB."
    )
    if args.page:
        args.page.write_bytes(made.files["page.html"])


TABLES: Final = {
    "loads": _loads, "faults": _faults, "reads": _reads, "embedded": _embedded,
    "register": _register, "view": _view, "exports": _exports, "pack": _pack,
}  # fmt: skip

if __name__ == "__main__":
    main()
