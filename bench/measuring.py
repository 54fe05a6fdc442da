"""What measurements share: a clock, the memory of a process, a process apart, and tables."""

from __future__ import annotations

import math
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

T = TypeVar("T")

BEGAN: Final = time.monotonic()
_WORDS: Final = {None: "", math.inf: "never"}
"""Cells that are no number."""


def seconds(call: Callable[..., Any], *arguments: Any, **named: Any) -> float:
    """The seconds on the clock that a call takes."""
    began = time.perf_counter()
    call(*arguments, **named)
    return time.perf_counter() - began


def median_and_p95(times: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile by nearest rank (of fewer than 20, the most), in milliseconds."""
    ordered = sorted(times)
    return 1e3 * statistics.median(ordered), 1e3 * ordered[math.ceil(0.95 * len(ordered)) - 1]


def peak() -> float:
    """The most memory that this process has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # what `resource` knows there includes the process that started this one
        lines = status.read_text("utf-8").splitlines()
        return int(next(x for x in lines if x.startswith("VmHWM")).split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def apart(call: Callable[..., T], *arguments: Any) -> T:
    """What a call returns in a process of its own, which has imported what the call needs."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(call, *arguments).result()


def table(title: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table, row by row as they come; how long the run has taken goes to standard error.

    `columns` have the format of their cells each. A cell that is None is empty, and what has no end
    is “never”.
    """
    minutes, rest = divmod(int(time.monotonic() - BEGAN), 60)
    print(f"[{minutes}:{rest:02}] {title}", file=sys.stderr, flush=True)
    print(f"\n### {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    for row in rows:
        cells = zip(row, columns.values(), strict=True)
        texts = (_WORDS[cell] if cell in _WORDS else format(cell, form) for cell, form in cells)
        print(f"| {' | '.join(texts)} |", flush=True)
