"""What a row or a setting of a case can say of itself: each wrong one is refused in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from invented import Tables, lighthouse

from graph.errors import InputError
from graph.model.records import Entity
from loaders.case import read_case

Spoil = Callable[[Tables], object]

CLAIM = {"claim": "new", "subject": "board"}


def claim(**cells: str) -> Spoil:
    return lambda tables: tables.add("claims", **{**CLAIM, **cells})


def said(handle: str, **cells: str) -> Spoil:
    """Another claim of the case, with other cells."""

    def change(tables: Tables) -> None:
        next(row for row in tables.rows["claims"] if row["claim"] == handle).update(cells)

    return change


def settings(text: str) -> Spoil:
    def change(tables: Tables) -> None:
        tables.settings += text

    return change


WRONG: dict[str, tuple[Spoil, str]] = {
    "a publication inferred by no rule": (
        lambda t: t.rows["sources"][0].update(published_basis="inferred"),
        "sources.csv, row 2, column published_rule: is empty",
    ),
    "a relay inferred by no rule": (
        lambda t: t.add("relays", from_="g1", to="herald", status="inferred"),
        "relays.csv, row 2, column rule: an inference has no rule",
    ),
    "a day inferred by no rule": (
        said("odd-said", when_basis="inferred"),
        "claims.csv, row 2, column when_rule: is empty",
    ),
    "a rule for a day that is not there": (
        said("odd-role", when_rule="as_told"),
        "claims.csv, row 4, column when_rule: “as_told” without a date",
    ),
    "a unit of a wording": (
        claim(kind="wording", measure="name", value="Board", unit="lamps"),
        "claims.csv, row 5, column unit: a claim of kind wording has none",
    ),
    "a value of a relationship": (
        said("odd-said", value="12"),
        "claims.csv, row 2, column value: a relationship has none",
    ),
    "an object of a figure": (
        said("twelve", object="board"),
        "claims.csv, row 3, column object: a claim of kind figure has none",
    ),
    "a share without its claim": (
        settings("checks: [{id: x, kind: share, whole: twelve, part: twelve}]\n"),
        "case.yaml: the check “x” has no part or share",
    ),
    "an entity that is called nothing": (
        lambda t: t.rows["groups"][0].update(caption=""),
        "groups.csv, row 2, column caption: is empty",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_in_its_place(tmp_path: Path, name: str) -> None:
    spoil, place = WRONG[name]
    tables = lighthouse()
    spoil(tables)
    with pytest.raises(InputError) as caught:
        list(read_case(tables.write(tmp_path)).records())
    assert str(caught.value).startswith(place)


def test_the_id_of_a_case_is_not_longer_than_60_characters(tmp_path: Path) -> None:
    folder = lighthouse().write(tmp_path)
    assert read_case(folder, "a" * 60).case.id == "a" * 60
    with pytest.raises(InputError, match=r"^--as: “a{61}” is no id for a case"):
        read_case(folder, "a" * 61)


def test_without_a_caption_it_is_called_by_its_name(tmp_path: Path) -> None:
    tables = lighthouse()
    tables.rows["actors"][0]["caption"] = ""
    records = list(read_case(tables.write(tmp_path)).records())
    assert "Odd Lanternby" in {r.caption for r in records if isinstance(r, Entity)}


def test_a_table_that_is_not_read_is_noted(tmp_path: Path) -> None:
    folder = lighthouse().write(tmp_path)
    assert read_case(folder).notes == ()
    (folder / "lamps.csv").write_text("id\n", encoding="utf-8")
    assert read_case(folder).notes == ("lamps.csv is no table of a case and is not read.",)
