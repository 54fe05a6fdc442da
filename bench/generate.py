"""Invented cases of any size, with the shape of real ones, as tables that `sutra load` reads.

A case is a series of stories. Each brings somebody new, an order or a meeting, what was said and
done about it, and the articles that tell of it, some of which pass on what others reported. Whom a
story speaks of is drawn with a heavy tail among all who came before: a few are in every paper. No
claim is without a passage.

The same size and seed give the same rows, and a smaller case is the beginning of a larger one.
Nothing is kept from story to story but how many entities there are, so memory is flat.

`write_case(Path("folder"), 100_000)` writes a case folder. A case of another shape is in
bench/register.py.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import invented

from graph.ingest.inputs import LoadInput
from graph.model.types import SCHEMA
from graph.model.types.claims import NEGATIVE
from loaders.case import read_case

Row = tuple[str, dict[str, Any]]
"""The stem of a table, and the cells of one of its rows by column."""

_NAMES: Final = """
Odd Bryn Tuva Pell Anselm Mirel Corvin Dace Elska Fenn Gisli Hale Ines Jorun Kesh Lumi Merrin Nox
Orla Pim Quill Rook Sorrel Tansy Ulv Vesper Wren Xanthe Yarrow Zell

Lan Mar Bram Cor Dun Els Fal Gar Hol Ick Jar Kel Lod Mor Nar Ost Pen Quar Ros Sten Tor Und Var Wick
Yar

tern ro ber den gar hol ling mas nor per rin sel tor ven wil

by dale ham wick ton ford sey more low gate mere stow ley field
"""
_FIRST, _BEGIN, _MIDDLE, _END = (words.split() for words in _NAMES.split("\n\n"))
_PAPERS: Final = ("Courier", "Lantern", "Ledger", "Beacon", "Tidings", "Almanac", "Observer")


def tail(rng: random.Random, count: int) -> int:
    """One of `count` entities that came before, the earlier ones far more often."""
    return int(count * rng.random() ** 3)


def surname(number: int) -> str:
    """A surname for each number. Numbers side by side do not get names that are alike."""
    size = len(_BEGIN) * len(_MIDDLE) * len(_END)
    # 7,919 shares no factor with the size, so every name comes once before any comes again.
    again, number = number // size, number * 7_919 % size
    rest, begin = divmod(number, len(_BEGIN))
    end, middle = divmod(rest, len(_MIDDLE))
    return f"{_BEGIN[begin]}{_MIDDLE[middle]}{_END[end]}{f' {again + 1}' if again else ''}"


def person_name(number: int) -> str:
    """The name of the person of that number."""
    return f"{_FIRST[number * 7 % len(_FIRST)]} {surname(number)}"


class Author:
    """Writes a case part by part: `tables` holds the rows of the part at hand, `known` counts the
    entities of each kind so far, and the claims of the parts before."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = random.Random(seed)  # noqa: S311 (no secret)
        self.known: Counter[str] = Counter()
        self.tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, table: str, **cells: Any) -> None:
        self.tables[table].append(cells)

    def entity(self, label: str, id_: str, caption: str, **properties: str) -> None:
        table = SCHEMA.nodes[label].table
        kind = {"type": label} if len(SCHEMA.tables[table]) > 1 else {}
        self.add(table, id=id_, **kind, caption=caption, **properties)

    def newcomer(self, label: str, known: str, caption: str, **properties: str) -> str:
        """An entity with the next number of those that are known under a word; returns its id."""
        id_ = f"{known}-{self.known[known]}"
        self.entity(label, id_, caption, **properties)
        self.known[known] += 1
        return id_

    def claim(self, kind: str, subject: str, **cells: str) -> None:
        """A claim, with a handle of its own unless its cells have one."""
        handle = f"c{self.known['claims'] + len(self.tables['claims'])}"
        self.add("claims", **{"claim": handle, "kind": kind, "subject": subject, **cells})

    def connect(
        self, subject: str, predicate: str, object_: str, when: str | None = None, **cells: str
    ) -> None:
        days = {"when": when, "when_basis": "stated"} if when else {"when_rule": "before_report"}
        cells |= {"predicate": predicate, "object": object_}
        self.claim("relationship", subject, **cells, **days)

    def word(self, subject: str, measure: str, value: str, kind: str = "wording") -> None:
        self.claim(kind, subject, measure=measure, value=value)

    def figure(self, subject: str, measure: str, value: str, unit: str, **cells: str) -> None:
        about = {"measure": measure, "value": value, "unit": unit, "comparator": "="}
        self.claim("figure", subject, **about, **cells)

    def rows(self) -> Iterator[Row]:
        """The part at hand."""
        return ((table, cells) for table, rows in self.tables.items() for cells in rows)


