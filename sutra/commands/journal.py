"""`sutra journal`: what people added and judged in a case: listed, added to, taken back."""

from __future__ import annotations

import argparse
import getpass
import json
from pathlib import Path
from typing import Any, Final

from graph.errors import JournalError, UnknownCase
from graph.ingest import entering
from graph.ingest.turns import Desk
from graph.journal import keeping
from graph.journal.entries import CONFLICT, ORPHAN, WAITING, sentence
from graph.journal.keeping import Listed
from graph.model.text import in_one_line
from graph.model.wording import counted
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from loaders.journal import read_entry_file
from sutra.opening import open_store
from sutra.terminal import TerminalProgress, hand_over, say, warn

_USAGE: Final = """\
sutra journal CASE [--of ID] [--format json]
       sutra journal add CASE FILE [--author NAME]
       sutra journal take-back ENTRY... --reason WORDS [--author NAME]
       sutra journal apply CASE"""
_WHY: Final = {
    WAITING: "It waits: the load that is running lays it over the inputs at its end, else the next "
    "load, or `sutra journal apply {case}`.",
    CONFLICT: "It is in conflict with another entry on the same, and what was in force before "
    "stands; make one that replaces both, or take one back.",
    ORPHAN: "It is an orphan: {why}",
}


def add_parser(commands: Any) -> None:
    """Add `journal` to the command's subparsers."""
    parser = commands.add_parser(
        "journal", usage=_USAGE, help="what people added and judged: list, add, take back"
    )
    parser.add_argument("words", nargs="+", metavar="CASE", help="the id of the case, or as above")
    parser.add_argument("--of", metavar="ID", help="the history of one entity or claim alone")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--author", help="whose entry it is, else the name of the system's user")
    parser.add_argument("--reason", help="why it is taken back")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Do what the words say; returns the exit code. Raises SutraError."""
    match args.words:
        case ["add", case, file]:
            entry = read_entry_file(Path(file), case, _author(args))
            with open_store() as store, TerminalProgress() as progress:
                told = entering.enter(
                    store, Workspace.locate(), entry, read_case, named=file, progress=progress
                )
            return _say_made(told)
        case ["take-back", first, *others] if args.reason:
            return _take_back(args, [first, *others])
        case ["take-back", _, *_]:
            raise JournalError("Say why: `sutra journal take-back ENTRY --reason WORDS`.")
        case ["apply", case]:
            with open_store() as store, TerminalProgress() as progress:
                desk = Desk(store, Workspace.locate(), case, progress)
                done = entering.apply(desk, read_case)
            say("The journal is laid over the inputs." if done else _WHY[WAITING].format(case=case))
            return 0 if done else 1
        case [case]:
            with open_store() as store:
                return _list(store, case, args)
    raise JournalError("That is nothing to do with a journal; `sutra journal --help` says what is.")


def _author(args: argparse.Namespace) -> str:
    return str(args.author or getpass.getuser())


def _take_back(args: argparse.Namespace, ids: list[str]) -> int:
    case = ids[0].partition(":")[0]
    with open_store() as store, TerminalProgress() as progress:
        told = entering.take_back(
            store, Workspace.locate(), case, ids, _author(args), args.reason, read_case,
            progress=progress,
        )  # fmt: skip
    return _say_made(told)


def _say_made(told: Listed) -> int:
    say(f"{told.entry.id}: {told.state}.")
    if told.state in _WHY:
        warn(_WHY[told.state].format(case=told.entry.case, why=told.why))
    return 0


def _list(store: Store, case: str, args: argparse.Namespace) -> int:
    found = keeping.listed(store, case, args.of)
    if not found and not keeping.is_known(store, case):
        raise UnknownCase.called(case)
    if args.format == "json":
        hand_over(f"{json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=1)}\n")
        return 0
    for one in found:
        entry = one.entry
        say(f"{entry.made[:16].replace('T', ' ')}  {in_one_line(entry.author)}: {one.state}")
        say(f"  {in_one_line(sentence(entry))}")
        say(f"  because: {in_one_line(entry.reason)}")
        if one.why:
            say(f"  {in_one_line(one.why)}")
        say(f"  {entry.id}" + (f" replaces {', '.join(entry.replaces)}" if entry.replaces else ""))
    say(f"{counted(len(found), 'entry')}.")
    return 0


def _as_json(one: Listed) -> dict[str, Any]:
    entry = one.entry
    return {
        "id": entry.id, "made": entry.made, "number": entry.number, "author": entry.author,
        "kind": entry.kind, "says": sentence(entry), "reason": entry.reason, "state": one.state,
        "why": one.why, "replaces": list(entry.replaces), "body": entry.body,
    }  # fmt: skip
