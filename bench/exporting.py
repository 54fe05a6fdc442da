"""What exports cost: of a large publication each data format, of a smaller one a whole pack."""

from __future__ import annotations

import logging
import pickle
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from bench.generate import person_name, tail
from bench.measuring import apart, peak, timed
from exports import stored
from exports.choices import Choices
from exports.disk_list import Shelf, ShelfMap
from exports.formats.registry import formats, get
from exports.material import Material
from exports.names.named import Named
from exports.names.scanner import Scanner
from exports.pack import pack
from exports.pack.files import Files
from exports.publication import Publication
from exports.redaction.publish import publish
from graph.errors import ExportError
from graph.explore.subgraph import NodeView, Subgraph

T = TypeVar("T")

CHOICES: Final = Choices("bench-1", bytes(32), "2026-11-22")
_STRANGERS: Final = 50  # people not in the view who must not be named: the scanner looks for them


def held(connections: int, people: int = 2_000, sources: int = 2_000) -> Material:
    """What a graph would hold behind a view of so many connections of named people: a claim and two
    passages each."""
    rng = random.Random(1)  # noqa: S311 (no secret)
    names = {f"bench:person-{n}": person_name(n) for n in range(people)}
    strangers = {f"bench:stranger-{n}": f"Ulvard Mistgrove{n}" for n in range(_STRANGERS)}
    nodes = [
        NodeView(id_, "Person", name, rng.uniform(-9e3, 9e3), rng.uniform(-9e3, 9e3))
        for id_, name in names.items()
    ]
    return Material(
        case="bench", title="Invented", summary="Of people who never were.", language="en",
        load="bench:load:1", loaded="2026-11-22", input="a" * 64, rules={}, engine="none",
        view=Subgraph(tuple(nodes)),
        entities={i: stored.StoredEntity(i, "Person", "bench", name, {"name": name})
                  for i, name in names.items()},
        named=tuple(Named(i, "Person", (name,), "public_role" if i in names else None, "invented",
                          None, None) for i, name in {**names, **strangers}.items()),
        claims=Shelf(_claim(rng, number, people, sources) for number in range(connections)),
        passages=ShelfMap((p.id, p) for p in map(_passage, range(2 * connections))),
        sources={s.id: s for s in map(_source, range(sources))},
        relayed={}, held=frozenset(f"bench:source-{number}" for number in range(sources)),
        hidden=frozenset(), only_hidden=frozenset(), hidden_figures=False, replies=(), reviews=(),
    )  # fmt: skip


def _claim(rng: random.Random, number: int, people: int, sources: int) -> stored.ClaimWithEvidence:
    one, other = (f"bench:person-{tail(rng, people)}" for _ in range(2))
    return stored.ClaimWithEvidence(
        f"bench:fact-{number}", "relationship", one, "affirmative", "SAME_AS", other,
        when=_day(rng.randrange(9_000)), properties={"certainty": "possible"},
        supports=tuple(
            stored.StoredSupport(f"bench:passage-{passage}",
                                 f"bench:source-{rng.randrange(sources)}", "reported",
                                 as_worded="one and the same", quoted=True)
            for passage in (2 * number, 2 * number + 1)
        ),
    )  # fmt: skip


def _passage(number: int) -> stored.StoredPassage:
    gist, start = f"The two are told of as one on page {number // 2}", 10 * (number % 2)
    return stored.StoredPassage(f"bench:passage-{number}", "", gist, start, start + 9, "c" * 64)


def _source(number: int) -> stored.StoredSource:
    return stored.StoredSource(
        f"bench:source-{number}", "article", f"Courier {number}", "Courier", f"News {number}",
        _day(number), "stated", f"https://courier.example/{number}", "en", "a" * 64, "b" * 64,
        "current",
    )  # fmt: skip


def _day(number: int) -> str:
    return f"{date(1987, 1, 1) + timedelta(number)}"


COLUMNS: Final = (
    "as | MB written | s, written | s, looked through | MB more, written | MB more, looked through"
)
"""Seconds are of the processor; MB more are the growth of the process at its peak."""


def format_rows(connections: int) -> Iterator[tuple[Any, ...]]:
    """The cells of `COLUMNS`: of making the publication, and of each format of it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "publication"
        yield apart(_publication, file, connections)
        for name in formats():
            yield apart(_format, name, file)


def _cost(call: Callable[..., T], *arguments: Any) -> tuple[float, float, T]:
    """The seconds of the processor and the MB more of a call, and what it returns."""
    base, began = peak(), time.process_time()
    answer = call(*arguments)
    return time.process_time() - began, peak() - base, answer


def _publication(file: Path, connections: int) -> tuple[Any, ...]:
    """Make the publication and leave it in the file, fact by fact; returns the cells of its row."""
    found, base = held(connections), peak()
    taken, more, prepared = _cost(publish, found, CHOICES)
    publication, facts = prepared.publication, prepared.publication.facts
    with file.open("wb") as stream:
        pickle.dump((replace(publication, facts=()), prepared.naming, len(facts)), stream)
        for fact in facts:
            pickle.dump(fact, stream)
    return f"the publication itself, over {base:.0f} MB", None, taken, None, more, None


def _format(name: str, file: Path) -> tuple[Any, ...]:
    """Write one format of the publication in the file and look it through; returns its cells."""
    with file.open("rb") as stream:
        bare, naming, count = pickle.load(stream)  # noqa: S301 (our own)
        # All on disk at once: what is in memory before would hide what the format needs.
        facts = Shelf((pickle.load(stream) for _ in range(count)), few=0)  # noqa: S301
    try:
        written, more, files = _cost(_written, name, replace(bare, facts=facts))
    except ExportError as error:
        return f"{name}, not made: {error}", *[None] * 5
    looked, most, _ = _cost(lambda: Scanner(naming).check(files))
    return name, sum(map(files.size, files)) / 1e6, written, looked, more, most


def _written(name: str, publication: Publication) -> Files:
    files = Files()
    for made, pieces in get(name).files(publication).items():
        files.put(made, pieces)
    return files


def packed(entities: int) -> tuple[pack.Pack, float]:
    """A pack of so many entities, in all formats, looked through and zipped; and the seconds on the
    clock that this took. How long each part takes is logged to standard error."""
    logging.basicConfig(format="%(message)s")
    logging.getLogger(pack.__name__).setLevel(logging.DEBUG)
    found = held(connections=5 * entities // 2, people=entities)
    making, made = timed(pack.make, found, CHOICES)
    return made, making + timed(made.zipped)[0]
