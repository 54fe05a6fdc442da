"""HTML that holds data safely: every text is escaped, and nothing else can be put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from graph.explore.layout import plain

LONG: Final = 600
"""Characters of a text beyond which its beginning is shown, with a way to all of it."""
_BEGINNING: Final = 300


class Html(str):
    """Markup that is known to be safe."""

    __slots__ = ()


def tag(name: str, *children: str | None, cls: str = "", title: str = "") -> Html:
    """An element with these children; texts among them are escaped, None is left out."""
    attributes = f' class="{escape(cls)}"' if cls else ""
    attributes += f' title="{escape(title)}"' if title else ""
    inner = "".join(text(child) for child in children if child is not None)
    return Html(f"<{name}{attributes}>{inner}</{name}>")


def text(value: str) -> Html:
    """A text as markup, in its own direction, so that it cannot reorder what stands beside it."""
    return value if isinstance(value, Html) else Html(f"<bdi>{escape(value)}</bdi>")


def paragraph(value: str, cls: str = "", *, most: int = LONG) -> Html:
    """A text as a paragraph; beyond `most` its beginning, and all of it in a frame that opens."""
    if isinstance(value, Html) or len(value) <= most:
        return tag("p", value, cls=cls)
    return tag("div", folded(value), cls=cls)


def folded(value: str) -> Html:
    """A text as it is; a long one as its beginning, and all of it in a frame that opens."""
    if isinstance(value, Html) or len(value) <= LONG:
        return text(value)
    # What opens does not push the rest out of sight: it scrolls by itself, by the keyboard too.
    whole = Html(f'<div class="whole" tabindex="0" role="group">{text(value)}</div>')
    words = tag("span", Html(f"Show all {len(value):,} characters"), cls="more")
    fewer = tag("span", Html("Show the beginning"), cls="fewer")
    return tag(
        "div",
        tag("div", plain(value, _BEGINNING), cls="beginning"),
        tag("details", tag("summary", words, fewer), whole),
        cls="folded",
    )


def table(rows: Sequence[Mapping[str, object]]) -> Html:
    """Rows as a table under the names of the first one's cells. Its lines are broken.

    Streamlit's own reads a cell as Markdown, so that a name could fetch a picture.
    """
    heads = (Html(f'<th scope="col">{escape(name)}</th>') for name in rows[0])
    body = (tag("tr", *(tag("td", folded(str(cell))) for cell in row.values())) for row in rows)
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *body))


def join(*parts: str | None) -> Html:
    """Markup one after the other; None is left out."""
    return Html("".join(text(part) for part in parts if part is not None))
