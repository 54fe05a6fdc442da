"""`sutra load`: load a case from its folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from graph.ingest import loads
from graph.model.wording import counted
from graph.runtime.workspace import Workspace
from loaders.case import read_case
from sutra.opening import open_store
from sutra.terminal import TerminalProgress, say, warn


def add_parser(commands: Any) -> None:
    """Add `load` to the command's subparsers."""
    parser = commands.add_parser("load", help="load a case")
    parser.add_argument("folder", type=Path, help="the folder of the case")
    parser.add_argument("--as", dest="case_id", metavar="ID", help="load it under another id")
    parser.add_argument("--wait", action="store_true", help="wait for another load of it to end")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Load the case in that folder; returns the exit code. Raises SutraError."""
    given = read_case(args.folder, args.case_id)
    for note in given.notes:
        warn(note)
    with open_store() as store, TerminalProgress() as progress:
        report = loads.load(store, Workspace.locate(), given, wait=args.wait, progress=progress)
    done, words = report.written, ""
    if report.finished_cut_off:
        words = " It finishes the load that was cut off."
    say(
        f"{report.id}: {counted(report.counts['Claim'], 'claim')} of "
        f"{counted(report.counts['Passage'], 'passage')}. "
        f"Nodes written {done.written:,}, unchanged {done.unchanged:,}, "
        f"withdrawn {done.withdrawn:,}, removed {done.removed:,}.{words}"
    )
    return 0
