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
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from export_case import CASE, CHOICES, spooled, written
from lxml import etree
from PIL import Image, PngImagePlugin
from test_export_core import load

import exports
from exports import format_cypher, format_ftm, pack
from exports.changes import Before
from exports.choices import Choices
from exports.formats import formats, get
from exports.plain import markdown_text
from exports.publication import Publication
from exports.redaction import Prepared, publish
from exports.scanner import Scanner
from graph.errors import NameLeft, PackError, UnknownFormat, WouldOverwrite
from graph.publication import Material
from graph.schema import NODES
from graph.store import Store
from graph.view import Step

pytestmark = pytest.mark.embedded

HOSTILE = (
    " <img src=x onerror=alert(1)>\"'; MATCH (n) DETACH DELETE n; // */ ]]> --> </script>"
    " \u202e\\u0041 {{x}} ${y} &amp; [a](javascript:b) |c| `d`"
)
NAMES = sorted(formats())


@pytest.fixture(scope="module")
def material(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Material:
    return load(store, tmp_path_factory.mktemp("hostile"), hostile=HOSTILE)


@pytest.fixture(scope="module")
def prepared(material: Material) -> Prepared:
    step = Step("The fog", f"It came.{HOSTILE}", ("board",), (0, 0, 1.5))
    return publish(material, dataclasses.replace(CHOICES, steps=(step,)))


@pytest.fixture(scope="module")
def publication(prepared: Prepared) -> Publication:
    return prepared.publication


def test_a_format_is_one_file_and_nothing_more() -> None:
    modules = {m.name for m in pkgutil.iter_modules(exports.__path__)}
    assert len(formats()) == sum(name.startswith("format_") for name in modules) >= 11
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
        assert set(read.nodes) == {t.id for t in publication.things}
        pairs = sorted((a, b) for a, b in read.edges())
        assert pairs == sorted((f.subject, f.object) for f in publication.ties)
    for thing in publication.things:
        node = graphml.nodes[thing.id]
        assert (node["x"], node["y"]) == (round(thing.x, 2), round(-thing.y, 2))
        assert node["type"] == thing.label
        assert node["shape"] == NODES[thing.label].shape
        viz = gexf.nodes[thing.id]["viz"]
        assert viz["position"]["x"] == round(thing.x, 2)
        assert "#{r:02X}{g:02X}{b:02X}".format(**viz["color"]) == NODES[thing.label].colour


GEXF = Path(__file__).parent / "data" / "gexf-1.3"


def gexf_errors(data: bytes) -> list[str]:
    """What the published schema finds wrong; see data/gexf-1.3/README.md on the namespace."""
    root = etree.fromstring(data)
    for element in root.iter("{http://gexf.net/1.3/viz}*"):
        element.tag = element.tag.replace("/viz}", "}")
    schema = etree.XMLSchema(etree.parse(GEXF / "gexf.xsd"))
    schema.validate(root)
    return [str(error) for error in schema.error_log]


def test_gexf_is_valid_by_its_published_schema(publication: Publication) -> None:
    data = written("gexf", publication)["graph.gexf"]
    assert b"<viz:position" in data
    assert gexf_errors(data) == []
    for good, bad in ((b'value="disc"', b'value="blob"'), (b'type="directed"', b'type="x"'),
                      (b"<nodes>", b"<nodes x='1'>"), (b' z="0.0"', b' z="far"'),
                      (b'version="1.3"', b'version="1.2"')):  # fmt: skip
        assert good in data, good
        assert gexf_errors(data.replace(good, bad)), bad


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


ROOT = Path(__file__).resolve().parent.parent
FTM = ROOT / "tests" / "ftm"
FTM_PYTHON = next((p for p in (ROOT / ".venv-ftm").glob("*/python*") if p.stem == "python"), None)


@pytest.mark.skipif(FTM_PYTHON is None, reason="`make ftm` installs the followthemoney library")
@pytest.mark.parametrize("fault", ["", "schema", "property", "end"])
def test_follow_the_money_validates(publication: Publication, fault: str) -> None:
    """And would not if anything were wrong."""
    found = list(format_ftm.entities(publication))
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
    evil = dataclasses.replace(publication.things[0], caption="=HYPERLINK(1)\n+2", id="-1+1")
    changed = dataclasses.replace(publication, things=(evil, *publication.things[1:]))
    rows = list(csv.reader(io.StringIO(written("csv", changed)["things.csv"].decode())))
    assert rows[1][0] == "'-1+1"
    assert rows[1][2] == "'=HYPERLINK(1) +2"


def test_control_characters_and_lone_surrogates_stop_no_format(publication: Publication) -> None:
    evil = dataclasses.replace(publication.things[0], caption="a\x00b\x1b[31m\ud800\ufffe\u2028c")
    changed = dataclasses.replace(publication, things=(evil, *publication.things[1:]))
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


def test_the_script_is_one_statement_a_piece(publication: Publication) -> None:
    text = written("cypher", publication)["graph.cypher"].decode()
    pieces = [p for p in text.split(";\n") if p.strip()]
    assert len(pieces) == len(list(format_cypher.statements(publication)))
    assert format_cypher.literal("it's \\ \n") == r"'it\'s \\ \u000a'"


# --- the scanner --------------------------------------------------------------------------------

NAME = "Odd Lanternby"


def planted(p: Publication, place: str, name: str = NAME) -> Publication:
    """The publication with a name in one place."""
    if place in ("title", "summary", "licence", "case_title", "load"):
        return dataclasses.replace(p, **{place: f"On {name} again"})
    if place == "step":
        return dataclasses.replace(p, steps=(Step("x", f"then {name} came"),))
    thing, fact, source = p.things[0], next(iter(p.ties)), p.sources[0]
    where, _, what = place.partition(".")
    value: Any = f"about {name}"
    if where == "thing":
        if what == "properties":
            value = {"aliases": [f"x {name}"]}
        changed = dataclasses.replace(thing, **{what: value})
        return dataclasses.replace(p, things=(changed, *p.things[1:]))
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


def test_digests_and_exempt_titles_are_no_names(prepared: Prepared) -> None:
    Scanner(prepared.naming).check(spooled({"README.md": ("abcd" * 16).encode()}))
    exempt = Scanner(prepared.naming, exempt=("Where was Odd Lanternby?",))
    exempt.check(
        spooled({"README.md": b"in \xe2\x80\x9cWhere was Odd Lanternby?\xe2\x80\x9d, 1987"})
    )


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
    assert told["counts"]["things"] == len(made.publication.things)
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
