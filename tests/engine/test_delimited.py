"""Tables as spreadsheets of several countries write them: the same values, and a word on it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from invented import lighthouse

from exports.pack import newsroom
from graph.errors import InputError
from loaders.case import read_case
from sutra.cli import main


def parted(folder: Path, by: str, *, mark: bool = False, end: str = "\n") -> None:
    """Write each table of a folder anew, with another character between its cells."""
    for file in folder.glob("*.csv"):
        rows = list(csv.reader(io.StringIO(file.read_text("utf-8"), newline="")))
        with file.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as out:
            csv.writer(out, delimiter=by, lineterminator=end).writerows(rows)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [False, True])
@pytest.mark.parametrize(
    ("by", "words"), [(",", ""), (";", "a semicolon"), ("\t", "a tab"), ("|", "a vertical bar")]
)
def test_what_parts_cells_is_seen_and_said(
    tmp_path: Path, by: str, words: str, mark: bool, end: str
) -> None:
    tables = lighthouse()
    tables.rows["statements"][0]["gist"] = 'Fog, or rain; or a\ttab | a bar, and “quotes” "“'
    tables.rows["actors"][0]["aliases"] = "The keeper|Odd, of the lamps"
    folder = tables.write(tmp_path / "case")
    before = read_case(folder)
    assert before.notes == ()
    records = list(before.records())
    parted(folder, by, mark=mark, end=end)
    again = read_case(folder)
    assert list(again.records()) == records
    said = [f"{name} is read with {words} between its cells." for name in again.files]
    assert sorted(again.notes) == (sorted(said[1:]) if words else [])


def test_a_head_of_one_column_needs_nothing_between(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("claim\nx\n")
    with pytest.raises(InputError, match=r"the column evidence is missing; write claim,evidence"):
        newsroom.second_readings(tmp_path / "t.csv")


def test_a_quoted_name_of_a_column_parts_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('"party";"allegation";"asked_on";"deadline";"answer";"a, b"\n')
    assert newsroom.replies(tmp_path / "t.csv") == ()


def test_a_newsrooms_own_lists_are_read_alike(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(
        b"\xef\xbb\xbfclaim;evidence;checked_by;checked_on\r\nc1;e1;Ana, of the desk;2021-02-10\r\n"
    )
    (found,) = newsroom.second_readings(tmp_path / "c.csv")
    assert (found.claim, found.by) == ("c1", "Ana, of the desk")
    (tmp_path / "c.csv").write_text("claim,evidence,checked_by,checked_on\nc1,e1\n")
    with pytest.raises(InputError, match="row 2: has 2 cells where the head has 4"):
        newsroom.second_readings(tmp_path / "c.csv")


@pytest.mark.embedded
def test_the_command_says_it(
    tmp_path: Path, store: object, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = lighthouse().write(tmp_path / "case")
    parted(folder, ";")
    assert main(["load", str(folder), "--as", "semicolons"]) == 0
    assert "claims.csv is read with a semicolon between its cells." in capsys.readouterr().err
    assert main(["unload", "semicolons", "--all"]) == 0
