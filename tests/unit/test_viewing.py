"""What the app tells of a step stays until it was read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from views import session, viewing


@pytest.fixture(autouse=True)
def _session() -> Iterator[None]:
    session.current().notice = None
    yield
    session.current().notice = None


def test_a_notice_outlives_a_run_that_follows_at_once() -> None:
    viewing.tell("Kept.", wrong=False)
    assert viewing.told() == ("Kept.", False)
    assert viewing.told() == ("Kept.", False)


def test_a_notice_goes_once_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    viewing.tell("Kept.", wrong=False)
    monkeypatch.setattr(viewing, "_READ", -1.0)
    assert viewing.told() == ("Kept.", False)
    assert viewing.told() is None


def test_what_is_told_next_takes_its_place() -> None:
    viewing.tell("Kept.", wrong=False)
    viewing.told()
    viewing.tell("The disk is full.")
    assert viewing.told() == ("The disk is full.", True)
