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

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from graph.ingest.inputs import LoadInput
from graph.model.types import SCHEMA
from graph.model.types.claims import NEGATIVE
from loaders.case import read_case
from loaders.tables import table_heads

FEWEST: Final = 100
"""Claims of the smallest case: the first stories introduce what the others speak of."""

Cells = dict[str, Any]
Row = tuple[str, Cells]
"""The stem of a table, and the cells of one of its rows by column."""

_FIRST: Final = (
    "Odd", "Bryn", "Tuva", "Pell", "Anselm", "Mirel", "Corvin", "Dace", "Elska", "Fenn",
    "Gisli", "Hale", "Ines", "Jorun", "Kesh", "Lumi", "Merrin", "Nox", "Orla", "Pim", "Quill",
    "Rook", "Sorrel", "Tansy", "Ulv", "Vesper", "Wren", "Xanthe", "Yarrow", "Zell",
)  # fmt: skip
_BEGIN: Final = (
    "Lan", "Mar", "Bram", "Cor", "Dun", "Els", "Fal", "Gar", "Hol", "Ick", "Jar", "Kel", "Lod",
    "Mor", "Nar", "Ost", "Pen", "Quar", "Ros", "Sten", "Tor", "Und", "Var", "Wick", "Yar",
)  # fmt: skip
_MIDDLE: Final = (
    "tern", "ro", "ber", "den", "gar", "hol", "ling", "mas", "nor", "per", "rin", "sel", "tor",
    "ven", "wil",
)  # fmt: skip
_END: Final = (
    "by", "dale", "ham", "wick", "ton", "ford", "sey", "more", "low", "gate", "mere", "stow",
    "ley", "field",
)  # fmt: skip
_PAPERS: Final = ("Courier", "Lantern", "Ledger", "Beacon", "Tidings", "Almanac", "Observer")
_DAYS: Final = 1_500
_OPTIONAL: Final = ("replies", "checked")
"""Tables that no case here has."""


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


