"""Numbered citations: what each fact stands on, and what each source is.

The style is that of a newspaper's notes: publisher, title, day, address, day of access. What is not
known is printed as such, and never left to be guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from exports.publication import Evidence, Fact, Publication, Source
from exports.writing.texts import is_web, one_line
from exports.writing.words import marks
from graph.model.dates import BEGINNING, END, bounds
from graph.model.wording import counted, plain_date, silent

_CSL_TYPES: Final = {
    "article": "article-newspaper",
    "release": "report",
    "register": "dataset",
    "dataset": "dataset",
    "report": "report",
    "speech": "speech",
    "unnamed": "personal_communication",
}


def source_text(source: Source, publication: Publication) -> str:
    """One source as a line of the list, without its number."""
    if source.kind == "unnamed":
        parts = [f"{source.caption}, not named by whoever passes it on"]
    else:
        title = f"“{source.title}”" if source.title else f"{source.caption}, title not known"
        parts = [source.publisher or "publisher not known", title, _published(source)]
    text = f"{', '.join(parts)}. "
    seen = f"last looked at on {plain_date(publication.accessed)}"
    if source.url:
        text += f"{source.url}, {seen}. " if source.held else f"{source.url}. "
    elif source.kind != "unnamed":
        text += f"No address known; {seen}. " if source.held else "No address known. "
    if not source.held:
        text += "Known only from who passes it on. "
    if source.status in ("corrected", "retracted"):
        text += f"This source was {source.status}. "
    if source.relays:
        text += f"Passes on {_listed(source.relays)}. "
    if source.text_sha256 or source.sha256:
        text += f"Text relied on: sha256 {source.text_sha256 or source.sha256}."
    return one_line(text)


def _published(source: Source) -> str:
    if not source.published_on:
        return "date not known"
    inferred = " (date inferred)" if source.published_basis == "inferred" else ""
    return f"{plain_date(source.published_on)}{inferred}"


def fact_text(fact: Fact) -> str:
    """One fact as a note, without its number: the sentence, and where it stands."""
    return f"{one_line(fact.said)}. {evidence_text(fact)}"


def evidence_text(fact: Fact) -> str:
    """Where a fact stands: its sources by number, whom they pass on, and what is counted."""
    told: dict[int, set[int]] = {}
    for evidence in fact.evidence:
        told.setdefault(evidence.source, set()).update(evidence.relays)
    parts = [
        f"S{source}" + (f", passing on {_listed(sorted(ends))}" if ends else "")
        for source, ends in sorted(told.items())
    ]
    return f"{'; '.join(parts)} ({standing(fact)})."


def standing(fact: Fact) -> str:
    """The status, the origins, the publishers and the dispute in words."""
    origins = counted(fact.origins, "origin")
    parts = [fact.status, origins if fact.origins else "does not say where from"]
    if fact.origins:
        parts += silent(fact.not_stated)
    parts.append(counted(fact.publishers, "publisher"))
    if fact.weakest != fact.status:
        parts.append(f"in places only {fact.weakest}")
    if fact.contested:
        parts.append("contested")
    if fact.follows is False:
        parts.append(f"its parts make {fact.computed:g}")
    return ", ".join(parts)


def when_text(fact: Fact) -> str:
    """When it was, or nothing where nobody knows."""
    return "" if fact.when == "not known" else one_line(fact.when)


def place_text(evidence: Evidence) -> str:
    """Where a passage stands in its source, or nothing where that would lead to a name."""
    if evidence.start is None:
        return ""
    until = f" to {evidence.end}" if evidence.end is not None else ""
    return f"characters {evidence.start}{until}"


def _listed(numbers: Any) -> str:
    return " and ".join(f"S{n}" for n in numbers)


def text_lines(publication: Publication) -> Iterator[str]:
    """All notes and sources as lines of text."""
    yield one_line(publication.title)
    yield from (f"{one_line(words)}." for words in marks(publication))
    yield ""
    yield from (one_line(f"[{f.number}] {fact_text(f)}") for f in publication.facts)
    yield from ("", "Sources", "")
    yield from (f"S{s.number}. {source_text(s, publication)}" for s in publication.sources)


def csl(publication: Publication) -> Iterator[dict[str, Any]]:
    """The sources as CSL-JSON, each under the number that the notes use."""
    return (_item(source, publication) for source in publication.sources)


def _item(source: Source, publication: Publication) -> dict[str, Any]:
    day = [int(part) for part in publication.accessed.split("-")]
    item: dict[str, Any] = {
        "id": f"S{source.number}",
        "type": _CSL_TYPES[source.kind],
        "title": one_line(source.title or source.caption),
    }
    if source.held:
        # Of what others only pass on nobody has looked at anything.
        item["accessed"] = {"date-parts": [day]}
    if source.publisher:
        item["publisher"] = one_line(source.publisher)
        if source.kind == "article":
            item["container-title"] = one_line(source.publisher)
    if source.published_on:
        item["issued"] = _issued(source)
    if source.url and is_web(source.url):
        item["URL"] = source.url
    if source.language:
        item["language"] = source.language
    notes = list(map(one_line, marks(publication)))
    notes += [f"passes on {_listed(source.relays)}"] if source.relays else []
    notes += [] if source.publisher else ["publisher not known"]
    if not source.url:
        notes.append("no address known")
    elif not is_web(source.url):
        # Reference managers make a link of whatever stands as URL.
        notes.append(f"given as its address: {one_line(source.url)}")
    if source.text_sha256 or source.sha256:
        notes.append(f"sha256 of the text relied on: {source.text_sha256 or source.sha256}")
    item["note"] = "; ".join(notes)
    return item


def _issued(source: Source) -> dict[str, Any]:
    days = bounds(str(source.published_on))
    ends = [d for d in dict.fromkeys((days.earliest, days.latest)) if d not in (BEGINNING, END)]
    parts = [[int(part) for part in day.split("-")] for day in ends]
    issued: dict[str, Any] = {"date-parts": parts} if parts else {"literal": source.published_on}
    if source.published_basis == "inferred":
        issued["circa"] = True
    return issued
