"""`sutra status`: what the graph holds, and on which engine."""

from __future__ import annotations

import argparse
from typing import Any

from graph.ingest import loads
from graph.model.text import in_one_line
from graph.runtime.workspace import Workspace
from sutra.opening import open_store
from sutra.terminal import say, say_rows


def add_parser(commands: Any) -> None:
    """Add `status` to the command's subparsers."""
    parser = commands.add_parser("status", help="what the graph holds, and on which engine")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Print the engine and what each case holds; returns the exit code. Raises SutraError."""
    with open_store() as store:
        info = store.info
        kind = "embedded" if info.embedded else "server"
        say(f"Engine     {info.engine} {info.version} ({kind}) at {info.address}")
        say(f"Workspace  {Workspace.locate().root}")
        known = loads.cases(store)
        if not known:
            say("No case is loaded; `sutra load FOLDER` loads one.")
        for state in known:
            say(f"\n{in_one_line(state.title)}")
            say(f"  case {state.case}, last load {state.id} at {state.finished}")
            rows = []
            for group, counts in loads.counts(store, state.case).items():
                rows.append((group, f"{sum(counts.values()):,}"))
                rows += [(f"  {name}", f"{count:,}") for name, count in counts.items()]
            say_rows(rows, numbers=True)
    return 0
