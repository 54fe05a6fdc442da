"""What must be read on everything that leaves, before anything else: DRAFT, and until when to wait.

Every format has it where its readers look: a head line, metadata, or a column.
"""

from __future__ import annotations

from datetime import datetime

from exports.publication import Publication
from exports.writing.strings import strings
from graph.errors import ExportError
from graph.model.wording import plain_date


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
