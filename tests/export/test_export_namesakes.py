"""Firms and people that are called like somebody who is not named: they stay, the person does not.

A full name or a declared alias is taken out of every name. A single word of one says nothing in the
name of another, unless something connects the two.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from export_case import (
    CASE,
    CHOICES,
    add_relationship,
    captions,
    everything,
    fogbank,
    loaded,
    put,
    row,
    spooled,
)
from invented import SETTINGS, Tables

from exports import material as publication
from exports import material_choice
from exports.names.decide import Naming
from exports.names.scanner import Scanner
from exports.names.terms import LONG, Kept, Terms, folded, may_be_word, terms_of
from exports.pack import pack
from exports.redaction.publish import publish
from graph.errors import NameLeft
from graph.store.store import Store
from sutra import cli


def terms(name: str, *kept: str, called: tuple[str, ...] = ()) -> Terms:
    made = terms_of("x", [name], "x", is_person=True, called=called)
    return Terms(made, {"x": "Person Q"}, kept=Kept(kept))


# --- words ----------------------------------------------------------------------------------------

LIKE = [
    ("Mika Tidewell", "Tidewell", "Tidewell Inc."),
    ("Ernst Fogg", "Ernst", "Ernst & Mistral"),
    ("Asa Brindle", "Asa", "Nordlicht Semikonduktor ASA"),
    ("Ида Фоггова", "Фоггова", "Завод Фоггова"),
    ("ماجد فنرجاني", "فنرجاني", "شركة فنرجاني"),
    ("वसंत दीपकर", "दीपकर", "दीपकर उद्योग"),
    ("Ulf Nebelmüller", "Nebelmueller", "Nebelmüller-Werke AG"),
    ("Łucja Świtałska", "Switalska", "Świtałska i Mgła"),
]


@pytest.mark.parametrize(("person", "word", "firm"), LIKE)
def test_a_word_in_the_name_of_a_firm_says_nothing_and_alone_it_does(
    person: str, word: str, firm: str
) -> None:
    known = terms(person, firm)
    assert known.in_name(firm)[0] == frozenset()
    assert known.in_name(firm)[1]
    for text in (firm, f"The board met {firm} twice", f"({firm})", firm.upper()):
        assert known.replaced(text) == text
        looked_through(known, firm, text)
    alone = f"{firm} was led by {word}"
    assert known.replaced(alone) == f"{firm} was led by Person Q"
    if len(folded(word)) >= LONG:
        with pytest.raises(NameLeft):
            looked_through(known, firm, alone)
    else:
        assert looked_through(known, firm, alone).unsure
    assert "Person Q" in known.replaced(f"{firm}: {person}")
    with pytest.raises(NameLeft):
        looked_through(known, firm, f"{firm}: {person}")


@pytest.mark.parametrize(
    "lines",
    [("Nordlicht", "Tidewell"), ("So met Nordlicht", "Tidewell Semi…"), ("Nordlicht Tidew…",)],
)
def test_a_name_that_is_broken_into_lines_or_cut_is_known(lines: tuple[str, ...]) -> None:
    firm = "Nordlicht Tidewell Semikonduktor" if "…" in lines[-1] else "Nordlicht Tidewell"
    known = terms("Mika Tidewell", firm)
    looked_through(known, firm, *lines)
    with pytest.raises(NameLeft):
        looked_through(known, firm, *lines, "Tidewell")


def looked_through(known: Terms, firm: str, *texts: str, **more: Any) -> Scanner:
    scanner = Scanner(Naming({}, known, Terms((), {}), kept=Kept([firm])), **more)
    scanner.check(spooled({"README.md": "\n".join(texts).encode()}))
    return scanner


@pytest.mark.parametrize(
    ("person", "firm"),
    [
        ("Mika Tidewell", "Mika Tidewell Holding"),
        ("Mika Tidewell", "Stichting Mika-Tidewell"),
        ("Mika Tidewell", "mikatidewell.example"),
        ("Ида Фоггова", "Фонд Ида Фоггова"),
        ("Ida Foggova", "Фонд Ида Фоггова"),
        ("Fogg", "Fogg Ltd"),
    ],
)
def test_a_full_name_or_an_alias_in_the_name_of_a_firm_is_the_persons(
    person: str, firm: str
) -> None:
    assert terms(person).in_name(firm)[0] == {"x"}


def test_what_sources_call_somebody_in_one_word_is_no_declared_alias() -> None:
    known = terms("Mika Tidewell", called=("Tide", "The Old Mika"))
    assert known.in_name("Tide Ltd")[0] == frozenset()
    assert known.in_name("The Old Mika Inn")[0] == {"x"}
    assert known.replaced("so says Tide") == "so says Person Q"


def test_an_alias_of_one_is_found_where_the_same_word_is_how_sources_call_another() -> None:
    made = [
        *terms_of("w", ["Ida Mist"], "w", is_person=True, called=["Tidewell"]),
        *terms_of("x", ["Mika Fogg", "Tidewell"], "x", is_person=True),
    ]
    known = Terms(made, {"w": "Person P", "x": "Person Q"}, kept=Kept(["Tidewell Inc."]))
    assert known.in_name("Tidewell Inc.")[0] == {"x"}
    assert "Person Q" in known.replaced("Tidewell Inc.")
    with pytest.raises(NameLeft):
        looked_through(known, "Tidewell Inc.", "Tidewell Inc.")


def test_a_firm_of_a_single_word_is_kept_only_where_it_is_known_to_be_the_firm() -> None:
    known = terms("Mika Tidewell", "Tidewell", "The Tidewell")
    assert known.replaced("Tidewell came") == "Person Q came"
    assert known.replaced("Tidewell came", ["Tidewell"]) == "Tidewell came"
    assert known.replaced("Mika Tidewell came", ["Tidewell"]) == "Person Q came"
    looked_through(known, "Tidewell", "Tidewell took part in Meeting 1")
    with pytest.raises(NameLeft):
        looked_through(known, "Tidewell", "tidewell took part")


def test_of_two_names_that_begin_alike_the_longer_is_kept() -> None:
    known = terms("Mika Fogg", "Tidewell Bay", "Tidewell Bay Fogg")
    assert known.replaced("Tidewell Bay Fogg met Fogg") == "Tidewell Bay Fogg met Person Q"


@pytest.mark.parametrize(
    ("text", "word", "is_word"),
    [
        ("Unione dell'Industria", "dell", True),
        ("Unione dell’Industria", "dell", True),
        ("eine ernst gemeinte Frage", "ernst", True),
        ("ernst", "ernst", False),
        ("https://fog.example/ernst-held", "ernst", False),
        ("#ernst war da", "ernst", False),
        ("ernst_77 war da", "ernst", False),
        ("Ernst war da", "ernst", False),
        ("ernst sagt Ernst", "ernst", False),
        ("a lanternby came", "lanternby", False),
    ],
)
def test_what_may_be_another_word(text: str, word: str, *, is_word: bool) -> None:
    assert may_be_word(text, word) is is_word


def test_what_may_be_a_word_is_counted_and_small_letters_wait_for_one_decision() -> None:
    known = terms("Lanternby Tide Dell", "Mist Ltd")
    scanner = looked_through(known, "Mist Ltd", "Unione dell'Industria")
    assert scanner.unsure == {"dell": 1}
    with pytest.raises(NameLeft, match=r"“lanternby” .*“lanternbys” .*--others") as refused:
        looked_through(known, "Mist Ltd", "a lanternby", "two lanternbys")
    assert refused.value.words == ("lanternby", "lanternbys")
    decided = looked_through(known, "Mist Ltd", "a lanternby", others=refused.value.words)
    assert decided.unsure == {"lanternby": 1}
    with pytest.raises(NameLeft):
        looked_through(known, "Mist Ltd", "Lanternby", others=["lanternby"])


# --- a case ---------------------------------------------------------------------------------------


def named_alike() -> Tables:
    """A firm that nothing connects to Odd Lanternby, one that a meeting does, and a named
    cousin."""
    t = fogbank(confidential=False)
    row(t, "actors", "odd-lanternby")["aliases"] = "O. Lanternby"
    for id_, caption in (("lamps-inc", "Lanternby Lamps"), ("odd-ltd", "Odd Ltd"), ("o", "Odd")):
        t.add("actors", id=id_, type="Organization", caption=caption, name=caption, kind="company")
        add_relationship(t, f"{id_}-met", id_, "ATTENDED", "fog-meeting", "g2 g3")
    t.add("actors", id="cousin", type="Person", caption="Maud Lanternby", name="Maud Lanternby",
          naming="public_role", naming_reason="a minister", naming_by="case editor",
          naming_on="2026-11-22")  # fmt: skip
    add_relationship(t, "cousin-met", "cousin", "ATTENDED", "fog-meeting", "g2 g3")
    add_relationship(t, "odd-met", "odd-lanternby", "ATTENDED", "fog-meeting", "h1")
    row(t, "passages", "g3", "passage")["gist"] = (
        "Lanternby Lamps met Maud Lanternby, not Lanternby"
    )
    return t


@pytest.mark.embedded
def test_they_are_named_and_listed_and_the_person_is_not(store: Store, tmp_path: Path) -> None:
    made = pack.make(loaded(store, tmp_path / "case", named_alike()), CHOICES)
    instead = next(d.instead for d in made.report.decisions if d.id == f"{CASE}:odd-lanternby")
    assert {t.caption for t in made.publication.entities} >= {
        "Lanternby Lamps", "Odd Ltd", "Odd", "Maud Lanternby",
    }  # fmt: skip
    gists = {e.passage: e.gist for f in made.publication.facts for e in f.evidence}
    assert gists["g3"] == f"Lanternby Lamps met Maud Lanternby, not {instead}"
    assert {t.id for t in made.publication.entities} >= {"lamps-inc", "odd-ltd"}
    for name, data in made.files.items():
        text = data.decode("utf-8", "ignore")
        left = re.sub("Lanternby Lamps|Maud Lanternby|lanternby-lamps", "", text)
        assert "lanternb" not in folded(left).replace("-", ""), name
    listed = {one.word: one for one in made.report.shared()}
    assert listed["Lanternby"].names == ("Lanternby Lamps", "Maud Lanternby")
    assert listed["Odd"].names == ("Odd", "Odd Ltd")
    assert set(made.report.open_words) == set(listed)
    told = made.newsroom()["fogbank-1.newsroom.md"].decode()
    assert "one decision" in told
    assert "Lanternby Lamps, Maud Lanternby" in told
    given = dataclasses.replace(CHOICES, others=dict.fromkeys(listed, "other families"))
    decided = pack.make(publication.read(store, CASE, everything(store)), given, ["markdown"])
    assert decided.report.open_words == []
    assert "other families" in decided.newsroom()["fogbank-1.newsroom.md"].decode()


RELATIONSHIP_TYPES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "a role": (("odd-lanternby", "HOLDS_ROLE", "lamps-inc"),),
    "a part of what they have a role in": (("lamps-inc", "PART_OF", "sons"),),
    "something that happened": (
        ("founding", "INVOLVED", "odd-lanternby"), ("founding", "INVOLVED", "lamps-inc"),
    ),
    "what they say of it": (
        ("boast", "ABOUT", "lamps-inc"), ("odd-lanternby", "MADE", "boast"),
    ),
}  # fmt: skip


@pytest.mark.embedded
@pytest.mark.parametrize("how", RELATIONSHIP_TYPES)
@pytest.mark.parametrize("naming", ["", "protect"])
def test_out_of_a_firm_that_is_tied_to_the_person_the_surname_is_taken(
    how: str, naming: str, store: Store, tmp_path: Path
) -> None:
    t = named_alike()
    if "founding" in RELATIONSHIP_TYPES[how][0]:
        t.add("events", id="founding", caption="The founding", name="The founding")
    if "boast" in RELATIONSHIP_TYPES[how][0]:
        t.add("statements", id="boast", caption="A boast", kind="remark", gist="It is bright")
    keys = {"HOLDS_ROLE": {"title": "owner"}, "ABOUT": {"role": "topic"}}
    for n, (start, kind, end) in enumerate(RELATIONSHIP_TYPES[how]):
        add_relationship(t, f"more-{n}", start, kind, end, "g2", **keys.get(kind, {}))
    row(t, "actors", "odd-lanternby").update(
        naming=naming, naming_reason="a child" if naming else ""
    )
    made = publish(loaded(store, tmp_path / "case", t), CHOICES)
    assert "Lanternby Lamps" not in captions(made)
    assert captions(made) >= {"Odd Ltd", "Maud Lanternby"}, "nothing connects these to the person"


@pytest.mark.embedded
def test_what_only_a_confidential_source_relationships_to_the_person_is_named_as_if_it_had_not(
    store: Store, tmp_path: Path
) -> None:
    t = named_alike()
    t.add("sources", id="whisper", caption="Tidewater Whisper", kind="unnamed", confidential="yes")
    t.add("passages", passage="w1", source="whisper", start="0", end="9", sha256="b" * 64,
          language="en", gist="He owns it")  # fmt: skip
    add_relationship(t, "owns", "odd-lanternby", "HOLDS_ROLE", "lamps-inc", "w1", title="owner")
    held = publish(loaded(store, tmp_path / "held", t), CHOICES)
    never = publish(loaded(store, tmp_path / "never", named_alike()), CHOICES)
    assert "Lanternby Lamps" in captions(held)
    assert held.publication == never.publication


@pytest.mark.embedded
def test_in_a_text_on_the_firm_a_firm_of_one_word_stays_and_on_the_person_it_goes(
    store: Store, tmp_path: Path
) -> None:
    """A made-up name beside the firm's own would tell whose it is."""
    t = fogbank(confidential=False)
    t.add("actors", id="one", type="Organization", caption="Lanternby", name="Lanternby",
          kind="company")  # fmt: skip
    add_relationship(t, "one-board", "one", "PART_OF", "board", "g2")
    row(t, "passages", "g2", "passage")["gist"] = "Lanternby belongs to the board"
    row(t, "passages", "h1", "passage")["gist"] = "Lanternby speaks for the board"
    row(t, "actors", "odd-lanternby")["aliases"] = ""
    made = publish(loaded(store, tmp_path / "case", t), CHOICES)
    gists = {e.passage: e.gist for f in made.publication.facts for e in f.evidence}
    assert gists["g2"] == "Lanternby belongs to the board"
    assert "Lanternby" not in gists["h1"]
    pack.make(publication.read(store, CASE, everything(store)), CHOICES)


