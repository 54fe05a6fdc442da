"""A name in any spelling and any place: replaced where a text may be changed, refused elsewhere."""

from __future__ import annotations

import dataclasses
import unicodedata
from pathlib import Path
from typing import Any, Final

import pytest
from export_case import (
    CHOICES,
    add_relationship,
    everything,
    fogbank,
    loaded,
    row,
    spooled,
    written,
)
from invented import Tables

from exports.material import Material
from exports.names.decide import Naming
from exports.names.scanner import Scanner
from exports.names.terms import Terms, folded, terms_of
from exports.pack import pack
from exports.redaction.publish import Prepared, publish
from graph.errors import ExportError, NameLeft, RevealingSource
from graph.explore.view import Step
from graph.store.store import Store

NFD: Final = "NFD"


def terms(*names: str) -> Terms:
    return Terms(terms_of("x", names, "x", is_person=True), {"x": "Person Q"})


def looked_through(known: Terms, text: str, **more: Any) -> Scanner:
    scanner = Scanner(Naming({}, known, Terms((), {})), **more)
    scanner.check(spooled({"README.md": text.encode()}))
    return scanner


# --- spellings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "text", "left"),
    [
        (["Odd Lanternby"], "the Lanternbys' house", "the Person Q' house"),
        (["Odd Lanternby"], "Lanternbyego nie ma", "Person Q nie ma"),
        (["Odd Lanternby"], "see #Lanternby2021", "see #Person Q"),
        (["Odd Lanternby"], "of Lantern\u00adby", "of Person Q"),
        (["Odd Lanternby"], "of Lantern\u200bby", "of Person Q"),
        (["Odd Lanternby"], "of L\u0332anternby", "of Person Q"),
        (["José García"], unicodedata.normalize(NFD, "Mr García said"), "Mr Person Q said"),
        ([unicodedata.normalize(NFD, "José García")], "Mr García said", "Mr Person Q said"),
        (["वसंत दीपकर"], "दीपकर ने कहा", "Person Q ने कहा"),
        (["वसंत दीपकर"], "दीपकरजी आए", "Person Q आए"),
        (["ماجد فنرجاني"], "قال فَنرْجَاني", "قال Person Q"),
        (["Pat O'Lantern"], "OLantern said", "Person Q said"),
        (["Jean-Luc Fogg"], "Jeanluc said", "Person Q said"),
        (["Ulf Nebelmüller"], "Herr Nebelmueller kam", "Herr Person Q kam"),
        (["Ulf Nebelmueller"], "Herr Nebelmüller kam", "Herr Person Q kam"),
        (["Ida Fjærgård"], "fru Fjaergaard kom", "fru Person Q kom"),
    ],
)
def test_a_word_of_a_name_is_found_however_it_is_written(
    names: list[str], text: str, left: str
) -> None:
    known = terms(*names)
    assert known.replaced(text) == left
    with pytest.raises(NameLeft):
        looked_through(known, text)
    looked_through(known, left)


@pytest.mark.parametrize(
    ("names", "text", "left"),
    [
        (["Odd Lanternby"], "so said Odd Lanternby.", "so said Person Q."),
        # Words so near each other are one name, and further apart they are two.
        (["Odd Lanternby"], "Odd -- Lanternby", "Person Q"),
        (["Odd Lanternby"], "Odd --- Lanternby", "Person Q --- Person Q"),
        (["Yu L"], "so said Yu L", "so said Person Q"),
        # Within a longer word only a name of more than four letters is surely one.
        (["Fogg"], "in Foggia", "in Foggia"),
        (["Foggs"], "at Foggsdale", "at Person Q"),
    ],
)
def test_a_whole_name_is_replaced_once(names: list[str], text: str, left: str) -> None:
    assert terms(*names).replaced(text) == left


@pytest.mark.parametrize(
    "text",
    ["a lantern by the sea", "Lantern", "the chriselephantine mask", "At Christmas", "Michal came"],
)
def test_other_words_stay(text: str) -> None:
    known = terms("Odd Lanternby", "Chris Michael")
    assert known.replaced(text) == text
    looked_through(known, text)


