"""How entities and relationships look, from `graph.explore.style`, which exports share."""

from __future__ import annotations

from graph.explore.style import (
    OUTLINES,
    RED,
    RED_ON_DARK,
    LineStyle,
    Outline,
    bends,
    line_style,
    type_styles,
)

__all__ = [
    "OUTLINES",
    "RED",
    "RED_ON_DARK",
    "LineStyle",
    "Outline",
    "bends",
    "line_style",
    "type_styles",
]
