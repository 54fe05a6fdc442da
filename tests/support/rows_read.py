"""What the embedded engine reads for an answer.

ArcadeDB counts each record that it reads, of a node or of a relationship, in whatever way: by a
look-up, a scan, a step along a relationship. The count is the same on any machine at any load. One
entity it does not show: what a MATCH with `IN` over a made list scans is kept and gone through
again for each row, and counts once; `tests/unit/test_look_ups.py` forbids that form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from graph.runtime.workspace import Workspace
from graph.store.embedded import server as embedded

T = TypeVar("T")


def read_so_far(workspace: Workspace) -> int:
    """Records that the workspace's server has read since it started."""
    server = embedded.recorded(workspace)
    assert server is not None, "the embedded engine does not run"
    return int(embedded.command(workspace, server, "SELECT FROM schema:stats")[0]["readRecord"])


def rows_read(workspace: Workspace, call: Callable[[], T]) -> tuple[int, T]:
    """How many records are read for an answer, and the answer."""
    before = read_so_far(workspace)
    answer = call()
    return read_so_far(workspace) - before, answer
