"""An invented register of meetings: many rows of one source, in which nobody says anything.

Each row is a meeting on a day, its host, who holds a role at a body, and two guests, organizations.
A few people host and a few organizations are guests in most of them. No support has a speaker, no
claim is alleged or inferred, and nothing differs from anything: what a register tells, it tells.

The same factor gives the same rows, and a smaller register is the beginning of a larger one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bench.generate import Cells, Row, entity, person_name, surname, tail, write_tables
from graph.ingest.inputs import LoadInput
from loaders.case import read_case

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


def load_input(folder: Path, factor: float = 1.0) -> LoadInput:
    """A register for `graph.ingest.loads.load`; its tables are written to the folder."""
    title = f"An invented register of {round(MEETINGS * factor):,} meetings"
    return read_case(write_tables(folder, CASE, title, "Nobody in it exists.", rows(factor)))


def rows(factor: float = 1.0) -> Iterator[Row]:
    """The rows of a register that is so many times as large as the whole one."""
    rng = random.Random(1)  # noqa: S311 (no secret)
    yield "sources", {
        "id": "register", "kind": "register", "caption": "Register of meetings",
        "publisher": "The Register", "published_on": "2025-01-01", "published_basis": "stated",
        "language": "en", "text_length": MEETINGS * _LENGTH, "status": "current",
    }  # fmt: skip
    people = organizations = 0
    for number in range(round(MEETINGS * factor)):
        host, guest, other = (tail(rng, many) for many in (people, organizations, organizations))
        if organizations * MEETINGS <= number * ORGANIZATIONS:
            guest, organizations = organizations, organizations + 1
            yield _organization(guest)
        if other == guest:
            other = (other + 1) % organizations
        if people * MEETINGS <= number * PEOPLE:
            host, people = people, people + 1
            yield from _person(host)
        day = _FIRST + timedelta(days=number * _DAYS // MEETINGS)
        yield from _meeting(number, f"{day}", host, [f"body-{guest}", f"body-{other}"])


def _organization(number: int) -> Row:
    kind, what = ("ministry", "Cabinet") if number < PEOPLE // _STAFF else ("company", "Works")
    name = f"{surname(number)} {what}"
    return entity("Organization", f"body-{number}", name, name=name, kind=kind)


def _person(number: int) -> Iterator[Row]:
    id_, name = f"person-{number}", person_name(number)
    yield entity("Person", id_, name, name=name, naming="public_role")
    role = {"title": _TITLES[number % len(_TITLES)], "when_rule": "before_report"}
    yield _connection(f"role-{number}", id_, "HOLDS_ROLE", f"body-{number // _STAFF}", role)


def _meeting(number: int, day: str, host: int, guests: list[str]) -> Iterator[Row]:
    """What one row of the register tells: the meeting, who was there, and the host's role."""
    id_, passage, handle, person = (
        f"meeting-{number}",
        f"row-{number}",
        f"c{number}",
        f"person-{host}",
    )
    yield entity("Meeting", id_, f"Meeting no. {number}", held_on=day)
    yield "passages", {
        "passage": passage, "source": "register", "start": number * _LENGTH,
        "end": (number + 1) * _LENGTH, "sha256": f"{number:064x}", "language": "en",
        "gist": f"{person} meets {' and '.join(guests)}",
    }  # fmt: skip
    yield "claims", {
        "claim": handle, "kind": "figure", "subject": id_, "measure": "held_on", "value": day,
        "unit": "edtf", "comparator": "=",
    }  # fmt: skip
    stated = {"when": day, "when_basis": "stated"}
    attended = {who: f"{handle}-{who}" for who in (person, *guests)}
    for who, claim in attended.items():
        yield _connection(claim, who, "ATTENDED", id_, stated)
    for claim in (handle, *attended.values(), f"role-{host}"):
        yield "supports", {"passage": passage, "claim": claim, "status": "reported", "quoted": "no"}


def _connection(claim: str, subject: str, predicate: str, object_: str, more: Cells) -> Row:
    ends = {"subject": subject, "predicate": predicate, "object": object_}
    return "claims", {"claim": claim, "kind": "relationship", **ends, **more}
