"""The engines that the tests run on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from neo4j_server import RELEASES, java_home

from graph.store.store import Store

# What would lead the tests away from their own workspace.
FOREIGN = (
    "NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE",
    "SUTRA_READ_USERNAME", "SUTRA_READ_PASSWORD",
)  # fmt: skip
TEST_URI = "NEO4J_TEST_URI"
EMBEDDED = "embedded"
# What the just-in-time compiler saves in a run as short as the tests' it does not bring in.
QUICK_START = ("-XX:TieredStopAtLevel=1",)


@dataclass(frozen=True)
class Under:
    """The engine under test, and the environment that leads to it."""

    name: str
    environ: Mapping[str, str]


def engines() -> list[str]:
    """The engines that tests run on, the embedded one first."""
    if os.environ.get(TEST_URI):
        return [EMBEDDED, "neo4j"]
    return [EMBEDDED, *(f"neo4j-{r}" for r in RELEASES if r == "5.26" or java_home(r))]


def clear(store: Store) -> None:
    """Remove every node and relationship, but not the schema's mark."""
    while store.write(
        "MATCH (n) WHERE NOT n:Meta WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS gone"
    )[0]["gone"]:
        pass
