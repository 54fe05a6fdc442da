"""Rows of a question as a timeline: when each entity was, as far as its sources let one say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from graph.model import dates
from graph.model.dates import BEGINNING, END, UNKNOWN, Bounds
from graph.model.types.claims import STATUSES
from graph.model.wording import plain, plain_date

MOST: Final = 200
"""Entities that one timeline draws, at most."""

_WHAT: Final = ("what", "caption", "sentence")
_KNOWN: Final = ("date_status", "known", "rule")
_STEPS: Final = (1, 2, 7, 14, 31, 92, 183, 366, 731, 1827, 3653, 9132, 18263, 36525)
"""Days between two marks of the scale."""
_MARKS: Final = 3
_ROOM: Final = 0.3
"""Of the scale, what the words at its end take with some room."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One entity with its date: in words, and as the days that bound it (None if open).

    `standing` is the best that some source gives the date: reported, inferred or alleged.
    """

    group: str
    what: str
    when: str
    first: date | None
    last: date | None
    standing: str
    notes: tuple[str, ...]

    @property
    def dated(self) -> bool:
        """Whether any day bounds it."""
        return self.first is not None or self.last is not None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars in the order of the rows, and the days between which they lie; None if none is dated."""

    bars: tuple[Bar, ...]
    first: date | None
    last: date | None
    total: int

    def share(self, day: date, *, end: bool = False) -> float:
        """How far along the scale a day begins, or ends, from 0 to 1."""
        if self.first is None or self.last is None:
            return 0.0
        length = (self.last - self.first).days + 1
        return ((day - self.first).days + end) / length

    def marks(self) -> Iterator[date]:
        """A few days between the first and the last, evenly apart."""
        if self.first is None or self.last is None:
            return
        length = (self.last - self.first).days
        step = next((s for s in _STEPS if length / s <= _MARKS), _STEPS[-1])
        day = self.first + timedelta(days=step)
        # A mark beside the end of the scale would lie under its words.
        while self.share(day) < 1 - _ROOM:
            yield day
            day += timedelta(days=step)


def timeline(
    records: Sequence[Mapping[str, Any]], types: Mapping[str, str], captions: Mapping[str, str]
) -> Timeline | None:
    """The rows as a timeline, or None if no column says when.

    `types` are those of the columns, `captions` what entities are called, by id.
    """
    when = "date" if "date" in types else next((n for n, t in types.items() if t == "date"), None)
    if when is None:
        return None
    entities = [name for name, kind in types.items() if kind == "entity"]
    bars = tuple(_bar(row, when, entities, captions) for row in records[:MOST])
    days = [day for bar in bars for day in (bar.first, bar.last) if day is not None]
    return Timeline(bars, min(days, default=None), max(days, default=None), len(records))


def _bar(
    row: Mapping[str, Any], when: str, entities: Sequence[str], captions: Mapping[str, str]
) -> Bar:
    called = {name: captions.get(row[name], row[name]) for name in entities if row.get(name)}
    entity = called.get("entity") or next(reversed(called.values()), "")
    what = next((str(row[name]) for name in _WHAT if row.get(name)), entity)
    text = str(row.get(when) or "")
    bounds = _bounds(text)
    return Bar(
        group="" if len(entities) < 2 else next(iter(called.values()), ""),
        what=what,
        when=plain_date(text) if bounds != UNKNOWN else "no date",
        first=None if bounds.earliest == BEGINNING else date.fromisoformat(bounds.earliest),
        last=None if bounds.latest == END else date.fromisoformat(bounds.latest),
        standing=_standing(row),
        notes=tuple(_notes(row)),
    )


def _bounds(text: str) -> Bounds:
    try:
        return dates.bounds(text) if text else UNKNOWN
    except ValueError:
        return UNKNOWN


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [str(each) for each in values if each not in (None, "")]


def _standing(row: Mapping[str, Any]) -> str:
    """The best standing that is named beside the date."""
    said = [text for name in _KNOWN for text in _texts(row.get(name))]
    found = [s for s in STATUSES if any(text.partition(":")[0] == s for text in said)]
    return found[0] if found else STATUSES[0]


def _notes(row: Mapping[str, Any]) -> Iterator[str]:
    """What is to be said beside an entity: its kind, how its date is known, what it came after."""
    yield from _texts(row.get("kind"))
    status, rules = _texts(row.get("date_status")), _texts(row.get("rule"))
    if status and status[0] != STATUSES[0]:
        yield f"{status[0]}{': ' if rules else ''}{', '.join(map(plain, rules))}"
    yield from (plain(text) for text in _texts(row.get("known")) if text != STATUSES[0])
    yield from (f"worded “{text}”" for text in _texts(row.get("as_worded")))
    yield from _texts(row.get("order"))
    if after := _texts(row.get("came_after")):
        yield f"said to come after: {', '.join(after)}"