# --- a register -----------------------------------------------------------------------------------

GIVEN = ("Asa", "Ernst", "Alma", "Mika", "Odd", "Ilse", "Perpetua", "Maud")
SURNAMES = ("Tidewell", "Fogg", "Dell", "Brindle", "Saltmarsh", "Mistral", "Lanternby", "Teal")
FORMS = (
    "{s} Inc.", "{g} & {s2} LLP", "Nordlicht {g2} ASA", "{s} Group", "Confederazione dell'{s3}",
    "{s}", "The {s} Foundation of Makers of Lamps and of all that Shines", "Association of {g}",
)  # fmt: skip


def register(meetings: int = 64) -> Tables:
    """A register of meetings: nobody speaks, nobody is decided on, firms are called like people."""
    t = Tables(settings=SETTINGS.format(id="register").replace("language: en\n", ""))
    t.add("sources", id="register", caption="Register of meetings", kind="register",
          status="current", published_on="2024-05-02")  # fmt: skip
    for n in range(8):
        t.add("actors", id=f"cabinet-{n}", type="Organization", caption=f"Cabinet {n}",
              name=f"Cabinet {n}", kind="government")  # fmt: skip
    people = [(f"person-{n}", f"{GIVEN[n % 8]} {SURNAMES[(n + n // 8) % 8]}") for n in range(24)]
    for n, (id_, name) in enumerate(people):
        t.add("actors", id=id_, type="Person", caption=name, name=name)
        t.add("passages", passage=f"r{n}", source="register", start=str(10 * n),
              end=str(10 * n + 9), sha256=f"{n:064x}", gist=f"{name} works in cabinet {n % 8}",
              language="en")  # fmt: skip
        add_relationship(
            t, f"role-{n}", id_, "HOLDS_ROLE", f"cabinet-{n % 8}", f"r{n}", title="adviser"
        )
    firms = []
    for n, surname in enumerate(SURNAMES):
        more = {"g": GIVEN[n], "g2": GIVEN[n - 3], "s2": SURNAMES[n - 2], "s3": "Industria"}
        for m, form in enumerate(FORMS):
            firms.append((f"firm-{n}-{m}", form.format(s=surname, **more)))
    for id_, name in firms:
        t.add("actors", id=id_, type="Organization", caption=name, name=name, kind="company")
    for n in range(meetings):
        firm = firms[n * 7 % len(firms)]
        t.add("meetings", id=f"meeting-{n}", caption=f"Meeting {n} with {firm[1]}")
        t.add("passages", passage=f"m{n}", source="register", start=str(9000 + 10 * n),
              end=str(9009 + 10 * n), sha256=f"{n + 999:064x}", language="en",
              gist=f"{people[n % 24][1]} met {firm[1]} on plans for dell'Industria")  # fmt: skip
        add_relationship(t, f"a{n}", people[n % 24][0], "ATTENDED", f"meeting-{n}", f"m{n}")
        add_relationship(t, f"b{n}", firm[0], "ATTENDED", f"meeting-{n}", f"m{n}")
        add_relationship(t, f"c{n}", f"cabinet-{n % 8}", "ATTENDED", f"meeting-{n}", f"m{n}")
    return t


