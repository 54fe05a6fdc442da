"""The legend: the shapes and lines that a view uses, drawn with the outlines of the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from graph.schema import NODES
from graph.subgraph import RelationshipView, Subgraph
from views.network.styles import OUTLINES, LineStyle, line_style


@dataclass(frozen=True)
class LegendShape:
    """A type of entity in the view: its outline, its colour, its name, and how many there are."""

    label: str
    shape: str
    colour: str
    words: str
    count: int


@dataclass(frozen=True)
class LegendLine:
    """A kind of line in the view: how it is drawn, what it says, and how many there are."""

    style: LineStyle
    words: str
    count: int


def legend_shapes(subgraph: Subgraph) -> list[LegendShape]:
    """The types that occur in the view, in the schema's order."""
    return [
        LegendShape(label, NODES[label].shape, NODES[label].colour, _words(label, n), n)
        for label, n in subgraph.count_nodes().items()
    ]


def _words(label: str, count: int) -> str:
    return NODES[label].words if count == 1 else NODES[label].plural


def legend_lines(subgraph: Subgraph) -> list[LegendLine]:
    """What widths, dashes, double lines and open arrowheads occur in the view, and mean."""
    ties = subgraph.relationships
    rows = [
        ("3 or more known origins", [r for r in ties if r.origins >= 3]),
        ("2 known origins", [r for r in ties if r.origins == 2]),
        ("1 known origin", [r for r in ties if r.origins == 1]),
        ("origin not stated", [r for r in ties if r.origins == 0]),
    ]
    lines = [LegendLine(_plain(rs[0]), words, len(rs)) for words, rs in rows if rs]
    marked = [
        ("alleged", LineStyle(1.6, True, False, False), [r for r in ties if r.status == "alleged"]),
        (
            "inferred",
            LineStyle(1.6, False, False, True),
            [r for r in ties if r.status == "inferred"],
        ),
        ("contested", LineStyle(1.6, False, True, False), [r for r in ties if r.contested]),
    ]
    return lines + [LegendLine(style, words, len(rs)) for words, style, rs in marked if rs]


def _plain(relationship: RelationshipView) -> LineStyle:
    return LineStyle(line_style(relationship).width, False, False, False)


def legend_html(subgraph: Subgraph) -> str:
    """The legend for `st.html`: shapes, then lines, each with its count. Its text is escaped.

    It takes the colour of its text from the page, so that it reads in light and dark.
    """
    shapes = "".join(
        _row(_shape_svg(s.shape, s.colour), s.words, s.count) for s in legend_shapes(subgraph)
    )
    lines = "".join(_row(_line_svg(i.style), i.words, i.count) for i in legend_lines(subgraph))
    return f'<style>{_CSS}</style><ul class="sutra-legend">{shapes}</ul>' + (
        f'<ul class="sutra-legend sutra-legend-lines">{lines}</ul>' if lines else ""
    )


_CSS = (
    ".sutra-legend{list-style:none;margin:0 0 12px;padding:0;font-size:15px;line-height:20px}"
    ".sutra-legend li{display:grid;grid-template-columns:38px 1fr auto;align-items:center;"
    "padding:2px 0;margin:0}"
    ".sutra-legend b{font-weight:400;font-variant-numeric:tabular-nums;opacity:.7}"
    ".sutra-legend svg{display:block;overflow:visible}"
)


def _row(svg: str, words: str, count: int) -> str:
    return f"<li>{svg}<span>{escape(words)}</span><b>{count:,}</b></li>"


def _shape_svg(shape: str, colour: str) -> str:
    points = " ".join(f"{10 + 7.2 * x:.2f},{10 + 7.2 * y:.2f}" for x, y in OUTLINES[shape])
    return (
        '<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">'
        f'<polygon points="{points}" fill="{escape(colour)}" stroke="currentColor" '
        'stroke-width="1.3" stroke-linejoin="round"/></svg>'
    )


def _line_svg(style: LineStyle) -> str:
    """A short line with its arrowhead, as the canvas draws it."""
    common = 'stroke="currentColor" fill="none"'
    dash = ' stroke-dasharray="5 4"' if style.dashed else ""
    heights = (4.6, 7.4) if style.double else (6.0,)
    width = 1.1 if style.double else style.width
    end = 19 if style.open_arrow else 22
    bars = "".join(
        f'<path d="M0 {y}H{end}" stroke-width="{width}" {common}{dash}/>' for y in heights
    )
    fill = "none" if style.open_arrow else "currentColor"
    head = (
        f'<path d="M28 6L19 2V10Z" fill="{fill}" stroke="currentColor" stroke-width="1.1" '
        'stroke-linejoin="round"/>'
    )
    return f'<svg width="30" height="12" viewBox="0 0 30 12" aria-hidden="true">{bars}{head}</svg>'
