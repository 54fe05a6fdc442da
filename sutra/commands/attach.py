"""`sutra attach`: keep your copy of a source's text, so that its passages are shown."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import SutraError
from graph.ingest import archive
from graph.model.records import Passage, Source
from graph.model.text import sha256
from graph.model.wording import counted
from graph.runtime.workspace import Workspace
from loaders.case import read_case
from sutra.opening import open_store
from sutra.terminal import say


def add_parser(commands: Any) -> None:
    """Add `attach` to the command's subparsers."""
    parser = commands.add_parser("attach", help="attach your copy of a source's text")
    parser.add_argument("source", help="the id of the source")
    parser.add_argument("file", type=Path, help="its text")
    parser.add_argument("--encoding", default="utf-8", help="of the file (default: utf-8)")
    parser.add_argument(
        "--folder", type=Path, help="the folder of its case, if that is not loaded yet"
    )
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Keep the text in the workspace if a source was read from it. Raises SutraError if not."""
    workspace = Workspace.locate()
    sources, passages = _described(args.folder) if args.folder else _loaded(args.source)
    named = {
        id_: digest
        for id_, digest in sorted(sources.items())
        if id_ == args.source or id_.endswith(f":{args.source}")
    }
    if not named:
        where = args.folder or "the graph"
        raise SutraError(f"No source “{args.source}” is in {where}; see the ids in sources.csv.")
    text = archive.read_text(args.file, args.encoding)
    found = sha256(text)
    matching = [id_ for id_, digest in named.items() if digest == found]
    first, digest = next(iter(named.items()))
    if not matching and digest is None:
        raise SutraError(f"{first} was not read from a text, so none can be attached.")
    if not matching:
        raise SutraError(
            f"{args.file} is not the text that {first} was read from (its sha256 is "
            f"{found[:12]}…, not {str(digest)[:12]}…); attach the copy with that sha256."
        )
    workspace.prepare()
    archive.keep_text(workspace, text)
    of_these = [one for one in passages if one.source in matching and one.start is not None]
    say(f"Attached to {', '.join(matching)}. {_fits(of_these, text)}")
    return 0


@dataclass(frozen=True, slots=True)
class _Stretch:
    source: str
    start: int | None
    end: int | None
    digest: str | None


_Known = tuple[dict[str, str | None], list[_Stretch]]
"""The sha256 of the text of each source by its id, and the passages of all."""


def _loaded(name: str) -> _Known:
    with open_store() as store:
        sources = store.read(
            "MATCH (s:Source) WHERE s.id = $id OR s.id ENDS WITH $local "
            "RETURN s.id AS id, s.text_sha256 AS digest",
            {"id": name, "local": f":{name}"},
        )
        passages = store.read(
            "MATCH (s:Record) WHERE s.id IN $ids MATCH (s)<-[:FROM]-(p:Passage) "
            "RETURN s.id AS source, p.start AS start, p.end AS end, p.sha256 AS digest",
            {"ids": [row["id"] for row in sources]},
        )
    return {row["id"]: row["digest"] for row in sources}, [_Stretch(**row) for row in passages]


def _described(folder: Path) -> _Known:
    sources: dict[str, str | None] = {}
    passages = []
    for record in read_case(folder).records():
        if isinstance(record, Source):
            digest = record.properties.get("text_sha256")
            sources[record.id] = None if digest is None else str(digest)
        elif isinstance(record, Passage):
            digest = record.properties.get("sha256")
            stretch = record.start, record.end, None if digest is None else str(digest)
            passages.append(_Stretch(record.source, *stretch))
    return sources, passages


def _fits(passages: list[_Stretch], text: str) -> str:
    """How many passages stand in a text as they were read."""
    fit = sum(sha256(text[one.start : one.end]) == one.digest for one in passages)
    if fit == len(passages):
        return "Its passages are now shown word for word."
    return (
        f"Of its {counted(len(passages), 'passage')} {fit:,} stand in it as they were read and are "
        "shown word for word; `sutra verify` says what became of the others."
    )
