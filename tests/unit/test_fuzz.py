"""Files that nobody would write: each ends in a sentence, whatever is in it.

A run of a few seconds always tries the same. `SUTRA_FUZZ_SECONDS=300` tries new ones for so long
for each kind of file; what fails is printed, and fails again from there.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from exports.pack import newsroom, pack
from exports.pack.files import Files
from graph.errors import JournalError, SutraError
from graph.explore.view import View
from graph.journal import keeping
from graph.journal.entries import sentence
from graph.model.text import printable
from graph.model.types import SCHEMA
from graph.questions import query_file
from graph.runtime import delimited, files
from graph.runtime.workspace import Workspace
from graph.saved import board_file
from graph.store.embedded import server
from loaders.journal import read_entry, read_entry_file
from loaders.settings import read_settings
from sutra import cases

SECONDS: Final = float(os.environ.get("SUTRA_FUZZ_SECONDS", "0"))
EXAMPLES: Final = 150
"""Of a short run, for each target; a long one has rounds of ten times as many."""

LONGEST_SENTENCE: Final = 2_000


def only_sentences(work: Callable[[], object]) -> None:
    """Do it: nothing is raised but an error of ours, which is one sentence fit to be printed."""
    try:
        work()
    except SutraError as error:
        said = str(error)
        assert said == printable(said)
        assert "\n" not in said, said
        assert len(said) < LONGEST_SENTENCE, said
        assert said.endswith((".", "?")), said


# --- what is tried --------------------------------------------------------------------------------

PIECES: Final = (
    "&a ", "*a", "!!binary ", "!t ", "<<: ", "? ", ": ", "- ", "[", "]", "{", "}", ",", "|\n",
    ">\n", "'", '"', "\n", "\t", "\r", " ", "#", "%YAML 1.1\n", "---\n", "...\n", "null", "~",
    "true", "1e999", "9" * 400, "0x1F", "1_000", "1:30", "2021-02-30", ".inf", ".nan", "NaN",
    "Infinity", "-0", "1.5", "\\ud800", "\\x00", "\\e[31m", "\x00", "\x1b[31m", "\x7f", "\x85",
    "\u2028", "\u202e", "\ufeff", "\ufffe", "é", "😀", "id: x\n", "title: 5\n", "a" * 300, "/*",
    "*/", "//", "`", "$", "[" * 40, '{"a":' * 40, "(" * 40, "=", ";", "||", '""',
)  # fmt: skip


def spoilt(good: str) -> st.SearchStrategy[bytes]:
    """A text that is right, with some of it taken out, doubled, swapped or replaced."""
    piece = st.sampled_from(PIECES) | st.text(max_size=5).map(lambda t: t.replace("\r", ""))
    change = st.tuples(
        st.integers(0, len(good)), st.integers(0, 12), piece | st.just(""), st.booleans()
    )

    def changed(changes: list[tuple[int, int, str, bool]]) -> bytes:
        text = good
        for at, length, new, double in changes:
            at = min(at, len(text))
            kept = text[at : at + length] if double else ""
            text = text[:at] + new + kept + text[at + (0 if double else length) :]
        return text.encode("utf-8", "surrogatepass")

    return st.lists(change, min_size=1, max_size=6).map(changed) | st.binary(max_size=60)


SCALARS: Final = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=8),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["x", "a:b", "2021-02-10", "any", "\ud800", "\x00"]),
)  # fmt: skip
EDGES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 2**31, 2**63, 10**400, -(10**400), 1e308, -0.0, 0.5, "", "x" * 5_000,
    "\x00", "\ud800", "\u202e", "1", "NaN", [], {}, [None], [[]], [0, 0, 10**400], {"id": None},
)  # fmt: skip
VALUES: Final = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["id", "x", "y"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


def misshapen(good: Any) -> st.SearchStrategy[bytes]:
    """The JSON of a good value with something else in one or two of its places, or spoilt text."""
    places = list(_places(good, ()))

    def changed(changes: list[tuple[tuple[Any, ...], Any]]) -> bytes:
        found = json.loads(json.dumps(good))
        for way, value in changes:
            found = _put(found, way, value)
        return json.dumps(found).encode()

    change = st.tuples(st.sampled_from(places), st.sampled_from(EDGES) | VALUES)
    some = st.lists(change, min_size=1, max_size=3).map(changed)
    return some | some | some | spoilt(json.dumps(good))


def _places(value: Any, way: tuple[Any, ...]) -> Any:
    yield way
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _places(value[key], (*way, key))


def _put(whole: Any, way: tuple[Any, ...], value: Any) -> Any:
    if not way:
        return deepcopy(value)
    # What was changed before may not be there any more.
    with contextlib.suppress(KeyError, IndexError, TypeError):
        whole[way[0]] = _put(whole[way[0]], way[1:], value)
    return whole


# --- what is read ---------------------------------------------------------------------------------

SETTINGS: Final = """\
id: sandwick
title: "The lighthouse of Sandwick"
summary: >
  Who switched it off.
language: en
checks:
  - {id: a, kind: sum, whole: twelve, parts: [five, seven], words: it adds up}
  - {id: b, kind: share, whole: twelve, part: five, share: percent}
choices:
  - {entity: odd, property: name, reason: 'as the gazette has it'}
questions:
  - query: threats
    words: Who was told what?
    params: {most: 10, day: 2021-02-10}
rules:
  as_told: what a paper says of itself
