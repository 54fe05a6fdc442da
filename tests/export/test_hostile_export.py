"""Hostile values in every text of every type, in every format of a pack, read back by others."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from export_case import CHOICES, written
from hostile_case import CASE, RUNS, VALUES, hostile
from lxml import etree
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from pages import shoot
from PIL import Image
from PIL.PngImagePlugin import PngImageFile
from playwright.sync_api import expect

from exports import material as publication
from exports.formats.registry import get
from exports.material import Material
from exports.pack import pack
from exports.publication import Publication
from exports.redaction.publish import publish
from exports.writing.references import fact_text
from exports.writing.texts import is_web, one_line
from graph.explore import reads
from graph.explore.view import Step
from graph.ingest import loads
from graph.model.types import SCHEMA
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

pytestmark = pytest.mark.embedded

FORMULAS = ('=HYPERLINK("https://strange.example")', "+1+2", "-2+3", "@SUM(1)", "\t=1", "\r=1")
SPACES = "two\twords\nand a line"
CONTROLS = "bell\x07 null\x00 escape\x1b[31m delete\x7f c1\x9b separator\u2028 end\ufffe"
MORE = (
    "x" * 10_000,
    f"javascript:{RUNS}",
    f"  JaVaScRiPt:{RUNS}//https://strange.example",
    "https://strange.example/<b>",
    "http://[half",
    "1. one",
    "- one",
    *FORMULAS,
    SPACES,
    CONTROLS,
)
ALL = (*VALUES, *MORE)


@pytest.fixture(scope="module")
def material(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Material:
    """The hostile case as the engine gives it; everybody in it is named, so that all leaves."""
    store.write("MATCH (n) WHERE NOT n:Meta DETACH DELETE n")
    folder = hostile().write(tmp_path_factory.mktemp("hostile"))
    loads.load(store, Workspace.locate(), read_case(folder))
    ids = [row["id"] for row in store.read("MATCH (n:Entity) RETURN n.id AS id ORDER BY id")]
    found = publication.read(store, CASE, reads.some_view(store, ids))
    named = tuple(dataclasses.replace(n, naming="public_role") for n in found.named)
    return dataclasses.replace(found, named=named)


@pytest.fixture(scope="module")
def plainly(material: Material) -> Publication:
    """The publication as it comes from the case."""
    return publish(
        material, dataclasses.replace(CHOICES, steps=(Step("", "", ("person-1",)),))
    ).publication


def with_values(p: Publication, these: Iterable[str]) -> Publication:
    """The publication with the next of these values in every text that a person writes."""
    values = itertools.cycle(these)

    def properties(declared: Any, found: Mapping[str, Any]) -> dict[str, Any]:
        kinds = {prop.name: prop.kind for prop in declared}
        return {
            name: next(values)
            if kinds[name] == "text"
            else [next(values), next(values)]
            if kinds[name] == "list"
            else value
            for name, value in found.items()
        }

    def texts(value: Any, *names: str) -> Any:
        return dataclasses.replace(value, **{name: next(values) for name in names})

    entities = tuple(
        dataclasses.replace(
            texts(t, "caption"),
            properties=properties(SCHEMA.nodes[t.label].properties, t.properties),
        )
        for t in p.entities
    )
    facts = tuple(
        dataclasses.replace(
            texts(f, "said", "sentence", "value", "unit", "base", "when"),
            properties=properties(SCHEMA.relationships[f.predicate].properties, f.properties)
            if f.predicate
            else f.properties,
            evidence=tuple(
                texts(e, "gist", "said_by", "as_worded", "hedge", "rule") for e in f.evidence
            ),
        )
        for f in p.facts
    )
    sources = tuple(texts(s, "caption", "publisher", "title", "url") for s in p.sources)
    steps = tuple(texts(step, "title", "text") for step in p.steps)
    made = dataclasses.replace(p, entities=entities, facts=facts, sources=sources, steps=steps)
    whole: Publication = texts(
        made, "title", "summary", "case_title", "licence", "embargo", "replaces"
    )
    return whole


def named(value: object) -> str:
    return repr(str(value)[:24])


@pytest.fixture(scope="module", params=ALL, ids=named)
def evil(request: pytest.FixtureRequest, plainly: Publication) -> Publication:
    """A publication that holds one hostile value everywhere."""
    return with_values(plainly, [request.param])


def kept_by_xml(text: str) -> str:
    return re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def flat(value: Any) -> str:
    return " | ".join(value) if isinstance(value, list) else value


def test_the_case_has_every_type_of_entity_and_of_relationship(plainly: Publication) -> None:
    assert {t.label for t in plainly.entities} == set(SCHEMA.nodes)
    assert {f.predicate for f in plainly.facts if f.predicate} == set(SCHEMA.relationships)
    declared = {
        (label, p.name)
        for label, node in SCHEMA.nodes.items()
        for p in node.properties
        if p.kind in ("text", "list") and not p.name.startswith("naming")
    }
    there = {(t.label, name) for t in plainly.entities for name in t.properties}
    assert declared <= there, declared - there


def test_graphs_come_back_as_they_were(evil: Publication) -> None:
    graphml = written("graphml", evil)["graph.graphml"]
    gexf = written("gexf", evil)["graph.gexf"]
    read = (
        nx.read_graphml(io.BytesIO(graphml), force_multigraph=True),
        nx.read_gexf(io.BytesIO(gexf), version="1.3"),
    )
    for graph in read:
        for entity in evil.entities:
            node = graph.nodes[entity.id]
            assert node["label"] == kept_by_xml(entity.caption)
            for name, value in entity.properties.items():
                if isinstance(value, str | list):
                    assert node[f"property_{name}"] == kept_by_xml(flat(value)), name
        for *_, edge in graph.edges(data=True):
            assert edge["said"] == kept_by_xml(evil.facts[0].said)
    for data in (graphml, gexf):
        assert not etree.fromstring(data).xpath("//comment() | //processing-instruction()")


def test_json_holds_exactly_what_there_was(evil: Publication) -> None:
    files = written("json", evil)
    found = json.loads(files["graph.json"])
    told = json.loads(json.dumps([dataclasses.asdict(f) for f in evil.facts]))
    assert found["facts"] == told
    assert found["sources"] == json.loads(json.dumps([dataclasses.asdict(s) for s in evil.sources]))
    assert [n["caption"] for n in found["nodes"]] == [t.caption for t in evil.entities]
    assert [n["properties"] for n in found["nodes"]] == [dict(t.properties) for t in evil.entities]
    nodes = json.loads(files["cytoscape.json"])["elements"]["nodes"]
    assert [n["data"]["label"] for n in nodes] == [kept_by_xml(t.caption) for t in evil.entities]


def test_a_spreadsheet_gets_texts_and_no_formula(evil: Publication) -> None:
    files = written("csv", evil)
    tables = {}
    for name, data in files.items():
        rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert not any(
            re.match(r"\s*[=+@\t\r]|\s*-\D|\s*-.*[^\d.]", cell) for row in rows for cell in row
        )
        tables[name] = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    for row, entity in zip(tables["things.csv"], evil.entities, strict=True):
        assert row["caption"].removeprefix("'") == " ".join(
            kept_by_xml(entity.caption).split()
        ).removeprefix("'")
    for row, fact in zip(tables["facts.csv"], evil.facts, strict=True):
        assert row["said"].removeprefix("'") == " ".join(
            kept_by_xml(fact.said).split()
        ).removeprefix("'")


def test_the_fact_sheet_is_text_and_nothing_else(evil: Publication) -> None:
    """Read by a Markdown that takes HTML, links by themselves, tables and struck-out text."""
    text = written("markdown", evil)["facts.md"].decode()
    allowed = {
        "heading",
        "paragraph",
        "bullet_list",
        "list_item",
        "inline",
        "strong",
        "text",
        "softbreak",
        "text_special",
    }
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = reader.parse(text)
    inner = [t for token in tokens for t in token.children or ()]
    kinds = {re.sub("_(open|close)$", "", t.type) for t in (*tokens, *inner)}
    assert kinds <= allowed, kinds - allowed
    lines = {
        "".join(t.content for t in token.children or ())
        for token in tokens
        if token.type == "inline"
    }
    shown = " ".join(" ".join(lines).split())
    for fact in evil.facts:
        assert f"{fact.number}. {fact_text(fact)}" in shown


def test_citations_are_a_line_each_and_link_to_nothing_odd(evil: Publication) -> None:
    files = written("citations", evil)
    lines = files["citations.txt"].decode().split("\n")
    for fact in evil.facts:
        assert f"[{fact.number}] {fact_text(fact)}" in lines
    items = json.loads(files["citations.csl.json"])
    for item, source in zip(items, evil.sources, strict=True):
        assert item["title"] == one_line(source.title) or not one_line(source.title)
        assert re.match("https?://", item.get("URL", "https://"))
        if not is_web(str(source.url)):
            assert one_line(source.url) in item["note"]


def test_follow_the_money_holds_it_on_one_line(evil: Publication) -> None:
    lines = written("ftm", evil)["entities.ftm.json"].decode().split("\n")[:-1]
    for found in map(json.loads, lines):
        for name, values in found["properties"].items():
            assert all(value == one_line(value) for value in values), name
            if name in ("sourceUrl", "website"):
                assert all(re.match("https?://", value) for value in values)


def test_the_script_holds_each_text_as_a_literal(evil: Publication) -> None:
    files = written("cypher", evil)
    found = set(get("cypher").texts("graph.cypher", io.BytesIO(files["graph.cypher"])))
    for fact in evil.facts:
        assert fact.said.replace("\x00", "") in found
    # Outside of its literals there is nothing but what we write.
    bare = re.sub(r"'(?:[^'\\]|\\.)*'", "", files["graph.cypher"].decode())
    assert "window" not in re.sub("//.*", "", bare)


SVG_ELEMENTS = {"svg", "title", "desc", "rect", "g", "path", "polygon", "text"}
PAGE_ELEMENTS = {
    "html", "head", "meta", "style", "script", "body", "h1", "h2", "p", "div", "section",
    "article", "aside", "ul", "ol", "li", "span", "bdi", "a", "button", "input",
}  # fmt: skip


def test_the_picture_for_print_is_shapes_and_text(evil: Publication) -> None:
    root = etree.fromstring(written("svg", evil)["picture.svg"])
    assert {etree.QName(e).localname for e in root.iter()} <= SVG_ELEMENTS
    names = {str(name) for e in root.iter() for name in e.attrib}
    assert not [name for name in names if name.startswith("on") or "href" in name]
    titles = {e.text or "" for e in root.iter("{*}title")}
    for entity in evil.entities:
        assert kept_by_xml(entity.caption) in titles
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    assert width < 4_000
    assert height < 4_000
    for text in root.iter("{*}text"):
        assert len(text.text or "") < width / 3, "it runs out of the picture"


def test_the_picture_for_the_screen_is_drawn(evil: Publication) -> None:
    for name, data in written("png", evil).items():
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            assert isinstance(image, PngImageFile)
            assert image.text["Title"] == one_line(evil.title)
            assert len(image.text["Description"]) < 1_000
            assert max(image.size) < 4_000 * (2 if "2x" in name else 1)
            colours = image.convert("RGB").getcolors(1 << 24)
        assert colours is not None
        assert len(colours) > 50
        # A band at the right edge is white: nothing runs out of it.
        assert image.crop((image.width - 8, 0, *image.size)).convert("L").getextrema() == (255, 255)


def test_the_page_is_our_elements_around_their_text(evil: Publication) -> None:
    data = written("page", evil)["page.html"].decode()
    root = lxml_html.document_fromstring(data)
    assert {str(e.tag) for e in root.iter()} <= PAGE_ELEMENTS | SVG_ELEMENTS
    names = {str(name) for e in root.iter() for name in e.attrib}
    assert not [name for name in names if name.startswith("on")]
    links = [
        link for e in root.iter() for link in (e.get("href"), e.get("src")) if link is not None
    ]
    assert all(link.startswith("#") for link in links)
    assert len(root.findall(".//script")) == len(root.findall(".//style")) == 1
    said = {"".join(map(str, e.itertext())) for e in root.iterfind(".//p[@class='said']")}
    for fact in evil.facts:
        assert f"[{fact.number}] {one_line(fact.said)}" in said


# --- the whole ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed(plainly: Publication) -> Publication:
    """A publication in which each text is another of the values."""
    return with_values(plainly, ALL)


def test_the_script_rebuilds_what_it_was_made_from(mixed: Publication, store: Store) -> None:
    store.write("MATCH (n) WHERE NOT n:Meta DETACH DELETE n")
    for statement in written("cypher", mixed)["graph.cypher"].decode().split(";\n"):
        lines = [line for line in statement.split("\n") if not line.startswith("//")]
        if "".join(lines).strip() and "CONSTRAINT" not in statement:
            store.write("\n".join(lines))
    rows = store.read("MATCH (n:Entity) RETURN n.id AS id, properties(n) AS p")
    entities = {row["id"]: row["p"] for row in rows}
    for entity in mixed.entities:
        for name, value in {**entity.properties, "caption": entity.caption}.items():
            assert entities[entity.id][name] == without_nul(value), name
    rows = store.read("MATCH (c:Claim) RETURN c.id AS id, c.said AS said, c.value AS value")
    assert {r["id"]: (r["said"], r["value"]) for r in rows} == {
        f.id: (without_nul(f.said), without_nul(f.value)) for f in mixed.facts
    }
    rows = store.read("MATCH (:Source)-[r:SUPPORTS]->(:Claim) RETURN r.gist AS gist")
    gists = sorted(without_nul(e.gist) for f in mixed.facts for e in f.evidence)
    assert sorted(row["gist"] for row in rows) == gists
    store.write("MATCH (n) WHERE NOT n:Meta DETACH DELETE n")


def without_nul(value: Any) -> Any:
    """Neither engine's language holds a NUL."""
    if isinstance(value, list):
        return [without_nul(item) for item in value]
    return value.replace("\x00", "") if isinstance(value, str) else value


