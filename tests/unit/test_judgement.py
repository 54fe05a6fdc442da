"""What is known of each claim: status, days, disputes, and whether its figures add up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from invented import Tables, lighthouse

from graph.ingest.differences import differences
from graph.ingest.judgement import Judge
from graph.ingest.staging import Spool
from graph.ingest.validation import validate
from graph.model.types import SCHEMA
from loaders.case import read_case


def judged(tables: Tables, folder: Path) -> dict[str, dict[str, Any]]:
    """The properties of each claim by handle, with what it draws as `drawn`."""
    given = read_case(tables.write(folder))
    with Spool(SCHEMA) as spool:
        spool.fill(given.records())
        validate(spool, given.case)
        claims = {claim.id: claim for claim in Judge(spool, given.case).claims()}
        handles = {row["id"]: row["handle"] for row in spool.rows("SELECT id, handle FROM claim")}
    return {
        handles[id_]: {**claim.properties, "drawn": claim.relationship}
        for id_, claim in claims.items()
    }


def differing(tables: Tables, folder: Path) -> set[tuple[str, str, str]]:
    """(handle, handle, how) of all pairs of claims that differ, the lesser handle first."""
    given = read_case(tables.write(folder))
    with Spool(SCHEMA) as spool:
        spool.fill(given.records())
        validate(spool, given.case)
        handles = {row["id"]: row["handle"] for row in spool.rows("SELECT id, handle FROM claim")}
        found = list(differences(spool))
    assert len(found) == len(set(found))
    return {(*sorted((handles[a], handles[b])), how) for a, b, how in found}


def say(tables: Tables, handle: str, passage: str = "g2", **cells: str) -> None:
    """A claim and the passage that says it."""
    tables.add("claims", claim=handle, **cells)
    tables.add("supports", passage=passage, claim=handle, status="reported")


def figure(tables: Tables, handle: str, value: str, comparator: str = "=", **cells: str) -> None:
    base = {"kind": "figure", "subject": "lamps", "measure": "lit", "unit": "lamps"}
    say(tables, handle, value=value, comparator=comparator, **{**base, **cells})


def wording(tables: Tables, handle: str, value: str, passage: str) -> None:
    say(tables, handle, passage, kind="wording", subject="board", measure="name", value=value)


# --- status, days, publishers -----------------------------------------------------------------


def test_the_strongest_and_the_weakest_status_are_kept(tmp_path: Path) -> None:
    tables = lighthouse()
    tables.add("supports", passage="h1", claim="odd-said", status="alleged", said_by="board")
    tables.add("supports", passage="g2", claim="odd-said", status="inferred", rule="as_told")
    claim = judged(tables, tmp_path)["odd-said"]
    assert (claim["strongest"], claim["weakest"]) == ("reported", "alleged")
    assert claim["drawn"]["status"] == "reported"
    tables.rows["supports"][0].update(status="inferred", rule="as_told")
    claim = judged(tables, tmp_path)["odd-said"]
    assert (claim["strongest"], claim["weakest"]) == ("inferred", "alleged")


def test_days(tmp_path: Path) -> None:
    tables = lighthouse()
    edtf = {"kind": "figure", "subject": "excuse", "measure": "said_on", "unit": "edtf"}
    say(tables, "dated", value="1987-05", **edtf)
    tables.rows["claims"][1]["when_rule"] = "before_report"
    tables.rows["sources"][1]["published_on"] = ""
    found = judged(tables, tmp_path)
    days = {handle: (c["earliest"], c["latest"], c["reported"]) for handle, c in found.items()}
    assert days["odd-said"] == ("1987-05-01", "1987-05-01", "1987-05-02")
    # A date that is claimed is when it was; what is told as past was over by its report.
    assert days["dated"] == ("1987-05-01", "1987-05-31", "1987-05-02")
    assert days["twelve"] == ("0001-01-01", "1987-05-02", "1987-05-02")
    # Nothing is known, not even when it was reported.
    assert days["odd-role"] == ("0001-01-01", "9999-12-31", "9999-12-31")
    drawn = found["odd-role"]["drawn"]
    assert {drawn["earliest"], drawn["latest"], drawn["reported"]} == {"0001-01-01", "9999-12-31"}


def test_it_was_reported_when_the_first_source_surely_had_appeared(tmp_path: Path) -> None:
    tables = lighthouse()
    tables.rows["sources"][0]["published_on"] = "[1987-05-01..1987-05-09]"
    tables.add("supports", passage="h1", claim="odd-said", status="reported")
    assert judged(tables, tmp_path)["odd-said"]["reported"] == "1987-05-04"


def test_publishers_and_origins_are_counted_apart(tmp_path: Path) -> None:
    tables = lighthouse()
    tables.add("supports", passage="h1", claim="odd-said", status="reported")
    tables.add("sources", id="wire", kind="unnamed", caption="Wire")
    claim = judged(tables, tmp_path)["odd-said"]
    # Papers without a publisher are publishers of their own.
    assert (claim["outlets"], claim["origins"], claim["not_stated"]) == (2, 0, 2)
    for source in tables.rows["sources"]:
        source["publisher"] = "Press of Sandwick"
    tables.add("relays", from_="g1", to="wire")
    tables.add("relays", from_="h1", to="wire")
    claim = judged(tables, tmp_path)["odd-said"]
    assert (claim["outlets"], claim["origins"], claim["not_stated"]) == (1, 1, 0)
    assert claim["origin_ids"] == ["wire"]
    # The other claim of the same paper keeps its own.
    assert judged(tables, tmp_path)["twelve"]["not_stated"] == 1


def test_a_denial_draws_nothing(tmp_path: Path) -> None:
    tables = lighthouse()
    denied = {"kind": "relationship", "subject": "odd", "predicate": "MADE", "object": "excuse"}
    say(tables, "denied", polarity="negative", **denied)
    found = judged(tables, tmp_path)
    assert found["denied"]["drawn"] is None
    assert found["denied"]["contested"]
    assert found["odd-said"]["contested"]
    assert found["odd-said"]["drawn"]["contested"]


# --- differences --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        (("=", "12"), ("=", "13"), "value"),
        (("=", "12"), ("~", "12"), "precision"),
        (("=", "12"), (">", "11"), "precision"),
        (("=", "12"), (">", "12"), "value"),
        (("=", "12"), (">=", "12"), "precision"),
        (("=", "12"), ("<", "12"), "value"),
        (("=", "12"), ("<=", "12"), "precision"),
        (("<", "12"), (">", "12"), "value"),
        (("=", "12"), ("unknown", "99"), "precision"),
        (("=", "1050"), ("~", "1000"), "precision"),
        (("=", "1051"), ("~", "1000"), "value"),
        # More than what a float tells apart near it.
        (("=", "100000000000"), (">", "100000000000"), "value"),
    ],
)
def test_figures_that_cannot_both_be_right_contest_each_other(
    tmp_path: Path, one: tuple[str, str], other: tuple[str, str], how: str
) -> None:
    tables = lighthouse()
    figure(tables, "a", one[1], one[0])
    figure(tables, "b", other[1], other[0])
    assert differing(tables, tmp_path) == {("a", "b", how)}
    assert judged(tables, tmp_path)["a"]["contested"] == (how == "value")


def test_a_share_stands_for_all_that_rounds_to_it(tmp_path: Path) -> None:
    tables = lighthouse()
    for handle, value, comparator in (("a", "97", "="), ("b", "97.4", "="), ("c", "97.6", "=")):
        figure(tables, handle, value, comparator, unit="percent")
    assert differing(tables, tmp_path) == {
        ("a", "b", "precision"), ("a", "c", "value"), ("b", "c", "value"),
    }  # fmt: skip


def test_about_a_share_is_a_twentieth_beyond_what_rounds_to_it(tmp_path: Path) -> None:
    tables = lighthouse()
    for handle, value, comparator in (("a", "1", "~"), ("b", "1.5", "="), ("c", "1.7", "=")):
        figure(tables, handle, value, comparator, unit="percent")
    assert differing(tables, tmp_path) == {
        ("a", "b", "precision"), ("a", "c", "value"), ("b", "c", "value"),
    }  # fmt: skip


def test_a_figure_that_is_denied_contests_no_other_number(tmp_path: Path) -> None:
    tables = lighthouse()
    figure(tables, "a", "12")
    figure(tables, "b", "13", polarity="negative")
    assert differing(tables, tmp_path) == set()


def test_other_units_bases_and_measures_do_not_differ(tmp_path: Path) -> None:
    tables = lighthouse()
    figure(tables, "a", "12")
    figure(tables, "b", "13", unit="wicks")
    figure(tables, "c", "14", base="board")
    figure(tables, "d", "15", measure="broken")
    assert differing(tables, tmp_path) == set()


def test_dates_differ_by_value_only_where_no_day_is_in_both(tmp_path: Path) -> None:
    tables = lighthouse()
    edtf = {"subject": "excuse", "measure": "said_on", "unit": "edtf"}
    for handle, value in (("a", "1987-05-01"), ("b", "1987-05"), ("c", "1987-05-02")):
        figure(tables, handle, value, **edtf)
    assert differing(tables, tmp_path) == {
        ("a", "b", "precision"), ("b", "c", "precision"), ("a", "c", "value"),
    }  # fmt: skip


@pytest.mark.parametrize(("passage", "claim"), [("g1", "b"), ("h1", "a")])
def test_wordings_differ_between_sources_that_do_not_share_them(
    tmp_path: Path, passage: str, claim: str
) -> None:
    tables = lighthouse()
    wording(tables, "a", "Lamp Board", "g2")
    wording(tables, "b", "Board of Lamps", "h1")
    assert differing(tables, tmp_path) == {("a", "b", "wording")}
    assert not judged(tables, tmp_path)["a"]["contested"]
    # A source that uses both words does not disagree with itself.
    tables.add("supports", passage=passage, claim=claim, status="reported")
    assert differing(tables, tmp_path) == set()


def test_a_body_and_its_part_differ_in_level(tmp_path: Path) -> None:
    tables = lighthouse()
    tables.add("actors", id="town", type="Organization", caption="Town", kind="government")
    relationship = {"kind": "relationship", "object": "excuse"}
    say(tables, "by-town", subject="town", predicate="MADE", **relationship)
    say(tables, "by-board", subject="board", predicate="MADE", **relationship)
    assert differing(tables, tmp_path) == set()
    say(tables, "part", kind="relationship", subject="board", predicate="PART_OF", object="town")
    assert differing(tables, tmp_path) == {("by-board", "by-town", "level")}
    assert not judged(tables, tmp_path)["by-town"]["contested"]
    # Who is said to be no part of it has nothing to do with it.
    tables.rows["claims"][-1]["polarity"] = "negative"
    assert differing(tables, tmp_path) == set()


def test_what_is_told_of_somebody_and_a_body_or_its_part_differs_in_level(tmp_path: Path) -> None:
    tables = lighthouse()
    tables.add("actors", id="town", type="Organization", caption="Town", kind="government")
    say(tables, "part", kind="relationship", subject="board", predicate="PART_OF", object="town")
    role = {"kind": "relationship", "subject": "odd", "predicate": "HOLDS_ROLE", "object": "town"}
    say(tables, "keeper", title="keeper", **role)
    say(tables, "chair", title="chair", **role)
    assert differing(tables, tmp_path) == {("keeper", "odd-role", "level")}


@pytest.mark.parametrize("denied", ["by-town", "by-board", "odd-of-town", "odd-of-board"])
def test_what_is_denied_of_a_body_or_its_part_differs_in_no_level(
    tmp_path: Path, denied: str
) -> None:
    tables = lighthouse()
    tables.add("actors", id="town", type="Organization", caption="Town", kind="government")
    say(tables, "part", kind="relationship", subject="board", predicate="PART_OF", object="town")
    made = {"kind": "relationship", "predicate": "MADE", "object": "excuse"}
    role = {"kind": "relationship", "subject": "odd", "predicate": "HOLDS_ROLE", "title": "chair"}
    for body in ("town", "board"):
        say(tables, f"by-{body}", subject=body, **made)
        say(tables, f"odd-of-{body}", object=body, **role)
    levels = {("by-board", "by-town", "level"), ("odd-of-board", "odd-of-town", "level")}
    assert differing(tables, tmp_path) == levels
    row = next(row for row in tables.rows["claims"] if row["claim"] == denied)
    row["polarity"] = "negative"
    assert differing(tables, tmp_path) == {pair for pair in levels if denied not in pair}


def test_what_is_told_of_a_body_in_another_sense_differs_in_no_level(tmp_path: Path) -> None:
    tables = lighthouse()
    for id_ in ("town", "council"):
        tables.add("actors", id=id_, type="Organization", caption=id_, kind="government")
    say(tables, "part", kind="relationship", subject="board", predicate="PART_OF", object="town")
    same = {"kind": "relationship", "predicate": "SAME_AS", "object": "council"}
    say(tables, "town-is", subject="town", certainty="certain", **same)
    say(tables, "board-is", subject="board", certainty="possible", **same)
    assert differing(tables, tmp_path) == set()
    tables.rows["claims"][-1]["certainty"] = "certain"
    assert differing(tables, tmp_path) == {("board-is", "town-is", "level")}


def test_polarity_is_told_once_and_only_of_the_same_claim(tmp_path: Path) -> None:
    tables = lighthouse()
    role = {"kind": "relationship", "subject": "odd", "predicate": "HOLDS_ROLE", "object": "board"}
    say(tables, "no-keeper", title="keeper", polarity="negative", **role)
    say(tables, "no-chair", title="chair", polarity="negative", **role)
    assert differing(tables, tmp_path) == {("no-keeper", "odd-role", "polarity")}


# --- figures that add up ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comparator", "share", "follows"),
    [("=", "97", True), ("=", "97.4", True), ("=", "98", False), ("=", "97.5", False),
     ("<", "97", False), (">", "97", True), ("~", "97", True), ("=", "97.42", True)],
)  # fmt: skip
def test_a_share_follows_from_its_parts_or_is_flagged(
    tmp_path: Path, comparator: str, share: str, follows: bool
) -> None:
    """97 follows from 1,398 of 1,435; “nearly 97” says less than that, so it does not."""
    tables = lighthouse()
    figure(tables, "whole", "1435")
    figure(tables, "part", "1398", measure="broken")
    figure(tables, "share", share, comparator, measure="share", unit="percent")
    tables.settings += (
        "checks: [{id: x, kind: share, whole: whole, part: part, share: share},"
        " {id: y, kind: remainder, whole: whole, part: part}]\n"
    )
    claim = judged(tables, tmp_path)["share"]
    assert claim["computed"] == pytest.approx(97.4216)
    assert claim["follows"] is follows
    assert "follows" not in judged(tables, tmp_path)["whole"]


def test_a_share_may_have_several_parts(tmp_path: Path) -> None:
    tables = lighthouse()
    figure(tables, "whole", "200")
    figure(tables, "a", "40", measure="first")
    figure(tables, "b", "10", measure="second")
    figure(tables, "share", "25", measure="share", unit="percent")
    tables.settings += "checks: [{id: x, kind: share, whole: whole, parts: [a, b], share: share}]\n"
    claim = judged(tables, tmp_path)["share"]
    assert (claim["computed"], claim["follows"]) == (25, True)


@pytest.mark.parametrize(
    ("comparator", "whole", "follows"),
    [("=", "1435", True), ("=", "1436", False), (">", "1435", False), (">=", "1435", True),
     ("<", "1436", True), ("~", "1436", True)],
)  # fmt: skip
def test_a_sum_follows_from_its_parts_or_is_flagged(
    tmp_path: Path, comparator: str, whole: str, follows: bool
) -> None:
    tables = lighthouse()
    figure(tables, "whole", whole, comparator)
    figure(tables, "a", "257", measure="first")
    figure(tables, "b", "1178", measure="second")
    tables.settings += "checks: [{id: x, kind: sum, whole: whole, parts: [a, b]}]\n"
    claim = judged(tables, tmp_path)["whole"]
    assert (claim["computed"], claim["follows"]) == (1435, follows)
