"""What the text of a cell may be: one reading for each kind of property."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz, process

from graph.model import amounts
from graph.model.dates import DATE_REMEDY, bounds
from graph.model.records import Value
from graph.model.schema import Property

YES, NO = ("yes", "true", "1"), ("no", "false", "0")

_ID: Final = re.compile(r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*")
_SHA256: Final = re.compile(r"[0-9A-Fa-f]{64}")
_MOST_DIGITS: Final = 15
"""More than that and the engines, JSON and spreadsheets no longer keep a number exactly."""


class BadValueError(ValueError):
    """A text that is not a value of its property. `remedy` says what to write instead."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def suggestion(text: str, known: Iterable[str]) -> str:
    """“ (did you mean “board”?)” for the one of some names that is nearest; empty if none is near.

    Near is a Levenshtein similarity of 70 of 100: a letter that is wrong, missing or too much.
    """
    found = process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=70)
    return f" (did you mean “{found[0]}”?)" if found else ""


def one_of(text: str, terms: tuple[str, ...]) -> str:
    """`text` if it is one of `terms`; raises BadValueError that lists them otherwise."""
    if text not in terms:
        raise BadValueError(
            f"“{text[:40]}” is not known here{suggestion(text[:100], terms)}",
            f"write one of {', '.join(terms)}",
        )
    return text


def yes_or_no(text: str) -> bool:
    """True for yes, True, 1; False for no, False, 0; raises BadValueError for anything else."""
    folded = text.casefold()
    if folded not in YES + NO:
        raise BadValueError(f"“{text[:40]}” is neither yes nor no", "write yes or no")
    return folded in YES


def identifier(text: str) -> str:
    """`text` if it can be an id within a case; raises BadValueError otherwise."""
    if len(text) > 100 or not _ID.fullmatch(text):
        raise BadValueError(f"“{text[:40]}” is no id", "use letters, digits and hyphens")
    return text


def reference(text: str, names: tuple[str, ...]) -> str:
    """The local id in `case:local`, of a case that goes by one of `names`.

    It may be of another input, as `case:register/lamps`. Raises BadValueError for anything else.
    """
    name, _, local = text.partition(":")
    if name not in names:
        raise BadValueError(
            f"“{text[:80]}” is of another case", f"name something of “{names[0]}”, or mend the id"
        )
    if len(local) > 200 or not all(map(_ID.fullmatch, local.split("/"))):
        raise BadValueError(f"“{text[:80]}” is no id", "write the case, a colon, and an id of it")
    return local


def whole_number(text: str) -> int:
    """The number that `text` writes in digits; raises BadValueError if it is anything else."""
    if not (text.isascii() and text.isdigit()):
        raise BadValueError(f"“{text[:40]}” is not a whole number", "write digits only")
    return int(_short_enough(text))


def _short_enough(text: str) -> str:
    if len(text) > _MOST_DIGITS:
        raise BadValueError(f"“{text[:40]}” is too long", f"write at most {_MOST_DIGITS} digits")
    return text


def number(text: str) -> int | float:
    """The number that `text` writes; raises BadValueError if it is none."""
    body = text.removeprefix("-")
    whole, _, part = body.partition(".")
    if not (body.isascii() and whole.isdigit() and (part.isdigit() or "." not in body)):
        raise BadValueError(
            f"“{text[:40]}” is not a number", "write digits, with a point before decimals"
        )
    _short_enough(body)
    return float(text) if part else int(text)


def exact(text: str) -> str:
    """`text` if it is an exact decimal; raises BadValueError if it is none."""
    if amounts.decimal(text) is None:
        raise BadValueError(
            f"“{text[:40]}” is not a number",
            "write digits, with a point before decimals, as 12500.50",
        )
    return text


def digest(text: str) -> str:
    """`text` in lower case if it is a sha256; raises BadValueError otherwise."""
    if not _SHA256.fullmatch(text):
        raise BadValueError(f"“{text[:80]}” is no sha256", "write its 64 hexadecimal digits")
    return text.lower()


def money(text: str) -> str:
    """`text` if it is an amount with its currency; raises BadValueError if it is none."""
    if amounts.money(text) is None:
        raise BadValueError(
            f"“{text[:40]}” is no amount with its currency",
            "write digits and the currency's code of ISO 4217, as 12500.50 EUR",
        )
    return text


def date(text: str) -> str:
    """`text` if it is an EDTF date; raises BadValueError if it is none."""
    try:
        bounds(text)
    except ValueError as error:
        raise BadValueError(str(error), DATE_REMEDY) from error
    return text


def read(prop: Property, text: str) -> Value:
    """The value of a property that a cell's text writes.

    Raises BadValueError where the text is not of the property's kind.
    """
    match prop.kind:
        case "list":
            return [item.strip() for item in text.split("|") if item.strip()]
        case "edtf":
            return date(text)
        case "id":
            return identifier(text)
        case "bool":
            return yes_or_no(text)
        case "int":
            return whole_number(text)
        case "term":
            return one_of(text, prop.terms)
        case "number":
            return exact(text)
        case "sha256":
            return digest(text)
        case "money":
            return money(text)
        case _:
            return text
