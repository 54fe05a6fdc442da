"""An invented register of meetings: many rows of one source, in which nobody says anything.

Each row is a meeting on a day, its host, who holds a role at a body, and two guests, organizations.
A few people host and a few organizations are guests in most of them. No support has a speaker, no
claim is alleged or inferred, and nothing differs from anything: what a register tells, it tells.

The same factor gives the same rows, and a smaller register is the beginning of a larger one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import invented

from bench.generate import Author, Row, person_name, surname, tail
from graph.ingest.inputs import LoadInput
from loaders.case import read_case

CASE: Final = "register"
PEOPLE: Final = 337
ORGANIZATIONS: Final = 4_200
MEETINGS: Final = 12_500
"""What a register of the factor 1 has."""

_STAFF: Final = 12  # people of one body
_TITLES: Final = ("member", "head of staff", "adviser")
_DAYS: Final = 3_600
_LENGTH: Final = 200  # characters of a row


class _Clerk(Author):
    """Writes the rows of a register, one after the other."""

    def write(self, number: int) -> None:
        """Replace the row at hand by that of the number."""
        self.tables.clear()
        known = self.known
        host, guest, other = (tail(self.rng, known[kind]) for kind in ("person", "body", "body"))
        if known["body"] * MEETINGS <= number * ORGANIZATIONS:
            guest = known["body"]
            public = guest < PEOPLE // _STAFF
            name = f"{surname(guest)} {'Cabinet' if public else 'Works'}"
            kind = "ministry" if public else "company"
            self.newcomer("Organization", "body", name, name=name, kind=kind)
        if other == guest:
            other = (other + 1) % known["body"]
        if known["person"] * MEETINGS <= number * PEOPLE:
            host, name = known["person"], person_name(known["person"])
            person = self.newcomer("Person", "person", name, name=name, naming="public_role")
            role = {"claim": f"role-{host}", "title": _TITLES[host % len(_TITLES)]}
            self.connect(person, "HOLDS_ROLE", f"body-{host // _STAFF}", **role)
        self._meeting(number, host, [f"body-{guest}", f"body-{other}"])

    def _meeting(self, number: int, host: int, guests: list[str]) -> None:
        """What one row tells: the meeting, who was there, and the host's role."""
        meeting, passage, person = f"meeting-{number}", f"row-{number}", f"person-{host}"
        day = f"{date(2014, 12, 1) + timedelta(days=number * _DAYS // MEETINGS)}"
        self.entity("Meeting", meeting, f"Meeting no. {number}", held_on=day)
        self.add(
            "passages", passage=passage, source="register", start=number * _LENGTH,
            end=(number + 1) * _LENGTH, sha256=f"{number:064x}", language="en",
            gist=f"{person} meets {' and '.join(guests)}",
        )  # fmt: skip
        self.figure(meeting, "held_on", day, "edtf", claim=f"c{number}")
        attended = {who: f"c{number}-{who}" for who in (person, *guests)}
        for who, claim in attended.items():
            self.connect(who, "ATTENDED", meeting, day, claim=claim)
        for claim in (f"c{number}", *attended.values(), f"role-{host}"):
            self.add("supports", passage=passage, claim=claim, status="reported", quoted="no")


def load_input(folder: Path, factor: float = 1.0) -> LoadInput:
    """A register for `graph.ingest.loads.load`; its tables are written to the folder."""
    title = f"An invented register of {round(MEETINGS * factor):,} meetings"
    settings = f"id: {CASE}\ntitle: {title}\nsummary: Nobody in it exists.\n"
    return read_case(invented.write_tables(folder, settings, rows(factor)))


def rows(factor: float = 1.0) -> Iterator[Row]:
    """The rows of a register that is so many times as large as the whole one."""
    clerk = _Clerk()
    yield "sources", {
        "id": "register", "kind": "register", "caption": "Register of meetings",
        "publisher": "The Register", "published_on": "2025-01-01", "published_basis": "stated",
        "language": "en", "text_length": MEETINGS * _LENGTH, "status": "current",
    }  # fmt: skip
    for number in range(round(MEETINGS * factor)):
        clerk.write(number)
        yield from clerk.rows()
