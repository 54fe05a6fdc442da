"""`sutra verify`: whether each passage of a case still stands in the text of its source."""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import groupby
from operator import attrgetter
from typing import Any

from graph.errors import UnknownCase
from graph.ingest import load_states
from graph.ingest.verification import FAILED, Verified, verify
from graph.model.text import in_one_line
from graph.runtime.workspace import Workspace
from sutra.opening import open_store
from sutra.terminal import say


def add_parser(commands: Any) -> None:
    """Add `verify` to the command's subparsers."""
    parser = commands.add_parser(
        "verify", help="look whether the passages of a case stand in the texts of its sources"
    )
    parser.add_argument("case", help="the id of the case")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Say how the passages of each source stand; returns 1 if any is changed or lost.

    Raises SutraError.
    """
    with open_store() as store:
        if args.case not in {state.case for state in load_states.cases(store)}:
            raise UnknownCase.called(args.case)
        found = verify(store, Workspace.locate(), args.case)
    for source, passages in groupby(found, key=attrgetter("source")):
        told = list(passages)
        counts = Counter(one.outcome for one in told)
        words = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
        say(f"{source} ({in_one_line(told[0].caption)}): {words}")
        for one in told:
            _say(one)
    return int(any(one.outcome in FAILED for one in found))


def _say(one: Verified) -> None:
    if one.outcome == "moved":
        say(f"  moved to {one.start}: {one.passage}, {in_one_line(one.gist)}")
    elif one.outcome in FAILED:
        say(f"  {one.outcome}: {one.passage}, {in_one_line(one.gist)}")
        for sentence in one.claims:
            say(f"    leans on it: {in_one_line(sentence)}")
