"""`sutra attach`: keep your copy of a source's text, so that its passages are shown."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from graph.errors import SutraError
from graph.ingest import archive
from graph.model.text import sha256
from graph.runtime.workspace import Workspace
from sutra.opening import open_store
from sutra.terminal import say


def add_parser(commands: Any) -> None:
    """Add `attach` to the command's subparsers."""
    parser = commands.add_parser("attach", help="attach your copy of a source's text")
    parser.add_argument("source", help="the id of the source")
    parser.add_argument("file", type=Path, help="its text")
    parser.add_argument("--encoding", default="utf-8", help="of the file (default: utf-8)")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Keep the text in the workspace if a source was read from it. Raises SutraError if not."""
    workspace = Workspace.locate()
    with open_store() as store:
        rows = store.read(
            "MATCH (s:Source) WHERE s.id = $id OR s.id ENDS WITH $local "
            "RETURN s.id AS id, s.text_sha256 AS sha ORDER BY s.id",
            {"id": args.source, "local": f":{args.source}"},
        )
    if not rows:
        raise SutraError(f"No source “{args.source}” is loaded; see the ids in sources.csv.")
    text = archive.read_text(args.file, args.encoding)
    found = sha256(text)
    matching = [row["id"] for row in rows if row["sha"] == found]
    if not matching and rows[0]["sha"] is None:
        raise SutraError(f"{rows[0]['id']} was not read from a text, so none can be attached.")
    if not matching:
        raise SutraError(
            f"{args.file} is not the text that {rows[0]['id']} was read from (its sha256 is "
            f"{found[:12]}…, not {rows[0]['sha'][:12]}…); attach the copy with that sha256."
        )
    workspace.prepare()
    archive.keep_text(workspace, text)
    say(f"Attached to {', '.join(matching)}; its passages are now shown word for word.")
    return 0
