"""Where a claim comes from: who passes on whom, counted once."""

from __future__ import annotations

import pytest

from graph.model.origins import Origins, origins

Relays = dict[str, list[str]]


def found(supporting: Relays, relays: Relays | None = None, held: str = "") -> Origins:
    """Origins where `supporting` sources have passages on the claim, and `held` ones on others."""
    known, texts = relays or {}, {*supporting, *held.split()}
    return origins(supporting, texts.__contains__, lambda source: known.get(source, []))


@pytest.mark.parametrize(
    ("supporting", "relays", "held", "known", "not_stated"),
    [
        # In its own voice.
        ({"a": []}, {}, "", (), ("a",)),
        # Two that pass on one original have one origin.
        ({"a": ["wire"], "b": ["wire"]}, {}, "", ("wire",), ()),
        # Chains of any length end where nobody passes on.
        ({"a": ["b"]}, {"b": ["c"], "c": ["d"]}, "", ("d",), ()),
        ({"a": ["b", "c"]}, {"b": ["d"], "c": ["d"]}, "", ("d",), ()),
        ({"a": ["b", "c"]}, {"b": ["d"]}, "", ("c", "d"), ()),
        # One in its own voice beside one that relays: both are told.
        ({"a": ["wire"], "b": []}, {}, "", ("wire",), ("b",)),
        # A relays B, and B has a passage on it in its own voice: B is the end.
        ({"a": ["b"], "b": []}, {}, "", ("b",), ("b",)),
        # Through a held source only its passages on this claim lead on.
        ({"a": ["b"]}, {"b": ["c"]}, "b", ("b",), ()),
        ({"a": ["b"], "b": ["d"]}, {"b": ["c"]}, "b", ("d",), ()),
        # A ring without an exit is one origin; with an exit it is none.
        ({"a": ["b"]}, {"b": ["c"], "c": ["b"]}, "", ("b+c",), ()),
        ({"a": ["b"], "b": ["a"]}, {}, "", ("a+b",), ()),
        ({"a": ["b"]}, {"b": ["c"], "c": ["b", "d"]}, "", ("d",), ()),
        ({"a": ["a"]}, {}, "", ("a",), ()),
        # A ring here and an end there.
        ({"a": ["b", "x"]}, {"b": ["c"], "c": ["b"]}, "", ("b+c", "x"), ()),
    ],
)
def test_origins_are_the_ends_of_chains(
    supporting: Relays, relays: Relays, held: str, known: tuple[str, ...], not_stated: tuple[str]
) -> None:
    assert found(supporting, relays, held) == Origins(known, not_stated)
