"""One HTML file that opens from disk with no network: the picture, and the evidence behind it.

Its policy forbids everything but its own style and script, which are named by their hashes. The
network is inline SVG and the list is HTML, so that all of it is read without script too.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from html.parser import HTMLParser
from importlib import resources
from itertools import groupby
from typing import BinaryIO, Final

from exports.formats.svg import path_data
from exports.publication import Fact, Publication
from exports.writing.picture import Item, Stroke, Text, network_items, refuse_large, shapes
from exports.writing.references import evidence_text, place_text, source_text, when_text
from exports.writing.texts import lines, lines_of, one_line
from exports.writing.words import marks, spoken, strings
from graph.explore.layout import FONT, MARK
from graph.explore.style import OUTLINES, LineStyle, legend_lines
from graph.model.wording import counted, plain_date

NAME = "page"
WORDS = "A page that opens offline, to click through"
FILES = {"page.html": "open this one: the network to click through, and every source"}

_SKIPPED: Final = ("script", "style")


@cache
def _asset(name: str) -> str:
    return resources.files("exports").joinpath(f"page/{name}").read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def policy() -> str:
    """The page's Content-Security-Policy."""
    script, style = _hash(_asset("page.js")), _hash(_asset("page.css"))
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; "
        "base-uri 'none'; form-action 'none'"
    )


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`page.html`; raises ExportError if it has too much for one."""
    refuse_large(publication, "a page")
    return {"page.html": lines(_page(publication))}


def _page(p: Publication) -> Iterator[str]:
    words = strings(p.language)
    ours = _t(spoken(p.language))
    yield f'<!DOCTYPE html>\n<html lang="{ours}">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_t(policy())}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{_t(p.title)}</title>\n<style>{_asset('page.css')}</style>\n</head>\n<body>"
    yield f"<h1{_lang(p)}>{_b(p.title)}</h1>"
    yield from (f'<p class="draft">{_t(text)}</p>' for text in marks(p))
    if p.summary:
        yield f"<p{_lang(p)}>{_b(p.summary)}</p>"
    yield from _story(p)
    yield (
        f'<div class="find js-only"><input id="find" type="search" '
        f'aria-label="{_t(words["search"])}" placeholder="{_t(words["search"])}">'
        f'<button data-do="clear">{_t(words["clear"])}</button>'
        f'<span id="count" role="status" data-words="{_t(words["found"])}"></span></div>'
    )
    yield '<div class="work"><div>'
    yield from _map(p)
    yield from _legend(p)
    yield (
        f'</div><aside aria-live="polite" data-relationship="{_t(words["relationships"])}" '
        f'data-back="{_t(words["to_map"])}">'
        f'<p class="js-only">{_t(words["choose"])}</p></aside></div>'
    )
    yield from _facts(p)
    yield from _end(p)
    yield f"<script>{_asset('page.js')}</script>\n</body>\n</html>"


def _story(p: Publication) -> Iterator[str]:
    if not p.steps:
        return
    words = strings(p.language)
    yield f'<div class="story" aria-label="{_t(words["story"])}">'
    for step in p.steps:
        view = "" if step.view is None else " ".join(f"{n:g}" for n in step.view)
        yield (
            f'<section{_lang(p)} data-lit="{_t(" ".join(step.lit))}" data-view="{view}">'
            f"<h2>{_b(step.title)}</h2><p>{_b(step.text)}</p></section>"
        )
    yield (
        f'<div class="bar js-only"><button data-do="back">{_t(words["back"])}</button>'
        f'<button data-do="next">{_t(words["next"])}</button>'
        f'<span id="where" class="soft" data-of="{_t(words["of"])}"></span></div></div>'
    )


# --- the network --------------------------------------------------------------------------------


def _map(p: Publication) -> Iterator[str]:
    words = strings(p.language)
    items, (x, y, wide, high) = network_items(p)
    alt = words["alt"].format(
        entities=counted(len(p.entities), "entity"),
        relationships=counted(len(p.relationships), "connection"),
    )
    yield '<div class="map">'
    yield (
        f'<svg class="net" viewBox="{x:g} {y:g} {max(wide, 300):g} {max(high, 200):g}" '
        f'data-mark="{MARK:g}" data-letters="{FONT:g}" role="group" aria-label="{_t(alt)}">'
    )
    titles = {t.id: t.caption for t in p.entities}
    titles |= {f.id: f"[{f.number}] {f.said}" for f in p.relationships}
    ordered = sorted(items, key=_layer)
    for (layer, owner), those in groupby(ordered, key=lambda i: (_layer(i), i.owner)):
        drawn = "".join(map(_element, those))
        kind = ("relationship-of", "entity", "label")[layer]
        focus = ' tabindex="0" role="button"' if layer == 1 else ""
        label = f' aria-label="{_t(titles[owner])}"' if layer == 1 else ""
        title = f"<title>{_t(titles[owner])}</title>" if layer < 2 else ""
        at = f' data-at="{p.entity[owner].x:g} {p.entity[owner].y:g}"' if layer else ""
        yield f'<g class="{kind}" data-id="{_t(owner)}"{at}{focus}{label}>{title}{drawn}</g>'
    yield "</svg>"
    yield (
        f'<div class="tools js-only"><button data-do="in" title="{_t(words["zoom_in"])}">+</button>'
        f'<button data-do="out" title="{_t(words["zoom_out"])}">−</button>'
        f'<button data-do="all">{_t(words["all"])}</button></div></div>'
    )


def _layer(item: Item) -> int:
    return {"label": 2, "mark": 1, "halo": 1}.get(item.kind, 0)


def _element(item: Item) -> str:
    """One item as SVG whose colours come from the page, in light and in dark."""
    if isinstance(item, Text):
        return f'<text x="{item.x:g}" y="{item.y:g}" text-anchor="middle">{_t(item.text)}</text>'
    if isinstance(item, Stroke):
        dash = ' stroke-dasharray="7 5"' if item.dashed else ""
        way = path_data(item)
        hit = f'<path class="hit" d="{way}"/>' if item.kind == "relationship" else ""
        return f'<path class="{item.kind}" d="{way}" stroke-width="{item.width:g}"{dash}/>{hit}'
    points = " ".join(f"{x:g},{y:g}" for x, y in item.points)
    fill = f' fill="{item.fill}"' if item.kind == "mark" else ""
    return f'<polygon class="{item.kind}" points="{points}"{fill} stroke-linejoin="round"/>'


def _legend(p: Publication) -> Iterator[str]:
    words = strings(p.language)
    yield f'<ul class="legend" aria-label="{_t(words["legend"])}">'
    for shape in shapes(p):
        points = " ".join(f"{17 + 8 * x:.1f},{10 + 8 * y:.1f}" for x, y in OUTLINES[shape.shape])
        yield (
            f'<li><svg viewBox="0 0 34 20" aria-hidden="true"><polygon class="mark" '
            f'points="{points}" fill="{shape.colour}"/></svg>{_t(shape.words)} ({shape.count})</li>'
        )
    for line in legend_lines(p.view):
        yield f"<li>{_line(line.style)}{_t(line.words)} ({line.count})</li>"
    yield "</ul>"


def _line(style: LineStyle) -> str:
    dash = ' stroke-dasharray="5 4"' if style.dashed else ""
    heights = (7.5, 12.5) if style.double else (10.0,)
    width = 1.4 if style.double else style.width
    bars = "".join(
        f'<path class="relationship" d="M1 {y:g}H24" stroke-width="{width:g}"{dash}/>'
        for y in heights
    )
    head = "open" if style.open_arrow else "head"
    return (
        f'<svg viewBox="0 0 34 20" aria-hidden="true">{bars}'
        f'<polygon class="{head}" points="33,10 23,5.5 23,14.5"/></svg>'
    )


# --- the list -----------------------------------------------------------------------------------


def _facts(p: Publication) -> Iterator[str]:
    words = strings(p.language)
    others = [f for f in p.facts if not f.is_relationship]
    sections = (
        (words["relationships"], p.relationships),
        (words["figures"], [f for f in others if f.kind == "figure"]),
        (words["said"], [f for f in others if f.kind != "figure"]),
    )
    for title, facts in sections:
        if facts:
            yield f'<div class="facts"><h2>{_t(title)}</h2>'
            yield from (_article(f, words, _lang(p)) for f in facts)
            yield "</div>"
    yield f'<h2>{_t(words["entities"])}</h2><ul class="entities">'
    for entity in p.entities:
        kind = p.schema.nodes[entity.label].words
        name = f'<span data-entity="{_t(entity.id)}">{_b(entity.caption)}</span>'
        yield f"<li>{name}, {_t(kind)}</li>"
    yield "</ul>"


def _lang(p: Publication) -> str:
    """The language of the case as an attribute, where ours are words of another."""
    return "" if spoken(p.language) == p.language else f' lang="{_t(p.language)}"'


def _article(f: Fact, words: Mapping[str, str], lang: str) -> str:
    ends = " ".join(filter(None, (f.subject, f.object)))
    parts = [
        f'<article id="f{f.number}" data-id="{_t(f.id)}" data-ends="{_t(ends)}">',
        f'<p class="said"><span class="number">[{f.number}]</span> {_b(f.said)}</p>',
        f'<p class="soft">{_t(" · ".join(filter(None, (when_text(f), evidence_text(f)))))}</p><ul>',
    ]
    for e in f.evidence:
        by = ", " + _b(e.said_by) if e.said_by else ""
        place = f" ({_t(place_text(e))})" if place_text(e) else ""
        quote = " " + _b(f"“{e.as_worded}”") if e.as_worded else ""
        source = f'<a href="#s{e.source}">S{e.source}</a>'
        parts.append(f"<li{lang}>{_b(e.gist)}{quote} {source}{by}{place}</li>")
    parts.append("</ul>")
    if f.differs:
        listed = ", ".join(f'<a href="#f{n}">[{n}]</a> ({_t(how)})' for how, n in f.differs)
        parts.append(f'<p class="soft">{_t(words["differs"])} {listed}</p>')
    return "".join([*parts, "</article>"])


def _end(p: Publication) -> Iterator[str]:
    words = strings(p.language)
    yield f'<h2>{_t(words["sources"])}</h2><ol class="sources">'
    for s in p.sources:
        yield f'<li id="s{s.number}">S{s.number}. {_b(source_text(s, p))}</li>'
    yield "</ol>"
    if any(not t.named for t in p.entities):
        yield f'<p class="soft">{_t(words["none_named"])}</p>'
    yield f'<p class="soft">{_t(words["contested_note"])}</p>'
    last = f"{words['accessed']} {plain_date(p.accessed)}. {p.pack}."
    if p.until:
        last += f" {words['until']} {plain_date(p.until)}."
    if p.is_cut:
        cut = words["cut_unknown"]
        if p.total is not None:
            cut = words["cut"].format(
                entities=f"{len(p.entities):,}", all_entities=counted(p.total[0], "entity"),
                relationships=f"{len(p.relationships):,}",
                all_relationships=counted(p.total[1], "connection"),
            )  # fmt: skip
        last += f" {cut}"
    if p.licence:
        last += f" {words['licence']}: {p.licence}."
    yield f'<p class="soft">{_b(last)}</p>'


def _t(text: object) -> str:
    """A text as markup, on one line."""
    return escape(one_line(text))


def _b(text: str) -> str:
    """A text as markup in its own direction, so that it cannot reorder what stands beside it."""
    return f"<bdi>{_t(text)}</bdi>"


# --- reading it back ----------------------------------------------------------------------------


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[str] = []
        self._attributes: list[str] = []
        self._data: list[str] = []
        self._inside = ""

    def taken(self) -> list[str]:
        """The texts that have been found since the last call, each whole; attributes come last.

        So the lines of one label follow each other.
        """
        found = [*self._found, *self._attributes]
        self._found, self._attributes = [], []
        return [text for text in found if text.strip() and text != policy()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_data()
        self._inside = tag if tag in _SKIPPED else ""
        self._attributes += [value for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        self._end_data()
        self._inside = ""

    def handle_data(self, data: str) -> None:
        self._data.append(data)

    def handle_comment(self, data: str) -> None:
        self._end_data()
        self._found.append(data)

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    unknown_decl = handle_pi = handle_comment

    def close(self) -> None:
        super().close()
        self._end_data()

    def _end_data(self) -> None:
        data = "".join(self._data)
        self._data.clear()
        # Our own script and style are the same in every pack; anything else there is read.
        ours = (_asset("page.js"), _asset("page.css"))
        if self._inside not in _SKIPPED or data not in ours:
            self._found.append(data)


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every text and attribute of the page, entities resolved."""
    reader = _Reader()
    for line in lines_of(file):
        reader.feed(f"{line}\n")
        yield from reader.taken()
    reader.close()
    yield from reader.taken()
