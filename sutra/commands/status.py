"""`sutra status`: what the graph holds, and on which engine."""

from __future__ import annotations

import argparse
from typing import Any

from graph.ingest import load_states
from graph.ingest.inputs import InputState
from graph.model.text import in_one_line
from graph.model.wording import counted
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
        known = load_states.cases(store)
        if not known:
            say("No case is loaded; `sutra load FOLDER` loads one.")
        for state in known:
            say(f"\n{in_one_line(state.title)}")
            say(f"  case {state.case}, last load {state.id} at {state.finished}")
            rows = [_input(name, given) for name, given in state.inputs.items()]
            say_rows(rows)
            rows = []
            for group, counts in load_states.counts(store, state.case).items():
                rows.append((group, f"{sum(counts.values()):,}"))
                rows += [(f"  {name}", f"{count:,}") for name, count in counts.items()]
            say_rows(rows, numbers=True)
    return 0


def _input(name: str, given: InputState) -> tuple[str, str]:
    """One input of a case: what it asserts, when it was loaded, and the beginning of its digest."""
    counts = ", ".join(
        counted(given.counts[label], words)
        for label, words in (("Entity", "entity"), ("Claim", "claim"), ("Passage", "passage"))
        if label in given.counts
    )
    what = f"{counts}, " if counts else ""
    return f"input {name}", f"{what}loaded at {given.started}, sha256 {given.digest[:10]}"
