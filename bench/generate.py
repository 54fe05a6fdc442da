"""Invented cases of any size, with the shape of real ones.

A case is a series of stories. Each brings somebody new, an order or a meeting, what was said and
done about it, and the articles that tell of it, some of which pass on what others reported. Whom a
story speaks of is drawn with a heavy tail among all who came before: a few are in every paper. No
claim is without a passage.

The same size and seed give the same records, and a smaller case is the beginning of a larger one.
Nothing is remembered from story to story but how many entities there are, so memory is flat.

`python -m bench.generate FOLDER --claims 100000` writes a case folder for `sutra load`. A case of
another shape is in bench/register.py.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from graph.ingest.loads import LoadInput
from graph.model.records import (
    Case,
    Claim,
    Entity,
    Passage,
    Place,
    Record,
    Relay,
    Source,
    Support,
    Value,
)
from graph.model.types import SCHEMA
from graph.model.types.claims import AFFIRMATIVE, NEGATIVE
from loaders.case import table_heads

FEWEST: Final = 100
"""Claims of the smallest case: the first stories introduce what the others speak of."""

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


def tail(rng: random.Random, count: int) -> int:
    """One of `count` entities that came before, the earlier ones far more often."""
    return int(count * rng.random() ** 3)


def surname(number: int) -> str:
    begin, rest = number % len(_BEGIN), number // len(_BEGIN)
    middle, rest = rest % len(_MIDDLE), rest // len(_MIDDLE)
    end, rest = rest % len(_END), rest // len(_END)
    return f"{_BEGIN[begin]}{_MIDDLE[middle]}{_END[end]}{f' {rest + 1}' if rest else ''}"


def spread(number: int) -> int:
    """Another number, so that neighbours are not named alike. 7,919 shares no factor with 5,250."""
    size = len(_BEGIN) * len(_MIDDLE) * len(_END)
    return number // size * size + number * 7_919 % size


def person_name(number: int) -> str:
    """The name of the person of that number."""
    return f"{_FIRST[number * 7 % len(_FIRST)]} {surname(spread(number))}"


@dataclass
class _Known:
    """How many of each kind there are so far: all that is remembered from story to story."""

    people: int = 0
    bodies: int = 0
    places: int = 0
    laws: int = 0
    hashtags: int = 0
    accounts: int = 0
    claims: int = 0


@dataclass
class _Story:
    """What one story brings. Claims may be cut off at the end; what nothing speaks of then goes."""

    entities: list[Entity] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    relays: list[Relay] = field(default_factory=list)


class _Author:
    """Writes the stories of one case."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311
        self.known = _Known()
        self.row = 1

    def place(self, table: str) -> Place:
        self.row += 1
        return Place(f"{table}.csv", self.row)

    # --- parts of a story -----------------------------------------------------------------------

    def entity(self, story: _Story, label: str, id_: str, caption: str, **properties: Any) -> str:
        place = self.place(SCHEMA.nodes[label].table)
        story.entities.append(Entity(id_, label, caption, properties, place))
        return id_

    def claim(self, story: _Story, kind: str, subject: str, **fields: Any) -> None:
        handle = f"c{self.known.claims + len(story.claims)}"
        story.claims.append(Claim(handle, kind, subject, self.place("claims"), **fields))

    def relationship(
        self,
        story: _Story,
        subject: str,
        predicate: str,
        obj: str,
        when: str | None = None,
        **properties: Any,
    ) -> None:
        days: dict[str, Any] = {"when_rule": "before_report"}
        if when is not None:
            days = {"when": when, "when_basis": "stated"}
        self.claim(
            story, "relationship", subject,
            predicate=predicate, object=obj, properties=properties, **days,
        )  # fmt: skip

    def figure(self, story: _Story, subject: str, measure: str, value: str, unit: str) -> None:
        number = None if unit == "edtf" else int(value)
        self.claim(
            story, "figure", subject,
            measure=measure, value=value, unit=unit, comparator="=", number=number,
        )  # fmt: skip

    def word(self, story: _Story, kind: str, subject: str, measure: str, value: str) -> None:
        self.claim(story, kind, subject, measure=measure, value=value)

    def actor(self) -> str:
        """Somebody who came before: a person or, less often, a body."""
        if self.rng.random() < 0.6:
            return self.person()
        return self.body()

    def person(self) -> str:
        return f"person-{tail(self.rng, self.known.people)}"

    def body(self) -> str:
        return f"body-{tail(self.rng, self.known.bodies)}"

    # --- stories --------------------------------------------------------------------------------

    def story(self, number: int) -> _Story:
        story, rng = _Story(), self.rng
        day = date(2015, 1, 1) + timedelta(days=rng.randrange(_DAYS))
        when = rng.choice((f"{day}", f"{day}", f"{day}~", f"{day:%Y-%m}"))
        self._newcomers(story, number, when)
        order = self._order(story, number, when) if rng.random() < 0.5 else None
        meeting = self._meeting(story, number, when, order) if rng.random() < 0.4 else None
        self._sayings(story, number, when, order, meeting)
        if order is not None:
            self._measures(story, number, when, order)
        self._coverage(story, number, day)
        return story

    def _newcomers(self, story: _Story, number: int, when: str) -> None:
        known = self.known
        if known.places * 60 <= number:
            place = f"place-{known.places}"
            name = f"{surname(spread(known.places + 17))} Bay"
            self.entity(story, "Place", place, name, name=name, country="Farland")
            if known.places:
                self.relationship(
                    story, place, "LOCATED_IN", f"place-{tail(self.rng, known.places)}"
                )
            known.places += 1
        body = f"body-{known.bodies}"
        if known.bodies * 4 <= number:
            what = self.rng.choice(("Board", "Works", "Office"))
            name = f"{surname(spread(known.bodies + 401))} {what}"
            kind = self.rng.choice(("company", "ministry", "newsroom", "association"))
            self.entity(story, "Organization", body, name, name=name, kind=kind)
            self.relationship(story, body, "LOCATED_IN", f"place-{tail(self.rng, known.places)}")
            if known.bodies > 4:
                self.relationship(story, body, "PART_OF", self.body())
            known.bodies += 1
        person = f"person-{known.people}"
        name = person_name(known.people)
        naming = {"naming": "public_role"} if known.people % 3 else {}
        self.entity(
            story,
            "Person",
            person,
            name,
            name=name,
            aliases=[f"{name[0]}. {name.split()[1]}"],
            **naming,
        )
        title = self.rng.choice(("keeper", "director", "clerk", "minister"))
        self.relationship(story, person, "HOLDS_ROLE", self.body(), when, title=title, seen_on=when)
        self.word(story, "wording", person, "name", name)
        known.people += 1
        if known.laws * 50 <= number:
            name = f"{surname(spread(known.laws + 99))} Act"
            self.entity(story, "Law", f"law-{known.laws}", name, name=name, kind="act")
            self.word(story, "wording", f"law-{known.laws}", "called", name)
            known.laws += 1
        if known.hashtags * 12 <= number:
            tag = f"#{surname(spread(known.hashtags + 55)).replace(' ', '')}"
            self.entity(story, "Hashtag", f"hashtag-{known.hashtags}", tag, tag=tag)
            self.word(story, "wording", f"hashtag-{known.hashtags}", "printed_as", tag)
            if known.hashtags:
                older = f"hashtag-{tail(self.rng, known.hashtags)}"
                self.relationship(story, f"hashtag-{known.hashtags}", "VARIANT_OF", older)
            known.hashtags += 1

    def _order(self, story: _Story, number: int, when: str) -> str:
        rng, order, group = self.rng, f"order-{number}", f"group-{number}"
        self.entity(story, "Order", order, f"Order no. {number}", kind="directive", issued_on=when)
        self.relationship(story, self.body(), "ISSUED", order, when)
        self.figure(story, order, "issued_on", when, "edtf")
        self.relationship(story, order, "ADDRESSED_TO", self.actor(), when)
        size = rng.randrange(5, 2_000)
        words = f"Accounts of order no. {number}"
        self.entity(story, "Group", group, words, description=words, of="accounts")
        self.relationship(story, order, "FLAGS", group, when, demand="block")
        self.figure(story, group, "size", str(size), "accounts")
        if rng.random() < 0.2:
            self.figure(story, group, "size", str(size + rng.randrange(1, 40)), "accounts")
        self.word(story, "wording", group, "called", rng.choice(("handles", "accounts", "users")))
        law = f"law-{tail(rng, self.known.laws)}"
        self.relationship(story, order, "INVOKES", law, when, sense="relies_on")
        self.word(story, "ground", order, "ground", rng.choice(("public_order", "false_claims")))
        self.word(story, "characterisation", order, "characterised_as", "lawful")
        if rng.random() < 0.3:
            self.claim(
                story, "characterisation", order,
                measure="characterised_as", value="lawful", polarity=NEGATIVE,
            )  # fmt: skip
        for _ in range(rng.randrange(3)):
            account, handle = f"account-{self.known.accounts}", f"lamp{self.known.accounts}"
            self.entity(
                story,
                "Account",
                account,
                f"@{handle}",
                handle=handle,
                platform=f"body-{rng.randrange(min(3, self.known.bodies))}",
            )
            self.relationship(story, account, "MEMBER_OF", group)
            self.relationship(story, account, "USED", f"hashtag-{tail(rng, self.known.hashtags)}")
            self.known.accounts += 1
        return order

    def _meeting(self, story: _Story, number: int, when: str, order: str | None) -> str:
        meeting = f"meeting-{number}"
        self.entity(story, "Meeting", meeting, f"Meeting no. {number}", held_on=when)
        for actor in dict.fromkeys(self.actor() for _ in range(self.rng.randrange(2, 6))):
            self.relationship(story, actor, "ATTENDED", meeting, when)
        self.figure(story, meeting, "held_on", when, "edtf")
        if order is not None:
            self.relationship(story, meeting, "DISCUSSED", order, when)
        return meeting

    def _sayings(
        self, story: _Story, number: int, when: str, order: str | None, meeting: str | None
    ) -> None:
        rng, before = self.rng, None
        for turn in range(rng.randrange(1, 4)):
            said = f"statement-{number}-{turn}"
            kind = rng.choice(("remark", "demand", "threat", "denial"))
            gist = f"What was said in story {number}, part {turn}"
            self.entity(
                story, "Statement", said, f"Statement {number}.{turn}", kind=kind, gist=gist
            )
            self.relationship(story, self.actor(), "MADE", said, when)
            for topic in dict.fromkeys((order or self.actor(), self.actor())):
                self.relationship(story, said, "ABOUT", topic, when, role="topic")
            if meeting is not None:
                self.relationship(story, said, "MADE_AT", meeting, when)
            elif rng.random() < 0.4:
                self.relationship(story, said, "ADDRESSED_TO", self.actor(), when)
            if before is not None:
                self.relationship(story, said, "ANSWERS", before, when)
            for word in rng.sample(
                ("outrage", "regret", "a_warning", "a_rebuke"), rng.randrange(3)
            ):
                self.word(story, "wording", said, "called", word)
            before = said

    def _measures(self, story: _Story, number: int, when: str, order: str) -> None:
        action = f"action-{number}"
        self.entity(story, "Action", action, f"Measure no. {number}", kind="block")
        self.relationship(story, self.body(), "TOOK", action, when)
        self.relationship(story, action, "APPLIED_TO", f"group-{number}", when, as_of=when)
        self.relationship(story, action, "ANSWERS", order, when)
        self.relationship(story, action, "FOLLOWED", order, when)
        if self.rng.random() < 0.3:
            self.word(story, "absence", self.actor(), f"comment_{number}", "declined")

    # --- who tells it ---------------------------------------------------------------------------

    def _coverage(self, story: _Story, number: int, day: date) -> None:
        rng = self.rng
        release = None
        if rng.random() < 0.4:
            release = self._source(story, f"release-{number}", "release", "Release", day)
        for article in range(1 + int(4 * rng.random() ** 2)):
            later = day + timedelta(days=rng.randrange(4))
            source = self._source(story, f"article-{number}-{article}", "article", "Article", later)
            for part in range(rng.randrange(1, 4)):
                passage, start = f"p-{number}-{article}-{part}", part * 400
                properties = {
                    "selector": "TextPositionSelector", "sha256": f"{number:064x}",
                    "language": "en", "gist": f"What article {number}.{article} tells, part {part}",
                }  # fmt: skip
                at = self.place("passages")
                story.passages.append(Passage(passage, source, start, start + 350, properties, at))
                if release is not None and rng.random() < 0.5:
                    at = self.place("relays")
                    story.relays.append(Relay(passage, release, at, passage, "reported"))

    def _source(self, story: _Story, id_: str, kind: str, caption: str, day: date) -> str:
        paper = tail(self.rng, 200)
        publisher = f"The {surname(spread(paper + 31))} {_PAPERS[paper % len(_PAPERS)]}"
        properties: dict[str, Value] = {
            "kind": kind, "caption": f"{caption} {id_.partition('-')[2]}", "publisher": publisher,
            "published_on": f"{day}", "published_basis": "stated", "language": "en",
            "text_length": 2_000, "status": "current",
        }  # fmt: skip
        story.sources.append(Source(id_, properties, self.place("sources")))
        return id_

    def supports(self, story: _Story) -> list[Support]:
        """Who says what: each claim in one to three passages, each passage on some claim."""
        rng, found = self.rng, []
        passages = [passage.id for passage in story.passages]
        for number, claim in enumerate(story.claims):
            first = number % len(passages)
            chosen = {first: None}
            while rng.random() < 0.5:
                chosen[rng.randrange(len(passages))] = None
            for at in chosen:
                found.append(self._support(claim, passages[at]))
        return found

    def _support(self, claim: Claim, passage: str) -> Support:
        status, said_by, rule = "reported", None, None
        chance = self.rng.random()
        if chance < 0.1 and self.known.people > 1:
            status, said_by = "alleged", f"person-{tail(self.rng, self.known.people - 1)}"
        elif chance < 0.35:
            status, rule = "inferred", "scene_carried_over"
        return Support(
            passage, claim.handle, status, self.place("supports"),
            said_by=said_by, rule=rule,
            as_worded=claim.value if claim.kind == "wording" else None,
            hedge="reportedly" if chance > 0.95 else None,
            quoted=claim.kind == "wording",
        )  # fmt: skip


