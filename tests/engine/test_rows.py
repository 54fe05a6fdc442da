"""Rows as a reporter reads them, as a timeline, and what was asked under its id."""

from __future__ import annotations

import pytest

from graph.explore.timeline import Timeline, timeline
from graph.questions import library
from graph.questions.library import Library
from graph.saved import asked_queries
from graph.saved.asked_queries import AskedError
from graph.store.store import Store
from views import frame
from views.widgets.rows import Rows

CASE = "twitter-blocking-orders-2021"


def rows_of(store: Store, id_: str) -> Rows:
    query = Library.load().get(id_)
    types = {column.name: column.type for column in query.columns}
    return Rows.read(store, library.run(store, query, CASE, query.example), types, CASE)


@pytest.mark.embedded
def test_a_table_names_entities_once_and_no_codes(loaded_store: Store) -> None:
    differ = rows_of(loaded_store, "differences").table()
    first = differ.rows[0]
    assert list(first)[:4] == ["How", "In dispute", "About", "One says"]
    assert "implied by general rule" in first["One according to"]
    assert not {"About name", "One", "Other"} & set(first)
    met = rows_of(loaded_store, "meeting-attendance").table()
    assert met.same["Held on"] == "10 Feb 2021"
    assert "same meeting same weekday" in met.same["How the date is known"]
    assert {row["Attendee"] for row in met.rows} >= {"Jim Baker", "Monique Meche"}
    # A column of numbers stays one where a row has none.
    counts = rows_of(loaded_store, "acted-on").table()
    numbers = [row["Remainder"] for row in counts.rows if "Remainder" in row]
    assert all(number is None or isinstance(number, int) for number in numbers)


@pytest.mark.embedded
def test_a_timeline_says_how_far_each_date_is_known(loaded_store: Store) -> None:
    rows = rows_of(loaded_store, "sequence")
    found = timeline(rows.result.records(), rows.types, rows.called)
    assert isinstance(found, Timeline)
    by_what = {bar.what: bar for bar in found.bars}
    fort, tweets = by_what["Red Fort disturbance"], by_what["Reduced visibility of tweets"]
    assert (fort.when, fort.standing, fort.first) == ("26 Jan 2021", "inferred", found.first)
    assert (tweets.when, tweets.first) == ("by 10 Feb 2021", None)
    assert fort.first is not None
    assert found.share(fort.first) == 0
    assert any(not bar.dated and bar.when == "no date" for bar in found.bars)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Only these connections (as in the schema: MADE)",
            "Only these connections (as in the schema: MADE)",
        ),
        ("![x](//host.y)", r"!\[x\](//host\.y)"),
        ("1. over", r"1\. over"),
        ("1.5 of :red[it]", r"1\.5 of \:red\[it\]"),
        ("# no *heading*", r"\# no \*heading\*"),
        ("www.a.b", r"www\.a\.b"),
    ],
)
def test_a_label_escapes_only_what_would_be_read_as_a_mark(text: str, shown: str) -> None:
    assert frame.label(text) == shown


def test_what_was_asked_is_found_under_its_id_alone(store: Store) -> None:
    id_ = asked_queries.keep(store, "sandwick", "ways", {"start": "sandwick:a", "types": []})
    found = asked_queries.find(store, id_)
    assert (found.case, found.kind, found.what["start"]) == ("sandwick", "ways", "sandwick:a")
    for wrong in ("", "nothing", "x" * 100):
        with pytest.raises(AskedError):
            asked_queries.find(store, wrong)
    with pytest.raises(AskedError):
        asked_queries.keep(store, "sandwick", "own", {"text": "x" * 200_000})