def test_a_pack_of_the_hostile_case_is_whole_and_its_read_me_is_text(
    material: Material, tmp_path: Path
) -> None:
    evil = " ".join(VALUES[:3])
    choices = dataclasses.replace(
        CHOICES,
        title=evil,
        licence=evil,
        embargo="1987-06-01",
        replaces=evil,
        left_out=frozenset({evil}),
    )
    made = pack.make(material, choices)
    assert made.files.keys() >= {"page.html", "picture.png", "graph.cypher", "facts.md"}
    beside = made.newsroom()
    for text in (made.files["README.md"], beside[f"{CHOICES.pack}.newsroom.md"]):
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text.decode())
        inner = [t for token in tokens for t in token.children or ()]
        assert not {t.type for t in (*tokens, *inner)} & {"html_block", "html_inline", "link_open"}
    for target in (tmp_path / "pack", tmp_path / "pack.zip"):
        pack.write(made, target, force=True)
        assert pack.read(target) == dict(made.files)


def test_a_hostile_name_that_may_not_leave_does_not(material: Material) -> None:
    name = "Odd <b>Lanternby</b>"
    person = "hostile:person-1"
    hidden = tuple(
        dataclasses.replace(n, naming="private", names=(name, "Lanternby")) if n.id == person else n
        for n in material.named
    )
    passages = {
        id_: dataclasses.replace(p, gist=f"{p.gist} says {name} &amp; ODD&lt;b&gt;LANTERNBY")
        for id_, p in material.passages.items()
    }
    made = pack.make(
        dataclasses.replace(material, named=hidden, passages=passages),
        dataclasses.replace(CHOICES, left_out=frozenset({"Statement"})),
    )
    assert not any(b"anternby" in data.lower() for data in made.files.values())


