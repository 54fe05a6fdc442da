"""`sutra validate`: all that is wrong with a folder, at once and without a database."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented import Tables, lighthouse

from graph.ingest import staging
from sutra.cli import main


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine can start there, and no server answers."""
    monkeypatch.setenv("SUTRA_HOME", "/dev/null/nowhere")
    monkeypatch.setenv("NEO4J_URI", "bolt://localhost:1")


def said(capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[int, list[str]]:
    code = main(["validate", str(folder)])
    return code, capsys.readouterr().out.splitlines()


def test_a_case_that_is_right(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, lines = said(capsys, lighthouse().write(tmp_path))
    assert (code, lines) == (0, ["Nothing is wrong: 3 claims of 3 passages."])


def test_all_that_is_wrong_is_told_and_what_was_meant(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tables = lighthouse()
    tables.rows["actors"][0]["type"] = "Persn"
    tables.rows["actors"][1]["kind"] = "ministri"
    tables.rows["passages"][0]["source"] = "gazete"
    tables.rows["claims"][1] |= {"subject": "lanps", "value": "12 lamps"}
    tables.rows["claims"][2]["object"] = "bord"
    tables.rows["supports"][1]["status"] = "aleged"
    code, lines = said(capsys, tables.write(tmp_path))
    assert code == 1
    assert lines == [
        "actors.csv, row 2, column type: “Persn” is not known here (did you mean “Person”?); write "
        "one of Person, Organization.",
        *[
            line
            for line in lines
            if line.startswith("actors.csv, row 3, column kind: “ministri” is")
        ],
        "claims.csv, row 3, column value: “12 lamps” is not a number; write digits, with a point "
        "before decimals.",
        "supports.csv, row 3, column status: “aleged” is not known here (did you mean “alleged”?); "
        "write one of reported, inferred, alleged.",
        # Odd and the board cannot be read, and are not called unknown on top of that.
        "claims.csv, row 4, column object: the entity “bord” is not defined (did you mean "
        "“board”?); add it to its table, or mend the id.",
        "passages.csv, row 2, column source: the source “gazete” is not defined (did you mean "
        "“gazette”?); add it to sources.csv.",
        "6 problems.",
    ]


def test_a_row_that_only_names_a_passage_does_not_make_it_known(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tables = lighthouse()
    for status in ("told", "reported"):
        tables.add("supports", passage="nowhere", claim="twelve", status=status)
    _, lines = said(capsys, tables.write(tmp_path))
    assert [line for line in lines if "“nowhere” is not defined" in line] == [
        "supports.csv, row 6, column passage: the passage “nowhere” is not defined; add it to "
        "passages.csv."
    ]


def test_beyond_a_hundred_they_are_counted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "MOST_PROBLEMS", 5)
    tables = lighthouse()
    for number in range(30):
        tables.add("supports", passage=f"none{number}", claim="twelve", status="reported")
    code, lines = said(capsys, tables.write(tmp_path))
    assert code == 1
    assert len(lines) == 6
    assert lines[-1] == "30 problems; 25 more are not shown."


def test_a_table_that_cannot_be_read_makes_nothing_else_wrong(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = lighthouse().write(tmp_path)
    (folder / "claims.csv").write_text("claim,kind,subjekt\nodd-said,relationship,odd\n")
    code, lines = said(capsys, folder)
    assert code == 1
    assert lines == [
        "claims.csv, row 1, column subject: the column is missing; add it: the head needs "
        "claim,kind,subject.",
        "1 problem.",
    ]


def test_an_input_says_how_much_it_could_not_look_up(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tables = Tables(settings="id: sandwick\ninput: roll\ntitle: Roll\nsummary: Who keeps which.\n")
    tables.add("actors", id="wick", type="Person", caption="Una Wick", name="Una Wick")
    tables.add("sources", id="roll", caption="Roll", kind="register", status="current",
               language="en")  # fmt: skip
    tables.add("passages", passage="r1", source="roll", gist="Una keeps", start="0", end="9",
               sha256="0" * 64, language="en")  # fmt: skip
    tables.add("claims", claim="una", kind="relationship", subject="wick", predicate="HOLDS_ROLE",
               object="sandwick:board", title="keeper")  # fmt: skip
    tables.add("supports", passage="r1", claim="una", status="reported")
    code, lines = said(capsys, tables.write(tmp_path))
    assert code == 0
    assert lines[1] == (
        "1 id of other inputs were not looked up; `sutra load --preview` does that."
    )