def test_a_word_that_only_begins_like_a_name_can_be_let_pass() -> None:
    made = list(terms("Odd Lanternby").all)
    assert "Person Q" in Terms(made, {"x": "Person Q"}).replaced("Lanternbyssus")
    assert Terms(made, {"x": "Person Q"}, ["lanternbyssus"]).replaced("Lanternbyssus") == (
        "Lanternbyssus"
    )
    looked_through(Terms(made, {}), "Lanternbyssus", allowed=["Lanternbyssus"])


@pytest.mark.parametrize("text", ["lanternby", "the lanternbys", "#lanternby2021"])
def test_a_name_in_small_letters_is_not_replaced_but_refused(text: str) -> None:
    assert terms("Odd Lanternby").replaced(text) == text
    with pytest.raises(NameLeft):
        looked_through(terms("Odd Lanternby"), text)


@pytest.mark.parametrize(
    "text", ["Odd L&#97;nternby said", "/odd/L%61nternby", "L\\u0061nternby said", "L\\x61nternby",
             "theOddLanternbyFiles", "oddlanternby"],
)  # fmt: skip
def test_no_escape_and_no_other_word_around_it_hides_a_name(text: str) -> None:
    with pytest.raises(NameLeft):
        looked_through(terms("Odd Lanternby"), text)


def test_words_that_only_side_by_side_spell_a_name_are_none() -> None:
    looked_through(terms("Mari Lund"), "Tomaril undine")
    with pytest.raises(NameLeft):
        looked_through(terms("Mari Lund"), "Maril undine")


def test_a_digest_holds_no_name() -> None:
    digest = "facade" + "0" * 58
    looked_through(terms("Odd Facade"), f"README.md {digest}")
    with pytest.raises(NameLeft):
        looked_through(terms("Odd Facade"), f"README.md {digest[:40]}")


def test_the_name_of_a_file_waits_for_no_decision() -> None:
    scanner = Scanner(Naming({}, terms("Odd Lanternby"), Terms((), {})))
    scanner.check_name("lamps")
    with pytest.raises(NameLeft, match="a name of x stands in lanternby"):
        scanner.check_name("lanternby")
    with pytest.raises(NameLeft):
        scanner.check(spooled({"Lanternby.json": b"{}"}))


def test_what_is_exempt_passes_whole_and_a_mere_name_only_by_itself() -> None:
    known, house = terms("Odd Lanternby"), "Lanternby House"
    looked_through(known, "Odd Lanternby", exempt=["Odd Lanternby"])
    with pytest.raises(NameLeft):
        looked_through(known, "by Odd Lanternby", exempt=["Odd Lanternby"])
    looked_through(known, f"{house} of Odd Lanternby", exempt=[house, f"{house} of Odd Lanternby"])
    with pytest.raises(NameLeft):
        looked_through(known, f"{house} of Odd Lanternby", exempt=[house])


def test_what_is_not_sure_is_counted_in_files_alone() -> None:
    scanner = Scanner(Naming({}, terms("Li Lanternby"), Terms((), {})))
    scanner.look_at("the title", ["li said"])
    assert not scanner.unsure
    scanner.check(spooled({"README.md": b"li said"}))
    assert scanner.unsure == {"Li": 1}


def test_a_message_names_twelve_words_and_counts_the_others() -> None:
    names = [f"Odd {'abcdefghijklmn'[i]}uttonwick" for i in range(14)]
    text = " ".join(name.split()[1] for name in names)
    with pytest.raises(NameLeft) as twelve:
        looked_through(terms(*names[:12]), text)
    assert " more" not in str(twelve.value)
    with pytest.raises(NameLeft, match="and 2 more") as caught:
        looked_through(terms(*names), text)
    assert "luttonwick" in str(caught.value)
    assert "muttonwick" not in str(caught.value).partition("If they are")[0]


def test_marks_and_invisible_letters_part_no_word() -> None:
    assert folded("ﬁ\u200dn\u00adn") == "finn"
    assert folded("محمّد") == folded("محمد")


# --- short ones ---------------------------------------------------------------------------------


def account(*handles: str) -> Terms:
    made = terms_of("x", handles, "acc", is_person=False, is_account=True)
    return Terms(made, {"x": "Account Q"})


