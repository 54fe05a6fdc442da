"""A timeline as a table: the date in words, its place on the scale, and what it was."""

from __future__ import annotations

from typing import Final

from graph.explore.layout import plain
from graph.explore.timeline import Bar, Timeline
from graph.model.wording import plain_date
from views.widgets.markup import Html, join, tag, text

_NAME: Final = 300
"""Characters of a name; what is longer is no name any more."""


def timeline_html(found: Timeline) -> Html:
    """The timeline with its scale, and what its marks mean."""
    rows: list[Html] = []
    group = ""
    for bar in found.bars:
        if bar.group != group:
            group = bar.group
            rows.append(Html(f'<tr class="group"><th colspan="3">{text(plain(group))}</th></tr>'))
        rows.append(_row(found, bar))
    heads = tag("tr", _head("When"), _scale(found), _head("What"))
    cut = f"Showing {len(found.bars):,} of {found.total:,}."
    return join(
        _legend(found),
        tag("table", tag("thead", heads), tag("tbody", *rows), cls="timeline"),
        tag("p", cut, cls="quiet") if found.total > len(found.bars) else None,
    )


def _head(words: str) -> Html:
    return Html(f'<th scope="col">{words}</th>')


def _row(found: Timeline, bar: Bar) -> Html:
    notes = tag("span", " · ".join(plain(note, _NAME) for note in bar.notes), cls="quiet")
    what = tag("td", plain(bar.what, _NAME), notes if bar.notes else None, cls="what")
    marks = _grid(found) + _bar(found, bar)
    return tag("tr", tag("td", bar.when, cls="when"), tag("td", Html(marks), cls="track"), what)


def _scale(found: Timeline) -> Html:
    """The first day, the last, and a few between."""
    if found.first is None or found.last is None:
        return _head("")
    words = [
        f'<span class="first">{plain_date(found.first.isoformat())}</span>',
        *(
            f'<span class="between" style="left:{100 * found.share(day):.2f}%">'
            f"{plain_date(day.isoformat())}</span>"
            for day in found.marks()
        ),
        f'<span class="last">{plain_date(found.last.isoformat())}</span>'
        if found.last > found.first
        else "",
    ]
    return Html(f'<th class="track" aria-hidden="true">{"".join(words)}</th>')


def _grid(found: Timeline) -> str:
    return "".join(f'<b style="left:{100 * found.share(day):.2f}%"></b>' for day in found.marks())


def _bar(found: Timeline, bar: Bar) -> str:
    if not bar.dated:
        return ""
    left = 0.0 if bar.first is None else found.share(bar.first)
    right = 1.0 if bar.last is None else found.share(bar.last, end=True)
    kind = "day" if bar.first == bar.last else ""
    kind += " before" if bar.first is None else " after" if bar.last is None else ""
    place = f"left:{100 * left:.2f}%;width:{100 * (right - left):.2f}%"
    if bar.first == bar.last:
        place = f"left:{50 * (left + right):.2f}%"
    return f'<i class="{kind} {bar.standing}" style="{place}"></i>'


def _legend(found: Timeline) -> Html:
    """What the marks mean, of those that are drawn."""
    dated = [bar for bar in found.bars if bar.dated]
    whole = [bar for bar in dated if bar.first is not None and bar.last is not None]
    standings = {bar.standing for bar in dated}
    shown = (
        ("day", "a day", any(bar.first == bar.last for bar in whole)),
        ("", "some time between two days", any(bar.first != bar.last for bar in whole)),
        ("before", "by then, nobody says since when", any(bar.first is None for bar in dated)),
        ("after", "from then on", any(bar.last is None for bar in dated)),
        ("day inferred", "hollow: the date is inferred", "inferred" in standings),
        ("day alleged", "dashed: the date is alleged", "alleged" in standings),
    )
    return tag(
        "p",
        *(
            tag("span", Html(f'<i class="{kind}"></i>'), words)
            for kind, words, there in shown
            if there
        ),
        cls="marks",
    )
