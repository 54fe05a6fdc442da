"""What measurements share: a clock, the memory of a process, a process apart, and tables."""

from __future__ import annotations

import json
import math
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
BEGAN: Final = time.monotonic()


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
    if status.exists():  # what `resource` knows there begins with the process that started this one
        lines = status.read_text("utf-8").splitlines()
        return int(next(x for x in lines if x.startswith("VmHWM")).split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def apart(module: str, *arguments: object) -> dict[str, Any]:
    """What a module of this package prints as JSON, run in a process of its own.

    Raises RuntimeError with the end of what it said if it failed.
    """
    command = [sys.executable, "-m", f"bench.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[2:])} failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(title: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table, row by row as they come; how long the run has taken goes to standard error.

    `columns` have the format of their cells each. A cell that is None is empty, what takes for ever
    is “never”.
    """
    minutes, rest = divmod(int(time.monotonic() - BEGAN), 60)
    print(f"[{minutes}:{rest:02}] {title}", file=sys.stderr, flush=True)
    print(f"\n### {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    for row in rows:
        cells = zip(row, columns.values(), strict=True)
        texts = (_WORDS.get(cell) or format(cell, form) for cell, form in cells)
        print(f"| {' | '.join(texts)} |", flush=True)
