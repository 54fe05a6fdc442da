"""`sutra unload`: take back the newest load of a case, one input of it, or the whole case."""

from __future__ import annotations

import argparse
from typing import Any

from graph.errors import JournalError
from graph.ingest import unloads
from graph.ingest.load_states import states
from graph.journal import keeping
from graph.model.wording import counted
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
    parser.add_argument(
        "--journal", action="store_true", help="with --all: remove the entries of its journal, too"
    )
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Take back the newest load, an input, or all; returns the exit code. Raises SutraError."""
    if args.journal and not args.all:
        raise JournalError("The journal goes with the whole case alone: add --all.")
    # Not `open_store`: what it warns of may be the very load that is taken back.
    with Store.open(notify=warn) as store, TerminalProgress() as progress:
        if args.input:
            report = unloads.unload_input(
                store, Workspace.locate(), args.case, args.input, read_case, progress=progress
            )
            say(f"{report.id}: {args.case} without {args.input}.")
            return 0
        back = None
        # Of a case without inputs the entries are left.
        if not args.journal or states(store, args.case):
            back = unloads.unload(
                store, Workspace.locate(), args.case, read_case,
                everything=args.all, progress=progress,
            )  # fmt: skip
        if args.journal:
            keeping.forget(store, args.case)
        left = 0 if back else keeping.count(store, args.case)
    if back:
        say(f"The graph is back at {back.id}.")
    elif left:
        say(
            f"Of {args.case} {counted(left, 'entry')} of its journal "
            f"{'is' if left == 1 else 'are'} left, until it is loaded again; "
            f"`sutra unload {args.case} --all --journal` removes them, too."
        )
    else:
        say(f"Nothing of {args.case} is left.")
    return 0