class _Stories(Author):
    """Writes stories, one after the other."""

    def known_one(self, kind: str, but: int = 0) -> str:
        """An entity of that kind that came before, but for so many of the latest."""
        return f"{kind}-{tail(self.rng, self.known[kind] - but)}"

    def actor(self) -> str:
        """Somebody who came before: a person or, less often, a body."""
        return self.known_one("person" if self.rng.random() < 0.6 else "body")

    def write(self, number: int, most: int) -> None:
        """Replace the story at hand by that of the number, with so many claims at most."""
        self.known["claims"] += len(self.tables["claims"])
        self.tables.clear()
        rng = self.rng
        day = date(2015, 1, 1) + timedelta(days=rng.randrange(1_500))
        when = rng.choice((f"{day}", f"{day}", f"{day}~", f"{day:%Y-%m}"))
        self._newcomers(number, when)
        order = self._order(number, when) if rng.random() < 0.5 else None
        meeting = self._meeting(number, when, order) if rng.random() < 0.4 else None
        self._sayings(number, when, order, meeting)
        if order:
            self._measures(number, when, order)
        self._coverage(number, day)
        # Of a story that is cut short the dates stay: an entity's date needs its claim.
        claims = self.tables["claims"]
        if len(claims) > most:
            claims.sort(key=lambda claim: claim.get("unit") != "edtf")
            del claims[most:]
        self._support()

    def _newcomers(self, number: int, when: str) -> None:
        """A person in each story, anybody and anything else in every so many."""
        known, rng = self.known, self.rng
        if known["place"] * 60 <= number:
            name = f"{surname(known['place'] + 17)} Bay"
            place = self.newcomer("Place", "place", name, name=name, country="Farland")
            if known["place"] > 1:
                self.connect(place, "LOCATED_IN", self.known_one("place", but=1))
        if known["body"] * 4 <= number:
            name = f"{surname(known['body'] + 401)} {rng.choice(('Board', 'Works', 'Office'))}"
            kind = rng.choice(("company", "ministry", "newsroom", "association"))
            body = self.newcomer("Organization", "body", name, name=name, kind=kind)
            self.connect(body, "LOCATED_IN", self.known_one("place"))
            if known["body"] > 5:
                self.connect(body, "PART_OF", self.known_one("body", but=1))
        self._person(when)
        if known["law"] * 50 <= number:
            name = f"{surname(known['law'] + 99)} Act"
            self.word(self.newcomer("Law", "law", name, name=name, kind="act"), "called", name)
        if known["hashtag"] * 12 <= number:
            tag = f"#{surname(known['hashtag'] + 55).replace(' ', '')}"
            hashtag = self.newcomer("Hashtag", "hashtag", tag, tag=tag)
            self.word(hashtag, "printed_as", tag)
            if known["hashtag"] > 1:
                self.connect(hashtag, "VARIANT_OF", self.known_one("hashtag", but=1))

    def _person(self, when: str) -> None:
        number = self.known["person"]
        name, naming = person_name(number), {"naming": "public_role"} if number % 3 else {}
        alias = f"{name[0]}. {name.split()[1]}"
        person = self.newcomer("Person", "person", name, name=name, aliases=alias, **naming)
        title = self.rng.choice(("keeper", "director", "clerk", "minister"))
        body = self.known_one("body")
        self.connect(person, "HOLDS_ROLE", body, when, title=title, seen_on=when)
        self.word(person, "name", name)

    def _order(self, number: int, when: str) -> str:
        rng, order, group = self.rng, f"order-{number}", f"group-{number}"
        self.entity("Order", order, f"Order no. {number}", kind="directive", issued_on=when)
        self.connect(self.known_one("body"), "ISSUED", order, when)
        self.figure(order, "issued_on", when, "edtf")
        self.connect(order, "ADDRESSED_TO", self.actor(), when)
        size = rng.randrange(5, 2_000)
        words = f"Accounts of order no. {number}"
        self.entity("Group", group, words, description=words, of="accounts")
        self.connect(order, "FLAGS", group, when, demand="block")
        self.figure(group, "size", str(size), "accounts")
        if rng.random() < 0.2:
            self.figure(group, "size", str(size + rng.randrange(1, 40)), "accounts")
        self.word(group, "called", rng.choice(("handles", "accounts", "users")))
        self.connect(order, "INVOKES", self.known_one("law"), when, sense="relies_on")
        self.word(order, "ground", rng.choice(("public_order", "false_claims")), "ground")
        lawful = {"measure": "characterised_as", "value": "lawful"}
        self.claim("characterisation", order, **lawful)
        if rng.random() < 0.3:
            self.claim("characterisation", order, **lawful, polarity=NEGATIVE)
        for _ in range(rng.randrange(3)):
            handle = f"lamp{self.known['account']}"
            on = {"handle": handle, "platform": f"body-{rng.randrange(min(3, self.known['body']))}"}
            account = self.newcomer("Account", "account", f"@{handle}", **on)
            self.connect(account, "MEMBER_OF", group)
            self.connect(account, "USED", self.known_one("hashtag"))
        return order

    def _meeting(self, number: int, when: str, order: str | None) -> str:
        meeting = f"meeting-{number}"
        self.entity("Meeting", meeting, f"Meeting no. {number}", held_on=when)
        for actor in dict.fromkeys(self.actor() for _ in range(self.rng.randrange(2, 6))):
            self.connect(actor, "ATTENDED", meeting, when)
        self.figure(meeting, "held_on", when, "edtf")
        if order:
            self.connect(meeting, "DISCUSSED", order, when)
        return meeting

    def _sayings(self, number: int, when: str, order: str | None, meeting: str | None) -> None:
        rng, before = self.rng, None
        for turn in range(rng.randrange(1, 4)):
            said = f"statement-{number}-{turn}"
            kind = rng.choice(("remark", "demand", "threat", "denial"))
            gist = f"What was said in story {number}, part {turn}"
            self.entity("Statement", said, f"Statement {number}.{turn}", kind=kind, gist=gist)
            self.connect(self.actor(), "MADE", said, when)
            for topic in dict.fromkeys((order or self.actor(), self.actor())):
                self.connect(said, "ABOUT", topic, when, role="topic")
            if meeting:
                self.connect(said, "MADE_AT", meeting, when)
            elif rng.random() < 0.4:
                self.connect(said, "ADDRESSED_TO", self.actor(), when)
            if before:
                self.connect(said, "ANSWERS", before, when)
            called = ("outrage", "regret", "a_warning", "a_rebuke")
            for word in rng.sample(called, rng.randrange(3)):
                self.word(said, "called", word)
            before = said

    def _measures(self, number: int, when: str, order: str) -> None:
        action = f"action-{number}"
        self.entity("Action", action, f"Measure no. {number}", kind="block")
        self.connect(self.known_one("body"), "TOOK", action, when)
        self.connect(action, "APPLIED_TO", f"group-{number}", when, as_of=when)
        self.connect(action, "ANSWERS", order, when)
        self.connect(action, "FOLLOWED", order, when)
        if self.rng.random() < 0.3:
            self.word(self.actor(), f"comment_{number}", "declined", "absence")

    def _coverage(self, number: int, day: date) -> None:
        rng = self.rng
        release = self._source("release", f"{number}", day) if rng.random() < 0.4 else ""
        for article in range(1 + int(4 * rng.random() ** 2)):
            later = day + timedelta(days=rng.randrange(4))
            source = self._source("article", f"{number}-{article}", later)
            for part in range(rng.randrange(1, 4)):
                passage = f"p-{number}-{article}-{part}"
                gist = f"What article {number}.{article} tells, part {part}"
                self.add(
                    "passages", passage=passage, source=source, start=part * 400,
                    end=part * 400 + 350, sha256=f"{number:064x}", language="en", gist=gist,
                )  # fmt: skip
                if release and rng.random() < 0.5:
                    ends = {"from": passage, "to": release}
                    self.add("relays", **ends, evidence=passage, status="reported")

    def _source(self, kind: str, number: str, day: date) -> str:
        paper = tail(self.rng, 200)
        id_, publisher = f"{kind}-{number}", f"The {surname(paper + 31)} {_PAPERS[paper % 7]}"
        self.add(
            "sources", id=id_, kind=kind, caption=f"{kind.capitalize()} {number}", status="current",
            publisher=publisher, published_on=day, published_basis="stated", language="en",
            text_length=2_000,
        )  # fmt: skip
        return id_

    def _support(self) -> None:
        """Say what tells each claim: one to three passages; each passage tells some claim."""
        rng, passages = self.rng, [row["passage"] for row in self.tables["passages"]]
        for number, claim in enumerate(self.tables["claims"]):
            chosen = {number % len(passages): None}
            while rng.random() < 0.5:
                chosen[rng.randrange(len(passages))] = None
            for at in chosen:
                self._support_by(passages[at], claim)

    def _support_by(self, passage: str, claim: dict[str, Any]) -> None:
        chance, told = self.rng.random(), {"status": "reported", "quoted": "no"}
        if chance < 0.1 and self.known["person"] > 1:
            told |= {"status": "alleged", "said_by": self.known_one("person", but=1)}
        elif chance < 0.35:
            told |= {"status": "inferred", "rule": "scene_carried_over"}
        if chance > 0.95:
            told["hedge"] = "reportedly"
        if claim["kind"] == "wording":
            told |= {"quoted": "yes", "as_worded": claim["value"]}
        self.add("supports", passage=passage, claim=claim["claim"], **told)

    def rows(self) -> Iterator[Row]:
        """The story at hand, without what its claims do not need."""
        claims, supports = self.tables["claims"], self.tables["supports"]
        spoken = {claim.get(end) for claim in claims for end in ("subject", "object")}
        used = {support["passage"] for support in supports}
        needed = {**dict.fromkeys(SCHEMA.tables, spoken), "passages": used, "relays": used}
        for table, cells in super().rows():  # those of the tables in `needed` begin with an id
            if table not in needed or next(iter(cells.values())) in needed[table]:
                yield table, cells


def rows(claims: int, seed: int = 1) -> Iterator[Row]:
    """The rows of a case of exactly that many claims, story by story."""
    if claims < 100:
        raise ValueError("a case has 100 claims at least: its first stories introduce the others")
    author, number, left = _Stories(seed), 0, claims
    while left:
        author.write(number, left)
        yield from author.rows()
        number, left = number + 1, left - len(author.tables["claims"])


def write_case(folder: Path, claims: int, case_id: str = "invented") -> Path:
    """Write a case of that many claims; returns the folder."""
    title = f"An invented case of {claims:,} claims"
    settings = f"id: {case_id}\ntitle: {title}\nsummary: Nobody in it exists.\n"
    return invented.write_tables(folder, settings, rows(claims))


def load_input(folder: Path, claims: int, case_id: str = "invented") -> LoadInput:
    """The same, for `graph.ingest.loads.load`."""
    return read_case(write_case(folder, claims, case_id))
