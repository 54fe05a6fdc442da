"""Input that cannot be used: one sentence with file, row, column and remedy, nothing changed."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from invented import COLUMNS, Tables, dump, lighthouse
from log_numbers import without_numbers

from graph.errors import disk_full
from graph.ingest import load_states, loads, unloads
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from sutra.cases import ROOT
from sutra.cli import main

CASE = "sandwick"
Edit = Callable[[Path], object]
"""What is done to the folder of a case."""
# What is refused here never reaches an engine.
pytestmark = pytest.mark.embedded


@pytest.fixture(scope="module")
def standing(
    store: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, object]]:
    """The store with the case in it as it should be, and what that is."""
    folder = lighthouse().write(tmp_path_factory.mktemp("good"))
    loads.load(store, Workspace.locate(), read_case(folder))
    yield store, _everything(store)
    unloads.unload(store, Workspace.locate(), CASE, read_case, everything=True)


def _everything(store: Store) -> object:
    return dump(store, CASE, stamps=True), load_states.states(store)


def edited(stem: str, row: int, **cells: str) -> Edit:
    """Changes cells of a row, numbered as a spreadsheet does."""

    def edit(tables: Tables) -> None:
        tables.rows[stem][row - 2].update({n.rstrip("_"): cell for n, cell in cells.items()})

    return lambda folder: _rewrite(folder, edit)


def added(stem: str, **cells: str) -> Edit:
    return all_added(stem, cells)


def all_added(stem: str, *rows: dict[str, str]) -> Edit:
    def edit(tables: Tables) -> None:
        for row in rows:
            tables.add(stem, **row)

    return lambda folder: _rewrite(folder, edit)


def without(stem: str, row: int) -> Edit:
    return lambda folder: _rewrite(folder, lambda tables: tables.rows[stem].pop(row - 2))


def _rewrite(folder: Path, edit: Callable[[Tables], object]) -> None:
    tables = lighthouse()
    edit(tables)
    tables.write(folder)


def bytes_of(name: str, content: bytes) -> Edit:
    return lambda folder: (folder / name).write_bytes(content)


def replaced(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_bytes(text.replace(old, new, 1).encode())

    return edit


def settings(more: str) -> Edit:
    return lambda folder: (folder / "case.yaml").write_bytes(
        (folder / "case.yaml").read_bytes() + more.encode()
    )


HEAD = {stem: ",".join(columns) for stem, columns in COLUMNS.items()}
LONG = "x" * 200_000
UNCLOSED = f'{HEAD["nothing"]}\ngazette,1,5,metadata\ngazette,6,9,"meta\nand on\n'

# (what is done to the folder, where the error is, words of it)
BAD: dict[str, tuple[Edit, str, str]] = {
    # The list of the issue.
    "a missing column": (
        replaced("claims.csv", "claim,kind,subject", "claim,kind,subjet"),
        "claims.csv, row 1, column subject:", "missing; add it: the head needs claim,kind,subject",
    ),
    "an unknown type": (
        edited("actors", 3, type="Robot"),
        "actors.csv, row 3, column type:", "“Robot” is not known here; write one of Person, Org",
    ),
    "an unknown relationship": (
        edited("claims", 2, predicate="ADMIRES"),
        "claims.csv, row 2, column predicate:", "write one of HOLDS_ROLE",
    ),
    "a dangling subject": (
        edited("claims", 3, subject="lamp"),
        "claims.csv, row 3, column subject:", "“lamp” is not defined (did you mean “lamps”?); add",
    ),
    "a dangling object": (
        edited("claims", 4, object="bored"), "claims.csv, row 4, column object:", "“bored”",
    ),
    "a dangling base": (
        edited("claims", 3, base="all"), "claims.csv, row 3, column base:", "“all” is not defined",
    ),
    "a dangling source": (
        edited("passages", 4, source="heralt"),
        "passages.csv, row 4, column source:", "not defined (did you mean “herald”?); add it to so",
    ),
    "a dangling passage": (
        edited("supports", 2, passage="g9"), "supports.csv, row 2, column passage:", "“g9”",
    ),
    "a dangling claim": (
        edited("supports", 4, claim="role"), "supports.csv, row 4, column claim:", "“role”",
    ),
    "a dangling speaker": (
        edited("supports", 3, said_by="bord"), "supports.csv, row 3, column said_by:", "“bord”",
    ),
    "a reply of nobody": (
        added("replies", party="bord", asked_on="1987-05-03"),
        "replies.csv, row 2, column party:", "is not defined (did you mean “board”?); name who was",
    ),
    "a reply on no claim": (
        added("replies", party="board", allegation="rumour", asked_on="1987-05-03"),
        "replies.csv, row 2, column allegation:", "“rumour” is not defined; name a claim of cla",
    ),
    "a reply that was asked on no day": (
        added("replies", party="board", asked_on="May"),
        "replies.csv, row 2, column asked_on:", "“May” is not a day; write it as 2021-02-10",
    ),
    "a reply without a day": (
        added("replies", party="board", answer="no"),
        "replies.csv, row 2, column asked_on:", "is empty; write the day as",
    ),
    "a deadline before the question": (
        added("replies", party="board", asked_on="1987-05-03", deadline="1987-05-02"),
        "replies.csv, row 2, column deadline:", "is before the day of asking",
    ),
    "a reply asked for twice": (
        all_added("replies", *[{"party": "board", "asked_on": "1987-05-03"}] * 2),
        "replies.csv, row 3, column party:", "twice (also in row 2); keep one of the rows",
    ),
    "a check of no claim": (
        added("checked", claim="odd", evidence="a" * 16, checked_by="x", checked_on="1987-05-03"),
        "checked.csv, row 2, column claim:", "“odd” is not defined",
    ),
    "a check of no evidence": (
        added("checked", claim="odd-said", evidence="yes", checked_by="x", checked_on="1987-05-03"),
        "checked.csv, row 2, column evidence:", "“yes” is no code of evidence; copy it from the",
    ),
    "a check by nobody": (
        added("checked", claim="odd-said", evidence="a" * 16, checked_on="1987-05-03"),
        "checked.csv, row 2, column checked_by:", "is empty; name who checked it",
    ),
    "a claim checked twice by one": (
        all_added("checked", *(
            {"claim": "odd-said", "evidence": "a" * 16, "checked_by": "x", "checked_on": day}
            for day in ("1987-05-03", "1987-05-04"))),
        "checked.csv, row 3, column checked_by:", "checked this claim twice (also in row 2)",
    ),
    "a dangling relay": (
        added("relays", from_="g1", to="times"), "relays.csv, row 2, column to:", "“times”",
    ),
    "a relay from nowhere": (
        added("relays", from_="g7", to="herald"), "relays.csv, row 2, column from:", "“g7” is nei",
    ),
    "a dangling evidence": (
        added("relays", from_="g1", to="herald", evidence="h7"),
        "relays.csv, row 2, column evidence:", "“h7” is not defined; add it to passages.csv",
    ),
    "a dangling published statement": (
        edited("statements", 2, source="times"), "statements.csv, row 2, column source:", "“times”",
    ),
    "a dangling successor": (
        edited("sources", 3, supersedes="old"), "sources.csv, row 3, column supersedes:", "“old”",
    ),
    "a claim without passage": (
        without("supports", 4),
        "claims.csv, row 4, column claim:", "no passage supports the claim “odd-role”; add a row",
    ),
    "a passage without claim": (
        added("passages", passage="h2", source="herald", start="200", end="210", gist="Fog"),
        "passages.csv, row 5, column passage:", "“h2” supports no claim; add a row",
    ),
    "an allegation without a speaker": (
        edited("supports", 3, said_by=""),
        "supports.csv, row 3, column said_by:", "an allegation has no speaker; name who",
    ),
    "an inference without a rule": (
        edited("supports", 4, rule=""),
        "supports.csv, row 4, column rule:", "an inference has no rule; name the rule",
    ),
    "a date that is no date": (
        edited("claims", 2, when="2021-02-30"),
        "claims.csv, row 2, column when:", "“2021-02-30” is not a date; write a date as EDTF does",
    ),
    "a day that its year lacks": (
        edited("sources", 2, published_on="2021-02-29"),
        "sources.csv, row 2, column published_on:", "“2021-02-29” is not a date",
    ),
    "a date that ends before it starts": (
        edited("claims", 2, when="1987-05/1987-04"), "claims.csv, row 2, column when:", "ends bef",
    ),
    "a duplicate id": (
        added("groups", id="odd", caption="Odd too", description="Odd", of="people"),
        "groups.csv, row 3, column id:", "“odd” stands twice (also in actors.csv, row 2); give",
    ),
    "a passage's id twice": (
        edited("passages", 3, passage="g1"),
        "passages.csv, row 3, column passage:", "stands twice (also in passages.csv, row 2)",
    ),
    "a claim's handle twice": (
        edited("claims", 4, claim="twelve"),
        "claims.csv, row 4, column claim:", "“twelve” stands twice (also in row 3)",
    ),
    "a passage beyond the text's end": (
        edited("passages", 3, end="501"),
        "passages.csv, row 3, column end:", "ends at 501, beyond the text's end at 500; count",
    ),
    "a stretch beyond the text's end": (
        added("nothing", source="herald", start="499", end="502", reason="metadata"),
        "nothing.csv, row 2, column end:", "ends at 502, beyond the text's end at 500",
    ),
    "a file that is not UTF-8": (
        bytes_of("places.csv", f"{HEAD['places']}\na,A,A,A\nb,\xe9,\xe9,\n".encode("latin-1")),
        "places.csv, row 3:", "is not text in UTF-8; save it as CSV, UTF-8",
    ),
    "a file in UTF-16": (
        bytes_of("places.csv", f"{HEAD['places']}\n".encode("utf-16")),
        "places.csv:", "is text in UTF-16, not in UTF-8; save it as CSV, UTF-8",
    ),
    "a file in UTF-16 without a mark": (
        bytes_of("places.csv", f"{HEAD['places']}\n".encode("utf-16-le")),
        "places.csv:", "is text in UTF-16, not in UTF-8; save it as CSV, UTF-8",
    ),
    "a file of no bytes": (
        bytes_of("accounts.csv", b""),
        "accounts.csv:", "is a file of no bytes; a head alone is a valid table",
    ),
    "a file of a byte order mark": (
        bytes_of("accounts.csv", b"\xef\xbb\xbf"), "accounts.csv:", "is a file of no bytes",
    ),
    "a file of a line end": (
        bytes_of("accounts.csv", b"\n"), "accounts.csv, row 1, column id:", "the column is missing",
    ),
    "a zip named .csv": (
        bytes_of("laws.csv", b"PK\x03\x04\x14\0\0\0"),
        "laws.csv:", "is a zip archive (a workbook, perhaps), not CSV; save the sheet as CSV",
    ),
    # Others.
    "two rows that assert the same": (
        added("claims", claim="again", kind="figure", subject="lamps", measure="size", value="12",
              unit="lamps"),
        "claims.csv, row 5, column claim:", "asserts the same as the claim “twelve” in row 3; keep",
    ),
    "a support twice": (
        added("supports", passage="g2", claim="twelve", status="reported"),
        "supports.csv, row 5, column claim:", "“twelve” twice (also in row 3); keep one",
    ),
    "an undeclared property": (
        edited("claims", 2, title="keeper"),
        "claims.csv, row 2, column title:", "MADE has no title; leave the cell empty",
    ),
    "a property of another type": (
        edited("actors", 2, jurisdiction="Sandwick"),
        "actors.csv, row 2, column jurisdiction:", "a Person has no jurisdiction; leave",
    ),
    "a required property left out": (
        edited("claims", 4, title=""), "claims.csv, row 4, column title:", "is empty; fill it in",
    ),
    "a wrong end": (
        edited("claims", 2, object="board"),
        "claims.csv, row 2, column object:", "MADE cannot end at a Organization; name a Statement",
    ),
    "a wrong start": (
        edited("claims", 4, subject="lamps"),
        "claims.csv, row 4, column subject:", "HOLDS_ROLE cannot start at a Group; name a Person",
    ),
    "a ragged row": (
        replaced("nothing.csv", HEAD["nothing"], f"{HEAD['nothing']}\ngazette,1,9,metadata,too"),
        "nothing.csv, row 2:", "has 5 cells where the head has 4; put text that holds a comma",
    ),
    "an unknown column": (
        replaced("nothing.csv", HEAD["nothing"], f"{HEAD['nothing']},why"),
        "nothing.csv, row 1, column why:", "not known here; the head is source,start,end,reason",
    ),
    "a million columns": (
        bytes_of("nothing.csv", ",".join(f"c{n}" for n in range(10**5)).encode()),
        "nothing.csv, row 1:", "has 100,000 columns, and a table has at most 1,000; take out",
    ),
    "a head that is parted in two ways": (
        replaced("nothing.csv", "source,start,end", "source;start;end"),
        "nothing.csv, row 1:", "the head holds a comma and a semicolon, so nobody knows which",
    ),
    "a row that is a cell short": (
        replaced("nothing.csv", HEAD["nothing"], f"{HEAD['nothing']}\ngazette,1,9"),
        "nothing.csv, row 2:", "has 3 cells where the head has 4; write an empty cell where",
    ),
    "a ragged row between semicolons": (
        bytes_of("nothing.csv", b"source;start;end;reason\ngazette;1;9;meta;data\n"),
        "nothing.csv, row 2:", "put text that holds a semicolon in double quotes",
    ),
    "a column twice": (
        replaced("nothing.csv", "source,start", "source,source"),
        "nothing.csv, row 1, column source:", "stands twice in the head; keep one",
    ),
    "a column without a name": (
        replaced("nothing.csv", "source,start", "source,,start"),
        "nothing.csv, row 1:", "column 2 has no name; name it",
    ),
    "an entity in no claim": (
        added("places", id="sandwick", caption="Sandwick", name="Sandwick"),
        "places.csv, row 2, column id:", "no claim speaks of “sandwick”; add a claim",
    ),
    "a NUL byte": (
        edited("actors", 2, caption="Odd\0"),
        "actors.csv, row 2, column caption:", "holds a NUL byte; take it out",
    ),
    "a NUL byte in the head": (
        replaced("actors.csv", "id,type", "id,\0,type"),
        "actors.csv, row 1, column 2:", "holds a NUL byte; take it out",
    ),
    "a NUL byte far down": (
        bytes_of("places.csv", (HEAD["places"] + "\n" * 9000 + "a,b\0,c,\n").encode()),
        "places.csv, row 9001, column caption:", "holds a NUL byte; take it out",
    ),
    "an escape sequence": (
        edited("statements", 2, gist="It was \x1b[31mfoggy"),
        "statements.csv, row 2, column gist:", "holds the control character U+001B; take it out",
    ),
    "a huge cell": (
        edited("actors", 3, caption=LONG),
        "actors.csv, row 3:", "a cell is longer than 131,072 characters",
    ),
    "line ends of old": (
        bytes_of("nothing.csv", f"{HEAD['nothing']}\rgazette,1,2,metadata\r".encode()),
        "nothing.csv, row 1:", "a carriage return stands alone); close each quote",
    ),
    "a quote that is not closed": (
        bytes_of("nothing.csv", UNCLOSED.encode()),
        "nothing.csv, row 3:", "is not CSV as RFC 4180 has it (unexpected end of data); close",
    ),
    "a number that is none": (
        edited("claims", 3, value="a dozen"),
        "claims.csv, row 3, column value:", "“a dozen” is not a number; write digits",
    ),
    "a number too long to keep": (
        edited("claims", 3, value="9" * 30), "claims.csv, row 3, column value:", "at most 15",
    ),
    "digits of another script": (
        edited("claims", 3, value="1.²"), "claims.csv, row 3, column value:", "is not a number",
    ),
    "a place too long to keep": (
        edited("passages", 2, end="9" * 5000), "passages.csv, row 2, column end:", "at most 15",
    ),
    "a stretch that ends where it starts": (
        edited("passages", 3, end="100"), "passages.csv, row 3, column end:", "not after the start",
    ),
    "an id with a colon": (
        edited("actors", 2, id="odd:1"),
        "actors.csv, row 2, column id:", "“odd:1” is of another case; name something of “sandwick”",
    ),
    "a speaker with a line end": (
        edited("supports", 3, said_by="the\nboard"),
        "supports.csv, row 3, column said_by:", "“the board” is no id",
    ),
    "an id without end": (
        edited("claims", 3, base=LONG[:9000]), "claims.csv, row 3, column base:", "is no id",
    ),
    "a silence of no known kind": (
        added("claims", claim="mum", kind="absence", subject="board", measure="no_comment",
              value="asleep"),
        "claims.csv, row 5, column value:", "write one of no_statement, unreachable",
    ),
    "a date that no claim says": (
        edited("statements", 2, said_on="1987-05-01"),
        "statements.csv, row 2, column said_on:", "no claim says “1987-05-01”; add a figure claim",
    ),
    "a date without basis": (
        edited("claims", 2, when_basis=""),
        "claims.csv, row 2, column when_basis:", "is empty; write stated or inferred",
    ),
    "a relay twice": (
        all_added("relays", *[{"from_": "g1", "to": "herald"}] * 2),
        "relays.csv, row 3, column to:", "relays “herald” twice (also in row 2); keep one",
    ),
    "a table that is missing": (
        lambda folder: (folder / "claims.csv").unlink(), "", "the table claims is missing; add cl",
    ),
    # case.yaml
    "no case.yaml": (
        lambda folder: (folder / "case.yaml").unlink(), "", "is missing; name the folder of a case",
    ),
    "a case without title": (
        bytes_of("case.yaml", b"id: sandwick\nsummary: Fog\n"),
        "case.yaml:", "“title” is missing; add a line",
    ),
    "a case of no known setting": (settings("colour: red\n"), "case.yaml:", "“colour” is not"),
    "a case that is no YAML": (
        settings("rules: {a: b\n"), "case.yaml, row 5:", "is not YAML (",
    ),
    "a case that is no text": (
        bytes_of("case.yaml", b"id: a\ntitle: \xff\xfe\0"),
        "case.yaml, row 2:", "is not UTF-8 text; save it as UTF-8",
    ),
    "a case that is an alias bomb": (
        settings("language: &a [x, x]\nrules: [*a, *a]\n"),
        "case.yaml, row 4:", "names a value with &a, which is not read here; see docs",
    ),
    "a case that refers to what is not there": (
        settings("language: *a\n"), "case.yaml, row 4:", "refers to “a” with *, which is not read",
    ),
    "a case with a tag": (
        settings("language: !!python/name:os.system x\n"),
        "case.yaml, row 4:", "has the tag tag:yaml.org,2002:python/name:os.system, which is not",
    ),
    "a case with a number for a key": (
        settings("1: t\n"), "case.yaml, row 4:", "has the key 1, which is no text; put it in qu",
    ),
    "a case with nothing for a key": (
        settings("null: 3\n"), "case.yaml, row 4:", "has the key null, which is no text",
    ),
    "a case with a list for a key": (
        settings("? [a]\n: b\n"), "case.yaml, row 4:", "has a list or a mapping for a key",
    ),
    "a case with a key twice": (
        settings("rules: {}\nrules: {}\n"), "case.yaml, row 5:", "“rules” stands twice",
    ),
    "a case in two documents": (
        settings("---\ncolour: red\n"), "case.yaml, row 4:", "holds more than one document",
    ),
    "a case with an escape sequence": (
        replaced("case.yaml", "The light", "The \x1b[31mlight"),
        "case.yaml, row 2:", "holds the control character U+001B",
    ),
    "a case with a written escape sequence": (
        replaced("case.yaml", "title: The lighthouse of Sandwick", 'title: "\\e[31mSandwick"'),
        "case.yaml, row 2:", "holds the control character U+001B",
    ),
    "a case with a NUL byte": (
        replaced("case.yaml", "Who switched", "Who\0 switched"),
        "case.yaml, row 3:", "holds a NUL byte",
    ),
    "a case with half of a character": (
        replaced("case.yaml", "title: The lighthouse of Sandwick", 'title: "\\ud800 Sandwick"'),
        "case.yaml, row 2:", "",
    ),
    "a case whose title is a number": (
        replaced("case.yaml", "title: The lighthouse of Sandwick", "title: 1984"),
        "case.yaml:", "“title” is no text; write words in quotes",
    ),
    "a case of too many values": (
        settings(f"rules: [{'1,' * 60_000}]\n"), "case.yaml, row 4:", "holds more than 50,000 val",
    ),
    "a case of nothing": (bytes_of("case.yaml", b""), "case.yaml:", "holds no settings; write id"),
    "a case with a day that is none": (
        settings("language: 2021-02-30\n"), "case.yaml:", "“2021-02-30” is no language; write its",
    ),
    "a case too deep": (
        settings("rules: " + "[" * 2000), "case.yaml, row 4:", "is nested more than 30 deep",
    ),
    "rules that are a list": (settings("rules: [as_told]\n"), "case.yaml:", "“rules” is not a"),
    "a check of an unknown kind": (
        settings("checks: [{id: a, kind: average, whole: twelve, part: twelve}]\n"),
        "case.yaml:", "the check “a” has the kind “average”; kind is one of sum, share, remainder",
    ),
    "a check whose parts are no list": (
        settings("checks: [{id: a, kind: sum, whole: twelve, parts: 5}]\n"),
        "case.yaml:", "the check “a” has no part or share",
    ),
    "a check that names no figure": (
        settings("checks: [{id: a, kind: sum, whole: twelve, parts: [odd-said]}]\n"),
        "case.yaml:", "the check “a” names “odd-said”, which is no figure; name a claim of kind",
    ),
    "a choice without property": (
        settings("choices: [{entity: odd}]\n"), "case.yaml:", "a choice has no property; write",
    ),
    "a choice of nobody": (
        settings("choices: [{entity: even, property: name}]\n"),
        "case.yaml:", "names the entity “even”, which is not defined; mend the id",
    ),
    "a question with nested parameters": (
        settings("questions: [{query: a, words: b, params: {c: [d]}}]\n"),
        "case.yaml:", "“params” is not a name and a plain value a line",
    ),
}  # fmt: skip


def linked(name: str, target: str) -> Edit:
    def link(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).symlink_to(target)

    return link


def piped(name: str) -> Edit:
    def make(folder: Path) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return make


def listening(name: str) -> Edit:
    def make(folder: Path) -> None:
        (folder / name).unlink()
        # By its name alone, since an address holds a hundred characters.
        with contextlib.chdir(folder), socket.socket(socket.AF_UNIX) as made:
            made.bind(name)

    return make


def sized(name: str, size: int) -> Edit:
    return lambda folder: os.truncate(folder / name, size)


OUTSIDE = "is a link to a file outside its folder, and is not followed; put the file itself there"

if os.name != "nt":
    BAD |= {
        f"{name} as {what}": (spoil(name), name, words)
        for name in ("case.yaml", "claims.csv")
        for what, spoil, words in (
            ("a pipe", piped, "is a pipe; give a regular file"),
            ("a socket", listening, "it is a socket, so give a regular file"),
            ("a link to a device", lambda n: linked(n, "/dev/zero"), OUTSIDE),
            ("a link to another folder", lambda n: linked(n, "../outside"), OUTSIDE),
            ("a link to a pipe", lambda n: linked(n, "../case/pipe"), "is a pipe; give a regular"),
            ("a link to nothing", lambda n: linked(n, "gone"), "it is a link, so see where that"),
            ("a link to itself", lambda n: linked(n, n), "it is a link, so see where that leads"),
        )
    } | {
        "case.yaml as a folder": (
            linked("case.yaml", "."), "case.yaml:", "is a folder; give a regular file",
        ),
        "case.yaml without end": (
            sized("case.yaml", 300_000_000), "case.yaml:", "is larger than 1 MB; give a file of at",
        ),
        "a table without end": (
            sized("claims.csv", 3_000_000_000), "claims.csv:", "is larger than 2,000 MB; give",
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_one_sentence_and_nothing_changed(
    standing: tuple[Store, object], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    store, before = standing
    spoil, place, words = BAD[name]
    folder = lighthouse().write(tmp_path / "case")
    if "link" in name:
        (tmp_path / "outside").write_text("id: sandwick\n")
        if "pipe" in name:
            os.mkfifo(folder / "pipe")
    spoil(folder)
    capsys.readouterr()
    assert main(["load", str(folder)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    told = ("Reading", "Checking", "nothing.csv is read with a semicolon between its cells.")
    lines = without_numbers(captured.err).splitlines()
    said = [line for line in lines if line not in told]
    assert said[0].startswith(place), said[0]
    assert words in said[0], said[0]
    # Where several rows are wrong, a sentence each.
    assert len(said) == len(set(said)) <= 4, captured.err
    assert all(len(line) < 700 and line.endswith(".") for line in said)
    assert "Traceback" not in captured.err
    assert _everything(store) == before


def test_a_share_of_nothing_is_refused(
    standing: tuple[Store, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = lighthouse()
    for handle, value, unit in (("none", "0", "boats"), ("share", "3", "percent")):
        tables.add("claims", claim=handle, kind="figure", subject="lamps", measure="share",
                   value=value, unit=unit)  # fmt: skip
        tables.add("supports", passage="g2", claim=handle, status="reported")
    tables.settings += "checks: [{id: a, kind: share, whole: none, part: twelve, share: share}]\n"
    assert main(["load", str(tables.write(tmp_path / "case"))]) == 1
    assert "is a share of “none”, which is 0; take the check out" in capsys.readouterr().err
    assert _everything(standing[0]) == standing[1]


def test_what_looks_like_a_formula_is_data(store: Store, tmp_path: Path) -> None:
    tables = lighthouse()
    tables.rows["statements"][0]["gist"] = '=HYPERLINK("x"),\n@SUM(1)'
    tables.rows["actors"][0]["name"] = "O'Dd }) DETACH DELETE (n) <b>"
    folder = tables.write(tmp_path / "case")
    loads.load(store, Workspace.locate(), read_case(folder, "formulas"))
    nodes = dump(store, "formulas")["nodes"]
    assert nodes["excuse"][1]["gist"] == '=HYPERLINK("x"),\n@SUM(1)'
    assert nodes["odd"][1]["name"] == "O'Dd }) DETACH DELETE (n) <b>"
    unloads.unload(store, Workspace.locate(), "formulas", read_case, everything=True)


@pytest.mark.slow
def test_the_command_itself_says_it_in_one_line(
    standing: tuple[Store, object], tmp_path: Path
) -> None:
    folder = lighthouse().write(tmp_path / "case")
    edited("supports", 3, said_by="")(folder)
    command = [sys.executable, "-m", "sutra.cli", "load", str(folder)]
    ended = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, env={**os.environ}
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert without_numbers(ended.stderr).splitlines()[-1] == (
        "supports.csv, row 3, column said_by: an allegation has no speaker; name who alleges it."
    )
    assert _everything(standing[0]) == standing[1]


def test_another_id_must_be_one_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", str(lighthouse().write(tmp_path / "case")), "--as", "Not An Id"]) == 1
    told = capsys.readouterr().err
    assert "--as: “Not An Id” is no id for a case; use lower-case letters" in told


@pytest.mark.skipif(os.name == "nt", reason="links are made by few there")
def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = lighthouse().write(tmp_path / "case")
    before = list(read_case(folder).records())
    (folder / "claims.csv").rename(folder / "claims-of-may.txt")
    (folder / "claims.csv").symlink_to("claims-of-may.txt")
    (tmp_path / "way").symlink_to(folder)
    assert list(read_case(tmp_path / "way").records()) == before


# Reads each folder, and says what it took of the processor, within 300 MB and two seconds in all
# that it may take more than it had when it began.
WITHIN = """
import resource, sys, time
from pathlib import Path
from graph.errors import InputError
from loaders.case import read_case
has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (has + 300_000_000,) * 2)
for folder in sys.argv[1:]:
    began = time.process_time()
    try:
        for record in read_case(Path(folder)).records():
            pass
        said = "read"
    except InputError as error:
        said = error
    print(f"{time.process_time() - began:.3f} {said}")
