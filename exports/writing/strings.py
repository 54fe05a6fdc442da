"""Every word that a publication shows of its own, in one place, by language.

Another language is another entry; what it lacks stays English. The sentences of facts are English
until somebody writes them in another (`graph/model/wording.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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
            "as three stands on three known origins or more; the number of articles is not counted."
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
        "things": "Who and what",
        "to_map": "Back to the picture",
        "ties": "Connections",
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