@contextmanager
def opened(browser: Any, width: int, scheme: str) -> Iterator[tuple[Any, list[str]]]:
    """A window without a network, and whatever is asked for or goes wrong in it."""
    seen: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    page.on("console", lambda m: seen.append(m.text))
    page.on("pageerror", lambda e: seen.append(str(e)))
    page.on("dialog", lambda d: seen.append(d.message))
    page.on("request", lambda r: seen.append(r.url) if not r.url.startswith("file:") else None)
    yield page, seen
    context.close()


@pytest.mark.browser
def test_nothing_in_a_pack_runs_when_it_is_opened(
    mixed: Publication, browser: Any, tmp_path: Path
) -> None:
    for name in ("page", "svg"):
        for file, data in written(name, mixed).items():
            (tmp_path / file).write_bytes(data)
    for width, scheme in ((1280, "light"), (1920, "dark")):
        with opened(browser, width, scheme) as (page, seen):
            page.goto((tmp_path / "picture.svg").as_uri())
            assert page.evaluate("window.hacked") is None
            page.goto((tmp_path / "page.html").as_uri())
            shoot(page, f"hostile-export-{scheme}")
            panel = page.locator("aside")
            for entity in mixed.entities[::5]:
                page.locator(f'g.entity[data-id="{entity.id}"]').press("Enter")
                expect(panel).to_contain_text(one_line(entity.caption)[:200])
            page.get_by_role("searchbox").fill("<script>")
            expect(page.locator("#count")).to_contain_text("found")
            assert page.evaluate("window.hacked") is None
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            assert page.locator("a:not([href^='#'])").count() == 0
            assert seen == []
            shoot(page, f"hostile-export-{scheme}-panel")
