"""`sutra db`: start, stop, describe, back up and restore the database."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from graph.errors import SutraError
from graph.runtime.workspace import Workspace
from graph.store.embedded import backups, service
from sutra.terminal import say, warn


def add_parser(commands: Any) -> None:
    """Add `db` to the command's subparsers."""
    db = commands.add_parser("db", help="the database: start, stop, status, backup, restore")
    actions = db.add_subparsers(required=True, metavar="ACTION")
    for name, words in (
        ("start", "start the embedded database"),
        ("stop", "stop the embedded database"),
        ("status", "how the database is"),
    ):
        actions.add_parser(name, help=words).set_defaults(command=run, action=name)
    backup = actions.add_parser("backup", help="write a backup")
    backup.add_argument("target", type=Path, help="the file to write it to")
    backup.set_defaults(command=run, action="backup")
    restore = actions.add_parser("restore", help="make the database that of a backup")
    restore.add_argument("source", type=Path, help="the file that `sutra db backup` wrote")
    restore.add_argument(
        "--replace", action="store_true", help="replace the database that is there"
    )
    restore.set_defaults(command=run, action="restore")


def run(args: argparse.Namespace) -> int:
    """Do what `args.action` names; returns the exit code. Raises SutraError."""
    workspace = Workspace.locate()
    match args.action:
        case "start":
            info = service.start(workspace, warn)
            say(f"{info.engine} {info.version} answers at {info.address}.")
        case "stop":
            if os.environ.get("NEO4J_URI", "").strip():
                raise SutraError(
                    "NEO4J_URI names a server, which Sutra does not stop; stop it with its own "
                    "means, or unset NEO4J_URI to stop the embedded database."
                )
            say("Stopped." if service.stop(workspace) else "It was not running.")
        case "backup":
            say(f"Backed up to {backups.backup(workspace, args.target)}.")
        case "restore":
            written = backups.restore(workspace, args.source, replace=args.replace, notify=warn)
            say(f"Restored {args.source}, which Sutra {written.sutra} wrote; `sutra status` says "
                "what it holds.")  # fmt: skip
        case _:
            _print_db(service.status(workspace))
    return 0


def _print_db(status: service.Status) -> None:
    if not status.running:
        say(status.why or "The database is not running; any command starts it.")
        return
    say(f"{status.engine} {status.version} at {status.address}")
    if status.since:
        say(f"running since {status.since:%Y-%m-%d %H:%M}, in use by {status.leases}")
    if status.memory is not None:
        say(f"memory {status.memory / 1e6:,.0f} MB")
    if status.folder_size is not None:
        say(f"on disk {status.folder_size / 1e6:,.1f} MB in {status.folder}")