@pytest.mark.parametrize("text", ["Seen by ol7", "and OL7 too", "@ol7"])
def test_a_short_handle_is_replaced_where_it_is_surely_one(text: str) -> None:
    assert "Account Q" in account("ol7", "@ol7").replaced(text)


def test_a_handle_that_is_a_word_is_replaced_behind_its_sign() -> None:
    assert account("fog").replaced("@fog says: fog. Fog!") == "@Account Q says: fog. Fog!"


def test_what_may_be_a_name_waits_for_a_decision() -> None:
    with pytest.raises(NameLeft, match=r"“fog” in README.md \(x\).*--allow"):
        looked_through(account("fog"), "the fog came")
    scanner = looked_through(account("fog"), "the fog came", allowed=["fog"])
    assert not scanner.unsure
    called = terms_of("x", ["Odd Lanternby"], "x", is_person=True, called=["Fog"])
    with pytest.raises(NameLeft, match=r"“Fog” in README.md \(x\)"):
        looked_through(Terms(called, {}), "the fog came")
    # A mere word of a name is in the report: `li` is too often something else.
    assert looked_through(terms("Li Lanternby"), "li said").unsure == {"Li": 1}


# --- places -------------------------------------------------------------------------------------


def planted() -> Tables:
    """The name stands, each time spelled in another way, wherever a case may hold a text."""
    t = fogbank(confidential=False)
    t.settings = t.settings.replace("title: ", "title: Lanternbys and ")
    t.settings = t.settings.replace("summary: ", "summary: Of LANTERNBY, ")
    decomposed = unicodedata.normalize(NFD, "Łanternby")
    row(t, "passages", "g2", "passage")["gist"] = f"The Lanternbys of {decomposed} were dark"
    row(t, "passages", "h2", "passage")["gist"] = "Lantern\u00adby, Lantern\u200bby: eleven"
    row(t, "sources", "herald")["caption"] = "Herald of Lanternby"
    row(t, "meetings", "fog-meeting")["caption"] = "Meeting at Lanternbys place"
    row(t, "groups", "lamps").update(caption="Lanternby2021", description="of O.Lanternby")
    row(t, "statements", "excuse")["gist"] = "#OddLanternby was here"
    row(t, "claims", "twelve", "claim").update(unit="Lanternbys", base="lamps")
    row(t, "claims", "ivo-role", "claim")["title"] = "keeper of Lanternby"
    row(t, "supports", "odd-role", "claim").update(as_worded="Lanternby’s", hedge="Lanternby-ish")
    t.add("places", id="lanternbys-hall", caption="Lanternbys Hall", name="Lanternbys Hall")
    add_relationship(
        t, "lanternby-moved", "fog-meeting", "LOCATED_IN", "lanternbys-hall", "lanternby-1"
    )
    t.add("sources", id="lanternby-post", caption="Post", kind="release", status="current")
    t.add("passages", passage="lanternby-1", source="lanternby-post", start="0", end="9",
          sha256="e" * 64, language="en", gist="In the hall, says Lanternby")  # fmt: skip
    t.add("hashtags", id="tag", caption="#Lanternby", tag="Lanternby")
    add_relationship(t, "tag-used", "acc", "USED", "tag", "h1")
    return t


STORY = (Step("Lanternbys", "LANTERNBY came", ("lanternbys-hall", "odd-lanternby")),)


@pytest.mark.embedded
def test_a_name_planted_in_every_text_of_a_case_is_in_no_file(store: Store, tmp_path: Path) -> None:
    choices = dataclasses.replace(
        CHOICES, title="The Lantern\u00adbys", summary="By Łanternby", steps=STORY
    )
    made = pack.make(loaded(store, tmp_path / "case", planted(), everything), choices)
    assert set(made.files) >= {"page.html", "picture.svg", "graph.cypher", "facts.md"}
    for name, data in made.files.items():
        assert "anternb" not in folded(data.decode("utf-8", "ignore")).replace("-", ""), name
    (step,) = made.publication.steps
    assert len(step.lit) == 2, "they are lit under the ids that they have in the pack"
    assert {t.label for t in made.publication.entities} >= {"Hashtag", "Place", "Meeting"}


