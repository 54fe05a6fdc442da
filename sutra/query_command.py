"""`sutra query`: list the saved queries, run one or all of them, or run an analyst's own."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from graph.answer import DEFAULT_LIMIT, DEFAULT_MEGABYTES, DEFAULT_TIMEOUT, Result
from graph.errors import ParameterError, SutraError
from graph.library import Library, run_own
from graph.library import run as run_query
from graph.parameters import Parameter
from graph.queryfile import Query, has_header, text_of
from graph.store import Store
from graph.tabular import as_csv, as_json, as_table, rows_as_objects
from graph.text import printable
from sutra.cases import chosen_case
from sutra.terminal import hand_over, say, warn

OpenStore = Callable[[], AbstractContextManager[Store]]
FORMATS = ("table", "csv", "json")


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add `query` to the command's subparsers; returns its parser."""
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
        metavar="NAME=VALUE",
        help="a parameter; items of a list are parted by |",
    )
    parser.add_argument("--case", help="the case, if the graph holds several")
    parser.add_argument("--format", choices=FORMATS, default="table")
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
    return parser


def run(args: argparse.Namespace, open_store: OpenStore) -> int:
    """Do what the arguments ask; returns the exit code. Raises SutraError for one clear sentence.

    The store is opened only if a query is run.
    """
    chosen = [args.id is not None, args.all, args.file is not None]
    if sum(chosen) > 1:
        raise ParameterError("Give one of a query's id, --all and --file.")
    if args.all and args.param:
        raise ParameterError("--all runs each query on its own example and takes no --param.")
    if args.file is not None:
        return _own(args, open_store)
    library = Library.load()
    if args.all:
        return _all(args, library, open_store)
    if args.id is None:
        return _list(args, library)
    query = library.get(args.id)
    if args.show:
        say(_described(query), end="")
        return 0
    given = _given(args.param, query.params)
    with open_store() as store:
        case = chosen_case(store, args.case)
        result = run_query(store, query, case, given, **_limits(args))
    _print(result, query.id, given, args.format)
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
            longest = max(len(q.id) for q in queries)
            say(category)
            say("".join(f"  {q.id:<{longest}}  {q.question}\n" for q in queries))
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


def _all(args: argparse.Namespace, library: Library, open_store: OpenStore) -> int:
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
                warn(f"{query.id}: {error}")
                continue
            hand_over(as_json(_answer(result, query.id, dict(query.example))) + "\n")
    return int(failed)


def _own(args: argparse.Namespace, open_store: OpenStore) -> int:
    text = text_of(args.file)
    given = _given(args.param, None)
    if not has_header(text):
        given = {name: _guessed(value) for name, value in given.items()}
    with open_store() as store:
        needs_case = "$case" in text or args.case is not None
        case = chosen_case(store, args.case) if needs_case else None
        result = run_own(store, text, args.file, case, given, **_limits(args))
    _print(result, args.file.stem, given, args.format)
    return 0


def _limits(args: argparse.Namespace) -> dict[str, Any]:
    return {"timeout": args.timeout, "limit": args.limit, "megabytes": args.megabytes}


def _given(written: list[str], params: tuple[Parameter, ...] | None) -> dict[str, Any]:
    """`NAME=VALUE` texts as a dictionary; a list's may be given several times."""
    lists = {p.name for p in params or () if p.type == "list"}
    given: dict[str, Any] = {}
    for text in written:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise ParameterError(f"Write a parameter as name=value, not “{text}”.")
        if name in lists:
            given.setdefault(name, []).extend(p.strip() for p in value.split("|") if p.strip())
        elif name in given:
            raise ParameterError(f"Parameter {name} is given twice.")
        else:
            given[name] = value
    return given


def _guessed(value: str) -> Any:
    """A value of a query without a header: a whole number, true, false, or else a text."""
    if value in ("true", "false"):
        return value == "true"
    digits = value.removeprefix("-")
    # What begins with 0 is more often a code than a number, and 19 digits may not fit.
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 19
    return int(value) if is_number and (digits == "0" or digits[0] != "0") else value


def _print(result: Result, id_: str, params: dict[str, Any], how: str) -> None:
    if how == "json":
        hand_over(as_json(_answer(result, id_, params), indent=2) + "\n")
    elif how == "csv":
        # The notes would not be rows: they go where they do not end up in the spreadsheet.
        hand_over(as_csv(result))
        for note in result.notes:
            warn(note)
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        hand_over(printable(as_table(result, width)))


def _answer(result: Result, id_: str, params: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"id": id_, "params": params, "rows": rows_as_objects(result)}
    if result.truncated:
        answer["truncated"] = True
    if result.notes:
        answer["notes"] = list(result.notes)
    return answer


def _tell_problems(library: Library) -> None:
    for problem in library.problems:
        warn(str(problem))


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
