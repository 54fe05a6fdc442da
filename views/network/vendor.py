"""vis-network, taken out of the installed pyvis: served by us, never committed, never fetched."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tempfile
from pathlib import Path
from typing import Final

from graph.errors import SutraError

LIBRARY: Final = "vis-network.min.js"
_IN_PYVIS: Final = Path("lib", "vis-9.1.2", LIBRARY)


def asset_dir() -> Path:
    """The folder that Streamlit serves for the network view."""
    return _package("sutra") / "assets" / "network"


def ensure_vendor(target: Path | None = None) -> Path:
    """Put pyvis's vis-network where it is served from, and return the file.

    A file that is there already and holds the same bytes is left alone. Raises SutraError if pyvis
    lacks it or the folder cannot be written.
    """
    source = _package("pyvis") / _IN_PYVIS
    place = (target or asset_dir() / "vendor") / LIBRARY
    try:
        wanted = source.read_bytes()
    except OSError as error:
        raise SutraError(
            f"pyvis does not hold {_IN_PYVIS.as_posix()}: install pyvis 0.3.2 again."
        ) from error
    if _digest(place) != hashlib.sha256(wanted).digest():
        try:
            _write(place, wanted)
        except OSError as error:
            raise SutraError(
                f"{place.parent} cannot be written, and the network view keeps its drawing library "
                "there: start Sutra once as a user who may write to it."
            ) from error
    return place


def _package(name: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SutraError(f"The package {name} is not installed: run `pip install -e .` again.")
    return Path(spec.origin).parent


def _digest(path: Path) -> bytes | None:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _write(path: Path, content: bytes) -> None:
    """Write beside, then rename: a reader sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
