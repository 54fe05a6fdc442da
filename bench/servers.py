"""A Neo4j of the tests' own jars."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from neo4j_server import Server

RELEASE: Final = "5.26"

__all__ = ["Server", "serve"]


def serve(home: Path, heap: str = "2g", page_cache: str = "2g") -> Server:
    """A server on a home that is kept."""
    return Server(RELEASE, data=home, heap=heap, page_cache=page_cache)
