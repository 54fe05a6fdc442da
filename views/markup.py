"""HTML that holds data safely: every text is escaped, and nothing else can be put in."""

from __future__ import annotations

from html import escape


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


def join(*parts: str | None) -> Html:
    """Markup one after the other; None is left out."""
    return Html("".join(text(part) for part in parts if part is not None))
