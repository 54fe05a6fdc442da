"""A large publication is written and read back piece by piece, and says why it has no picture."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from export_case import CHOICES, load, spooled, written

from bench import exporting
from exports import disk_list
from exports.formats.registry import formats, get
from exports.material import Material
from exports.pack import pack
from exports.pack.files import Files, pieces_of
from exports.publication import Fact, Publication
from exports.redaction.publish import Prepared, publish
from exports.writing import picture
from exports.writing.texts import Rows, encoded, json_pieces, json_texts
from graph.errors import ExportError
from graph.model.text import sha256
from graph.store.store import Store

DRAWN = ("page", "png", "svg")
DATA = [name for name in formats() if name not in DRAWN]
FEW, MANY = 300, 1_200
ROOM = 250_000
"""Bytes by which two measurements differ without any reason."""


@pytest.fixture(scope="module")
def large() -> dict[int, Publication]:
    """Publications of few and of many relationships, with all that they find out of themselves."""
    made = {
        relationships: publish(
            exporting.held(relationships, people=100, sources=20), CHOICES
        ).publication
        for relationships in (FEW, MANY)
    }
    for each in made.values():
        assert each.relationships
        assert not list(each.facts_of("person-1"))
    return made


def peak(work: Any) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("name", DATA)
def test_what_a_format_needs_does_not_grow_with_the_relationships(
    name: str, large: dict[int, Publication]
) -> None:
    written(name, large[FEW])  # whatever is kept from call to call is there now
    sizes, writing, reading = {}, {}, {}
    for relationships, made in large.items():
        spool = Files()
        writing[relationships] = peak(
            lambda made=made: [deque(p, 0) for p in get(name).files(made).values()]
        )
        for file, pieces in get(name).files(made).items():
            spool.put(file, pieces)
        reading[relationships] = peak(
            lambda spool=spool: [deque(get(name).texts(f, spool.open(f)), 0) for f in spool]
        )
        sizes[relationships] = sum(spool.size(file) for file in spool)
    assert sizes[MANY] > 3 * sizes[FEW]
    assert writing[MANY] < writing[FEW] + ROOM
    assert reading[MANY] < reading[FEW] + ROOM


@pytest.mark.slow
def test_what_a_publication_needs_does_not_grow_with_the_relationships(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disk_list, "FEW", FEW // 2)
    growing: dict[int, int] = {}
    kept: dict[str, Prepared] = {}
    # Whatever is kept from call to call is there after the first; other threads of the run allocate
    # too, so the least of several counts.
    for relationships in (MANY, FEW, MANY, FEW, MANY):
        found = exporting.held(relationships, people=50, sources=20)
        needed = peak(lambda found=found: kept.update(made=publish(found, CHOICES)))
        growing[relationships] = min(needed, growing.get(relationships, needed))
        assert len(kept.pop("made").publication.facts) == relationships
    assert growing[MANY] < growing[FEW] + ROOM


def test_what_lies_on_disk_makes_the_same_pack(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pack.make(load(store, tmp_path), CHOICES)
    monkeypatch.setattr(disk_list, "FEW", 3)
    made = pack.make(load(store, tmp_path), CHOICES)
    assert isinstance(made.publication.facts[0], Fact)
    assert dict(made.files) == dict(whole.files)
    assert made.newsroom() == whole.newsroom()


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_too_large_to_be_drawn_says_so(name: str, large: dict[int, Publication]) -> None:
    entities, relationships = large[FEW].entities, large[FEW].facts
    many = replace(large[FEW], entities=(*entities, *entities[:1] * picture.MOST_ENTITIES))
    with pytest.raises(ExportError, match=r"2,1\d\d entities are too many .*export it as data"):
        get(name).files(many)
    many = replace(large[FEW], facts=[relationships[0]] * (picture.MOST_RELATIONSHIPS + 1))
    with pytest.raises(ExportError, match=r"10,001 connections are too many .*export it as data"):
        get(name).files(many)


@pytest.mark.embedded
def test_a_pack_goes_out_without_its_picture_and_says_why(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pack.make(material, CHOICES)
    monkeypatch.setattr(picture, "MOST_ENTITIES", 3)
    made = pack.make(material, CHOICES)
    gone = {file for name in DRAWN for file in get(name).FILES}
    assert set(whole.files) - set(made.files) == gone
    told = json.loads(made.files["manifest.json"])["not_made"]
    assert [line.partition(":")[0] for line in told] == list(DRAWN)
    assert all("too many" in line and "narrow the view" in line for line in told)
    with pytest.raises(ExportError, match="too many"):
        pack.make(material, CHOICES, ["svg"])


def test_a_spool_gives_back_what_was_put_in_whatever_its_size(tmp_path: Path) -> None:
    files = {"small": b"a", "none": b"", "large": bytes(range(256)) * 12_000}
    spool = spooled(files)
    assert dict(spool) == files
    assert {name: spool.size(name) for name in spool} == {n: len(d) for n, d in files.items()}
    assert b"".join(pieces_of(spool.open("large"))) == files["large"]
    out = io.BytesIO()
    spool.copy("large", out)
    assert out.getvalue() == files["large"]
    with ThreadPoolExecutor(4) as several:
        assert set(several.map(spool.sha256, ["large"] * 40)) == {sha256(files["large"])}
    assert "other" not in spool
    with pytest.raises(KeyError):
        spool["other"]


@pytest.mark.embedded
def test_a_zip_is_what_python_makes_of_whole_files(material: Material) -> None:
    made, stream = pack.make(material, CHOICES, ["csv", "json"]), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(made.files):
            info = zipfile.ZipInfo(f"{CHOICES.pack}/{name}", (1980, 1, 1, 0, 0, 0))
            info.external_attr, info.create_system = 0o100644 << 16, 3
            archive.writestr(info, made.files[name])
    assert made.zipped() == stream.getvalue()


def test_pieces_are_the_whole() -> None:
    texts = ["a" * n for n in range(700)] + ["\ud800x", "", "é"]
    assert b"".join(encoded(texts)) == "".join(texts).encode("utf-8", errors="ignore")
    value = {"a": Rows(lambda: iter([1, {"b": "ü"}])), "none": Rows(lambda: iter(())), "c": []}
    plain = {"a": [1, {"b": "ü"}], "none": [], "c": []}
    told = json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
    assert b"".join(json_pieces(value)).decode() == told
    texts_there = ["a", "b", "ü", "none", "c"]
    assert list(json_texts(io.BytesIO(told.encode()))) == texts_there


@pytest.mark.parametrize(
    "text",
    ['{"a": Odd}', '{"a": "b}', "Odd", "", '{"a": "b" // Odd\n}', "{'a': 1}", "1 <!-- a -->"],
)
def test_json_with_more_than_json_in_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="it is"):
        list(json_texts(io.BytesIO(text.encode())))
