"""Claims as sentences, in a reporter's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from graph.model.schema import Schema
from graph.model.types.claims import AFFIRMATIVE

COMPARATOR_WORDS: Final[Mapping[str, str]] = {
    "=": "", ">": "more than ", ">=": "at least ", "<": "less than ", "<=": "at most ",
    "~": "about ",
}  # fmt: skip

ABSENCE_WORDS: Final[Mapping[str, str]] = {
    "no_statement": "had made no statement",
    "unreachable": "could not be reached for comment",
    "declined": "declined to comment",
    "not_asked": "was not asked",
}


def counted(count: int, one: str, many: str = "") -> str:
    """So many of an entity: “1 source”, “2 sources”, “1,178 entities”.

    `many` is the plural of a word that does not follow the rule.
    """
    return f"{count:,} {one if count == 1 else many or _plural(one)}"


def silent(sources: int) -> list[str]:
    """How many sources do not say where they have a claim from, as one phrase; none for 0."""
    does = "does" if sources == 1 else "do"
    return [f"{counted(sources, 'source')} {does} not say where from"] if sources else []


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def plain(code: str | None) -> str:
    """A controlled code as words: `held_on` reads “held on”."""
    return (code or "").replace("_", " ")


WORDING_WORDS: Final[Mapping[str, str]] = {"name": "is named", "called": "is called"}

_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_DAY: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def plain_date(text: str) -> str:
    """An EDTF date as a newspaper would print it: “10 Feb 2021”, “between … and …”."""
    if text.startswith("[") and ".." in text:
        first, _, last = text.strip("[]").partition("..")
        if first and last:
            return f"between {_day(first)} and {_day(last)}"
        return f"from {_day(first)} on" if first else f"by {_day(last)}"
    if "/" in text:
        first, _, last = text.partition("/")
        return f"{_day(first.strip('.')) or '…'} to {_day(last.strip('.')) or '…'}"
    return _day(text)


def _day(text: str) -> str:
    about = "about " if "~" in text or "%" in text else ""
    doubt = " (uncertain)" if "?" in text or "%" in text else ""
    match = _DAY.fullmatch(text.strip("~?%"))
    if match is None:
        return text
    year, month, day = match.groups()
    if month and not 1 <= int(month) <= 12:
        return text
    words = [str(int(day))] if day else []
    words += [_MONTHS[int(month) - 1]] if month else []
    return f"{about}{' '.join([*words, year])}{doubt}"


def figure(value: str, unit: str | None, comparator: str | None) -> str:
    """A figure as words: “more than 500 accounts”."""
    if unit == "edtf":
        return plain_date(value)
    if comparator == "unknown":
        return f"an unstated part of {int(value):,}" if value.isdigit() else "an unstated part"
    number = f"{int(value):,}" if value.isdigit() else value
    unit_words = "%" if unit == "percent" else f" {plain(unit)}" if unit else ""
    return f"{COMPARATOR_WORDS.get(comparator or '=', '')}{number}{unit_words}"


def sentence(claim: Mapping[str, Any], subject: str, obj: str | None, schema: Schema) -> str:
    """A claim as one sentence without its end, from its fields and the captions of its ends.

    The fields are those of the claim and the declared properties of its relationship.
    A denial says so; who says it, and with what status, is for the passage to add.
    """
    text = _affirmative(claim, subject, obj, schema)
    return text if claim["polarity"] == AFFIRMATIVE else f"It is denied that: {text}"


CERTAIN: Final = "certain"


def relationship_words(
    name: str, schema: Schema, *, outward: bool = True, certainty: str = CERTAIN
) -> str:
    """A relationship in words, read from its first end (`outward`) or from its second.

    Possible sameness reads as no more than that. A type that is not in the schema reads as itself.
    """
    declared = schema.relationships.get(name)
    if declared is None:
        return plain(name.lower())
    words = declared.words if outward else declared.reverse
    return words if certainty == CERTAIN else words.replace("is ", "may be ", 1)


def _details(claim: Mapping[str, Any], schema: Schema) -> str:
    """What its properties add to a relationship's sentence, behind the name of its second end."""
    declared = schema.relationships[claim["predicate"]]
    title = claim.get(declared.role) if declared.role else None
    added = (p.adds.get(claim.get(p.name) or "", "") for p in declared.properties)
    return "".join((f": {title}" if title else "", *added))


def _affirmative(claim: Mapping[str, Any], subject: str, obj: str | None, schema: Schema) -> str:
    if claim["predicate"]:
        certainty = claim.get("certainty") or CERTAIN
        words = relationship_words(claim["predicate"], schema, certainty=certainty)
        return f"{subject} {words} {obj}{_details(claim, schema)}"
    value, measure = claim["value"] or "", plain(claim["measure"])
    match claim["kind"]:
        case "figure":
            return f"{subject}: {measure} {figure(value, claim['unit'], claim['comparator'])}"
        case "absence":
            return f"{subject} {ABSENCE_WORDS.get(value, plain(value))}"
        case "ground":
            return f"{subject}: reason given, {plain(value)}"
        case "wording":
            words = WORDING_WORDS.get(claim["measure"], f"{measure}:")
            return f"{subject} {words} “{plain(value)}”"
        case _:
            return f"{subject} is {measure} “{plain(value)}”"
