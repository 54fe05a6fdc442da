"""Every format: read back by what reads it, the same bytes twice, hostile values, planted names."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import pkgutil
import re
import subprocess
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from export_case import CASE, CHOICES, fogbank, loaded, spooled, written
from PIL import Image, PngImagePlugin

import exports.formats
from exports.choices import Choices
from exports.formats import cypher, ftm
from exports.formats.registry import formats, get
from exports.material import Material
from exports.names.scanner import Scanner
from exports.pack import pack
from exports.pack.changes import Before
from exports.publication import Publication
from exports.redaction.publish import Prepared, publish
from exports.writing import words
from exports.writing.picture import shapes
from exports.writing.texts import markdown_text
from graph.errors import ExportError, NameLeft, PackError, UnknownFormat, WouldOverwrite
from graph.explore.view import Step
from graph.model.types import SCHEMA
from graph.model.wording import sentence
from graph.store.store import Store

pytestmark = pytest.mark.embedded

NAMES = sorted(formats())


def test_a_format_is_one_file_and_nothing_more() -> None:
    modules = {m.name for m in pkgutil.iter_modules(exports.formats.__path__)} - {"registry"}
    assert len(formats()) == len(modules) >= 11
    files = [file for f in formats().values() for file in f.FILES]
    assert len(set(files)) == len(files)
    with pytest.raises(UnknownFormat, match="graphml"):
        get("docx")


@pytest.mark.parametrize("name", NAMES)
def test_a_format_writes_what_it_declares_and_reads_it_back(
    name: str, publication: Publication
) -> None:
    format_ = get(name)
    files = written(name, publication)
    assert set(files) == set(format_.FILES)
    assert files == written(name, publication), "other bytes the second time"
    for file, data in files.items():
        found = " ".join(format_.texts(file, io.BytesIO(data)))
        if name == "png" or file in ("citations.csl.json", "sources.csv"):
            continue
        assert "Lamp Board" in found, file
        with pytest.raises((ValueError, KeyError)):
            list(format_.texts(file, io.BytesIO(b"\xff\xfe not this")))


def test_graphml_and_gexf_come_back_as_they_went(publication: Publication) -> None:
    graphml = nx.read_graphml(
        io.BytesIO(written("graphml", publication)["graph.graphml"]), force_multigraph=True
    )
    gexf = nx.read_gexf(io.BytesIO(written("gexf", publication)["graph.gexf"]), version="1.3")
    for read in (graphml, gexf):
        assert set(read.nodes) == {t.id for t in publication.entities}
        pairs = sorted((a, b) for a, b in read.edges())
        assert pairs == sorted((f.subject, f.object) for f in publication.relationships)
    for entity in publication.entities:
        node = graphml.nodes[entity.id]
        assert (node["x"], node["y"]) == (round(entity.x, 2), round(-entity.y, 2))
        assert node["type"] == entity.label
        assert node["shape"] == SCHEMA.nodes[entity.label].shape
        viz = gexf.nodes[entity.id]["viz"]
        assert viz["position"]["x"] == round(entity.x, 2)
        assert "#{r:02X}{g:02X}{b:02X}".format(**viz["color"]) == SCHEMA.nodes[entity.label].colour


def test_gexf_declares_what_it_uses(publication: Publication) -> None:
    """What no schema says: ids are unique, ends and attributes are there."""
    root = ElementTree.fromstring(written("gexf", publication)["graph.gexf"])  # noqa: S314
    space = "{http://gexf.net/1.3}"
    declared: dict[str, set[str]] = {}
    for attributes in root.iter(f"{space}attributes"):
        kind = str(attributes.get("class"))
        for attribute in attributes:
            assert str(attribute.get("id")) not in declared.setdefault(kind, set())
            declared[kind].add(str(attribute.get("id")))
    ids = [n.get("id") for n in root.iter(f"{space}node")]
    assert len(ids) == len(set(ids))
    edges = list(root.iter(f"{space}edge"))
    assert len({e.get("id") for e in edges}) == len(edges)
    assert all(e.get("source") in ids and e.get("target") in ids for e in edges)
    for kind in ("node", "edge"):
        for element in root.iter(f"{space}{kind}"):
            used = {str(v.get("for")) for v in element.iter(f"{space}attvalue")}
            assert used <= declared[kind]


ROOT = Path(__file__).resolve().parents[2]
FTM = ROOT / "tests" / "support" / "ftm"
FTM_PYTHON = next((p for p in (ROOT / ".venv-ftm").glob("*/python*") if p.stem == "python"), None)


@pytest.mark.skipif(FTM_PYTHON is None, reason="`make ftm` installs the followthemoney library")
@pytest.mark.parametrize("fault", ["", "schema", "property", "end"])
def test_follow_the_money_validates(publication: Publication, fault: str) -> None:
    """And would not if anything were wrong."""
    found = list(ftm.entities(publication))
    wrong = {"schema": "Nothing", "id": found[0]["id"], "properties": {}}
    if fault == "schema":
        found[0] = wrong
    elif fault == "property":
        found[0]["properties"]["birthDate"] = ["one fine day"]
    elif fault == "end":
        found = found[1:]
    told = subprocess.run(
        [str(FTM_PYTHON), str(FTM / "validate.py")], check=True, capture_output=True, text=True,
        input="".join(f"{json.dumps(entity)}\n" for entity in found),
    )  # fmt: skip
    assert bool(json.loads(told.stdout)) == bool(fault), told.stdout


def test_spreadsheets_get_no_formula(publication: Publication) -> None:
    evil = dataclasses.replace(publication.entities[0], caption="=HYPERLINK(1)\n+2", id="-1+1")
    changed = dataclasses.replace(publication, entities=(evil, *publication.entities[1:]))
    rows = list(csv.reader(io.StringIO(written("csv", changed)["things.csv"].decode())))
    assert rows[1][0] == "'-1+1"
    assert rows[1][2] == "'=HYPERLINK(1) +2"


def test_control_characters_and_lone_surrogates_stop_no_format(publication: Publication) -> None:
    evil = dataclasses.replace(publication.entities[0], caption="a\x00b\x1b[31m\ud800\ufffe\u2028c")
    changed = dataclasses.replace(publication, entities=(evil, *publication.entities[1:]))
    for name in NAMES:
        for file, data in written(name, changed).items():
            list(get(name).texts(file, io.BytesIO(data)))
            assert b"\x1b" not in data or file.endswith(".png")


def test_markdown_holds_no_markup_of_the_data(publication: Publication) -> None:
    text = written("markdown", publication)["facts.md"].decode()
    bare = re.sub(r"\\.", "", text)
    assert "img src" in bare
    assert not set("<>`[]") & set(bare)
    assert markdown_text("a*b_c<d>") == r"a\*b\_c\<d\>"


def test_the_fact_sheet_reads_without_a_markdown_reader(publication: Publication) -> None:
    """Who opens it as it is meets no signs that nobody needs, and finds what each passage says."""
    text = written("markdown", publication)["facts.md"].decode()
    assert "**DRAFT: not everything was checked by a second person.**" in text
    (twelve,) = [f for f in publication.facts if f.value == "12"]
    ((how, other),) = twelve.differs
    entry = text[text.index(f"\n{twelve.number}\\. ") :].split("\n\n")[0]
    assert "\n- Twelve lamps were dark, says the board (S1" in entry
    assert re.search(r"\n- .* \(S\d+, characters \d+ to \d+\)\n", text)
    assert entry.endswith(f"\n- Differs from {other} ({how})")
    assert markdown_text("DRAFT: until 2026-12-01, 06:00 (about)") == (
        "DRAFT: until 2026-12-01, 06:00 (about)"
    )
    for text, safe in (("- a", r"\- a"), ("=== a", r"\=\=\= a"), ("1) a", r"1\) a"),
                       (":smile:", r"\:smile:"), ("see http://x", r"see http\://x")):  # fmt: skip
        assert markdown_text(text) == safe


def test_what_nobody_knows_takes_no_line_and_a_rule_is_told_in_words(
    material: Material, publication: Publication
) -> None:
    assert any(f.when == "not known" for f in publication.facts)
    for name, file in (("page", "page.html"), ("markdown", "facts.md")):
        assert b"not known" not in written(name, publication)[file].replace(
            b"publisher not known", b""
        ).replace(b"title not known", b"").replace(b"date not known", b"")
    claims = tuple(
        dataclasses.replace(c, when_rule="fog_first") if c.when else c for c in material.claims
    )
    ruled = dataclasses.replace(
        material, claims=claims, rules={"fog_first": "fog comes before a meeting"}
    )
    told = {f.when for f in publish(ruled, CHOICES).publication.facts}
    assert "1 May 1987, inferred: fog comes before a meeting" in told


def test_a_measure_that_is_only_planned_is_not_called_taken(publication: Publication) -> None:
    def legend(*planned: bool) -> list[str]:
        plain = dataclasses.replace(publication.entities[0], label="Action")
        entities = tuple(
            dataclasses.replace(plain, id=f"a{n}", properties={"planned": True} if is_so else {})
            for n, is_so in enumerate(planned)
        )
        return [
            s.words for s in shapes(dataclasses.replace(publication, entities=entities, facts=()))
        ]

    assert legend(False, False) == ["measures taken"]
    assert legend(False, True) == ["measures, 1 of them planned"]
    assert legend(True) == ["measure planned"]


def test_the_language_of_the_case_is_told_and_our_words_are_english(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = fogbank()
    tables.settings += "language: pt-BR\n"
    material = loaded(store, tmp_path / "case", tables)
    made = pack.make(material, CHOICES, ["page", "svg"])
    assert json.loads(made.files["manifest.json"])["language"] == "pt-BR"
    page = made.files["page.html"].decode()
    assert '<html lang="en">' in page
    assert '<h1 lang="pt-BR">' in page
    assert '<li lang="pt-BR"><bdi>Twelve lamps' in page
    assert b' lang="en"' in made.files["picture.svg"]
    monkeypatch.setattr(words, "STRINGS", {**words.STRINGS, "pt": {"relationships": "Ligações"}})
    page = pack.make(material, CHOICES, ["page"]).files["page.html"].decode()
    assert '<html lang="pt-BR">' in page
    assert "<h2>Ligações</h2>" in page
    assert "<h1><bdi>" in page
    chosen = dataclasses.replace(CHOICES, language="de")
    assert json.loads(pack.make(material, chosen, ["csv"]).files["manifest.json"])["language"] == (
        "de"
    )


def test_the_script_is_one_statement_a_piece(publication: Publication) -> None:
    text = written("cypher", publication)["graph.cypher"].decode()
    pieces = [p for p in text.split(";\n") if p.strip()]
    assert len(pieces) == len(list(cypher.statements(publication)))
    assert cypher.literal("it's \\ \n") == r"'it\'s \\ \u000a'"


# --- the scanner --------------------------------------------------------------------------------

NAME = "Odd Lanternby"


def planted(p: Publication, place: str, name: str = NAME) -> Publication:
    """The publication with a name in one place."""
    value: Any = f"On {name} again"
    if place in ("title", "summary", "licence", "case_title", "load"):
        return dataclasses.replace(p, **{place: value})
    if place == "step":
        return dataclasses.replace(p, steps=(Step("x", f"then {name} came"),))
    entity, fact, source = p.entities[0], next(iter(p.relationships)), p.sources[0]
    where, _, what = place.partition(".")
    value = f"about {name}"
    if where == "thing":
        if what == "properties":
            value = {"aliases": [f"x {name}"]}
        changed = dataclasses.replace(entity, **{what: value})
        return dataclasses.replace(p, entities=(changed, *p.entities[1:]))
    if where == "source":
        changed_source = dataclasses.replace(source, **{what: value})
        return dataclasses.replace(p, sources=(changed_source, *p.sources[1:]))
    if where == "evidence":
        seen = dataclasses.replace(fact.evidence[0], **{what: value})
        fact = dataclasses.replace(fact, evidence=(seen, *fact.evidence[1:]))
    else:
        value = {"title": f"x {name}"} if what == "properties" else value
        fact = dataclasses.replace(fact, **{what: value})
    return dataclasses.replace(
        p, facts=tuple(fact if f.number == fact.number else f for f in p.facts)
    )


PLACES = (
    "title", "summary", "licence", "step", "thing.caption", "thing.properties", "fact.said",
    "fact.sentence", "fact.id", "fact.properties", "fact.when", "evidence.gist",
    "evidence.said_by", "evidence.as_worded", "evidence.hedge", "evidence.passage",
    "source.caption", "source.title", "source.url", "source.publisher", "source.id",
)  # fmt: skip


def files_of(p: Publication) -> dict[str, bytes]:
    wanted = [n for n in NAMES if n != "png"]
    return {file: data for n in wanted for file, data in written(n, p).items()}


@pytest.mark.parametrize("place", PLACES)
def test_a_name_planted_anywhere_refuses_the_pack(place: str, prepared: Prepared) -> None:
    with pytest.raises(NameLeft, match="fogbank:odd-lanternby"):
        Scanner(prepared.naming).check(spooled(files_of(planted(prepared.publication, place))))


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("citations", "png")])
@pytest.mark.parametrize("spelling", [NAME, "ODD LANTERNBY", "oddlanternby", "Łanternby"])
def test_every_format_alone_is_looked_through(name: str, spelling: str, prepared: Prepared) -> None:
    files = written(name, planted(prepared.publication, "thing.caption", spelling))
    with pytest.raises(NameLeft):
        Scanner(prepared.naming).check(spooled(files))


@pytest.mark.parametrize("how", ["text", "ztext", "itext", "exif", "title"])
def test_a_picture_hides_no_name_beside_its_pixels(how: str, prepared: Prepared) -> None:
    if how == "title":
        data = written("png", planted(prepared.publication, "title"))["picture.png"]
    else:
        info, stream, image = PngImagePlugin.PngInfo(), io.BytesIO(), Image.new("RGB", (4, 4))
        exif = image.getexif()
        if how == "exif":
            exif[0x010E] = f"by {NAME}"
        elif how == "itext":
            info.add_itxt("Author", f"by {NAME}", zip=True)
        else:
            info.add_text("Author", f"by {NAME}", zip=how == "ztext")
        image.save(stream, "PNG", pnginfo=info, exif=exif)
        data = stream.getvalue()
    with pytest.raises(NameLeft):
        Scanner(prepared.naming).check(spooled({"picture.png": data}))


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("odd-lanternby.csv", b"a,b"),
        ("README.md", b"see Odd&#32;Lanternby"),
        ("README.md", b"https://x.example/?q=Odd%20Lanternby"),
        ("README.md", b"\\u004fdd Lanternby"),
        ("graph.graphml", b"<graphml><!-- Odd Lanternby --></graphml>"),
        ("graph.gexf", b"<!DOCTYPE x><gexf/>"),
        ("page.html", b"<p>fine<script>var a = 'Odd Lanternby'</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><title>Lanternby</title></svg>"),
        ("picture.png", b"no picture"),
        ("manifest.json", b'{"a": "lamplighter_77"}'),
    ],
)
def test_names_in_other_clothes_are_found_and_what_cannot_be_read_is_refused(
    file: str, data: bytes, prepared: Prepared
) -> None:
    with pytest.raises(NameLeft):
        Scanner(prepared.naming).check(spooled({file: data}))


def test_short_and_common_words_are_counted_for_a_decision(prepared: Prepared) -> None:
    scanner = Scanner(prepared.naming)
    scanner.check(spooled({"README.md": b"an odd evening, odd lamps"}))
    assert scanner.unsure["Odd"] == 2
    silent = Scanner(prepared.naming, allowed=("Odd",))
    silent.check(spooled({"README.md": b"an odd evening"}))
    assert not silent.unsure


# --- the pack -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(material: Material) -> pack.Pack:
    return pack.make(material, CHOICES)


def test_the_same_choices_make_the_same_bytes(material: Material, made: pack.Pack) -> None:
    again = pack.make(material, CHOICES)
    assert again.zipped() == made.zipped()
    with zipfile.ZipFile(io.BytesIO(made.zipped())) as archive:
        infos = archive.infolist()
    assert [i.filename for i in infos] == sorted(i.filename for i in infos)
    assert {(i.compress_type, i.date_time) for i in infos} == {(0, (1980, 1, 1, 0, 0, 0))}
    assert not any("newsroom" in i.filename for i in infos)


def test_a_pack_is_written_whole_or_not_at_all(made: pack.Pack, tmp_path: Path) -> None:
    target = tmp_path / "out" / "fog"
    pack.write(made, target)
    assert {f.name for f in target.iterdir()} == set(made.files)
    secret = tmp_path / "out" / "fogbank-1.newsroom.json"
    assert secret.stat().st_mode & 0o077 == 0
    with pytest.raises(WouldOverwrite):
        pack.write(made, target)
    pack.write(made, target, force=True)
    pack.write(made, tmp_path / "zip" / "fog.zip")
    assert pack.read(tmp_path / "zip" / "fog.zip") == pack.read(target) == dict(made.files)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    with pytest.raises(WouldOverwrite, match="holds no pack"):
        pack.write(made, tmp_path / "mine", force=True)
    assert not [f for f in (tmp_path / "out").iterdir() if f.name.startswith(".")]
    with pytest.raises(PackError):
        pack.read(tmp_path / "mine")


def test_the_manifest_and_what_a_new_pack_changes(material: Material, made: pack.Pack) -> None:
    told = json.loads(made.files["manifest.json"])
    assert told["case"] == CASE
    assert told["draft"]
    assert told["counts"]["things"] == len(made.publication.entities)
    assert set(told["files"]) == set(made.files) - {"manifest.json"}
    less = Choices(**{**vars(CHOICES), "pack": "fogbank-2", "replaces": "fogbank-1",
                      "left_out": frozenset({"chirp"})})  # fmt: skip
    record = json.loads(made.newsroom()["fogbank-1.newsroom.json"])
    after = pack.make(material, less, ["markdown"], before=Before(told, record))
    changes = json.loads(after.files["manifest.json"])["changes"]
    assert any("Chirp took part" in said for said in changes["removed"])
    assert changes["added"] == []


def test_citations_number_everything_and_hide_no_gap(publication: Publication) -> None:
    text = written("citations", publication)["citations.txt"].decode()
    for fact in publication.facts:
        assert f"[{fact.number}] " in text
    assert "publisher not known" in text
    assert "No address known" in text
    assert "passing on S3" in text
    assert f"sha256 {'a' * 64}" in text
    items = json.loads(written("citations", publication)["citations.csl.json"])
    assert [i["id"] for i in items] == [f"S{s.number}" for s in publication.sources]
    assert items[0]["accessed"] == {"date-parts": [[2026, 11, 22]]}


CSL = resources.files("citeproc").joinpath("data/schema/schemas/styles")


def csl_errors(items: list[dict[str, Any]]) -> list[str]:
    """What CSL's published lists of types and variables, and its model of a date, find wrong."""

    def named(file: str) -> set[str]:
        return set(re.findall(r'"([A-Za-z_-]+)"', CSL.joinpath(file).read_text("utf-8")))

    types, known = named("csl-types.rnc"), named("csl-variables.rnc") | {"id", "type", "language"}
    found = [f"the type {item.get('type')}" for item in items if item.get("type") not in types]
    found += [f"the id {item.get('id')}" for item in items if not isinstance(item.get("id"), str)]
    for name, value in ((n, v) for item in items for n, v in item.items()):
        if name not in known:
            found.append(f"the variable {name}")
        elif name in ("issued", "accessed"):
            parts = value.get("date-parts", [[1]])
            sizes = 1 <= len(parts) <= 2 and all(1 <= len(part) <= 3 for part in parts)
            whole = all(isinstance(number, int) for part in parts for number in part)
            if set(value) - {"date-parts", "circa", "literal"} or not sizes or not whole:
                found.append(f"the date {value}")
        elif not isinstance(value, str):
            found.append(f"the text {value}")
    return found


