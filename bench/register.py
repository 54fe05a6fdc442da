"""An invented register of meetings: many rows of one source, in which nobody says anything.

Each row is a meeting on a day, its host, who holds a role at a body, and two guests, organizations.
A few people host and a few organizations are guests in most of them. No support has a speaker, no
claim is alleged or inferred, and nothing differs from anything: what a register tells, it tells.

The same factor gives the same records, and a smaller register is the beginning of a larger one.

`python -m bench.register FOLDER --factor 0.1` writes a case folder for `sutra load`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bench.generate import case_input, person_name, spread, surname, tail, write_tables
from graph.ingest.loads import LoadInput
from graph.model.records import Claim, Entity, Passage, Place, Record, Source, Support

CASE: Final = "register"
PEOPLE: Final = 337
ORGANIZATIONS: Final = 4_200
MEETINGS: Final = 12_500
"""What a register of the factor 1 has."""

_STAFF: Final = 12
"""People of one body."""
_TITLES: Final = ("member", "head of staff", "adviser")
_FIRST: Final = date(2014, 12, 1)
_DAYS: Final = 3_600
_LENGTH: Final = 200
"""Characters of a row."""


def records(factor: float = 1.0) -> Iterator[Record]:
    """The records of a register that is so many times as large as the whole one."""
    rng, meetings = random.Random(1), round(MEETINGS * factor)  # noqa: S311
    yield Source("register", {
        "kind": "register", "caption": "Register of meetings", "publisher": "The Register",
        "published_on": "2025-01-01", "published_basis": "stated", "language": "en",
        "text_length": MEETINGS * _LENGTH, "status": "current",
    }, Place("sources.csv", 2))  # fmt: skip
    people = organizations = 0
    for number in range(meetings):
        at = number + 2
        host, guest, other = (tail(rng, many) for many in (people, organizations, organizations))
        if organizations * MEETINGS <= number * ORGANIZATIONS:
            guest, organizations = organizations, organizations + 1
            yield _organization(guest, at)
        if other == guest:
            other = (other + 1) % organizations
        if people * MEETINGS <= number * PEOPLE:
            host, people = people, people + 1
            yield from _person(host, at)
        day = _FIRST + timedelta(days=number * _DAYS // MEETINGS)
        yield from _row(number, f"{day}", f"person-{host}", [f"body-{guest}", f"body-{other}"])


def load_input(folder: Path, factor: float = 1.0) -> LoadInput:
    """A register for `graph.ingest.loads.load`; its settings are written to the folder."""
    title = f"An invented register of {round(MEETINGS * factor):,} meetings"
    return case_input(folder, CASE, title, "Nobody in it exists.", lambda: records(factor))


def _organization(number: int, row: int) -> Entity:
    kind, what = ("ministry", "Cabinet") if number < PEOPLE // _STAFF else ("company", "Works")
    name = f"{surname(spread(number))} {what}"
    properties = {"name": name, "kind": kind}
    return Entity(f"body-{number}", "Organization", name, properties, Place("bodies.csv", row))


def _person(number: int, row: int) -> Iterator[Record]:
    person, name = f"person-{number}", person_name(number)
    properties = {"name": name, "naming": "public_role"}
    yield Entity(person, "Person", name, properties, Place("people.csv", row))
    title = _TITLES[number % len(_TITLES)]
    yield _relationship(
        f"role-{number}", person, "HOLDS_ROLE", f"body-{number // _STAFF}", row, title=title
    )


def _row(number: int, day: str, host: str, guests: list[str]) -> Iterator[Record]:
    """What one row of the register tells: the meeting, who was there, and the host's role."""
    meeting, passage, row = f"meeting-{number}", f"row-{number}", number + 2
    yield Entity(
        meeting, "Meeting", f"Meeting no. {number}", {"held_on": day}, Place("meetings.csv", row)
    )
    yield Passage(passage, "register", number * _LENGTH, (number + 1) * _LENGTH, {
        "selector": "TextPositionSelector", "sha256": f"{number:064x}", "language": "en",
        "gist": f"{host} meets {' and '.join(guests)}",
    }, Place("passages.csv", row))  # fmt: skip
    handle = f"c{number}"
    claims = [Claim(
        handle, "figure", meeting, Place("claims.csv", row),
        measure="held_on", value=day, unit="edtf", comparator="=",
    )]  # fmt: skip
    for who in dict.fromkeys((host, *guests)):
        claims.append(_relationship(f"{handle}-{who}", who, "ATTENDED", meeting, row, day))
    yield from claims
    for told in (*(claim.handle for claim in claims), f"role-{host.partition('-')[2]}"):
        yield Support(passage, told, "reported", Place("supports.csv", row))


def _relationship(
    handle: str, subject: str, predicate: str, obj: str, row: int, day: str | None = None,
    **properties: str,
) -> Claim:  # fmt: skip
    return Claim(
        handle, "relationship", subject, Place("claims.csv", row),
        predicate=predicate, object=obj, properties=properties, when=day,
        when_basis="stated" if day else None, when_rule=None if day else "before_report",
    )  # fmt: skip


def main() -> None:
    """Write a case folder."""
    parser = argparse.ArgumentParser(description="Write an invented register of meetings.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--factor", type=float, default=1.0, help="how many times as large")
    args = parser.parse_args()
    given = load_input(args.folder, args.factor)
    write_tables(args.folder, given)
    print(f"{given.case.title} in {args.folder}")


if __name__ == "__main__":
    main()
