"""`sutra validate`: say all that is wrong with a folder of tables, without a database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from graph.ingest import checking
from graph.model.types import SCHEMA
from graph.model.wording import counted
from graph.runtime.workspace import Workspace
from loaders.case import read_case
from sutra.terminal import say, warn


def add_parser(commands: Any) -> None:
    """Add `validate` to the command's subparsers."""
    parser = commands.add_parser(
        "validate", help="say what is wrong with a case's folder; needs no database"
    )
    parser.add_argument("folder", type=Path, help="the folder of the case, or of an input")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Say what is wrong, a line each; returns 1 if anything is. Raises SutraError."""
    given = read_case(args.folder)
    found = checking.check(given, SCHEMA, Workspace.locate())
    for note in (*given.notes, *found.remarks):
        warn(note)
    for problem in found.problems:
        say(str(problem))
    if found.problems:
        more = f"; {found.more:,} more are not shown" if found.more else ""
        say(f"{counted(len(found.problems) + found.more, 'problem')}{more}.")
        return 1
    claims, passages = found.counts["Claim"], found.counts["Passage"]
    say(f"Nothing is wrong: {counted(claims, 'claim')} of {counted(passages, 'passage')}.")
    if found.elsewhere:
        ids = counted(found.elsewhere, "id")
        say(f"{ids} of other inputs were not looked up; `sutra load --preview` does that.")
    return 0