def test_csl_is_as_its_data_model_has_it(publication: Publication) -> None:
    data = written("citations", publication)["citations.csl.json"].decode()
    assert csl_errors(json.loads(data)) == []
    for good, bad in (("article-newspaper", "newspaper"), ('"publisher"', '"outlet"'),
                      ('"id": "S1"', '"id": 1'), ("1987,", '"May",')):  # fmt: skip
        assert good in data, good
        assert csl_errors(json.loads(data.replace(good, bad))), bad


def test_a_csl_processor_prints_what_our_notes_print(publication: Publication) -> None:
    """In another style, from `citations.csl.json` alone: nothing that a reader needs is lost."""
    files = written("citations", publication)
    items = json.loads(files["citations.csl.json"])
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    entries = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        entries.register(Citation([CitationItem(item["id"].lower())]))
    printed = dict(zip((i["id"] for i in items), map(str, entries.bibliography()), strict=True))
    ours = dict(re.findall(r"^(S\d+)\. (.*)$", files["citations.txt"].decode(), flags=re.MULTILINE))
    for source in publication.sources:
        theirs, note = printed[f"S{source.number}"], ours[f"S{source.number}"]
        for text in filter(None, (source.publisher, source.title, source.url)):
            assert " ".join(text.split()) in note
            assert " ".join(text.split()) in " ".join(theirs.replace("\n", " ").split()), theirs
        assert (str(source.published_on)[:4] if source.published_on else "no date") in theirs
    assert "1987" in printed["S1"]
    assert "Accessed: November 22, 2026" in printed["S1"]


