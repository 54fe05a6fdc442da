"""`sutra query`: list the saved queries, run one or all of them, or run an analyst's own."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graph.errors import ParameterError, QueryError, SutraError, WouldOverwrite
from graph.model.text import printable
from graph.questions.library import Library, run_own
from graph.questions.library import run as run_query
from graph.questions.parameters import GIVEN_TYPES, Parameter, guessed, type_of, typed
from graph.questions.query_file import Query, has_header, parse, text_of
from graph.questions.result import DEFAULT_LIMIT, DEFAULT_MEGABYTES, DEFAULT_TIMEOUT, Result
from graph.questions.table_text import BOM, answer, as_csv, as_json, as_table
from graph.questions.xlsx import write_xlsx
from graph.runtime import log
from sutra.cases import chosen_case
from sutra.opening import open_store
from sutra.terminal import hand_over, say, say_rows, terminal_width, warn

FORMATS = ("table", "csv", "json", "xlsx")


def add_parser(subparsers: Any) -> None:
    """Add `query` to the command's subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "query",
        help="list the saved queries, run one, or run your own",
        description="Without arguments: the saved queries by category.",
    )
    parser.add_argument("id", nargs="?", help="the saved query to run")
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME[:TYPE]=VALUE",
        help="a parameter; items of a list are parted by |. For a query without a header a type "
        f"says what the value is ({', '.join(GIVEN_TYPES)}), where it would be guessed otherwise",
    )
    parser.add_argument("--case", help="the case, if the graph holds several")
    parser.add_argument(
        "--format", choices=FORMATS, default="table",
        help="for Excel take xlsx, which needs --output (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--output", "--out", type=Path, metavar="FILE", help="write to this file, not to the shell"
    )
    parser.add_argument("--force", action="store_true", help="replace the file that is there")
    parser.add_argument(
        "--bom", action="store_true",
        help="begin CSV with a byte order mark, which old versions of Excel need",
    )  # fmt: skip
    parser.add_argument("--all", action="store_true", help="run every saved query on its example")
    parser.add_argument("--file", type=Path, help="run the Cypher in this file, read-only")
    parser.add_argument("--show", action="store_true", help="show the query itself; do not run it")
    parser.add_argument(
        "--timeout", type=_positive_seconds, default=DEFAULT_TIMEOUT, metavar="SECONDS",
        help="stop a query after so long (default: %(default)g)",
    )  # fmt: skip
    parser.add_argument(
        "--limit", type=_positive_rows, default=DEFAULT_LIMIT, metavar="ROWS",
        help="show at most so many rows (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--megabytes", type=_positive_megabytes, default=DEFAULT_MEGABYTES, metavar="MB",
        help="show at most as many rows as take so much memory (default: %(default)s)",
    )  # fmt: skip
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Do what the arguments ask; returns the exit code. Raises SutraError for one clear sentence.

    The store is opened only if a query is run.
    """
    chosen = [args.id is not None, args.all, args.file is not None]
    if sum(chosen) > 1:
        raise ParameterError("Give one of a query's id, --all and --file.")
    if args.all and args.param:
        raise ParameterError("--all runs each query on its own example and takes no --param.")
    _check_output(args)
    if args.file is not None:
        return _own(args)
    library = Library.load()
    if args.all:
        return _all(args, library)
    if args.id is None:
        return _list(args, library)
    query = library.get(args.id)
    if args.show:
        say(_described(query), end="")
        return 0
    given = _of_header(_given(args.param, query.params), query.params)
    with open_store() as store:
        case = chosen_case(store, args.case)
        result = run_query(store, query, case, given, **_limits(args))
    _put(result, query.id, given, args)
    return 0


def _list(args: argparse.Namespace, library: Library) -> int:
    if args.format == "json":
        listed = [
            {"id": q.id, "title": q.title, "question": q.question, "category": q.category}
            for q in library
        ]
        hand_over(as_json(listed, indent=2) + "\n")
    else:
        for category, queries in library.by_category().items():
            say(category)
            say_rows((q.id, q.question) for q in queries)
            say("")
        if not len(library):
            say("There are no saved queries.")
    _tell_problems(library)
    return 0


def _described(query: Query) -> str:
    lines = [query.title, query.question, ""]
    for param in query.params:
        kind = " | ".join(param.choices) if param.choices else param.type
        need = "required" if param.required else f"default {as_json(param.default)}"
        lines.append(f"  --param {param.name}=...  {param.label} ({kind}, {need})")
    return "\n".join([*lines, "", query.cypher, ""])


def _all(args: argparse.Namespace, library: Library) -> int:
    """Every query on its example, one JSON object a line whatever the format; 1 if one failed."""
    failed = bool(library.problems)
    _tell_problems(library)
    with open_store() as store:
        case = chosen_case(store, args.case)
        for query in library:
            try:
                result = run_query(store, query, case, query.example, **_limits(args))
            except SutraError as error:
                failed = True
                warn(f"{query.id}: {log.shown(error)}")
                continue
            hand_over(as_json(answer(result, query.id, dict(query.example))) + "\n")
    return int(failed)


def _own(args: argparse.Namespace) -> int:
    text = text_of(args.file)
    written = _given(args.param, None)
    notes: list[str] = []
    if has_header(text):
        given = _of_header(written, parse(text, args.file).params)
    else:
        given, notes = _by_looks(written)
    with open_store() as store:
        needs_case = "$case" in text or args.case is not None
        case = chosen_case(store, args.case) if needs_case else None
        result = run_own(store, text, args.file, case, given, **_limits(args))
    _put(replace(result, notes=(*result.notes, *notes)), args.file.stem, given, args)
    return 0


def _limits(args: argparse.Namespace) -> dict[str, Any]:
    return {"timeout": args.timeout, "limit": args.limit, "megabytes": args.megabytes}


@dataclass(frozen=True)
class _Written:
    """A value as it was typed, and the type that was typed with it."""

    value: Any
    type: str | None = None


def _given(written: list[str], params: tuple[Parameter, ...] | None) -> dict[str, _Written]:
    """`NAME=VALUE` and `NAME:TYPE=VALUE` texts; a list may be given several times."""
    lists = {p.name for p in params or () if p.type == "list"}
    given: dict[str, _Written] = {}
    for text in written:
        left, equals, value = text.partition("=")
        name, colon, kind = (part.strip() for part in left.partition(":"))
        if not equals or not name or (colon and not kind):
            raise ParameterError(f"Write a parameter as name=value, not “{text}”.")
        before = given.get(name)
        if before is not None and name not in lists and {kind, before.type} != {"list"}:
            raise ParameterError(f"Parameter {name} is given twice.")
        joined = f"{before.value}|{value}" if before is not None else value
        given[name] = _Written(joined, kind or None)
    return given


def _of_header(given: dict[str, _Written], params: tuple[Parameter, ...]) -> dict[str, Any]:
    """The values for a query whose header says their types. Raises ParameterError for another."""
    declared = {p.name: p.type for p in params}
    for name, written in given.items():
        if written.type and declared.get(name, written.type) != written.type:
            raise ParameterError(
                f"Parameter {name} is of the type {declared[name]}, as the query's header says; "
                f"leave “:{written.type}” out."
            )
    return {
        name: _items(written.value) if declared.get(name) == "list" else written.value
        for name, written in given.items()
    }


def _items(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


def _by_looks(given: dict[str, _Written]) -> tuple[dict[str, Any], list[str]]:
    """The values for a query without a header, and the sentences that say what was guessed."""
    found: dict[str, Any] = {}
    notes = []
    for name, written in given.items():
        if written.type:
            found[name] = typed(name, written.type, written.value)
            continue
        found[name] = guessed(written.value)
        if not isinstance(found[name], str):
            kind = {"int": "a number", "bool": "true or false"}[type_of(found[name])]
            notes.append(
                f"{name}={written.value} was taken for {kind}; where it is a text, write "
                f"{name}:text={written.value}"
            )
    return found, notes


# --- what comes out -----------------------------------------------------------------------------


def _check_output(args: argparse.Namespace) -> None:
    """Raise before anything is asked if the answer could not be written as wanted."""
    if args.bom and args.format != "csv":
        raise QueryError("A byte order mark goes with CSV alone: add --format csv.")
    single = args.id is not None or args.file is not None
    if args.output is not None and not (single and not args.show):
        raise QueryError("--output takes the rows of one query: name it by its id or with --file.")
    if args.format == "xlsx" and args.output is None:
        raise QueryError("XLSX is a file, not a text: name it with --output FILE.xlsx.")
    if args.output is not None and args.output.exists() and not args.force:
        raise WouldOverwrite(f"{args.output} is there already; use --force to replace it.")


def _put(result: Result, id_: str, params: dict[str, Any], args: argparse.Namespace) -> None:
    """Write the answer to the shell, or to the file that is wanted."""
    file: Path | None = args.output
    if file is None:
        hand_over(_text(result, id_, params, args))
        told: Sequence[str] = result.notes if args.format == "csv" else ()
    else:
        told = _put_file(result, id_, params, args, file)
    # The notes would not be rows: they go where they do not end up in the spreadsheet.
    for note in told:
        warn(note)


def _put_file(
    result: Result, id_: str, params: dict[str, Any], args: argparse.Namespace, file: Path
) -> Sequence[str]:
    """Write the file whole or not at all; returns what must be said beside it."""
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as opened:
            if args.format == "xlsx":
                told: Sequence[str] = write_xlsx(result, opened)
            else:
                opened.write(_text(result, id_, params, args).encode())
                told = result.notes
        part.replace(file)
    except OSError as error:
        raise QueryError(f"{file} cannot be written ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return told


def _text(result: Result, id_: str, params: dict[str, Any], args: argparse.Namespace) -> str:
    if args.format == "json":
        return as_json(answer(result, id_, params), indent=2) + "\n"
    if args.format == "csv":
        return (BOM if args.bom else "") + as_csv(result)
    return printable(as_table(result, terminal_width() if args.output is None else None))


def _tell_problems(library: Library) -> None:
    for problem in library.problems:
        warn(log.shown(problem))


def _positive_seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return value


def _positive_megabytes(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 6 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of megabytes above 0")
    return int(text)


def _positive_rows(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of rows above 0")
    return int(text)
