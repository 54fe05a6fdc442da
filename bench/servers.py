"""A Neo4j of the tests' own jars, and its neo4j-admin as an installed server has it."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from neo4j_server import Server, class_path, configure, java_home

RELEASE: Final = "5.26"
_OPENED: Final = ("java.nio", "java.io", "sun.nio.ch")

__all__ = ["Server", "make_admin", "serve"]


def serve(home: Path, heap: str = "2g", page_cache: str = "2g") -> Server:
    """A server on a home that is kept."""
    return Server(RELEASE, data=home, heap=heap, page_cache=page_cache)


def make_admin(home: Path, heap: str = "2g", release: str = RELEASE) -> Path:
    """Write `bin/neo4j-admin` under a server's home; returns it."""
    conf, java = configure(home), java_home(release)
    if java is None:
        raise RuntimeError("No Java for Neo4j: run `python tests/neo4j_server.py install`")
    path = os.pathsep.join(str(part) for part in class_path(release))
    opened = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENED]
    command = [str(java / "bin" / "java"), f"-Xmx{heap}", *opened, "-cp", path]
    settings = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(conf)}
    quoted = " ".join(f"{name}={shlex.quote(value)}" for name, value in settings.items())
    admin = home / "bin" / "neo4j-admin"
    admin.parent.mkdir(parents=True, exist_ok=True)
    admin.write_text(
        f'#!/bin/sh\n{quoted} exec {shlex.join(command)} org.neo4j.cli.AdminTool "$@"\n', "utf-8"
    )
    admin.chmod(0o755)
    return admin