class _Author:
    """Writes the stories of one case, one after the other.

    `tables` holds the rows of the story at hand; `known` counts the entities of each kind so far,
    and the claims of the stories before.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 (no secret)
        self.known: Counter[str] = Counter()
        self.tables: defaultdict[str, list[Cells]] = defaultdict(list)

    # --- parts of a story -----------------------------------------------------------------------

    def add(self, table: str, **cells: Any) -> None:
        self.tables[table].append(cells)

    def entity(self, label: str, id_: str, caption: str, **properties: str) -> None:
        table, cells = entity(label, id_, caption, **properties)
        self.add(table, **cells)

    def claim(
        self, kind: str, subject: str, measure: str = "", value: str = "", **cells: str
    ) -> None:
        handle = f"c{self.known['claims'] + len(self.tables['claims'])}"
        about = {"subject": subject, "measure": measure, "value": value}
        self.add("claims", claim=handle, kind=kind, **about, **cells)

    def connect(
        self, subject: str, predicate: str, object_: str, when: str | None = None, **cells: str
    ) -> None:
        days = {"when": when, "when_basis": "stated"} if when else {"when_rule": "before_report"}
        cells |= {"predicate": predicate, "object": object_}
        self.claim("relationship", subject, **cells, **days)

    def figure(self, subject: str, measure: str, value: str, unit: str) -> None:
        self.claim("figure", subject, measure, value, unit=unit, comparator="=")

    def known_one(self, kind: str) -> str:
        """An entity of that kind that came before."""
        return f"{kind}-{tail(self.rng, self.known[kind])}"

    def actor(self) -> str:
        """Somebody who came before: a person or, less often, a body."""
        return self.known_one("person" if self.rng.random() < 0.6 else "body")

    # --- stories --------------------------------------------------------------------------------

    def write(self, number: int) -> None:
        """Replace the story at hand by that of the number."""
        self.tables.clear()
        rng = self.rng
        day = date(2015, 1, 1) + timedelta(days=rng.randrange(_DAYS))
        when = rng.choice((f"{day}", f"{day}", f"{day}~", f"{day:%Y-%m}"))
        self._newcomers(number, when)
        order = self._order(number, when) if rng.random() < 0.5 else None
        meeting = self._meeting(number, when, order) if rng.random() < 0.4 else None
        self._sayings(number, when, order, meeting)
        if order:
            self._measures(number, when, order)
        self._coverage(number, day)

    def _newcomers(self, number: int, when: str) -> None:
        """A person in each story, anybody and anything else in every so many."""
        known, rng = self.known, self.rng
        if known["place"] * 60 <= number:
            place, name = f"place-{known['place']}", f"{surname(known['place'] + 17)} Bay"
            self.entity("Place", place, name, name=name, country="Farland")
            if known["place"]:
                self.connect(place, "LOCATED_IN", self.known_one("place"))
            known["place"] += 1
        if known["body"] * 4 <= number:
            what = rng.choice(("Board", "Works", "Office"))
            body, name = f"body-{known['body']}", f"{surname(known['body'] + 401)} {what}"
            kind = rng.choice(("company", "ministry", "newsroom", "association"))
            self.entity("Organization", body, name, name=name, kind=kind)
            self.connect(body, "LOCATED_IN", self.known_one("place"))
            if known["body"] > 4:
                self.connect(body, "PART_OF", self.known_one("body"))
            known["body"] += 1
        self._person(when)
        if known["law"] * 50 <= number:
            law, name = f"law-{known['law']}", f"{surname(known['law'] + 99)} Act"
            self.entity("Law", law, name, name=name, kind="act")
            self.claim("wording", law, "called", name)
            known["law"] += 1
        if known["hashtag"] * 12 <= number:
            hashtag = f"hashtag-{known['hashtag']}"
            tag = f"#{surname(known['hashtag'] + 55).replace(' ', '')}"
            self.entity("Hashtag", hashtag, tag, tag=tag)
            self.claim("wording", hashtag, "printed_as", tag)
            if known["hashtag"]:
                self.connect(hashtag, "VARIANT_OF", self.known_one("hashtag"))
            known["hashtag"] += 1

    def _person(self, when: str) -> None:
        number = self.known["person"]
        person, name = f"person-{number}", person_name(number)
        naming = {"naming": "public_role"} if number % 3 else {}
        alias = f"{name[0]}. {name.split()[1]}"
        self.entity("Person", person, name, name=name, aliases=alias, **naming)
        title = self.rng.choice(("keeper", "director", "clerk", "minister"))
        body = self.known_one("body")
        self.connect(person, "HOLDS_ROLE", body, when, title=title, seen_on=when)
        self.claim("wording", person, "name", name)
        self.known["person"] += 1

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
        self.claim("wording", group, "called", rng.choice(("handles", "accounts", "users")))
        self.connect(order, "INVOKES", self.known_one("law"), when, sense="relies_on")
        self.claim("ground", order, "ground", rng.choice(("public_order", "false_claims")))
        self.claim("characterisation", order, "characterised_as", "lawful")
        if rng.random() < 0.3:
            self.claim("characterisation", order, "characterised_as", "lawful", polarity=NEGATIVE)
        for _ in range(rng.randrange(3)):
            account, handle = f"account-{self.known['account']}", f"lamp{self.known['account']}"
            platform = f"body-{rng.randrange(min(3, self.known['body']))}"
            self.entity("Account", account, f"@{handle}", handle=handle, platform=platform)
            self.connect(account, "MEMBER_OF", group)
            self.connect(account, "USED", self.known_one("hashtag"))
            self.known["account"] += 1
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
                self.claim("wording", said, "called", word)
            before = said

    def _measures(self, number: int, when: str, order: str) -> None:
        action = f"action-{number}"
        self.entity("Action", action, f"Measure no. {number}", kind="block")
        self.connect(self.known_one("body"), "TOOK", action, when)
        self.connect(action, "APPLIED_TO", f"group-{number}", when, as_of=when)
        self.connect(action, "ANSWERS", order, when)
        self.connect(action, "FOLLOWED", order, when)
        if self.rng.random() < 0.3:
            self.claim("absence", self.actor(), f"comment_{number}", "declined")

    # --- who tells it ---------------------------------------------------------------------------

    def _coverage(self, number: int, day: date) -> None:
        rng, release = self.rng, ""
        if rng.random() < 0.4:
            release = self._source("release", f"{number}", day)
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
        publisher = f"The {surname(paper + 31)} {_PAPERS[paper % len(_PAPERS)]}"
        id_, caption = f"{kind}-{number}", f"{kind.capitalize()} {number}"
        self.add(
            "sources", id=id_, kind=kind, caption=caption, publisher=publisher, published_on=day,
            published_basis="stated", language="en", text_length=2_000, status="current",
        )  # fmt: skip
        return id_

    # --- a story as rows ------------------------------------------------------------------------

    def rows(self, most: int) -> Iterator[Row]:
        """The story at hand, with so many claims at most and without what these do not need."""
        claims, supports = self.tables["claims"], self.tables["supports"]
        if len(claims) > most:
            # Of a story that is cut short the dates stay: an entity's date needs its claim.
            claims.sort(key=lambda claim: claim.get("unit") != "edtf")
            del claims[most:]
        self._support()
        spoken = {claim.get(end) for claim in claims for end in ("subject", "object")}
        used = {support["passage"] for support in supports}
        needed = {**dict.fromkeys(SCHEMA.tables, spoken), "passages": used, "relays": used}
        for table, rows in self.tables.items():
            for cells in rows:  # those of the tables in `needed` begin with an id
                if table not in needed or next(iter(cells.values())) in needed[table]:
                    yield table, cells
        self.known["claims"] += len(claims)

    def _support(self) -> None:
        """Say what tells each claim: one to three passages; each passage tells some claim."""
        rng, passages = self.rng, [row["passage"] for row in self.tables["passages"]]
        for number, claim in enumerate(self.tables["claims"]):
            chosen = {number % len(passages): None}
            while rng.random() < 0.5:
                chosen[rng.randrange(len(passages))] = None
            for at in chosen:
                self._support_by(passages[at], claim)

    def _support_by(self, passage: str, claim: Cells) -> None:
        chance, told = self.rng.random(), {"status": "reported", "quoted": "no"}
        if chance < 0.1 and self.known["person"] > 1:
            speaker = f"person-{tail(self.rng, self.known['person'] - 1)}"
            told |= {"status": "alleged", "said_by": speaker}
        elif chance < 0.35:
            told |= {"status": "inferred", "rule": "scene_carried_over"}
        if chance > 0.95:
            told["hedge"] = "reportedly"
        if claim["kind"] == "wording":
            told |= {"quoted": "yes", "as_worded": claim["value"]}
        self.add("supports", passage=passage, claim=claim["claim"], **told)


def rows(claims: int, seed: int = 1) -> Iterator[Row]:
    """The rows of a case of exactly that many claims, story by story."""
    if claims < FEWEST:
        raise ValueError(f"a case has {FEWEST} claims at least")
    author, number = _Author(seed), 0
    while author.known["claims"] < claims:
        author.write(number)
        yield from author.rows(claims - author.known["claims"])
        number += 1


def write_case(folder: Path, claims: int, seed: int = 1, case_id: str = "invented") -> Path:
    """Write a case of that many claims; returns the folder."""
    title = f"An invented case of {claims:,} claims"
    summary = f"Nobody in it exists. Made by bench/generate.py with the seed {seed}."
    return write_tables(folder, case_id, title, summary, rows(claims, seed))


def load_input(folder: Path, claims: int, seed: int = 1, case_id: str = "invented") -> LoadInput:
    """The same, for `graph.ingest.loads.load`."""
    return read_case(write_case(folder, claims, seed, case_id))


# --- any case -----------------------------------------------------------------------------------


def entity(label: str, id_: str, caption: str, **properties: str) -> Row:
    """The row of an entity."""
    table = SCHEMA.nodes[label].table
    kind = {"type": label} if len(SCHEMA.tables[table]) > 1 else {}
    return table, {"id": id_, **kind, "caption": caption, **properties}


def write_tables(folder: Path, case_id: str, title: str, summary: str, rows: Iterable[Row]) -> Path:
    """Write rows as the tables of a case folder, and its `case.yaml`; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = f"id: {case_id}\ntitle: {title}\nsummary: {summary}\n"
    (folder / "case.yaml").write_text(settings, encoding="utf-8")
    with ExitStack() as stack:
        tables = {}
        for stem, head in table_heads(SCHEMA).items():
            if stem not in _OPTIONAL:
                path = folder / f"{stem}.csv"
                file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
                tables[stem] = csv.DictWriter(file, head.columns, lineterminator="\n")
                tables[stem].writeheader()
        for stem, cells in rows:
            tables[stem].writerow(cells)
    return folder
