"""The days that bound a date of the Extended Date/Time Format."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.dates import BEGINNING, END, Bounds, bounds


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2021-02-10", "2021-02-10", "2021-02-10"),
        # How sure a source is does not widen a date.
        ("2021-02-10~", "2021-02-10", "2021-02-10"),
        ("2021-02?", "2021-02-01", "2021-02-28"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("2021-21", "2021-03-01", "2021-05-31"),
        ("2021-02/2021-03", "2021-02-01", "2021-03-31"),
        ("[2021-02-10..2021-02-16]", "2021-02-10", "2021-02-16"),
        # What nobody knows has no end.
        ("2021-02-10/", "2021-02-10", END),
        ("2021-02-10/..", "2021-02-10", END),
        ("/2021-02-10", BEGINNING, "2021-02-10"),
        ("[..2021-02-10]", BEGINNING, "2021-02-10"),
        ("-0044-03-15", BEGINNING, BEGINNING),
        ("0000", BEGINNING, BEGINNING),
        ("Y12021", END, END),
    ],
)
def test_bounds(text: str, earliest: str, latest: str) -> None:
    assert bounds(text) == Bounds(earliest, latest)


def test_dates_overlap_where_they_share_a_single_day() -> None:
    february, both, march = bounds("2021-02"), bounds("2021-02-28/2021-03-02"), bounds("2021-03")
    for one, other, overlap in ((february, both, True), (february, march, False)):
        assert one.overlaps(other) is overlap
        assert other.overlaps(one) is overlap
    day = bounds("2021-02-28")
    assert february.overlaps(day)
    assert day.overlaps(february)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "10.02.2021", "2021-2-10", "2021-13", "2021-00", "2021-02-00", "2021-02-30",
     "2021-02-29", "20210210", "2021-02-28/2021-02-29", "2021-03/2021-02",
     "2021-02-10T25:00", "1" * 5000],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^“.{0,40}” (is not a date|ends before it starts)$"):
        bounds(text)


@given(st.text(alphabet="0123456789-/~?%XYE[]{}.,", max_size=22))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_text_has_real_days_in_order_or_is_refused(text: str) -> None:
    try:
        found = bounds(text)
    except ValueError:
        return
    assert date.fromisoformat(found.earliest) <= date.fromisoformat(found.latest)
