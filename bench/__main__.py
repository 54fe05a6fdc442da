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
from itertools import chain
from pathlib import Path
from typing import Any, Final

import psutil

from bench import exporting, faults, generate, reading, register, view
from bench.loading import measure
from bench.measuring import BEGAN, apart, median_and_p95, table
from bench.reading import Reader
from bench.servers import bare_driver, embedded_store, neo4j_store
from graph.ingest import loads
from graph.runtime.workspace import Workspace

OTHERS: Final = {"merge": "MERGE a row (extrapolated)", "graphio": "graphio"}


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
    print(f"\nThe whole run took {(time.monotonic() - BEGAN) / 60:.1f} minutes.")


def _case(folder: Path, claims: int) -> Path:
    return generate.write_case(folder / f"case-{claims}", claims)


# --- loads --------------------------------------------------------------------------------------


def _loads(args: argparse.Namespace, folder: Path) -> None:
    columns = {
        "claims": ",", "way": "", "s": ",.1f", "claims a second": ",.0f",
        "of the bare driver's rate": ".2f", "MB": ",.0f",
    }  # fmt: skip
    with neo4j_store(folder / "loads") as store:
        apart(measure, "bare", _case(folder, min(args.loads[0], 10_000)))  # its code is compiled
        rows = chain.from_iterable(_load_rows(folder, n, n <= args.others) for n in args.loads)
        table(f"Loads into {store.info.engine} {store.info.version}", columns, rows)


def _load_rows(folder: Path, claims: int, others: bool) -> Iterator[tuple[Any, ...]]:
    case = _case(folder, claims)
    (bare, memory), ours = apart(measure, "bare", case), apart(measure, "ours", case)
    if others:
        bare = statistics.mean((bare, apart(measure, "bare", case)[0]))
    first = (("bare driver", (bare, memory)), ("sutra load, from CSV", ours))
    rest = ((words, apart(measure, way, case)) for way, words in OTHERS.items() if others)
    for words, (seconds, memory) in chain(first, rest):
        yield claims, words, seconds, claims / seconds, bare / seconds, memory


def _faults(args: argparse.Namespace, folder: Path) -> None:
    """Ends the run if a load ended wrong, and says with which seed."""
    columns = {
        "loads": "", "faults": ",", "commands run again": "", "s, undisturbed": ".2f",
        "s, disturbed": ".2f", "s, at most": ".2f", "ended wrong": "",
    }  # fmt: skip
    with neo4j_store(folder / "faults") as store:
        calm, disturbed = faults.measure(store, folder, args.faults, args.seed)
    seconds = [load.seconds for load in disturbed]
    counts = sum(load.faults for load in disturbed), sum(load.again for load in disturbed)
    wrong = [f"seed {load.seed}:\n{load.wrong}" for load in disturbed if load.wrong]
    row = len(disturbed), *counts, calm, statistics.median(seconds), max(seconds), len(wrong)
    table("Loads over connections that are lost, delayed and torn", columns, [row])
    if wrong:
        raise SystemExit("\n".join(["These ended wrong:", *wrong]))


# --- reads --------------------------------------------------------------------------------------


def _reads(args: argparse.Namespace, folder: Path) -> None:
    medians = {}
    for claims in args.reads:
        with neo4j_store(folder / f"reads-{claims}") as store, bare_driver() as bare:
            apart(measure, "ours", _case(folder, claims))
            reader = Reader(store, bare, args.rounds)
            medians[claims] = _read_table(f"Reads, {claims:,} claims, in ms", reader)
            _path_table(reader, claims, args.pairs)
    if len(medians) > 1:
        least, most = min(medians), max(medians)
        columns = {"what": "", f"{least:,} claims, ms": ",.1f", f"{most:,} claims, ms": ",.1f"}
        rows = (
            (what, before, after, after / before)
            for what, before in medians[least].items()
            if before and (after := medians[most][what])
        )
        table("Growth", {**columns, "times": ".2f"}, rows)


def _read_table(title: str, reader: Reader) -> dict[str, float | None]:
    """Print what was read; returns the medians."""
    columns = {
        "what": "", "median": ",.1f", "95th": ",.1f", "bare driver": ",.1f", "ours to bare": ".2f",
        "rows": "",
    }  # fmt: skip
    timings = [*reader.interactions(), *reader.queries()]
    table(title, columns, timings)
    return {timing.what: timing.median for timing in timings}


def _path_table(reader: Reader, claims: int, pairs: int) -> None:
    compare = claims <= 100_000
    hops, ours, theirs, same, alike = zip(*reader.paths(pairs, compare), strict=True)
    lengths = f"{min(hops)} to {max(hops)}, median {statistics.median(hops):g}"
    told = f"{sum(same)} of {pairs}" + (f"; networkx {sum(alike)}" if compare else "")
    columns = {
        "claims": ",", "length of the paths": "", "ours": ",.1f", "95th": ",.1f",
        "allShortestPaths": ",.1f", "its 95th": ",.1f", "the same paths": "",
    }  # fmt: skip
    row = claims, lengths, *median_and_p95(ours), *median_and_p95(theirs), told
    table("Paths of up to six hops, in ms", columns, [row])


def _embedded(args: argparse.Namespace, folder: Path) -> None:
    for claims in args.embedded:
        with embedded_store(folder / f"embedded-{claims}") as store:
            seconds, memory = apart(measure, "ours", _case(folder, claims))
            print(
                f"\nThe embedded engine loads {claims:,} claims in {seconds:,.1f} s, "
                f"{claims / seconds:,.0f} a second; our process {memory:,.0f} MB."
            )
            title = f"Embedded engine, {claims:,} claims, in ms"
            _read_table(title, Reader(store, rounds=args.rounds))


def _register(args: argparse.Namespace, folder: Path) -> None:
    with embedded_store(folder / "embedded-register") as store:
        given = register.load_input(folder / "register", args.register)
        counts = loads.load(store, Workspace.locate(), given).counts
        told = f"{counts['Meeting']:,} meetings, {counts['Claim']:,} claims"
        columns = {"question": "", "s": ",.2f", "rows": ""}
        rows = reading.questions(store, register.CASE)
        table(f"Questions on a register, {told}, embedded engine", columns, rows)


# --- the network view, and exports --------------------------------------------------------------


def _view(args: argparse.Namespace, _folder: Path) -> None:
    columns = {
        "nodes": ",", "tool": "", "drawn, s": ".2f", "at rest, s": ".2f",
        "frames a second, panned": ".0f", "MB of script memory": ".0f",
    }  # fmt: skip
    table("From click to picture", columns, view.drawings(args.view, min(args.rounds, 3)))
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
