"""Many values on disk are the same as few in memory, in the same order."""

from __future__ import annotations

import gc
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from exports import disk_list
from exports.disk_list import Shelf, ShelfMap, ordered


@dataclass(frozen=True, slots=True)
class Card:
    number: int
    words: str
    more: dict[str, Any]


def cards(count: int) -> list[Card]:
    rng = random.Random(count)  # noqa: S311 (no secret)
    words = ["", "Łucja", "\ud800", "a" * 70_000, "\U0001f60e", "line\nline"]
    return [Card(n, rng.choice(words), {"days": (n, None)}) for n in range(count)]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_list, "FEW", 10)


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 57])
def test_a_shelf_is_as_a_list(count: int) -> None:
    values = cards(count)
    kept = Shelf(iter(values))
    assert len(kept) == count
    assert list(kept) == list(kept) == values
    assert kept == values
    assert kept != [*values, values[0] if values else None]
    assert [kept[n] for n in range(-count, count)] == values + values
    assert list(kept[2:7]) == values[2:7]
    assert list(reversed(kept)) == values[::-1]
    for outside in (count, -count - 1):
        with pytest.raises(IndexError):
            kept[outside]


def test_several_go_through_it_at_a_time() -> None:
    values = cards(40)
    kept = Shelf(values)
    assert [(a.number, b.number) for a, b in zip(kept, reversed(kept), strict=True)] == [
        (n, 39 - n) for n in range(40)
    ]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: list(kept), range(20)))
    assert all(one == values for one in found)


def test_what_is_put_may_come_from_what_is_there() -> None:
    first = Shelf(cards(30))
    assert Shelf(card for card in first if card.number % 2) == cards(30)[1::2]


@pytest.mark.parametrize("count", [0, 10, 11, 137])
def test_they_are_put_in_order_and_those_alike_stay_as_they_were(count: int) -> None:
    values = cards(count)
    random.Random(1).shuffle(values)  # noqa: S311 (no secret)
    assert list(ordered(values, key=lambda card: card.number % 7)) == sorted(
        values, key=lambda card: card.number % 7
    )


@pytest.mark.parametrize("count", [3, 30])
def test_a_map_finds_each_by_its_key(count: int) -> None:
    values = {f"card-{card.number}": card for card in cards(count)}
    kept = ShelfMap(iter(values.items()))
    assert kept == values
    assert list(kept) == list(values)
    assert kept.get("card-x") is None
    with pytest.raises(KeyError):
        kept["card-x"]


def test_nothing_of_it_stays_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gc.collect()
    before = psutil.Process().num_fds() if hasattr(psutil.Process, "num_fds") else 0
    kept = Shelf(cards(30))
    assert list(tmp_path.iterdir()) == []
    del kept
    gc.collect()
    assert not before or psutil.Process().num_fds() <= before