def records(claims: int, seed: int = 1) -> Iterator[Record]:
    """The records of a case of exactly that many claims."""
    if claims < FEWEST:
        raise ValueError(f"a case has {FEWEST} claims at least")
    author, number = _Author(seed), 0
    while author.known.claims < claims:
        story = author.story(number)
        left = claims - author.known.claims
        if len(story.claims) > left:
            # Of a story that is cut short the dates stay: an entity's date needs its claim.
            story.claims.sort(key=lambda claim: claim.unit != "edtf")
            del story.claims[left:]
        supports = author.supports(story)
        spoken = {c.subject for c in story.claims} | {c.object for c in story.claims}
        used = {support.passage for support in supports}
        yield from (entity for entity in story.entities if entity.id in spoken)
        yield from story.sources
        yield from (passage for passage in story.passages if passage.id in used)
        yield from story.claims
        yield from supports
        yield from (relay for relay in story.relays if relay.start in used)
        author.known.claims += len(story.claims)
        number += 1


# --- what a loader would hand over --------------------------------------------------------------


def load_input(folder: Path, claims: int, seed: int = 1, case_id: str = "invented") -> LoadInput:
    """A case to load, without tables. Its settings are written to the folder."""
    return case_input(
        folder, case_id, _title(claims), _summary(seed), lambda: records(claims, seed)
    )


