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

from graph.errors import SutraError, disk_full, unusable_file
from graph.runtime import log
from graph.runtime.version import program_version
from sutra.commands import (
    app,
    attach,
    db,
    export,
    journal,
    load,
    query,
    status,
    unload,
    validate,
    verify,
    verify_case,
)
from sutra.terminal import LogHandler, Parser, refuse_bytes, warn

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
        done = command(args)
        sys.stdout.flush()  # whoever reads may have gone, which is met here and not at the exit
        return done
    except SutraError as error:
        warn(log.shown(error))
        return 1
    except KeyboardInterrupt:
        warn("Stopped.")
        return 130
    except BrokenPipeError:
        # What is still to be written goes nowhere: the exit would flush it and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
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
    parser.add_argument("--version", action="version", version=f"sutra {program_version()}")
    parser.set_defaults(verbose=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for each in (
        app,
        validate,
        load,
        unload,
        status,
        journal,
        query,
        export,
        verify_case,
        verify,
        attach,
        db,
    ):
        each.add_parser(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