@pytest.fixture(scope="module")
def known(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Material:
    tables = fogbank(confidential=False)
    return loaded(store, tmp_path_factory.mktemp("known") / "case", tables, everything)


@pytest.mark.embedded
@pytest.mark.parametrize(
    "chosen",
    [
        {"pack": "lanternby-1"},
        {"pack": "the-lanternbys"},
        {"licence": "(c) Lanternby"},
        {"embargo": "until Lanternby speaks"},
        {"replaces": "odd-lanternby-1"},
        {"language": "lanternby"},
        {"accessed": "Lanternby"},
    ],
)
def test_a_name_in_what_is_printed_as_it_stands_refuses_the_pack(
    chosen: dict[str, Any], known: Material
) -> None:
    try:
        choices = dataclasses.replace(CHOICES, **chosen)
        made = pack.make(known, choices, ["markdown", "json"])
    except (ExportError, ValueError):
        return
    files = {**made.files, "its name": made.publication.pack.encode()}
    for name, data in files.items():
        assert b"lanternby" not in data.lower(), name


FACTS = (
    "id", "measure", "value", "unit", "base", "sentence", "said", "when", "properties", "subject",
)  # fmt: skip


@pytest.mark.embedded
@pytest.mark.parametrize("spelling", ["Odd Lanternby", "Lanternbys", "odd_lanternby"])
@pytest.mark.parametrize("place", [*FACTS, "thing.id", "thing.caption", "step.title", "step.text"])
def test_a_name_planted_in_any_place_of_a_publication_is_found(
    place: str, spelling: str, known: Material
) -> None:
    prepared = publish(known, CHOICES)
    with pytest.raises(NameLeft, match=r"fogbank:(odd-lanternby|sons)"):
        check(prepared, place, spelling)


def check(prepared: Prepared, place: str, name: str) -> None:
    p = prepared.publication
    where, _, what = place.partition(".")
    put: dict[str, Any] = {what or place: {"title": name} if place == "properties" else name}
    if where == "thing":
        changed = dataclasses.replace(p.entities[0], **put)
        p = dataclasses.replace(p, entities=(changed, *p.entities[1:]), facts=())
    elif where == "step":
        p = dataclasses.replace(p, steps=(dataclasses.replace(Step("x", "y"), **put),))
    else:
        fact = dataclasses.replace(p.facts[0], **put)
        p = dataclasses.replace(p, facts=(fact,))
    files = {f: d for n in ("csv", "json", "markdown") for f, d in written(n, p).items()}
    if where == "step":
        files = written("page", p)
    Scanner(prepared.naming).check(spooled(files))


# --- sources that are cited all the same --------------------------------------------------------


@pytest.mark.embedded
def test_a_cited_publisher_lets_nothing_else_of_that_name_pass(
    store: Store, tmp_path: Path
) -> None:
    tables = fogbank(confidential=False)
    row(tables, "sources", "herald")["publisher"] = "Lanternby"
    row(tables, "sources", "gazette").update(title="Odd Lanternby", url="https://lanternby.example")
    whole = loaded(store, tmp_path / "case", tables, everything)
    with pytest.raises(RevealingSource, match=r"the title of .*, the url of .*, the publisher of"):
        publish(whole, CHOICES)
    given = dataclasses.replace(CHOICES, overrides={"herald": "its name", "gazette": "printed"})
    made = pack.make(whole, given)
    assert "Lanternby, " in made.files["citations.txt"].decode()
    prepared = publish(whole, given)
    scanner = Scanner(prepared.naming, prepared.publication.exempt)
    for text in ("so says Lanternby", "Lanternby reports: it was dark", "Odd Lanternby, 1987"):
        with pytest.raises(NameLeft):
            scanner.check(spooled({"facts.md": text.encode()}))


@pytest.mark.embedded
def test_a_surname_in_an_address_is_a_decision_too(store: Store, tmp_path: Path) -> None:
    tables = fogbank(confidential=False)
    row(tables, "sources", "gazette")["url"] = "https://gazette.example/2021/saltmarsh-held"
    whole = loaded(store, tmp_path / "case", tables, everything)
    with pytest.raises(RevealingSource, match="the url of fogbank:gazette"):
        publish(whole, CHOICES)
    given = dataclasses.replace(CHOICES, overrides={"gazette": "printed everywhere"})
    assert "saltmarsh-held" in pack.make(whole, given).files["citations.txt"].decode()