"""


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux", reason="a process is held to its memory by Linux alone"
)
def test_hostile_files_are_refused_within_a_second_and_300_mb(tmp_path: Path) -> None:
    head = HEAD["nothing"]
    names = "abcdefghij"
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in pairwise(names)
    )
    spoilt: dict[str, tuple[str, bytes]] = {
        "bomb": ("case.yaml", bomb.encode()),
        "deep": ("case.yaml", b"a: " + b"[" * 900_000),
        "keys": ("case.yaml", b"? " * 450_000),
        "values": ("case.yaml", b"a: [" + b"1," * 490_000 + b"]"),
        "quote": ("case.yaml", b"a: '" + b"x\n" * 490_000),
        "line": ("nothing.csv", f"{head}\n".encode() + b"x" * 100_000_000),
        "columns": ("nothing.csv", b",".join(b"%d" % n for n in range(1_000_000))),
        "commas": ("nothing.csv", b"," * 1_000_000),
        "cells": ("nothing.csv", f"{head}\n".encode() + b"a," * 1_000_000),
        "open": ("nothing.csv", f'{head}\na,"'.encode() + b"x,\n" * 20_000_000),
        "endless": ("nothing.csv", f"{head}\n".encode() + b'"a\n",' * 5_000_000),
        "field": ("nothing.csv", f"{head}\na,".encode() + b"x" * 200_000),
    }
    for name, (file, content) in spoilt.items():
        (lighthouse().write(tmp_path / name) / file).write_bytes(content)
    (tmp_path / "size").mkdir()
    (tmp_path / "size" / "case.yaml").touch()
    os.truncate(tmp_path / "size" / "case.yaml", 300_000_000)
    folders = [str(tmp_path / name) for name in (*spoilt, "size")]
    done = subprocess.run(
        [sys.executable, "-c", WITHIN, *folders],
        check=False, capture_output=True, text=True, timeout=120, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    told = done.stdout.splitlines()
    assert len(told) == len(folders), told
    for line in told:
        seconds, _, words = line.partition(" ")
        assert float(seconds) < 1, line
        assert words.startswith(("case.yaml", "nothing.csv")), line
        assert words.endswith("."), line


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", str(tmp_path / "nowhere")]) == 1
    said = without_numbers(capsys.readouterr().err)
    assert said.endswith("is no folder; name the folder of a case.\n")


FULL = Path("/dev/full")


@pytest.mark.slow
@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full is Linux's own")
def test_a_full_disk_is_one_sentence() -> None:
    command = [sys.executable, "-m", "sutra.cli", "query"]
    with FULL.open("wb") as full:
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert without_numbers(done.stderr) == "The disk is full: free some space, then try again.\n"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_reader_that_goes_is_no_error() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    command = [sys.executable, "-m", "sutra.cli", "query"]
    with os.fdopen(theirs, "wb") as gone:
        done = subprocess.run(command, check=False, stdout=gone, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_temporary_file_is_a_full_disk() -> None:
    connection = sqlite3.connect("")
    connection.execute("PRAGMA max_page_count = 8")
    connection.execute("CREATE TABLE t (x)")
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 1_000,)] * 1_000)
    assert disk_full(caught.value)
    assert not disk_full(OSError(2, "No such file", "x"))
