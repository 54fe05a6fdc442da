"""What exports cost: each data format of a large publication, in a process of its own.

`python -m bench.exporting --ties 100000` prints a table: CPU seconds, bytes written, and by how
much the process grew at its peak beyond the publication itself.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

from bench.generate import person_name
from exports.formats import formats, get
from exports.publication import Evidence, Fact, Publication, Source, Thing
from graph.errors import ExportError

DRAWN: Final = ("page", "png", "svg")
_SOURCES: Final = 2_000
_FIRST: Final = date(1987, 1, 1)


def publication(ties: int, seed: int = 1) -> Publication:
    """An invented publication with so many ties, a third as many people, and two passages a tie."""
    rng, people = random.Random(seed), max(2, ties // 3)  # noqa: S311 (no secret)
    facts = tuple(_fact(rng, n, people) for n in range(1, ties + 1))
    degree = Counter(end for f in facts for end in (f.subject, str(f.object)))
    things = tuple(
        Thing(f"person-{n}", "Person", person_name(n), {"name": person_name(n)}, True,
              degree[f"person-{n}"], rng.uniform(-9e3, 9e3), rng.uniform(-9e3, 9e3))
        for n in range(people)
    )  # fmt: skip
    sources = tuple(_source(n) for n in range(1, _SOURCES + 1))
    return Publication(
        pack="bench", title="Invented", summary="Of people who never were.", language="en",
        accessed="2026-11-22", case="bench", case_title="Invented", load="bench:load:1",
        things=things, facts=facts, sources=sources, is_cut=False, total=None,
    )  # fmt: skip


def _source(number: int) -> Source:
    day = (_FIRST + timedelta(number)).isoformat()
    return Source(
        number, f"source-{number}", "article", f"Courier {number}", "Courier", f"News {number}",
        day, "stated", f"https://courier.example/{number}", "en", "a" * 64, "b" * 64, "current", (),
    )  # fmt: skip


def _fact(rng: random.Random, number: int, people: int) -> Fact:
    one, other = (f"person-{int(people * rng.random() ** 3)}" for _ in range(2))
    day = (_FIRST + timedelta(rng.randrange(9_000))).isoformat()
    words = f"{one} is the same as {other}"
    evidence = tuple(
        Evidence(f"passage-{number}-{n}", 1 + rng.randrange(_SOURCES), "reported",
                 f"The two are told of as one on page {number}", None, "one and the same", None,
                 True, None, (), 10 * n, 10 * n + 9, "c" * 64)
        for n in range(2)
    )  # fmt: skip
    return Fact(
        number=number, id=f"fact-{number}", kind="relationship", subject=one, predicate="SAME_AS",
        object=other, measure=None, value=None, unit=None, comparator=None, base=None,
        polarity="affirmative", properties={"certainty": "possible"}, sentence=words,
        said=f"Courier reports: {words}", status="reported", weakest="reported", origins=0,
        not_stated=2, outlets=1, contested=False, when=day, earliest=day, latest=day, reported=day,
        computed=None, follows=None, evidence=evidence, differs=(), checked=None,
    )  # fmt: skip


def measure(name: str, ties: int) -> dict[str, Any]:
    """CPU seconds, bytes and growth in MB of one format; run it in a fresh process."""
    made = publication(ties)
    base, began = _peak(), time.process_time()
    try:
        size = sum(len(data) for data in get(name).files(made).values())
    except ExportError as error:
        return {"format": name, "refused": str(error)}
    return {
        "format": name, "cpu": time.process_time() - began, "bytes": size, "mb": _peak() - base,
        "publication_mb": base,
    }  # fmt: skip


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what data formats cost.")
    parser.add_argument("--ties", type=int, default=100_000)
    parser.add_argument("--only", help="one format, measured here, as JSON")
    args = parser.parse_args()
    if args.only:
        print(json.dumps(measure(args.only, args.ties)))
        return
    print(f"| format of {args.ties:,} ties | CPU s | MB written | MB more at the peak |")
    print("|---|---|---|---|")
    for name in formats():
        command = [sys.executable, "-m", "bench.exporting", "--ties", str(args.ties)]
        done = subprocess.run(
            [*command, "--only", name], check=True, capture_output=True, text=True
        )
        found = json.loads(done.stdout)
        if "refused" in found:
            print(f"| {name} | {found['refused']} | | |", flush=True)
            continue
        print(
            f"| {name} | {found['cpu']:.1f} | {found['bytes'] / 1e6:.0f} | {found['mb']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
