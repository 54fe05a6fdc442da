"""What the text of a cell may be: one reading for each kind of property."""

from __future__ import annotations

from graph.dates import DATE_REMEDY, bounds
from graph.records import Value
from graph.schema import Property

YES, NO = ("yes", "true", "1"), ("no", "false", "0")


class BadValueError(ValueError):
    """A text that is not a value of its property. `remedy` says what to write instead."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def one_of(text: str, terms: tuple[str, ...]) -> str:
    """`text` if it is one of `terms`; raises BadValueError that lists them otherwise."""
    if text not in terms:
        raise BadValueError(f"“{text[:40]}” is not known here", f"write one of {', '.join(terms)}")
    return text


def yes_or_no(text: str) -> bool:
    """True for yes, True, 1; False for no, False, 0; raises BadValueError for anything else."""
    folded = text.casefold()
    if folded not in YES + NO:
        raise BadValueError(f"“{text[:40]}” is neither yes nor no", "write yes or no")
    return folded in YES


def whole_number(text: str) -> int:
    """The number that `text` writes in digits; raises BadValueError if it is anything else."""
    if not (text.isascii() and text.isdigit()):
        raise BadValueError(f"“{text[:40]}” is not a whole number", "write digits only")
    return int(text)


def number(text: str) -> int | float:
    """The number that `text` writes; raises BadValueError if it is none."""
    body = text.removeprefix("-")
    whole, _, part = body.partition(".")
    if not (whole.isascii() and whole.isdigit() and (part.isdigit() or "." not in body)):
        raise BadValueError(
            f"“{text[:40]}” is not a number", "write digits, with a point before decimals"
        )
    return float(text) if part else int(text)


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
        case "bool":
            return yes_or_no(text)
        case "int":
            return whole_number(text)
        case "term":
            return one_of(text, prop.terms)
        case _:
            return text
