"""What an editor decides about one pack. A value: the same choices make the same bytes."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.explore.view import Step

Point = tuple[float, float]

# No vowels, nothing that is read for something else: no word comes of it.
_LETTERS: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "BCDFGHJKLMNPQRSTVWXZ23456789YYKT",
)
_FIRST: Final = str.maketrans("23456789", "BCDFGHJK")


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A second person's word on one claim, good as long as its evidence has that code."""

    claim: str
    evidence: str
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Whether somebody who stands under an allegation was asked, and what the answer was."""

    party: str
    allegation: str
    asked_on: str
    deadline: str
    answer: str


@dataclass(frozen=True)
class Choices:
    """The choices for one pack.

    `pack` is its id, `key` keeps its pseudonyms apart from those of other packs, `accessed` is the
    day (ISO 8601) on which its sources were last looked at. `language` is the case's unless given.
    `private` and `left_out` name entities by id, or types (`Account`); `left_out` also properties
    (`Person.aliases`). `kept` names claims on a person named in a role that belong to the role,
    `overrides` sources that give a name away and are cited all the same, `allowed` words that look
    like a name and are none, each with a reason. `others` are single words of names that are other
    words, or in the names of others: the one decision on the report's list of them.
    """

    pack: str
    key: bytes
    accessed: str
    title: str = ""
    summary: str = ""
    language: str = ""
    licence: str = ""
    embargo: str = ""
    replaces: str = ""
    private: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    kept: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    allowed: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    checked: tuple[SecondReading, ...] = ()
    replies: tuple[Reply, ...] = ()
    positions: Mapping[str, Point] = field(default_factory=dict)

    def code(self, kind: str, id_: str, length: int = 4) -> str:
        """Letters and digits that stand for an id in this pack, and in no other.

        The first is a letter: “Person 27B4” would spell the id of another, `person-27`.
        """
        mac = hmac.new(self.key, f"{kind}\0{id_}".encode(), hashlib.sha256).digest()
        made = base64.b32encode(mac).decode("ascii")[:length].translate(_LETTERS)
        return made[0].translate(_FIRST) + made[1:]
