"""Every word that a publication shows of its own, in one place.

Its strings by language, the marks that must be read before anything else (DRAFT, and until when to
wait), and facts as sentences that say on whose word they stand. Another language is another entry
of `STRINGS`; what it lacks stays English. The sentences of facts are English until somebody writes
them in another (`graph/model/wording.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from exports.publication import Evidence, Publication
from graph.errors import ExportError
from graph.model.wording import plain_date

STRINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "accessed": "Sources last looked at on",
        "all": "The whole",
        "alt": "Network of {entities} and {relationships} between them.",
        "back": "Back",
        "choose": "Choose an entity or a line to read what is said of it, and by whom.",
        "clear": "Clear",
        "contested_note": (
            "Contested means that another source says what cannot be true as well. A line as wide "
            "as three stands on three origins or more; the number of articles is not counted."
        ),
        "cut": "Shown: {entities} of {all_entities} and {relationships} of {all_relationships}.",
        "cut_unknown": "More was found than is shown here.",
        "differs": "Differs from",
        "draft": "DRAFT",
        "embargo": "Not to be published before",
        "figures": "Figures",
        "found": "found",
        "legend": "What shapes and lines mean",
        "licence": "Licence",
        "next": "Next",
        "none_named": "Some people and accounts are not named. Each keeps one name of ours here.",
        "of": "of",
        "said": "What else is said",
        "search": "Search names and sentences",
        "sources": "Sources",
        "start": "Walk through it",
        "story": "Steps",
        "entities": "Who and what",
        "to_map": "Back to the picture",
        "relationships": "Connections",
        "until": "As reported until",
        "zoom_in": "Larger",
        "zoom_out": "Smaller",
    }
}


def spoken(language: str) -> str:
    """The language of our own words in what is published in that language: itself, or English."""
    code = language.split("-")[0].lower()
    return language if code in STRINGS else "en"


def strings(language: str) -> Mapping[str, str]:
    """The words of that language, in English where it has none."""
    return {**STRINGS["en"], **STRINGS.get(language.split("-")[0].lower(), {})}


# --- what must be read first: every format has it where its readers look --------------------------


def draft(publication: Publication) -> str:
    """Why it is no more than a draft, as a sentence without its end; empty if it is final."""
    words = strings(publication.language)["draft"]
    return f"{words}: {'; '.join(publication.draft)}" if publication.draft else ""


def embargo(publication: Publication) -> str:
    """Before when it is not to be published, as a sentence without its end; or nothing."""
    if not publication.embargo:
        return ""
    day, _, hour = publication.embargo.partition("T")
    at = f", {hour}" if hour else ""
    return f"{strings(publication.language)['embargo']} {plain_date(day)}{at}"


def marks(publication: Publication) -> list[str]:
    """Both, as sentences without their ends; nothing where there is neither."""
    return [text for text in (draft(publication), embargo(publication)) if text]


def checked_embargo(text: str) -> str:
    """An embargo as a day, or a day and an hour, in ISO form; raises ExportError if it is none."""
    if not text.strip():
        return ""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ExportError(
            f"“{text[:40]}” is no embargo; write the day on which all may publish, as 2021-02-10, "
            "or with the hour, as 2021-02-10T06:00+01:00."
        ) from error
    if len(text.strip()) <= len("2021-02-10"):
        return found.date().isoformat()
    return found.isoformat(timespec="minutes")


# --- facts as sentences ---------------------------------------------------------------------------

_MOST: Final = 3
"""Names that are listed; of more two stand, and how many others."""


def said(bare: str, status: str, evidence: Sequence[Evidence], captions: Mapping[int, str]) -> str:
    """A fact with its status in the sentence: who says it, or what it is inferred from.

    `captions` are the sources' by number.
    """
    telling = [e for e in evidence if e.status == status]
    speakers = list(dict.fromkeys(e.said_by for e in telling if e.said_by))
    sources = list(dict.fromkeys(captions[e.source] for e in telling))
    if status == "inferred":
        rules = list(dict.fromkeys(e.rule for e in telling if e.rule))
        why = f" ({'; '.join(rules)})" if rules else ""
        return f"Inferred from {listed(sources)}: {bare}{why}"
    if status == "alleged":
        verb = "say" if len(speakers) > 1 else "says"
        return f"{listed(speakers) or 'Somebody'} {verb}: {bare} (alleged)"
    if speakers and all(e.said_by for e in telling):
        return f"{listed(speakers)} {'say' if len(speakers) > 1 else 'says'}: {bare}"
    return f"{listed(sources)} {'report' if len(sources) > 1 else 'reports'}: {bare}"


def listed(names: Sequence[str]) -> str:
    """Names in a row: “A”, “A and B”, “A, B and 3 others”."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) > _MOST:
        return f"{', '.join(names[:2])} and {len(names) - 2} others"
    return f"{', '.join(names[:-1])} and {names[-1]}"
