"""The legend: the shapes and lines that a view uses, drawn with the outlines of the canvas."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from graph.explore.style import OUTLINES, LineStyle, legend_lines, legend_shapes
from graph.explore.subgraph import Subgraph


def legend_html(subgraph: Subgraph, *, coloured: bool = True) -> str:
    """The legend for `st.html`: shapes, then lines, each with its count. Its text is escaped.

    It takes the colour of text and lines from the page, so that it reads in light and dark. Where
    colours say something else than the type the shapes are not `coloured`.
    """
    shapes = "".join(
        _row(_shape_image(s.shape, s.colour if coloured else _NO_COLOUR), s.words, s.count)
        for s in legend_shapes(subgraph)
    )
    lines = "".join(_row(_line_image(i.style), i.words, i.count) for i in legend_lines(subgraph))
    return f'<style>{_CSS}</style><ul class="sutra-legend">{shapes}</ul>' + (
        f'<ul class="sutra-legend">{lines}</ul>' if lines else ""
    )


_NO_COLOUR = "#fff"

_CSS = (
    ".sutra-legend{list-style:none;margin:0 0 14px;padding:0;font-size:15px;line-height:20px}"
    ".sutra-legend li{display:grid;grid-template-columns:36px 1fr auto;gap:0 6px;"
    "align-items:center;padding:2px 0;margin:0;font-size:inherit}"
    ".sutra-legend b{font-weight:400;font-variant-numeric:tabular-nums;opacity:.7}"
    ".sutra-legend img{display:block;width:22px;height:22px;margin-left:3px}"
    ".sutra-legend i{display:block;width:32px;height:14px;background:currentColor;"
    "mask-repeat:no-repeat}"
)


def _row(image: str, words: str, count: int) -> str:
    return f"<li>{image}<span>{escape(words)}</span><b>{count:,}</b></li>"


# st.html takes <svg> out but leaves pictures; a picture knows no colour of the page, so shapes have
# a dark border in a light ring, as on the canvas, and lines are masks that the page's ink fills.


def _shape_image(shape: str, colour: str) -> str:
    points = " ".join(f"{11 + 7.2 * x:.2f},{11 + 7.2 * y:.2f}" for x, y in OUTLINES[shape])
    return f'<img alt="" src="{_picture(22, 22, _SHAPE.format(points=points, colour=colour))}">'


_SHAPE = (
    '<polygon points="{points}" fill="#fff" stroke="#fff" stroke-width="3.4" '
    'stroke-linejoin="round"/><polygon points="{points}" fill="{colour}" stroke="#161616" '
    'stroke-width="1.3" stroke-linejoin="round"/>'
)


def _line_image(style: LineStyle) -> str:
    """A short line with its arrowhead, as the canvas draws it."""
    dash = ' stroke-dasharray="5 4"' if style.dashed else ""
    heights = (5.0, 9.0) if style.double else (7.0,)
    width = 1.4 if style.double else style.width
    bars = "".join(
        f'<path d="M0 {y}H22" stroke-width="{width}" stroke="#000" fill="none"{dash}/>'
        for y in heights
    )
    fill = "none" if style.open_arrow else "#000"
    head = (
        f'<path d="M31 7L22 2.6V11.4Z" fill="{fill}" stroke="#000" stroke-width="1.2" '
        'stroke-linejoin="round"/>'
    )
    return f"<i style=\"mask-image:url('{_picture(32, 14, bars + head)}')\"></i>"


def _picture(width: int, height: int, drawing: str) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{drawing}</svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
