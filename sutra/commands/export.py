"""`sutra export`: a view of the graph as a pack, or as single files, with names taken out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from exports import material_choice
from exports.choices import Choices
from exports.formats.registry import formats, get
from exports.material import read as read_material
from exports.pack import newsroom, pack
from exports.pack.changes import Before
from exports.writing.picture import MOST_ENTITIES
from graph.errors import ExportError, ParameterError
from graph.explore import as_of, reads
from graph.explore.subgraph import Subgraph
from graph.explore.view import Step
from graph.model.wording import counted
from graph.questions import library
from graph.questions.library import Library
from graph.runtime.workspace import Workspace
from graph.saved import boards
from graph.store.store import Store
from sutra.cases import chosen_case
from sutra.opening import open_store
from sutra.terminal import TerminalProgress, say, warn

_LISTED: Final = 12
"""Words that one line lists."""


def add_parser(subparsers: Any) -> None:
    """Add `export` to the command's subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "export",
        help="publish a view: a pack with everything, or single files",
        description="Without --format: a pack, as a folder, or as a zip if --out ends in .zip. "
        "People and accounts are not named unless the case says so. What is for the newsroom "
        "alone is written beside it.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--query", metavar="ID", help="what a saved query answers")
    what.add_argument("--node", metavar="ID", help="an entity and its neighbours")
    what.add_argument("--board", metavar="ID", help="a board, as it lies on screen")
    add = parser.add_argument
    add("--hops", type=int, default=1, help="how far around --node (default: %(default)s)")
    add("--most", type=int, default=reads.START, metavar="N",
        help="entities of a whole case, the best connected first (default: %(default)s; above "
        f"{MOST_ENTITIES:,} there is no picture)")  # fmt: skip
    add("--param", action="append", default=[], metavar="NAME=VALUE", help="of --query")
    add("--case", help="the case, if the graph holds several")
    add("--format", action="append", default=[], metavar="NAME",
        help=f"only this format; may be repeated: {', '.join(formats())}")  # fmt: skip
    add("--out", type=Path, required=True, help="the folder, the .zip, or the file of one format")
    add("--force", action="store_true", help="replace what is there")
    add("--pack", help="the pack's id (default: the case and the day of access)")
    add("--accessed", help="the day on which sources were last looked at (default: today)")
    add("--title", default="", help="(default: the case's)")
    add("--summary", default="", help="what it is about, in a sentence (default: the case's)")
    add("--language", default="", help="of title, summary and gists, as `en` (default: the case's)")
    add("--licence", default="", help="under which others may use it")
    add(
        "--embargo",
        default="",
        metavar="DAY|HOUR",
        help="before when nothing may be published, as 2021-02-10 or 2021-02-10T06:00",
    )
    add("--replaces", type=Path, metavar="PACK", help="a pack that this one replaces")
    add("--private", action="append", default=[], metavar="ID|TYPE", help="not to be named either")
    add("--leave-out", action="append", default=[], metavar="ID|TYPE|TYPE.PROPERTY")
    add("--keep", action="append", default=[], metavar="CLAIM=REASON",
        help="belongs to the role in which somebody is named")  # fmt: skip
    add("--override", action="append", default=[], metavar="SOURCE=REASON",
        help="cite a source although it gives a name away")  # fmt: skip
    add("--allow", action="append", default=[], metavar="WORD=REASON",
        help="a word that is no name here")  # fmt: skip
    add("--others", action="append", default=[], metavar="WORDS=REASON",
        help="single words of names, with commas between them, that are not the people here: "
        "the one decision on the report's list")  # fmt: skip
    add("--checked", type=Path, help="CSV: claim,evidence,checked_by,checked_on")
    add("--replies", type=Path, help="CSV: party,allegation,asked_on,deadline,answer")
    add("--steps", type=Path, help="JSON: the steps of a story for the page (default: the board's)")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Do what the arguments ask; returns the exit code. Raises SutraError."""
    for name in args.format:
        get(name)
    if not (args.format and args.out.is_dir()):
        pack.refuse([args.out], force=args.force)
    before = pack.before(args.replaces) if args.replaces else None
    with TerminalProgress() as progress:
        with open_store() as store:
            case = chosen_case(store, args.case)
            view, steps, until = _view(store, case, args)
            choices = _choices(args, case, before, steps)
            progress.step("Reading the graph", 0, 0)
            material = read_material(store, case, view, until)
        made = pack.make(material, choices, args.format, before=before, progress=progress)
    written = (
        _write_files(made, args.out, args.format, force=args.force)
        if args.format
        else pack.write(made, args.out, force=args.force)
    )
    _tell(made, written)
    return 0


def _choices(
    args: argparse.Namespace, case: str, before: Before | None, steps: tuple[Step, ...]
) -> Choices:
    accessed = newsroom.day(_given(args.accessed, datetime.now(UTC).date().isoformat()))
    id_ = newsroom.pack_id(_given(args.pack, f"{case}-{accessed}"))
    workspace = Workspace.locate()
    workspace.prepare()
    return Choices(
        pack=id_,
        key=newsroom.key(workspace, id_),
        accessed=accessed,
        title=args.title,
        summary=args.summary,
        language=newsroom.language(args.language),
        licence=args.licence,
        embargo=args.embargo,
        replaces=before.pack if before else "",
        private=frozenset(args.private),
        left_out=frozenset(args.leave_out),
        kept=_reasons(args.keep),
        overrides=_reasons(args.override),
        allowed=_reasons(args.allow),
        others=newsroom.each_word(_reasons(args.others)),
        steps=newsroom.steps(args.steps) if args.steps else steps,
        checked=newsroom.second_readings(args.checked) if args.checked else (),
        replies=newsroom.replies(args.replies) if args.replies else (),
    )


def _given(text: str | None, otherwise: str) -> str:
    """What was asked for. Nothing between quotes is a slip, and not the default."""
    return otherwise if text is None else text


def _reasons(written: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in written:
        name, _, reason = text.partition("=")
        if not name.strip() or not reason.strip():
            raise ParameterError(f"Write “{text}” as name=reason: a decision needs its reason.")
        found[name.strip()] = reason.strip()
    return found


def _view(
    store: Store, case: str, args: argparse.Namespace
) -> tuple[Subgraph, tuple[Step, ...], str | None]:
    """What is asked for; of a board also its story, and the day until which it shows reports."""
    if args.board:
        view = boards.open_board(store, args.board).view
        record = as_of.record(store, [relationship.id for relationship in view.graph.relationships])
        return view.shown(record), view.steps, view.filters.reported_until
    return _asked(store, case, args), (), None


def _asked(store: Store, case: str, args: argparse.Namespace) -> Subgraph:
    if args.node:
        if args.hops < 0:
            raise ParameterError("--hops cannot be less than 0.")
        id_ = args.node if ":" in args.node else f"{case}:{args.node}"
        return material_choice.surroundings(store, id_, args.hops)
    if args.query:
        query = Library.load().get(args.query)
        given = dict(_pair(text) for text in args.param)
        result = library.run(store, query, case, given or query.example)
        return material_choice.answer_view(store, result, {c.name: c.type for c in query.columns})
    if args.most < 1:
        raise ParameterError("--most cannot be less than 1.")
    return material_choice.whole(store, case, args.most)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ParameterError(f"Write a parameter as name=value, not “{text}”.")
    return name.strip(), value


def _write_files(made: pack.Pack, out: Path, names: Sequence[str], *, force: bool) -> list[Path]:
    """Single formats: one file is written as `--out` itself, several into that folder."""
    wanted = [file for name in names for file in get(name).FILES if file in made.files]
    targets = {out: wanted[0]} if len(wanted) == 1 else {out / name: name for name in wanted}
    beside = {out.parent / name: data for name, data in made.newsroom().items()}
    if (folder := next((path for path in targets if path.is_dir()), None)) is not None:
        raise ExportError(f"{folder} is a folder; name the file to write.")
    pack.refuse([*targets, *beside], force=force)
    try:
        for path, name in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            pack.copy_file(made.files, name, path)
        for path, data in beside.items():
            pack.write_file(path, data, private=True)
    except OSError as error:
        raise ExportError(f"{out} cannot be written ({error.strerror}).") from error
    return [*targets, *beside]


def _tell(made: pack.Pack, written: Sequence[Path]) -> None:
    counts, report = made.publication.counts, made.report
    nouns = (("things", "entity"), ("ties", "connection"), ("sources", "source"))
    say(", ".join(counted(counts[name], noun) for name, noun in nouns) + ".")
    redacted = sum(d.how in ("private", "protect") for d in report.decisions)
    if redacted or report.left_out:
        say(f"Not named: {redacted}. Stayed behind: {len(report.left_out)}.")
    for words in made.publication.draft:
        say(f"DRAFT: {words}.")
    for words in report.warnings:
        warn(words)
    if shared := report.open_words:
        warn(
            f"{counted(len(shared), 'word')} in the pack that somebody who is not named is called "
            f"as well: {', '.join(shared[:_LISTED])}{' …' if len(shared) > _LISTED else ''}. The "
            "report says where; that these are not the people is one decision (--others)."
        )
    for path in written:
        say(str(path))
