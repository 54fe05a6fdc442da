"""Files as Gephi itself opens them: its own importers, without its window.

`tests/support/gephi/pom.xml` pins the release, which Maven brings as it brings Neo4j.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from neo4j_server import built, need_java

HERE = Path(__file__).resolve().parent / "gephi"
JAVA = "5.26"
"""The release of Neo4j whose Java Gephi runs on too."""


def opened(files: Sequence[Path]) -> list[dict[str, Any]]:
    """What Gephi shows of each file: `nodes`, `edges`, what it says of them, and its timeline."""
    path = os.pathsep.join(str(part) for part in built(HERE, HERE / "target", JAVA))
    command = [
        str(need_java(JAVA) / "bin" / "java"), "-Xmx512m", "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", "-Duser.timezone=UTC",
        "-cp", path, "sutra.Opened", *map(str, files),
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode(errors="replace")[-3000:]
    return [json.loads(line) for line in run.stdout.splitlines()]
