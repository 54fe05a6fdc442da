"""`sutra unload`: take back the newest load of a case, one input of it, or the whole case."""

from __future__ import annotations

import argparse
from typing import Any

from graph.ingest import unloads
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from sutra.terminal import TerminalProgress, say, warn


def add_parser(commands: Any) -> None:
    """Add `unload` to the command's subparsers."""
    parser = commands.add_parser("unload", help="take back the newest load of a case")
    parser.add_argument("case", help="the id of the case")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="remove the whole case")
    what.add_argument("--input", metavar="NAME", help="take out one input of it")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Take back the newest load, an input, or all; returns the exit code. Raises SutraError."""
    # Not `open_store`: what it warns of may be the very load that is taken back.
    with Store.open(notify=warn) as store, TerminalProgress() as progress:
        if args.input:
            report = unloads.unload_input(
                store, Workspace.locate(), args.case, args.input, read_case, progress=progress
            )
            say(f"{report.id}: {args.case} without {args.input}.")
            return 0
        back = unloads.unload(
            store, Workspace.locate(), args.case, read_case,
            everything=args.all, progress=progress,
        )  # fmt: skip
    say(f"The graph is back at {back.id}." if back else f"Nothing of {args.case} is left.")
    return 0