"""
BOARD: Final = {
    **json.loads(board_file.as_json(View("c"))),
    "nodes": [{"id": "c:a", "x": 1.5, "y": -2}, {"id": "c:b", "x": 0, "y": 0}],
    "base": ["c:a"], "hidden": ["c:b"], "pinned": ["c:a"],
    "expansions": [
        {"entity": "c:a", "type": "MADE", "outgoing": True, "reached": ["c:b"], "next": 5}
    ],
    "notes": {"c:a": "mine"}, "size_by": "degree", "colour_by": "communities",
    "steps": [{"title": "It began", "text": "so", "lit": ["c:a"], "view": [1, 2, 0.8]}],
}  # fmt: skip
SERVER: Final = {"pid": 1, "created": 1.5, "bolt": 2, "http": 3, "ready": True}
STEPS: Final = [{"title": "It began", "text": "so", "lit": ["c:a"], "view": [1, 2, 0.8]}]
MANIFEST: Final = {
    "sutra": 1, "pack": "p", "case": "c", "facts": [], "sources": [], "files": {"a": "b"},
}  # fmt: skip
RECORD: Final = {"pack": "p", "files": {}, "ids": {}, "decisions": [], "left_out": []}
HEADER, _, BODY = (cases.ROOT / "queries" / "actors" / "roles.cypher").read_text().partition("*/")
TABLE: Final = 'claim;evidence;checked_by;checked_on\nc1;"e;1";Ana;2021-02-10\n'


ENTRY: Final = {
    "kind": "add", "reason": "seen", "replaces": ["sandwick:journal/0"],
    "actors": [{"id": "una", "type": "Person", "name": "Una"}],
    "claims": [{"claim": "c", "kind": "figure", "subject": "una", "measure": "age", "value": "40",
                "unit": "years", "when": "1987-05", "when_basis": "stated"}],
    "supports": [{"passage": "sandwick:p1", "claim": "c", "status": "reported", "quoted": "yes"}],
    "corrections": [{"target": "sandwick:odd", "property": "name", "value": "Odd"}],
    "same": [{"one": "sandwick:odd", "other": "una"}], "withdrawals": [{"target": "una"}],
    "naming": [{"entity": "una", "naming": "private", "on": "1987-05-01"}],
}  # fmt: skip


def _entry(file: Path) -> None:
    def all_of_it() -> None:
        entry = read_entry_file(file, "sandwick", "Ann")
        with contextlib.suppress(JournalError):
            keeping.check(entry, [])
        list(read_entry("sandwick", entry.input, f"{entry.input}/", entry.body))
        sentence(entry)

    only_sentences(all_of_it)
    file = file.replace(file.with_suffix(".json"))
    only_sentences(all_of_it)


def _case(file: Path) -> None:
    only_sentences(lambda: read_settings(file))


def _board(file: Path) -> None:
    only_sentences(lambda: board_file.BoardReader("board.json", SCHEMA).parse(file.read_bytes()))


def _server(file: Path) -> None:
    workspace = Workspace(file.parent)
    workspace.state.mkdir(exist_ok=True)
    file.replace(server.record_file(workspace))
    found = server.recorded(workspace)
    if found is not None:
        found.process()  # whatever number it has


def _version(file: Path) -> None:
    file.replace(file.parent / "version")
    only_sentences(lambda: Workspace(file.parent).prepare())


def _query(file: Path) -> None:
    file = file.replace(file.parent / "q.cypher")
    only_sentences(lambda: query_file.read(file))
    only_sentences(lambda: query_file.has_header(query_file.text_of(file)))


def _table(file: Path) -> None:
    def all_of_it() -> None:
        for _ in delimited.open_table(file, files.TABLE, named="t.csv").rows():
            pass

    only_sentences(all_of_it)
    only_sentences(lambda: newsroom.second_readings(file))


def _steps(file: Path) -> None:
    only_sentences(lambda: newsroom.steps(file))


def _manifest(file: Path) -> None:
    found = Files()
    found.put("manifest.json", [file.read_bytes()])
    only_sentences(lambda: pack.manifest(found))


def _record(file: Path) -> None:
    only_sentences(lambda: pack.record(file, "p"))


NOTED: Final[dict[str, tuple[Any, Callable[[Path], None]]]] = {
    "a board": (BOARD, _board),
    "the engine's record": (SERVER, _server),
    "steps": (STEPS, _steps),
    "an entry": (ENTRY, _entry),
    "a manifest": (MANIFEST, _manifest),
    "a newsroom's record": (RECORD, _record),
}
TARGETS: Final[dict[str, tuple[st.SearchStrategy[bytes], Callable[[Path], None]]]] = {
    "case.yaml": (spoilt(SETTINGS), _case),
    "a workspace's version": (spoilt("1\n"), _version),
    "a query": (spoilt(f"{HEADER}*/").map(lambda header: header + BODY.encode()), _query),
    "a table": (spoilt(TABLE), _table),
    **{name: (misshapen(good), read) for name, (good, read) in NOTED.items()},
}


@pytest.mark.parametrize("name", NOTED)
def test_whatever_stands_in_any_place_of_it_ends_in_a_sentence(name: str, tmp_path: Path) -> None:
    good, read = NOTED[name]
    file = tmp_path / "given"
    for way in _places(good, ()):
        for value in EDGES:
            file.write_text(json.dumps(_put(json.loads(json.dumps(good)), way, value)))
            read(file)


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_stands_in_a_file_ends_in_a_sentence(name: str, tmp_path: Path) -> None:
    strategy, read = TARGETS[name]
    began, number = time.monotonic(), 0
    while True:

        @seed(number)
        @settings(
            max_examples=EXAMPLES * (10 if SECONDS else 1), deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(strategy)
        def once(content: bytes) -> None:
            file = tmp_path / "given"
            file.write_bytes(content)
            read(file)

        once()
        if time.monotonic() - began >= SECONDS:
            return
        number = random.SystemRandom().randrange(2**32)
