"""SVG: the picture for print and page, in which text stays text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from typing import BinaryIO

from exports.publication import Publication
from exports.writing.picture import Item, Picture, Shape, Stroke, Text, picture
from exports.writing.strings import spoken
from exports.writing.texts import lines, xml_text, xml_texts

NAME = "svg"
WORDS = "The picture as SVG, for print"
FILES = {"picture.svg": "the picture for print"}

FONTS = "'Noto Sans', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`picture.svg`."""
    return {"picture.svg": lines(_document(publication, picture(publication)))}


def _document(publication: Publication, drawn: Picture) -> Iterator[str]:
    title, alt = _text(publication.title), _text(drawn.alt)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawn.width:g}" '
        f'height="{drawn.height:g}" viewBox="0 0 {drawn.width:g} {drawn.height:g}" role="img" '
        f'aria-labelledby="title alt" lang="{escape(spoken(publication.language))}" '
        f'font-family="{escape(FONTS)}">'
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield head
    yield f'<title id="title">{title}</title>'
    yield f'<desc id="alt">{alt}</desc>'
    yield f'<rect width="{drawn.width:g}" height="{drawn.height:g}" fill="#ffffff"/>'
    yield from elements(drawn.network, _titles(publication))
    yield from elements(drawn.around, {})
    yield "</svg>"


def _titles(publication: Publication) -> dict[str, str]:
    found = {t.id: t.caption for t in publication.entities}
    return found | {f.id: f"[{f.number}] {f.said}" for f in publication.relationships}


def elements(items: Iterable[Item], titles: Mapping[str, str]) -> Iterator[str]:
    """The items as SVG, those of one owner that follow each other in one group with its title."""
    for owner, those in groupby(items, key=lambda item: item.owner):
        drawn = "".join(map(element, those))
        if owner in titles:
            yield f"<g><title>{_text(titles[owner])}</title>{drawn}</g>"
        else:
            yield drawn


def element(item: Item) -> str:
    """One item as SVG."""
    if isinstance(item, Text):
        anchor = ' text-anchor="middle"' if item.middle else ""
        weight = ' font-weight="700"' if item.bold else ""
        halo = ""
        if item.kind == "label":
            halo = ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
        return (
            f'<text x="{item.x:g}" y="{item.y:g}" font-size="{item.size:g}" '
            f'fill="{item.colour}"{anchor}{weight}{halo}>{_text(item.text)}</text>'
        )
    if isinstance(item, Shape):
        points = " ".join(f"{x:g},{y:g}" for x, y in item.points)
        return (
            f'<polygon points="{points}" fill="{item.fill}" stroke="{item.stroke}" '
            f'stroke-width="{item.width:g}" stroke-linejoin="round"/>'
        )
    return _path(item)


def _path(item: Stroke) -> str:
    dash = ' stroke-dasharray="7 5"' if item.dashed else ""
    return (
        f'<path d="{path_data(item)}" fill="none" stroke="{item.stroke}" '
        f'stroke-width="{item.width:g}"{dash}/>'
    )


def path_data(item: Stroke) -> str:
    """The way of a line, as SVG writes it."""
    (x, y), *rest = item.points
    if len(item.points) == 3:
        return f"M{x:g} {y:g}Q{rest[0][0]:g} {rest[0][1]:g} {rest[1][0]:g} {rest[1][1]:g}"
    return f"M{x:g} {y:g}" + "".join(f"L{a:g} {b:g}" for a, b in rest)


def _text(text: str) -> str:
    # A bare carriage return would be read as a line's end.
    return escape(xml_text(text)).replace("\r", "&#13;")


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every text in the file."""
    yield from xml_texts(file, attributes_last=True)
