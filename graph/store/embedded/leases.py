"""Who is using the embedded engine: one locked file for each open store.

The lock is the operating system's, so it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from graph.runtime.workspace import Workspace

# A lease file younger than this may not be locked yet by the process that made it.
_SETTLED_AFTER: Final = 60.0


class Lease:
    """A sign that somebody uses the engine, from `take` until `release` or the process's end."""

    def __init__(self, workspace: Workspace) -> None:
        self._file = _folder(workspace) / f"{os.getpid()}-{uuid.uuid4().hex}.lease"
        # Released from whichever thread closes the store.
        self._lock = FileLock(self._file, thread_local=False)

    @property
    def name(self) -> str:
        """A name that no other lease has."""
        return self._file.stem

    def take(self) -> Lease:
        """Take the lease, unless it is held already; returns itself."""
        if not self._lock.is_locked:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire(timeout=10)
        return self

    def release(self) -> None:
        """Give the lease back; a second call does nothing."""
        if self._lock.is_locked:
            self._lock.release()
            self._file.unlink(missing_ok=True)


def held(workspace: Workspace) -> frozenset[str]:
    """The names of the leases held now. Files that ended processes left behind are removed."""
    return frozenset(f.stem for f in _leases(workspace) if _is_held(f))


def _leases(workspace: Workspace) -> list[Path]:
    # Whatever else has such a name is nobody's lease.
    return [file for file in _folder(workspace).glob("*.lease") if file.is_file()]


def is_locked(file: Path) -> bool:
    """Whether some process holds the lock on a file. The file may not exist."""
    if not file.exists():
        return False
    lock = FileLock(file, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def _folder(workspace: Workspace) -> Path:
    return workspace.locks / "leases"


def _is_held(file: Path) -> bool:
    if is_locked(file):
        return True
    try:
        if time.time() - file.stat().st_mtime > _SETTLED_AFTER:
            file.unlink()
    except FileNotFoundError:
        pass  # its owner, or another process that looked, was quicker
    return False
