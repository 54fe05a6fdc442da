"""What measurements share: a clock, the memory of a process, a process apart, tables, and engines.

Each engine is a measurement's own: it starts empty in a folder of its own, and ends after it. While
it runs the environment leads to it, in processes that are started too.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar
from unittest.mock import patch

import neo4j
from engines import FOREIGN
from neo4j_server import Server

from graph.runtime.workspace import Workspace
from graph.store.embedded import service
from graph.store.store import Store

T = TypeVar("T")

BEGAN: Final = time.monotonic()


def timed(call: Callable[..., T], *arguments: Any, **named: Any) -> tuple[float, T]:
    """The seconds on the clock that a call takes, and what it returns."""
    began = time.perf_counter()
    answer = call(*arguments, **named)
    return time.perf_counter() - began, answer


def median_and_p95(times: Iterable[float]) -> tuple[float, float]:
    """Median and 95th percentile by nearest rank (of fewer than 20, the most), in milliseconds."""
    ordered = sorted(times)
    return 1e3 * statistics.median(ordered), 1e3 * ordered[math.ceil(0.95 * len(ordered)) - 1]


def peak() -> float:
    """The most memory that this process has had, in MB."""
    if sys.platform == "linux":  # `resource` counts there the process that started this one
        status = Path("/proc/self/status").read_text("utf-8")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def apart(call: Callable[..., T], *arguments: Any) -> T:
    """What a call returns in a process of its own, which has imported what the call needs."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(call, *arguments).result()


def table(title: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """Print a table, row by row as they come; how long the run has taken goes to standard error.

    `columns` are the heads with “ | ” between them. A cell that is None is empty, and what has no
    end is “never”.
    """
    minutes, rest = divmod(int(time.monotonic() - BEGAN), 60)
    print(f"[{minutes}:{rest:02}] {title}", file=sys.stderr, flush=True)
    print(f"\n### {title}\n\n| {columns} |\n|{'---|' * len(columns.split(' | '))}", flush=True)
    for row in rows:
        print(f"| {' | '.join(map(_text, row))} |", flush=True)


def _text(cell: Any) -> str:
    if cell is None or cell == math.inf:
        return "" if cell is None else "never"
    if isinstance(cell, float):
        return f"{cell:,.2f}" if cell < 10 else f"{cell:,.1f}" if cell < 1_000 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


@contextmanager
def own_store(home: Path, **database: str) -> Iterator[Store]:
    """The graph of a workspace in that folder: on an embedded engine, or in that database."""
    environ = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    with patch.dict(os.environ, {**environ, **database, "SUTRA_HOME": str(home)}, clear=True):
        workspace = Workspace.locate()
        workspace.prepare()
        try:
            with Store.open() as store:
                yield store
        finally:
            service.stop(workspace)


@contextmanager
def neo4j_store(home: Path) -> Iterator[Store]:
    """The graph on a Neo4j with 2 GB of heap and 2 GB of page cache."""
    with (
        Server("5.26", data=home / "server", heap="2g", page_cache="2g") as server,
        own_store(home / "workspace", **server.environ) as store,
    ):
        yield store


def bare_driver() -> neo4j.Driver:
    """A driver to the Neo4j that the environment names, with nothing of ours around it."""
    login = (os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])
    return neo4j.GraphDatabase.driver(os.environ["NEO4J_URI"], auth=login)
