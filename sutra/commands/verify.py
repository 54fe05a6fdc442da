"""`sutra verify-pack`: whether a pack is as it was written, and whether it still stands."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from exports.pack import pack, verify
from sutra.opening import open_store
from sutra.terminal import say, warn


def add_parser(subparsers: Any) -> None:
    """Add `verify-pack` to the command's subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "verify-pack",
        help="look whether a pack still is what was published, and still stands",
    )
    parser.add_argument("pack", type=Path, help="the folder or the zip")
    parser.add_argument("--record", type=Path, help="the newsroom's .json (default: beside it)")
    parser.add_argument("--files-only", action="store_true", help="do not ask the graph")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Print what is not as the pack has it; returns 1 if there is anything, else 0."""
    files = pack.read(args.pack)
    record = _record(args, pack.manifest(files)["pack"])
    found = verify.against_manifest(files, record)
    if not args.files_only:
        if record is None:
            warn("Without the newsroom's record, facts on the unnamed are unknown.")
        with open_store() as store:
            found += verify.against_graph(store, files, record)
    for finding in found:
        say(f"{finding.kind:<10} {finding.words}")
    if not found:
        say("Everything is as it was published, and stands.")
    return int(bool(found))


def _record(args: argparse.Namespace, name: str) -> Any:
    path = args.record or pack.record_beside(args.pack, name)
    return pack.record(path, name) if args.record or path.is_file() else None
