"""The `sutra` command: load, ask, look at, back up.

Errors of ours are one sentence on standard error and exit code 1; a command that is mistyped is
argparse's, with exit code 2.
"""

from __future__ import annotations

import argparse
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from graph.errors import SutraError, disk_full, unusable_file
from graph.ingest import archive, loads
from graph.model.text import in_one_line, sha256
from graph.model.wording import counted
from graph.runtime import log
from graph.runtime.program import program
from graph.runtime.workspace import Workspace
from graph.store.embedded import backups, service
from graph.store.store import Store
from loaders.case import read_case
from sutra.commands import app, export, query, verify
from sutra.terminal import LogHandler, Parser, TerminalProgress, refuse_bytes, say, say_rows, warn

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s: %(message)s", handlers=[LogHandler()]
    )
    # The driver warns of indexes that an empty graph does not have yet, and says of a server that
    # is away what our own errors say.
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)
    try:
        refuse_bytes(sys.argv[1:] if arguments is None else arguments, os.environ)
        args = _parser().parse_args(arguments)
        log.configure(LogHandler(), verbose=args.verbose)
        command: Command = args.command
        return command(args)
    except SutraError as error:
        warn(log.shown(error))
        return 1
    except KeyboardInterrupt:
        warn("Stopped.")
        return 130
    except BrokenPipeError:
        return 0
    except (OSError, sqlite3.Error) as error:
        words = disk_full(error)
        if not words and isinstance(error, OSError):
            words = unusable_file(error)
        if not words:
            log.defect(error)
            raise
        warn(log.shown(error, words))
        return 1
    except Exception as error:
        log.defect(error)
        raise


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="sutra", description="An investigation explorer over a knowledge graph.")
    parser.add_argument("--version", action="version", version=f"sutra {program()}")
    parser.set_defaults(verbose=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    app.add_parser(commands).set_defaults(command=_app)
    _add_load(commands)
    status = commands.add_parser("status", help="what the graph holds, and on which engine")
    status.set_defaults(command=_status)
    query.add_parser(commands).set_defaults(command=lambda args: query.run(args, _open))
    export.add_parser(commands).set_defaults(command=lambda args: export.run(args, _open))
    verify.add_parser(commands).set_defaults(command=lambda args: verify.run(args, _open))
    attach = commands.add_parser("attach", help="attach your copy of a source's text")
    attach.add_argument("source", help="the id of the source")
    attach.add_argument("file", type=Path, help="its text")
    attach.add_argument("--encoding", default="utf-8", help="of the file (default: utf-8)")
    attach.set_defaults(command=_attach)
    _add_db(commands)
    return parser


def _add_load(commands: argparse._SubParsersAction[Parser]) -> None:
    load = commands.add_parser("load", help="load a case")
    load.add_argument("folder", type=Path, help="the folder of the case")
    load.add_argument("--as", dest="case_id", metavar="ID", help="load it under another id")
    load.add_argument("--wait", action="store_true", help="wait for another load of it to end")
    load.set_defaults(command=_load)
    unload = commands.add_parser("unload", help="take back the newest load of a case")
    unload.add_argument("case", help="the id of the case")
    unload.add_argument("--all", action="store_true", help="remove the whole case")
    unload.set_defaults(command=_unload)


def _add_db(commands: argparse._SubParsersAction[Parser]) -> None:
    db = commands.add_parser("db", help="the database: start, stop, status, backup, restore")
    actions = db.add_subparsers(required=True, metavar="ACTION")
    for name, words in (
        ("start", "start the embedded database"),
        ("stop", "stop the embedded database"),
        ("status", "how the database is"),
    ):
        actions.add_parser(name, help=words).set_defaults(command=_db, action=name)
    backup = actions.add_parser("backup", help="write a backup")
    backup.add_argument("target", type=Path, help="the file to write it to")
    backup.set_defaults(command=_db, action="backup")
    restore = actions.add_parser("restore", help="make the database that of a backup")
    restore.add_argument("source", type=Path, help="the file that `sutra db backup` wrote")
    restore.add_argument(
        "--replace", action="store_true", help="replace the database that is there"
    )
    restore.set_defaults(command=_db, action="restore")


# --- commands -----------------------------------------------------------------------------------


def _notify(words: str) -> None:
    warn(words)


def _open() -> Store:
    """The graph, with a word on every load that was cut off."""
    workspace = Workspace.locate()
    store = Store.open(workspace, notify=_notify)
    for state in loads.cut_off(store, workspace):
        _notify(loads.explain_cut_off(state))
    return store


def _app(args: argparse.Namespace) -> int:
    return app.run(args, _open)


def _load(args: argparse.Namespace) -> int:
    given = read_case(args.folder, args.case_id)
    for note in given.notes:
        warn(note)
    progress = TerminalProgress()
    with _open() as store:
        try:
            report = loads.load(store, Workspace.locate(), given, wait=args.wait, progress=progress)
        finally:
            progress.end()
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


def _unload(args: argparse.Namespace) -> int:
    progress = TerminalProgress()
    with Store.open(notify=_notify) as store:
        try:
            back = loads.unload(
                store, Workspace.locate(), args.case, read_case,
                everything=args.all, progress=progress,
            )  # fmt: skip
        finally:
            progress.end()
    say(f"The graph is back at {back.id}." if back else f"Nothing of {args.case} is left.")
    return 0


def _status(args: argparse.Namespace) -> int:
    with _open() as store:
        info = store.info
        kind = "embedded" if info.embedded else "server"
        say(f"Engine     {info.engine} {info.version} ({kind}) at {info.address}")
        say(f"Workspace  {Workspace.locate().root}")
        known = loads.cases(store)
        if not known:
            say("No case is loaded; `sutra load FOLDER` loads one.")
        for state in known:
            say(f"\n{in_one_line(state.title)}")
            say(f"  case {state.case}, last load {state.id} at {state.finished}")
            rows = []
            for group, counts in loads.counts(store, state.case).items():
                rows.append((group, f"{sum(counts.values()):,}"))
                rows += [(f"  {name}", f"{count:,}") for name, count in counts.items()]
            say_rows(rows, numbers=True)
    return 0


def _attach(args: argparse.Namespace) -> int:
    workspace = Workspace.locate()
    with _open() as store:
        rows = store.read(
            "MATCH (s:Source) WHERE s.id = $id OR s.id ENDS WITH $local "
            "RETURN s.id AS id, s.text_sha256 AS sha ORDER BY s.id",
            {"id": args.source, "local": f":{args.source}"},
        )
    if not rows:
        raise SutraError(f"No source “{args.source}” is loaded; see the ids in sources.csv.")
    text = archive.read_text(args.file, args.encoding)
    found = sha256(text)
    matching = [row["id"] for row in rows if row["sha"] == found]
    if not matching and rows[0]["sha"] is None:
        raise SutraError(f"{rows[0]['id']} was not read from a text, so none can be attached.")
    if not matching:
        raise SutraError(
            f"{args.file} is not the text that {rows[0]['id']} was read from (its sha256 is "
            f"{found[:12]}…, not {rows[0]['sha'][:12]}…); attach the copy with that sha256."
        )
    workspace.prepare()
    archive.keep_text(workspace, text)
    say(f"Attached to {', '.join(matching)}; its passages are now shown word for word.")
    return 0


def _db(args: argparse.Namespace) -> int:
    workspace = Workspace.locate()
    match args.action:
        case "start":
            info = service.start(workspace, _notify)
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
            written = backups.restore(workspace, args.source, replace=args.replace, notify=_notify)
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


if __name__ == "__main__":
    sys.exit(main())
