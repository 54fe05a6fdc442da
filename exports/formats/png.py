"""PNG at screen and at double resolution, drawn with a font that a package brings."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any, BinaryIO, Final

import fontpkg
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from exports.publication import Publication
from exports.writing.picture import Item, Picture, Shape, Stroke, Text, picture
from exports.writing.texts import one_line
from exports.writing.words import marks
from graph.explore.subgraph import Point

NAME = "png"
WORDS = "The picture as PNG, plain and double"
FILES = {
    "picture.png": "the picture for the screen",
    "picture@2x.png": "the picture for sharp screens",
}

_MOST_PIXELS: Final = 36_000_000
_PRESSED: Final = 2
"""How hard zlib works: at 6, its own choice, half of a large pack's time goes here."""
_FINE: Final = 2
"""Lines are drawn so many times larger, then brought down: Pillow draws them without smoothing."""


def files(publication: Publication) -> Mapping[str, Iterable[bytes]]:
    """`picture.png` and `picture@2x.png`; smaller ones where that would be too much to open."""
    drawn = picture(publication)
    scale = 2 * min(1.0, math.sqrt(_MOST_PIXELS / (drawn.width * drawn.height * 4)))
    double = _image(drawn, scale)
    half = double.resize(
        (round(drawn.width * scale / 2), round(drawn.height * scale / 2)), Image.Resampling.BOX
    )
    return {
        "picture.png": [_png(half, scale / 2, drawn, publication)],
        "picture@2x.png": [_png(double, scale, drawn, publication)],
    }


def _image(drawn: Picture, scale: float) -> Image.Image:
    size = (round(drawn.width * scale), round(drawn.height * scale))
    image = Image.new("RGB", size, "#ffffff")
    items = (*drawn.network, *drawn.around)
    _strips(image, [i for i in items if not isinstance(i, Text)], scale)
    draw = ImageDraw.Draw(image)
    for item in items:
        if isinstance(item, Text):
            _text(draw, item, scale)
    return image


def _png(image: Image.Image, scale: float, drawn: Picture, publication: Publication) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Title", one_line(publication.title))
    info.add_itxt("Description", drawn.alt)
    info.add_itxt("Source", publication.pack)
    if marked := marks(publication):
        info.add_itxt("Comment", one_line("; ".join(marked)))
    stream = io.BytesIO()
    image.save(
        stream, "PNG", pnginfo=info, optimize=False, compress_level=_PRESSED,
        dpi=(96 * scale, 96 * scale),
    )  # fmt: skip
    return stream.getvalue()


def _strips(image: Image.Image, items: list[Any], scale: float) -> None:
    """Draw lines and shapes strip by strip, so that the large copy of a picture stays small."""
    high = 512
    reach = [(i, min(y for _, y in i.points), max(y for _, y in i.points)) for i in items]
    for top in range(0, image.height, high):
        part = min(high, image.height - top)
        strip = Image.new("RGB", (image.width * _FINE, part * _FINE), "#ffffff")
        draw = ImageDraw.Draw(strip)
        for item, low, far in reach:
            room = item.width * scale + 2
            if far * scale + room >= top and low * scale - room <= top + part:
                _drawn(draw, item, scale * _FINE, -top * _FINE)
        image.paste(strip.resize((image.width, part), Image.Resampling.BOX), (0, top))


def _drawn(draw: ImageDraw.ImageDraw, item: Item, scale: float, dy: float) -> None:
    if isinstance(item, Shape):
        points = [(x * scale, y * scale + dy) for x, y in item.points]
        width = max(1, round(item.width * scale))
        draw.polygon(points, fill=item.fill)
        draw.line([*points, points[0], points[1]], fill=item.stroke, width=width, joint="curve")
    elif isinstance(item, Stroke):
        width = max(1, round(item.width * scale))
        for piece in _pieces(item):
            points = [(x * scale, y * scale + dy) for x, y in piece]
            draw.line(points, fill=item.stroke, width=width, joint="curve")


def _pieces(item: Stroke) -> Iterator[list[Point]]:
    """The line in straight pieces, those between the dashes left out."""
    way = _flat(item)
    if not item.dashed:
        yield way
        return
    on, left, piece = True, 7.0, [way[0]]
    for (ax, ay), (bx, by) in pairwise(way):
        length, done = math.hypot(bx - ax, by - ay), 0.0
        while length - done > left:
            done += left
            at = (ax + (bx - ax) * done / length, ay + (by - ay) * done / length)
            if on:
                yield [*piece, at]
            on, left, piece = not on, 5.0 if on else 7.0, [at]
        left -= length - done
        piece.append((bx, by))
    if on and len(piece) > 1:
        yield piece


def _flat(item: Stroke) -> list[Point]:
    if len(item.points) != 3:
        return list(item.points)
    (ax, ay), (cx, cy), (bx, by) = item.points
    steps = 16
    way = []
    for k in range(steps + 1):
        t = k / steps
        u = 1 - t
        one, two, three = u * u, 2 * u * t, t * t
        way.append((one * ax + two * cx + three * bx, one * ay + two * cy + three * by))
    return way


def _text(draw: ImageDraw.ImageDraw, item: Text, scale: float) -> None:
    font = _font(round(item.size * scale * 4) / 4)
    halo = round(2 * scale) if item.kind == "label" else 0
    # The bold of the same file would be another font object for each size.
    thick = max(0, round(0.35 * scale)) if item.bold else 0
    fill = item.colour
    draw.text(
        (item.x * scale, item.y * scale), item.text, font=font, fill=fill,
        anchor="ms" if item.middle else "ls",
        stroke_width=halo or thick, stroke_fill="#ffffff" if halo else fill,
    )  # fmt: skip


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    # The basic layout is the same wherever Pillow runs; the other one needs a system library.
    return ImageFont.truetype(fontpkg.path("Noto Sans"), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _known() -> frozenset[int]:
    """The characters that the font can draw as they are written.

    It has Devanagari too, but the basic layout does not join its letters.
    """
    empty = _font(32.0).getmask("\U0010fffd").getbbox(), _font(32.0).getlength("\U0010fffd")
    blank = bytes(_font(32.0).getmask("\U0010fffd"))
    found = set()
    for code in (*range(32, 0x590), *range(0x1E00, 0x2200)):
        mask = _font(32.0).getmask(chr(code))
        same = (mask.getbbox(), _font(32.0).getlength(chr(code))) == empty
        if not (same and bytes(mask) == blank):
            found.add(code)
    return frozenset(found)


def unknown_letters(publication: Publication) -> str:
    """The characters of the captions that the PNG cannot show as they are written, each once."""
    used = {c for t in publication.entities for c in one_line(t.caption)}
    return "".join(sorted(c for c in used if ord(c) not in _known()))


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """What stands beside the pixels: every text chunk, compressed or not, and Exif."""
    try:
        with Image.open(file) as image:
            image.load()
            for key, value in {**image.info, **getattr(image, "text", {})}.items():
                yield str(key)
                yield value.decode("latin-1") if isinstance(value, bytes) else str(value)
            for value in image.getexif().values():
                yield str(value)
    except (OSError, SyntaxError) as error:
        raise ValueError(f"it is no PNG: {error}") from error