def test_nobody_claims_to_have_looked_at_what_others_only_pass_on(publication: Publication) -> None:
    (wire,) = [s for s in publication.sources if s.publisher == "Wire"]
    (line,) = [
        line
        for line in written("citations", publication)["citations.txt"].decode().splitlines()
        if line.startswith(f"S{wire.number}. ")
    ]
    assert "Known only from who passes it on." in line
    assert "looked at" not in line
    items = json.loads(written("citations", publication)["citations.csl.json"])
    assert [i["id"] for i in items if "accessed" not in i] == [f"S{wire.number}"]


MARKS = ("DRAFT: not everything was checked by a second person",
         "Not to be published before 1 Jun 1987, 06:00")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_draft_and_embargo_stand_in_every_file(name: str, publication: Publication) -> None:
    """Each file can be passed on alone."""
    held = dataclasses.replace(publication, embargo="1987-06-01T06:00")
    final = dataclasses.replace(publication, draft=())
    for file, data in written(name, held).items():
        told = " ".join(get(name).texts(file, io.BytesIO(data)))
        assert all(mark in told for mark in MARKS), file
    for file, data in written(name, final).items():
        told = " ".join(get(name).texts(file, io.BytesIO(data)))
        assert not re.search("DRAFT|be published before", told), file


def test_an_embargo_is_a_day_or_an_hour(material: Material) -> None:
    for text in ("soon", "1987-13-01"):
        with pytest.raises(ExportError, match="is no embargo; write the day"):
            pack.make(material, dataclasses.replace(CHOICES, embargo=text), ["markdown"])
    made = pack.make(
        material, dataclasses.replace(CHOICES, embargo="1987-06-01T06:00Z"), ["markdown"]
    )
    assert json.loads(made.files["manifest.json"])["embargo"] == "1987-06-01T06:00+00:00"
    assert "before 1 Jun 1987, 06:00" in made.files["README.md"].decode()


def test_a_role_a_demand_and_a_sense_stand_in_the_sentence(publication: Publication) -> None:
    for name, file in (("markdown", "facts.md"), ("page", "page.html"),
                       ("citations", "citations.txt")):  # fmt: skip
        told = " ".join(get(name).texts(file, io.BytesIO(written(name, publication)[file])))
        assert "Ivo Teal holds a role at Lamp Board: keeper" in told, file
    claim = {"predicate": "FLAGS", "demand": "block", "polarity": "affirmative"}
    assert sentence(claim, "Order", "Two lamps", SCHEMA) == "Order flags Two lamps, to be blocked"
    claim = {"predicate": "INVOKES", "sense": "limits", "polarity": "negative"}
    assert sentence(claim, "Remark", "Fog Act", SCHEMA) == (
        "It is denied that: Remark invokes Fog Act, setting limits to it"
    )