@pytest.mark.slow
@pytest.mark.embedded
def test_a_register_whose_firms_are_called_like_people_goes_out_with_their_names(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = register()
    put(store, tmp_path / "register", tables)
    names = {r["id"]: r["name"] for r in tables.rows["actors"]}
    out = tmp_path / "out"
    asked = ["export", "--case", "register", "--most", "200", "--format", "json",
             "--out", str(out)]  # fmt: skip
    assert cli.main([*asked, "--pack", "register-1"]) == 0, capsys.readouterr().err
    said = capsys.readouterr().err
    assert "one decision (--others)" in said
    view = material_choice.whole(store, "register", 200)
    choices = dataclasses.replace(CHOICES, pack="register-1")
    made = pack.make(publication.read(store, "register", view), choices)
    shown = {t.id: t for t in made.publication.entities}
    firms = [t for id_, t in shown.items() if id_.startswith("firm-")]
    assert len(firms) > 30
    assert [t.caption for t in firms] == [names[t.id] for t in firms]
    assert all(not t.named for t in shown.values() if t.label == "Person")
    people = {r["name"] for r in tables.rows["actors"] if r["type"] == "Person"}
    for name, data in made.files.items():
        text = data.decode("utf-8", "ignore")
        assert not [person for person in people if person in text], name
    assert {one.word for one in made.report.shared()} >= {"Dell", "Fogg", "ASA"}
    words = ", ".join(made.report.open_words)
    assert cli.main([*asked, "--force", "--pack", "register-1", "--others", f"{words}=firms"]) == 0
    assert "one decision" not in capsys.readouterr().err
