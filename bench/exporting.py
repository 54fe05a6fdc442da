"""What exports cost.

`python -m bench.exporting --ties 100000` prints a table of the data formats of a large publication,
each in a process of its own: bytes, CPU seconds, and by how much the process grew at its peak;
the first row is the making of the publication itself. `python -m bench.exporting --pack 2000` makes
a pack of so many entities of an invented case, with an embedded engine of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from bench.generate import load_input, person_name
from exports.disk_list import Shelf, ShelfMap
from exports.formats.registry import formats, get
from exports.material import Material
from exports.material import read as read_material
from exports.names.decide import Naming
from exports.names.named import Named
from exports.names.scanner import Scanner
from exports.names.terms import Terms, terms_of, words_of
from exports.pack import pack
from exports.pack.choices import Choices
from exports.pack.files import Files
from exports.publication import Entity, Evidence, Fact, Publication, Source
from exports.redaction.editor import publish
from exports.stored import (
    ClaimWithEvidence,
    StoredEntity,
    StoredPassage,
    StoredSource,
    StoredSupport,
    from_row,
)
from graph.errors import ExportError
from graph.explore import reads
from graph.explore.subgraph import NodeView, Subgraph
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.store.embedded import service
from graph.store.store import Store

_SOURCES: Final = 2_000
_FIRST: Final = date(1987, 1, 1)


def publication(relationships: int, seed: int = 1, sources: int = _SOURCES) -> Publication:
    """An invented publication with so many relationships and two passages a relationship."""
    rng, people = random.Random(seed), _people(relationships)  # noqa: S311 (no secret)
    facts = Shelf(_fact(rng, n, people, sources) for n in range(1, relationships + 1))
    degree = Counter(end for f in facts for end in (f.subject, str(f.object)))
    entities = tuple(
        Entity(f"person-{n}", "Person", person_name(n), {"name": person_name(n)}, True,
              degree[f"person-{n}"], rng.uniform(-9e3, 9e3), rng.uniform(-9e3, 9e3))
        for n in range(people)
    )  # fmt: skip
    return Publication(
        pack="bench", title="Invented", summary="Of people who never were.", language="en",
        accessed="2026-11-22", case="bench", case_title="Invented", load="bench:load:1",
        entities=entities, facts=facts, sources=tuple(map(_source, range(1, sources + 1))),
        is_cut=False, total=None,
    )  # fmt: skip


def _people(relationships: int) -> int:
    """A third as many as relationships, as far as anything brings so many into one view."""
    return min(max(2, relationships // 3), 2_000)


def held(
    relationships: int, people: int = 2_000, sources: int = _SOURCES, seed: int = 1
) -> Material:
    """What a graph would hold behind such a view: a claim and two passages a relationship, all are
    named."""
    rng = random.Random(seed)  # noqa: S311 (no secret)
    ids = [f"bench:person-{n}" for n in range(people)]
    entities = {
        id_: StoredEntity(id_, "Person", "bench", person_name(n), {"name": person_name(n)})
        for n, id_ in enumerate(ids)
    }
    return Material(
        case="bench", title="Invented", summary="Of people who never were.", language="en",
        load="bench:load:1", loaded="2026-11-22", input="a" * 64, rules={}, engine="none",
        view=Subgraph(tuple(NodeView(i, "Person", e.caption, 1.0, 1.0)
                            for i, e in entities.items())),
        entities=entities,
        named=tuple(Named(i, "Person", (e.caption,), "public_role", "invented", None, None)
                    for i, e in entities.items()),
        claims=Shelf(_claim(rng, n, people, sources) for n in range(1, relationships + 1)),
        passages=ShelfMap((f"bench:p{n}-{k}", _passage(f"bench:p{n}-{k}", n, k))
                          for n in range(1, relationships + 1) for k in range(2)),
        sources={f"bench:{s.id}": from_row(StoredSource, asdict(s), id=f"bench:{s.id}")
                 for s in map(_source, range(1, sources + 1))},
        relayed={}, held=frozenset(f"bench:source-{n}" for n in range(1, sources + 1)),
        hidden=frozenset(), only_hidden=frozenset(), hidden_figures=False, replies=(), reviews=(),
    )  # fmt: skip


def _claim(rng: random.Random, number: int, people: int, sources: int) -> ClaimWithEvidence:
    one, other = (f"bench:person-{int(people * rng.random() ** 3)}" for _ in range(2))
    day = (_FIRST + timedelta(rng.randrange(9_000))).isoformat()
    supports = tuple(
        StoredSupport(f"bench:p{number}-{n}", f"bench:source-{1 + rng.randrange(sources)}",
                      "reported", as_worded="one and the same", quoted=True)
        for n in range(2)
    )  # fmt: skip
    return ClaimWithEvidence(
        f"bench:fact-{number}", "relationship", one, "affirmative", "SAME_AS", other, when=day,
        properties={"certainty": "possible"}, supports=supports,
    )  # fmt: skip


def _passage(id_: str, number: int, part: int) -> StoredPassage:
    gist = f"The two are told of as one on page {number}"
    return StoredPassage(id_, "", gist, 10 * part, 10 * part + 9, "c" * 64)


def _source(number: int) -> Source:
    day = (_FIRST + timedelta(number)).isoformat()
    return Source(
        number, f"source-{number}", "article", f"Courier {number}", "Courier", f"News {number}",
        day, "stated", f"https://courier.example/{number}", "en", "a" * 64, "b" * 64, "current", (),
    )  # fmt: skip


def _fact(rng: random.Random, number: int, people: int, sources: int) -> Fact:
    one, other = (f"person-{int(people * rng.random() ** 3)}" for _ in range(2))
    day = (_FIRST + timedelta(rng.randrange(9_000))).isoformat()
    words = f"{one} is the same as {other}"
    evidence = tuple(
        Evidence(f"passage-{number}-{n}", 1 + rng.randrange(sources), "reported",
                 f"The two are told of as one on page {number}", None, "one and the same", None,
                 True, None, (), 10 * n, 10 * n + 9, "c" * 64)
        for n in range(2)
    )  # fmt: skip
    return Fact(
        number=number, id=f"fact-{number}", kind="relationship", subject=one, predicate="SAME_AS",
        object=other, measure=None, value=None, unit=None, comparator=None, base=None,
        polarity="affirmative", properties={"certainty": "possible"}, sentence=words,
        said=f"Courier reports: {words}", status="reported", weakest="reported", origins=0,
        not_stated=2, publishers=1, contested=False, when=day, earliest=day, latest=day,
        reported=day,
        computed=None, follows=None, evidence=evidence, differs=(), checked=None,
    )  # fmt: skip


# --- memory: each format in a process of its own ------------------------------------------------


def measure(name: str, relationships: int) -> dict[str, Any]:
    """CPU seconds, bytes and growth in MB of one format, written and then looked through.

    Of `publication`, how it is made of what the graph holds. Run it in a fresh process.
    """
    if name == "publication":
        return _publishing(relationships)
    made, spool, format_ = publication(relationships), Files(), get(name)
    base, began = _peak(), time.process_time()
    try:
        for file, pieces in format_.files(made).items():
            spool.put(file, pieces)
    except ExportError as error:
        return {"format": name, "refused": str(error)}
    written, grown = time.process_time(), _peak()
    scanner = Scanner(Naming({}, _strangers(), _strangers()))
    scanner.check(spool)
    return {
        "format": name, "publication": base, "bytes": sum(map(spool.size, spool)),
        "write": written - began, "write_mb": grown - base,
        "look": time.process_time() - written, "look_mb": _peak() - grown,
    }  # fmt: skip


def _publishing(relationships: int) -> dict[str, Any]:
    found = held(relationships)
    base, began = _peak(), time.process_time()
    made = publish(found, Choices("bench-1", bytes(32), "2026-11-22"))
    return {
        "format": "publication", "publication": base, "bytes": 0,
        "write": time.process_time() - began, "write_mb": _peak() - base,
        "look": 0.0, "look_mb": 0.0, "facts": len(made.publication.facts),
    }  # fmt: skip


def _strangers() -> Terms:
    """Names that stand in no file here."""
    names = [f"Nobody Here{n}" for n in range(50)]
    found = [t for n in names for t in terms_of(n, [n], n, is_person=True) if t.certain]
    return Terms(found, dict.fromkeys(names, "x"))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def formats_table(relationships: int) -> None:
    """Print what each format costs."""
    print(f"| {relationships:,} connections as "
          "| MB written | CPU s, written | looked through | MB more, written |"
          " looked through |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    base = 0.0
    for name in ("publication", *formats()):
        found = _apart("--only", name, "--ties", str(relationships))
        if "refused" in found:
            print(f"| {name} | not made: {found['refused']} | | | | |", flush=True)
            continue
        base = max(base, found["publication"])
        print(
            f"| {name} | {found['bytes'] / 1e6:.0f} | {found['write']:.1f} | {found['look']:.1f} | "
            f"{found['write_mb']:.0f} | {found['look_mb']:.0f} |", flush=True,
        )  # fmt: skip
    print(f"\nBefore that, the process with what it starts from: {base:.0f} MB.")


def _apart(*arguments: str) -> Any:
    command = [sys.executable, "-m", "bench.exporting", *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


# --- a pack as a whole --------------------------------------------------------------------------


def material(entities: int, home: Path) -> Material:
    """All that an embedded graph holds behind a view of so many entities of an invented case."""
    workspace = Workspace(home)
    try:
        with Store.open(workspace, environ={}) as store:
            loads.load(store, workspace, load_input(home, 5 * entities))
            rows = store.read(_ENTITIES, {"most": entities})
            view = reads.some_view(store, [row["id"] for row in rows])
            return read_material(store, "invented", view)
    finally:
        service.stop(workspace)


def with_names(found: Material) -> Material:
    """The same, with everybody named whose name stands in that of a paper: it would reveal them."""
    papers = {w for s in found.sources.values() for w in words_of(s.publisher or "")}
    named = tuple(
        replace(n, naming="public_role") if papers & set(words_of(" ".join(n.names))) else n
        for n in found.named
    )
    return replace(found, named=named)


def choices(found: Material) -> Choices:
    """Choices for a pack of that. Invented ids are so alike that each would be found in another."""
    allowed = {n.id.removeprefix("invented:"): "an invented id" for n in found.named}
    allowed |= {name: "an invented handle" for n in found.named if n.label == "Account"
                for name in n.names}  # fmt: skip
    return Choices("bench-1", bytes(32), "2026-11-22", allowed=allowed)


_ENTITIES: Final = "MATCH (n:Entity) RETURN n.id AS id ORDER BY id LIMIT $most"


def pack_table(entities: int, page: Path | None) -> None:
    """Print what a pack costs as a whole, and each of its formats."""
    with tempfile.TemporaryDirectory() as home:
        found = with_names(material(entities, Path(home)))
    began, clock = time.process_time(), time.monotonic()
    made = pack.make(found, choices(found))
    made.zipped()
    whole, waited = time.process_time() - began, time.monotonic() - clock
    counts = made.publication.counts
    print(f"A pack of {counts['things']:,} entities, {counts['ties']:,} connections and "
          f"{counts['facts']:,} facts: {whole:.1f} s of CPU, {waited:.1f} s in all, "
          f"{sum(map(made.files.size, made.files)) / 1e6:.0f} MB.")  # fmt: skip
    print("\n| its format | CPU s |\n|---|---|")
    for name, format_ in formats().items():
        began = time.process_time()
        for pieces in format_.files(made.publication).values():
            for _ in pieces:
                pass
        print(f"| {name} | {time.process_time() - began:.1f} |", flush=True)
    if page:
        page.write_bytes(made.files["page.html"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what exports cost.")
    parser.add_argument("--ties", type=int, default=100_000)
    parser.add_argument("--only", help="one format, measured here, as JSON")
    parser.add_argument("--pack", type=int, metavar="THINGS", help="a pack of so many, as a whole")
    parser.add_argument("--page", type=Path, help="where to leave the page of that pack")
    args = parser.parse_args()
    if args.only:
        print(json.dumps(measure(args.only, args.ties)))
    elif args.pack:
        pack_table(args.pack, args.page)
    else:
        formats_table(args.ties)


if __name__ == "__main__":
    main()
