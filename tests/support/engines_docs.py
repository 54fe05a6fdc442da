"""`docs/engines.md`, from what the tests hold the engines to.

python tests/support/engines_docs.py > docs/engines.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent / "conformance"


def entries(stem: str) -> list[dict[str, Any]]:
    """The entries of a file of the conformance suite."""
    found: list[dict[str, Any]] = yaml.safe_load((HERE / f"{stem}.yaml").read_text("utf-8"))
    return found


def markdown() -> str:
    """Where the engines agree and where they do not, as a page for people, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The engines"
    yield ""
    yield (
        "Written from `tests/support/conformance` by `python tests/support/engines_docs.py`; "
        "do not edit it by hand. `make test` runs all of it on the embedded engine (ArcadeDB) and "
        "on Neo4j 5.26 and 2026."
    )
    yield ""
    yield (
        "Every statement that Sutra itself runs gives the same rows on all of them "
        "(`tests/engine/test_parity.py` records and compares them), and so do the "
        f"{len(entries('analyst'))} questions below. One entity is the engine's own: how well a "
        "text matches in the full-text index. What a search shows is ranked by Sutra; only where "
        "more matches than it looks at, the engine's score chooses which it sees. The order of "
        "`keys()` and `labels()` is nobody's promise, so nothing may rest on it."
    )
    yield ""
    yield "## Where they differ"
    for one in entries("differences"):
        yield ""
        yield f"### {one['about']}"
        yield ""
        yield f"```cypher\n{one['cypher']}\n```"
        yield ""
        yield f"Embedded: {_told(one['embedded'])}. Neo4j: {_told(one['neo4j'])}. {one['sutra']}"
    yield ""
    yield "### What a reader may do"
    yield ""
    yield (
        "On the embedded engine the reader is a user with no right but to read, and `LOAD CSV` is "
        "off. On Neo4j it is READ access mode, which refuses every write, but lets `LOAD CSV` "
        "read files and addresses, and lets procedures and commands of the server run: the guard "
        "refuses them by their text and by the steps of the server's own plan. Switch file "
        "addresses off on the server as well (`dbms.security.allow_csv_import_from_file_urls`)."
    )
    yield ""
    yield "## Where the embedded engine reads all there is"
    yield ""
    yield (
        "These have the same rows on every engine, but the embedded one reads all nodes of the "
        "label, or all relationships, for the first form of each, and for the second what is asked "
        "for. A test holds both to the number of records that its statistics count. In short: a "
        "value that is nothing is looked up nowhere, so write `coalesce(..., '')`; a list is "
        "looked up only as a parameter in the first MATCH, so write `UNWIND` and a map."
    )
    yield ""
    for one in entries("scans"):
        instead = f" Instead: `{one['instead']}`." if "instead" in one else ""
        yield f"- {one['about']}: `{one['cypher']}`.{instead} {one.get('sutra', '')}".rstrip()
    yield ""
    yield "## Where they agree"
    yield ""
    for one in entries("analyst"):
        yield f"- {one['ask']}: `{one['cypher']}`"


def _told(outcome: Any) -> str:
    if outcome == "refused":
        return "refused"
    return f"`{json.dumps(outcome, ensure_ascii=False)}`" if outcome else "no rows"


if __name__ == "__main__":
    sys.stdout.write(markdown())