def write_case(folder: Path, claims: int, seed: int = 1, case_id: str = "invented") -> Path:
    """The same case as a folder of tables, which `sutra load` reads; returns the folder."""
    return write_tables(folder, load_input(folder, claims, seed, case_id))


def case_input(
    folder: Path, case_id: str, title: str, summary: str, made: Callable[[], Iterator[Record]]
) -> LoadInput:
    """Records as a case, whose settings are written to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "case.yaml"
    settings.write_text(f"id: {case_id}\ntitle: {title}\nsummary: {summary}\n", encoding="utf-8")
    return LoadInput(
        Case(case_id, title, summary, Place(settings.name)), made, {settings.name: settings}
    )


def write_tables(folder: Path, given: LoadInput) -> Path:
    """The records of a case as the tables of a folder; returns the folder."""
    with ExitStack() as stack:
        tables = {}
        for stem, columns in _COLUMNS.items():
            path = folder / f"{stem}.csv"
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            tables[stem] = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            tables[stem].writeheader()
        for record in given.records():
            stem, cells = _cells(record)
            tables[stem].writerow({name: _text(cell) for name, cell in cells.items()})
    return folder


_UNUSED: Final = ("replies", "checked")
_COLUMNS: Final = {
    stem: head.columns for stem, head in table_heads(SCHEMA).items() if stem not in _UNUSED
}


def _title(claims: int) -> str:
    return f"An invented case of {claims:,} claims"


def _summary(seed: int) -> str:
    return f"Nobody in it exists. Made by bench/generate.py with the seed {seed}."


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case list():
            return "|".join(cell)
        case _:
            return str(cell)


def _cells(record: Record) -> tuple[str, dict[str, Any]]:
    """The table of a record and its cells."""
    match record:
        case Entity():
            table = SCHEMA.nodes[record.label].table
            kind = {"type": record.label} if len(SCHEMA.tables[table]) > 1 else {}
            head = {"id": record.id, "caption": record.caption}
            return table, {**head, **kind, **record.properties}
        case Source():
            return "sources", {"id": record.id, **record.properties}
        case Passage():
            place = {"passage": record.id, "source": record.source}
            stretch = {"start": record.start, "end": record.end}
            kept = {n: v for n, v in record.properties.items() if n in _COLUMNS["passages"]}
            return "passages", {**place, **stretch, **kept}
        case Claim():
            return "claims", {
                "claim": record.handle, "kind": record.kind, "subject": record.subject,
                "predicate": record.predicate, "object": record.object,
                "measure": record.measure, "value": record.value, "unit": record.unit,
                "comparator": record.comparator, "base": record.base,
                "polarity": None if record.polarity == AFFIRMATIVE else record.polarity,
                "when": record.when, "when_basis": record.when_basis,
                "when_rule": record.when_rule, "when_from": record.when_from,
                **record.properties,
            }  # fmt: skip
        case Support():
            return "supports", {name: getattr(record, name) for name in _COLUMNS["supports"]}
        case Relay():
            ends = {"from": record.start, "to": record.end}
            more = {name: getattr(record, name) for name in _COLUMNS["relays"][2:]}
            return "relays", {**ends, **more}
        case _:
            raise ValueError(f"{record} has no table here")


def main() -> None:
    """Write a case folder."""
    parser = argparse.ArgumentParser(description="Write an invented case of any size.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--id", default="invented")
    args = parser.parse_args()
    write_case(args.folder, args.claims, args.seed, args.id)
    print(f"{args.claims:,} claims in {args.folder}")


if __name__ == "__main__":
    main()
