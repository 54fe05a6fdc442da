"""Which entries of a journal are in force, whatever their order and however they hang together."""

from __future__ import annotations

import pytest

from graph.journal.entries import Body, Entry, space, standing

Made = tuple[str, ...]


def entry(number: int, made: Made, *, slot: str = "") -> Entry:
    """An entry that is called by a letter, and those that it replaces; `-x` takes x back."""
    id_, *replaces = made
    kind = "take-back" if id_.startswith("-") else "correct"
    row = {"target": slot or f"of {id_}", "property": "name", "value": id_}
    body: Body = {} if kind == "take-back" else {"corrections": [row]}
    return Entry(id_, "sandwick", kind, "Ann", "so", body, tuple(replaces), number=number)


def told(*made: Made) -> dict[str, str]:
    return standing([entry(number, one) for number, one in enumerate(made, start=1)])


FORCE, REPLACED, CONFLICT, BACK = "in force", "replaced", "conflict", "taken back"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([("a",)], {"a": FORCE}),
        ([("a",), ("b", "a"), ("c", "b")], {"a": REPLACED, "b": REPLACED, "c": FORCE}),
        # A conflict further down: what was in force before it is the second.
        ([("a",), ("b", "a"), ("c", "b"), ("d", "b")],
         {"a": REPLACED, "b": FORCE, "c": CONFLICT, "d": CONFLICT}),
        # One of two is gone on with: still a conflict of the last ones.
        ([("a",), ("b", "a"), ("c", "a"), ("d", "b")],
         {"a": FORCE, "b": REPLACED, "c": CONFLICT, "d": CONFLICT}),
        ([("a",), ("b", "a"), ("c", "a"), ("d", "b", "c"), ("e", "d")],
         {"a": REPLACED, "b": REPLACED, "c": REPLACED, "d": REPLACED, "e": FORCE}),
        # What is taken back counts as never made.
        ([("a",), ("b", "a"), ("-b", "b")], {"a": FORCE, "b": BACK, "-b": FORCE}),
        ([("a",), ("b", "a"), ("-a", "a")], {"a": BACK, "b": FORCE, "-a": FORCE}),
        ([("a",), ("b", "a"), ("c", "b"), ("d", "b"), ("-b", "b")],
         {"a": FORCE, "b": BACK, "c": CONFLICT, "d": CONFLICT, "-b": FORCE}),
        ([("a",), ("b", "a"), ("-b", "b"), ("-c", "-b")],
         {"a": REPLACED, "b": FORCE, "-b": BACK, "-c": FORCE}),
        ([("a",), ("b", "a"), ("c", "a"), ("-b", "b"), ("-c", "c")],
         {"a": FORCE, "b": BACK, "c": BACK, "-b": FORCE, "-c": FORCE}),
        # What was replaced is not there: as if it had never been.
        ([("b", "a")], {"b": FORCE}),
    ],
)  # fmt: skip
def test_which_entries_are_in_force(made: list[Made], expected: dict[str, str]) -> None:
    assert told(*made) == expected


def test_two_on_the_same_that_do_not_replace_each_other_are_in_conflict() -> None:
    known = [entry(1, ("a",), slot="odd"), entry(2, ("b",), slot="odd"), entry(3, ("c",))]
    assert standing(known) == {"a": CONFLICT, "b": CONFLICT, "c": FORCE}
    assert standing([*known, entry(4, ("d", "a", "b"), slot="odd")])["d"] == FORCE


def test_a_long_line_of_entries_is_followed_to_its_end() -> None:
    made: list[Made] = [("0",), *((str(n), str(n - 1)) for n in range(1, 3000))]
    found = told(*made)
    assert [id_ for id_, state in found.items() if state == FORCE] == ["2999"]


def test_entries_in_a_ring_are_none_in_force() -> None:
    """No program makes one, and none is led round by it."""
    assert told(("a", "b"), ("b", "a")) == {"a": REPLACED, "b": REPLACED}
    known = {one: entry(1, (one, other)) for one, other in (("a", "b"), ("b", "a"))}
    assert space(known["a"], known)
