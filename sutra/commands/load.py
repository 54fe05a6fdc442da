"""`sutra load`: load a case from its folder, or another input of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from graph.ingest import load_states, loads
from graph.ingest.inputs import LoadInput
from graph.ingest.preview import Other, Preview
from graph.model.text import in_one_line
from graph.model.wording import counted
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from sutra.opening import open_store
from sutra.terminal import TerminalProgress, say, say_rows, warn

_SHOWN: Final = 20
"""Of what others brought, how much is told."""


def add_parser(commands: Any) -> None:
    """Add `load` to the command's subparsers."""
    parser = commands.add_parser("load", help="load a case, or another input of it")
    parser.add_argument("folder", type=Path, help="the folder of the case, or of the input")
    parser.add_argument("--as", dest="case_id", metavar="ID", help="load it under another id")
    parser.add_argument("--wait", action="store_true", help="wait for another load of it to end")
    parser.add_argument(
        "--preview", action="store_true", help="say what it would change, and write nothing"
    )
    parser.add_argument(
        "--yes", action="store_true", help="do not ask before it changes what others brought"
    )
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Load what is in that folder; returns the exit code. Raises SutraError."""
    given = read_case(args.folder, args.case_id)
    for note in given.notes:
        warn(note)
    with open_store() as store:
        if args.preview:
            _say_preview(_preview(store, given))
            return 0
        if not args.yes and sys.stdin.isatty() and not _agreed(store, given):
            say("Nothing was written.")
            return 1
        return _load(store, given, wait=args.wait)


def _load(store: Store, given: LoadInput, *, wait: bool) -> int:
    with TerminalProgress() as progress:
        report = loads.load(store, Workspace.locate(), given, wait=wait, progress=progress)
    for remark in report.remarks:
        warn(remark)
    if report.orphans:
        warn(
            f"{counted(len(report.orphans), 'entry')} of the journal could not be laid over the "
            f"inputs; `sutra journal {given.case.id}` says why."
        )
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


def _preview(store: Store, given: LoadInput) -> Preview:
    with TerminalProgress() as progress:
        return loads.preview(store, Workspace.locate(), given, progress=progress)


def _agreed(store: Store, given: LoadInput) -> bool:
    """Whether the load touches nothing that another input brought, or somebody says that it may."""
    standing = [state for state in load_states.cases(store) if state.case == given.case.id]
    if not standing or set(standing[0].inputs) <= {given.case.input}:
        return True
    found = _preview(store, given)
    if not found.others:
        return True
    _say_others(found.others)
    return input("Load it all the same? [y/N] ").strip().casefold() in ("y", "yes")


def _say_preview(found: Preview) -> None:
    say("Nothing was written. The load would make of")
    say_rows(
        (
            words,
            f"{counts.new:,} new, {counts.changed:,} changed, {counts.unchanged:,} unchanged"
            + (f", {counts.gone:,} no longer asserted" if counts.gone else ""),
        )
        for words, counts in found.counts.items()
    )
    _say_others(found.others)


def _say_others(others: list[Other]) -> None:
    if not others:
        say("It changes nothing that another input brought.")
        return
    say(f"It changes what other inputs brought ({counted(len(others), 'time')}):")
    for other in others[:_SHOWN]:
        verb = "withdraws" if other.gone else "changes"
        say(f"  of {other.input}, it {verb}: {in_one_line(other.what)}")
    if len(others) > _SHOWN:
        say(f"  and {len(others) - _SHOWN:,} more")
