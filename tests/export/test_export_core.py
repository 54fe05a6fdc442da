"""What may leave: names, confidential sources, and every count made anew."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path

import pytest
from export_case import CHOICES, HANDLE, ODD, PERPETUA, fogbank, load, loaded
from invented import Tables

from exports import material as publication
from exports.choices import Reply, SecondReading
from exports.material import Material
from exports.names import scanner
from exports.names.terms import Terms, terms_of
from exports.pack.report import ranges
from exports.redaction.publish import Prepared, publish
from exports.writing.texts import markdown_text
from graph.errors import ExportError, RevealingSource
from graph.explore import reads
from graph.store.store import Store


@pytest.fixture(scope="module")
def material(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Material:
    return load(store, tmp_path_factory.mktemp("fogbank"))


@pytest.fixture(scope="module")
def prepared(material: Material) -> Prepared:
    return publish(material, CHOICES)


def everything(prepared: Prepared) -> str:
    made = prepared.publication
    whole = dataclasses.asdict(dataclasses.replace(made, facts=tuple(made.facts)))
    return json.dumps(whole, ensure_ascii=False).casefold()


def test_no_spelling_of_who_is_not_named_is_left(prepared: Prepared) -> None:
    text = everything(prepared)
    for name in (*ODD, *PERPETUA, HANDLE, "Old Oddbert"):
        assert name.casefold() not in text, name


def test_the_private_have_a_pseudonym_and_the_protected_leave_no_trace(
    prepared: Prepared,
) -> None:
    captions = {t.caption for t in prepared.publication.entities}
    people = [t for t in prepared.publication.entities if t.label == "Person"]
    assert {"Ulla Brandt", "Ivo Teal"} < {t.caption for t in people}
    (odd,) = [t for t in people if not t.named]
    assert odd.caption.startswith("Person ")
    assert odd.properties == {}
    assert f"Excuse of {odd.caption}" in captions
    # Of what was only theirs nothing stands alone either.
    assert not any("ighting" in c for c in captions)
    assert "Cold Lane" not in captions, "only what stayed behind led there"
    attended = [f for f in prepared.publication.relationships if f.predicate == "ATTENDED"]
    assert len(attended) == 3
    assert all(f.degree != 4 for f in prepared.publication.entities if f.caption == "Meeting in")


def test_pseudonyms_stay_in_a_pack_and_change_between_packs(material: Material) -> None:
    other = dataclasses.replace(CHOICES, key=b"another key")

    def names(prepared: Prepared) -> set[str]:
        return {t.caption for t in prepared.publication.entities if not t.named}

    assert names(publish(material, CHOICES)) == names(publish(material, CHOICES))
    assert not names(publish(material, CHOICES)) & names(publish(material, other))


def test_a_body_named_after_somebody_a_small_group_and_a_role(prepared: Prepared) -> None:
    captions = [t.caption for t in prepared.publication.entities]
    assert "A small group of people" in captions
    assert "Lamp Board" in captions
    assert sum(c.startswith("Organization ") for c in captions) == 1
    ivo = next(t.id for t in prepared.publication.entities if t.caption == "Ivo Teal")
    predicates = {f.predicate for f in prepared.publication.relationships if f.subject == ivo}
    assert predicates == {"ATTENDED", "HOLDS_ROLE"}


def test_places_of_passages_that_lead_to_a_name_stay_behind(prepared: Prepared) -> None:
    hidden = [e for f in prepared.publication.facts for e in f.evidence if "Person " in e.gist]
    assert hidden
    assert all((e.start, e.sha256, e.as_worded) == (None, None, None) for e in hidden)
    assert any(e.sha256 for f in prepared.publication.facts for e in f.evidence)


def test_a_confidential_source_leaves_no_difference(store: Store, tmp_path: Path) -> None:
    held = publish(load(store, tmp_path, fogbank(confidential=True)), CHOICES)
    never = publish(load(store, tmp_path, fogbank(confidential=False)), CHOICES)
    assert held.publication == never.publication
    assert "tidewater" not in everything(held)
    assert any("confidential" in out.why for out in held.report.left_out)


def test_counts_are_made_anew(prepared: Prepared) -> None:
    facts = {f.sentence: f for f in prepared.publication.facts}
    met = facts["Ulla Brandt took part in Meeting in the fog"]
    assert (met.origins, met.not_stated, met.publishers) == (0, 2, 2)
    twelve = facts["The lamps: size 12 lamps"]
    assert twelve.contested
    assert [how for how, _ in twelve.differs] == ["value"]
    degrees = {t.id: t.degree for t in prepared.publication.entities}
    for relationship in prepared.publication.relationships:
        degrees[relationship.subject] -= 1
        degrees[str(relationship.object)] -= 1
    assert set(degrees.values()) == {0}


def test_every_sentence_says_on_whose_word(prepared: Prepared) -> None:
    for fact in prepared.publication.facts:
        said = fact.said
        assert {
            "reported": " reports: " in said or " report: " in said,
            "alleged": said.endswith("(alleged)") and " says: " in said,
            "inferred": said.startswith("Inferred from "),
        }[fact.status], said


def test_a_title_that_gives_a_name_away_blocks_until_overridden(
    store: Store, tmp_path: Path
) -> None:
    material = load(store, tmp_path, fogbank(title="Where was Odd Lanternby?"))
    with pytest.raises(RevealingSource, match="the title of fogbank:gazette"):
        publish(material, CHOICES)
    given = dataclasses.replace(CHOICES, overrides={"gazette": "printed in every paper"})
    done = publish(material, given)
    assert done.publication.exempt == ("Where was Odd Lanternby?",)
    assert "printed in every paper" in done.report.markdown()


def test_the_report_names_and_warns(prepared: Prepared) -> None:
    text = prepared.report.markdown()
    assert "Odd Lanternby (fogbank:odd-lanternby): private" in text
    assert "nobody has decided" in text
    assert "is the only one with the role" in text
    assert markdown_text(HANDLE) in text
    assert "DRAFT" not in text
    assert prepared.publication.draft


def test_numbers_of_facts_are_told_as_ranges(prepared: Prepared) -> None:
    assert ranges([9, 1, 2, 3, 7]) == "1–3, 7, 9"
    count = len(prepared.publication.facts)
    assert f"{count} facts: 1–{count}\n" in prepared.report.markdown()


def test_checks_hold_while_the_evidence_does_and_replies_are_listed(material: Material) -> None:
    good = tuple(
        SecondReading(c.id, material.evidence(c), "second editor", "2026-11-21")
        for c in material.claims
    )
    reply = Reply("acc", "", "2026-11-01", "2026-11-08", "declined")
    done = publish(material, dataclasses.replace(CHOICES, checked=good, replies=(reply,)))
    assert done.publication.draft == ()
    assert "declined" in done.report.markdown()
    stale = dataclasses.replace(good[0], evidence="0" * 64)
    again = publish(material, dataclasses.replace(CHOICES, checked=(stale, *good[1:])))
    left = [f for f in again.publication.facts if f.checked is None]
    assert again.publication.draft
    assert len(left) <= 1


def fogbank_with(**tables: list[dict[str, str]]) -> Tables:
    made = fogbank()
    for stem, rows in tables.items():
        for row in rows:
            made.add(stem, **row)
    return made


def test_the_cases_own_replies_stand_in_the_report(store: Store, tmp_path: Path) -> None:
    before = publish(loaded(store, tmp_path / "none", fogbank()), CHOICES).report.markdown()
    assert before.count("not asked by the newsroom") == 1
    asked = {"party": "acc", "asked_on": "1987-05-03", "deadline": "1987-05-09"}
    other = {"party": "acc", "allegation": "odd-said", "asked_on": "1987-05-03"}
    tables = fogbank_with(replies=[{**asked, "allegation": "acc-group", "answer": "No, it is not."},
                                   {**other, "answer": "on something else"}])  # fmt: skip
    after = publish(loaded(store, tmp_path / "some", tables), CHOICES).report.markdown()
    assert "asked on 1987-05-03, until 1987-05-09: No, it is not." in after
    assert "on something else" not in after
    assert "not asked by the newsroom" not in after


def test_a_reason_for_an_order_accuses_whom_it_reached(store: Store, tmp_path: Path) -> None:
    """Who gives a reason is not accused by it: those are, whom the order or measure was for."""
    tables = fogbank()
    tables.add("orders", id="douse", caption="Order to douse", kind="notice")
    tables.add("actions", id="dousing", caption="The dousing", kind="block")
    for n, (a, kind, b) in enumerate((("board", "ISSUED", "douse"), ("douse", "FLAGS", "acc"),
                                      ("chirp", "TOOK", "dousing"),
                                      ("dousing", "APPLIED_TO", "lamps"))):  # fmt: skip
        tables.add("claims", claim=f"t{n}", kind="relationship", subject=a, predicate=kind,
                   object=b)  # fmt: skip
        tables.add("supports", passage="h1", claim=f"t{n}", status="reported")
    for subject, speaker in (("douse", "board"), ("dousing", "chirp")):
        tables.add("claims", claim=f"why-{subject}", kind="ground", subject=subject,
                   measure="ground", value="spreading_gloom")  # fmt: skip
        tables.add("supports", passage="h1", claim=f"why-{subject}", status="alleged",
                   said_by=speaker)  # fmt: skip
    done = publish(loaded(store, tmp_path / "case", tables), CHOICES).report
    accused = {a.said.partition(": ")[0]: a.party for a in done.allegations if "gloom" in a.said}
    assert accused == {
        "Lamp Board says": "fogbank:acc",
        "Chirp says": "fogbank:lamps",
    }


def test_the_cases_own_checks_hold_until_the_evidence_changes(store: Store, tmp_path: Path) -> None:
    first = publish(loaded(store, tmp_path / "first", fogbank()), CHOICES)
    rows = list(csv.DictReader(io.StringIO(first.report.checked())))
    assert len(rows) == len(first.publication.facts)
    assert first.publication.draft
    done = [{**row, "checked_by": "second editor", "checked_on": "1987-06-01"} for row in rows]
    tables = fogbank_with(checked=done)
    again = publish(loaded(store, tmp_path / "again", tables), CHOICES)
    assert again.publication.draft == ()
    assert {f.checked for f in again.publication.facts} == {("second editor", "1987-06-01")}
    for row in tables.rows["passages"]:
        if row["passage"] == "g2":
            row["gist"] = "Twelve lamps were dark, says the mayor"
    for row in tables.rows["checked"]:
        row["claim"] = {"lamps-size-12": "twelve"}.get(row["claim"][:13], row["claim"])
    changed = publish(loaded(store, tmp_path / "changed", tables), CHOICES)
    assert changed.publication.draft
    void = {f.sentence for f in changed.publication.facts if f.checked is None}
    assert "The lamps: size 12 lamps" in void
    assert len(void) == 2, "g2 stands behind twelve and three"
    assert changed.report.void == changed.report.unchecked
    assert "the evidence has changed since" in changed.report.markdown()


def test_facts_beside_a_role_stay_behind_and_all_lies_as_on_screen(loaded_store: Store) -> None:
    case = "twitter-blocking-orders-2021"
    query = "MATCH (n:Entity) WHERE n.case = $case RETURN n.id AS id ORDER BY id"
    ids = [row["id"] for row in loaded_store.read(query, {"case": case})]
    view = reads.some_view(loaded_store, ids)
    made = publish(publication.read(loaded_store, case, view), CHOICES)
    assert any(out.why.startswith("not a fact of the role") for out in made.report.left_out)
    there = {node.id.partition(":")[2]: node.position for node in view.nodes}
    assert {entity.id: (entity.x, entity.y) for entity in made.publication.entities} == there


def test_the_bundled_case_has_no_reply_and_no_check(loaded_store: Store) -> None:
    case = "twitter-blocking-orders-2021"
    material = publication.read(loaded_store, case, reads.case_view(loaded_store, case))
    assert (material.replies, material.reviews) == ((), ())


def test_what_an_editor_adds_is_out_too(material: Material) -> None:
    more = dataclasses.replace(
        CHOICES,
        private=frozenset({"fogbank:ulla"}),
        left_out=frozenset({"Place", "Meeting.held_on", "twelve", "lamps"}),
    )
    captions = {t.caption for t in publish(material, more).publication.entities}
    assert not captions & {"Ulla Brandt", "The lamps", "Cold Lane"}


@pytest.mark.parametrize("word", ["ulla", "fogbank:ulla"])
def test_who_is_to_be_private_is_named_with_or_without_the_case(
    material: Material, word: str
) -> None:
    more = dataclasses.replace(CHOICES, private=frozenset({word}))
    assert "Ulla Brandt" in everything_of(publish(material, CHOICES))
    assert "Ulla Brandt" not in everything_of(publish(material, more))


def everything_of(prepared: Prepared) -> set[str]:
    return {t.caption for t in prepared.publication.entities}


def test_a_slip_of_the_pen_names_nobody(material: Material) -> None:
    """Whoever mistypes an id is told, and the name does not go out."""
    with pytest.raises(ExportError, match=r"“ula” cannot be kept private, .* did you mean ulla"):
        publish(material, dataclasses.replace(CHOICES, private=frozenset({"ula"})))
    with pytest.raises(ExportError, match=r"“Persons” .* did you mean Person\?"):
        publish(material, dataclasses.replace(CHOICES, private=frozenset({"Persons"})))
    more = dataclasses.replace(
        CHOICES, left_out=frozenset({"Place", "Meeting.held_on", "ivo", "Person.nam", "lamsp"}),
        kept={"nothing": "x"}, overrides={"gazette": "x", "gazete": "x"},
    )  # fmt: skip
    told = [line for line in publish(material, more).report.warnings if "mistyped" in line]
    assert [line.partition("”")[0] for line in told] == [
        "“Person.nam",
        "“lamsp",
        "“nothing",
        "“gazete",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ODD LANTERNBY", "odd-lanternby", "Odd\u00a0Lanternby’s", "oddlanternby", "#OddLanternby",
        "Łanternby, Odd_Lanternby", "Lanternby", "the O. Lanternby affair",
    ],
)  # fmt: skip
def test_names_are_found_however_they_are_written(text: str) -> None:
    names = ("Odd Lanternby", "O. Lanternby", "Łanternby")
    terms = Terms(terms_of("x", names, "odd-lanternby", is_person=True), {"x": "Person Q"})
    out = terms.replaced(text)
    assert "Person Q" in out
    assert "lanternby" not in out.casefold()
    assert terms.replaced("An odd lantern by the sea") == "An odd lantern by the sea"


def test_a_count_beside_a_word_spells_nobody() -> None:
    told = io.BytesIO(b'{"by_type": {"Person": 2}, "said": "person 2"}')
    assert list(scanner.texts_of("manifest.json", told))[1:] == [
        "by_type", "Person", "said", "person 2",
    ]  # fmt: skip
