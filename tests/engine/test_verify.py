"""Passages are found by place or by their words, and found again when the text changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from invented import Tables, dump

from graph.errors import InputError
from graph.ingest import load_states, loads
from graph.model.passages import QuoteError, find_again, find_quote
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from sutra.cli import main

pytestmark = pytest.mark.slow

CASE = "sandwick"
TEXT = (
    "The lamps of Sandwick went out on Friday.\nOdd Lanternby, the keeper, said that it was foggy. "
    "The board counted twelve lamps.\nNobody else was asked. The board said nothing more.\n"
)
FOGGY, TWELVE, NOBODY = "said that it was foggy", "counted twelve lamps", "Nobody else was asked"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def case(text: str, *, quoted: bool = False, of: str = TEXT) -> Tables:
    """Three passages of one paper, by their places in a text or by their words."""
    tables = Tables(settings=f"id: {CASE}\ntitle: The lamps\nsummary: Who put them out.\n")
    tables.add("actors", id="odd", type="Person", caption="Odd Lanternby", name="Odd Lanternby")
    tables.add("sources", id="gazette", caption="Gazette", kind="article", status="current",
               language="en", text_sha256=sha(text), text_length=str(len(text)))  # fmt: skip
    for number, words in enumerate((FOGGY, TWELVE, NOBODY)):
        start = of.index(words)
        found = {"exact": words} if quoted else {
            "start": str(start), "end": str(start + len(words)), "sha256": sha(words),
        }  # fmt: skip
        tables.add("passages", passage=f"p{number}", source="gazette", gist=f"Gist {number}",
                   language="en", **found)  # fmt: skip
        tables.add("claims", claim=f"c{number}", kind="wording", subject="odd", measure="name",
                   value=f"Name {number}")  # fmt: skip
        tables.add("supports", passage=f"p{number}", claim=f"c{number}", status="reported")
    return tables


def attach(folder: Path, text: str) -> int:
    file = folder / "text.txt"
    file.write_text(text, encoding="utf-8")
    return main(["attach", "gazette", str(file), "--folder", str(folder / "case")])


def loaded(folder: Path, tables: Tables, text: str) -> int:
    tables.write(folder / "case")
    assert attach(folder, text) == 0
    return main(["load", str(folder / "case")])


def test_the_words_alone_are_enough(clean: Store, tmp_path: Path) -> None:
    """What is worked out from them is what somebody would have counted."""
    assert loaded(tmp_path / "quoted", case(TEXT, quoted=True), TEXT) == 0
    found = dump(clean, CASE)
    assert loaded(tmp_path / "placed", case(TEXT), TEXT) == 0
    assert dump(clean, CASE) == found


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"exact": "said that it was sunny"}, "are not in the text of its source; copy them"),
        ({"exact": "The board"}, "are in the text of its source twice; add what stands right"),
        ({"exact": FOGGY, "start": "3"}, "worked out from the quoted words; leave the cell empty"),
        ({"prefix": "The "}, "there are no quoted words that prefix could belong to"),
    ],
)
def test_words_that_are_not_found_once_are_a_sentence(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: dict[str, str],
    told: str,
) -> None:  # fmt: skip
    tables = case(TEXT, quoted=True)
    row = tables.rows["passages"][0]
    del row["exact"]
    row |= words
    tables.write(tmp_path / "case")
    main(["attach", "gazette", str(tmp_path / "case"), "--folder", str(tmp_path / "case")])
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    if "prefix" not in words and "start" not in words:
        assert main(["attach", "gazette", str(file), "--folder", str(tmp_path / "case")]) == 0
    capsys.readouterr()
    assert main(["load", str(tmp_path / "case")]) == 1
    said = capsys.readouterr().err
    assert "passages.csv, row 2, column" in said
    assert told in said
    assert not load_states.states(clean)


def test_what_stands_before_or_after_tells_two_apart(clean: Store, tmp_path: Path) -> None:
    tables = case(TEXT, quoted=True)
    tables.rows["passages"][2] |= {"exact": "The board", "suffix": " said nothing"}
    assert loaded(tmp_path, tables, TEXT) == 0
    passage = dump(clean, CASE)["nodes"]["p2"][1]
    assert passage["start"] == TEXT.rindex("The board")


def test_words_without_the_text_are_a_sentence(clean: Store, tmp_path: Path) -> None:
    other = TEXT.replace("Friday", "Monday")
    with pytest.raises(InputError, match="the text of gazette, which should hold the words, is n"):
        loads.load(clean, Workspace.locate(),
                   read_case(case(other, quoted=True, of=other).write(tmp_path)))  # fmt: skip


def test_every_passage_is_exact_moved_changed_or_lost(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert loaded(tmp_path / "first", case(TEXT), TEXT) == 0
    capsys.readouterr()
    assert main(["verify", CASE]) == 0
    assert capsys.readouterr().out == f"{CASE}:gazette (Gazette): 3 exact\n"
    # The paper corrects itself: a word more before the first, another word in the second, and the
    # third is gone. The tables have the new text, and the places of the old one.
    corrected = TEXT.replace("on Friday", "on Friday night").replace("twelve lamps", "eleven lamps")
    corrected = corrected.replace(f"{NOBODY}. ", "")
    assert loaded(tmp_path / "second", case(corrected), corrected) == 0
    said = capsys.readouterr().out
    assert "Of its 3 passages 0 stand in it as they were read" in said
    assert main(["verify", CASE]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{CASE}:gazette (Gazette): 1 changed, 1 lost, 1 moved",
        f"  moved to {corrected.index(FOGGY)}: {CASE}:p0, Gist 0",
        f"  changed: {CASE}:p1, Gist 1",
        "    leans on it: Odd Lanternby is named “Name 1”",
        f"  lost: {CASE}:p2, Gist 2",
        "    leans on it: Odd Lanternby is named “Name 2”",
    ]


def test_what_cannot_be_said_is_said(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unheld = TEXT.replace("Sandwick", "Northwick")
    tables = case(unheld, of=unheld)
    assert main(["load", str(tables.write(tmp_path / "case"))]) == 0
    capsys.readouterr()
    assert main(["verify", CASE]) == 0
    assert capsys.readouterr().out == f"{CASE}:gazette (Gazette): 3 no text\n"
    assert main(["verify", "elsewhere"]) == 1
    assert "The graph holds no case “elsewhere”" in capsys.readouterr().err


def test_a_sha256_has_64_digits(tmp_path: Path) -> None:
    tables = case(TEXT)
    tables.rows["passages"][0]["sha256"] = "abc"
    with pytest.raises(InputError, match=r"“abc” is no sha256; write its 64 hexadecimal digits"):
        list(read_case(tables.write(tmp_path)).records())


def test_a_passage_is_found_again_without_the_text_it_was_read_from() -> None:
    start = TEXT.index(TWELVE)
    digest = sha(TWELVE)
    later = f"Corrected. {TEXT}"
    assert find_again(later, start, start + len(TWELVE), digest).start == start + 11
    assert find_again("Short.", start, start + len(TWELVE), digest).standing == "lost"
    assert find_again(TEXT.replace("twelve", "eleven"), start, start + 20, digest).standing == (
        "changed"
    )


def test_a_quote_is_found_by_code_points() -> None:
    assert find_quote("Ärger 🜚 im Leuchtturm", "im") == (8, 10)
    with pytest.raises(QuoteError, match="twice"):
        find_quote("aaa", "aa")
