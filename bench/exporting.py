"""What exports cost: of a large publication each data format, of a smaller one a whole pack."""

from __future__ import annotations

import logging
import pickle
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final

from bench.generate import person_name, tail
from bench.measuring import apart, peak
from exports.choices import Choices
from exports.disk_list import Shelf, ShelfMap
from exports.formats.registry import formats, get
from exports.material import Material
from exports.names.named import Named
from exports.names.scanner import Scanner
from exports.pack import pack
from exports.pack.files import Files
from exports.redaction.publish import publish
from exports.stored import (
    ClaimWithEvidence,
    StoredEntity,
    StoredPassage,
    StoredSource,
    StoredSupport,
)
from graph.errors import ExportError
from graph.explore.subgraph import NodeView, Subgraph

CHOICES: Final = Choices("bench-1", bytes(32), "2026-11-22")
_FIRST: Final = date(1987, 1, 1)
_STRANGERS: Final = 50
"""People who are not in the view and must not be named: whom the scanner looks for."""


def held(connections: int, people: int = 2_000, sources: int = 2_000, seed: int = 1) -> Material:
    """What a graph would hold behind a view of so many connections of named people: a claim and two
    passages each."""
    rng = random.Random(seed)  # noqa: S311 (no secret)
    names = {f"bench:person-{n}": person_name(n) for n in range(people)}
    strangers = {f"bench:stranger-{n}": f"Ulvard Mistgrove{n}" for n in range(_STRANGERS)}
    nodes = (NodeView(id_, "Person", name, *_point(rng)) for id_, name in names.items())
    return Material(
        case="bench", title="Invented", summary="Of people who never were.", language="en",
        load="bench:load:1", loaded="2026-11-22", input="a" * 64, rules={}, engine="none",
        view=Subgraph(tuple(nodes)),
        entities={i: StoredEntity(i, "Person", "bench", name, {"name": name})
                  for i, name in names.items()},
        named=tuple(Named(i, "Person", (name,), "public_role" if i in names else None, "invented",
                          None, None) for i, name in {**names, **strangers}.items()),
        claims=Shelf(_claim(rng, number, people, sources) for number in range(connections)),
        passages=ShelfMap((p.id, p) for p in map(_passage, range(2 * connections))),
        sources={s.id: s for s in map(_source, range(sources))},
        relayed={}, held=frozenset(_source(number).id for number in range(sources)),
        hidden=frozenset(), only_hidden=frozenset(), hidden_figures=False, replies=(), reviews=(),
    )  # fmt: skip


def _point(rng: random.Random) -> tuple[float, float]:
    return rng.uniform(-9e3, 9e3), rng.uniform(-9e3, 9e3)


def _day(number: int) -> str:
    return (_FIRST + timedelta(number)).isoformat()


def _claim(rng: random.Random, number: int, people: int, sources: int) -> ClaimWithEvidence:
    one, other = (f"bench:person-{tail(rng, people)}" for _ in range(2))
    day = _day(rng.randrange(9_000))
    supports = tuple(
        StoredSupport(f"bench:passage-{2 * number + part}", _source(rng.randrange(sources)).id,
                      "reported", as_worded="one and the same", quoted=True)
        for part in range(2)
    )  # fmt: skip
    return ClaimWithEvidence(
        f"bench:fact-{number}", "relationship", one, "affirmative", "SAME_AS", other, when=day,
        properties={"certainty": "possible"}, supports=supports,
    )  # fmt: skip


def _passage(number: int) -> StoredPassage:
    gist = f"The two are told of as one on page {number // 2}"
    start = 10 * (number % 2)
    return StoredPassage(f"bench:passage-{number}", "", gist, start, start + 9, "c" * 64)


def _source(number: int) -> StoredSource:
    return StoredSource(
        f"bench:source-{number}", "article", f"Courier {number}", "Courier", f"News {number}",
        _day(number), "stated", f"https://courier.example/{number}", "en", "a" * 64, "b" * 64,
        "current",
    )  # fmt: skip


# --- formats, each in a process of its own ------------------------------------------------------

Cells = tuple[Any, ...]

COLUMNS: Final = {
    "as": "", "MB written": ".0f", "s, written": ".1f", "s, looked through": ".1f",
    "MB more, written": ".0f", "MB more, looked through": ".0f",
}  # fmt: skip
"""Seconds are of the processor; MB more are the growth of the process at its peak."""


def format_rows(connections: int) -> Iterator[Cells]:
    """The cells of `COLUMNS`: of making the publication, and of each format of it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "publication"
        yield apart(_publication, file, connections)
        for name in formats():
            yield apart(_format, name, file)


def _publication(file: Path, connections: int) -> Cells:
    """Make the publication and leave it in the file, fact by fact; returns the cells of its row."""
    found = held(connections)
    base, began = peak(), time.process_time()
    prepared = publish(found, CHOICES)
    taken, more = time.process_time() - began, peak() - base
    facts = prepared.publication.facts
    with file.open("wb") as stream:
        bare = replace(prepared.publication, facts=())
        for part in chain([(bare, prepared.naming, len(facts))], facts):
            pickle.dump(part, stream)
    return f"the publication itself, over {base:.0f} MB", None, taken, None, more, None


def _format(name: str, file: Path) -> Cells:
    """Write one format of the publication in the file and look it through; returns its cells."""
    with file.open("rb") as stream:
        bare, naming, count = pickle.load(stream)  # noqa: S301 (our own)
        # All on disk at once: what is in memory before would hide what the format needs.
        facts = Shelf((pickle.load(stream) for _ in range(count)), few=0)  # noqa: S301
    publication, files = replace(bare, facts=facts), Files()
    base, began = peak(), time.process_time()
    try:
        for made, pieces in get(name).files(publication).items():
            files.put(made, pieces)
    except ExportError as error:
        return f"{name}, not made: {error}", *[None] * 5
    grown, written = peak(), time.process_time()
    Scanner(naming).check(files)
    sizes, looked = sum(map(files.size, files)), time.process_time()
    return name, sizes / 1e6, written - began, looked - written, grown - base, peak() - grown


# --- a pack as a whole --------------------------------------------------------------------------


def packed(entities: int) -> tuple[pack.Pack, float]:
    """A pack of so many entities, in all formats, looked through and zipped; and the seconds on the
    clock that this took. How long each part takes is logged to standard error."""
    logging.basicConfig(format="%(message)s")
    logging.getLogger(pack.__name__).setLevel(logging.DEBUG)
    found = held(connections=5 * entities // 2, people=entities)
    began = time.monotonic()
    made = pack.make(found, CHOICES)
    made.zipped()
    return made, time.monotonic() - began
