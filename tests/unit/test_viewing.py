"""What the app tells of a step stays until it was read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st

from views import session


@pytest.fixture(autouse=True)
def _session() -> Iterator[None]:
    st.session_state.pop("notice", None)
    yield
    st.session_state.pop("notice", None)


def test_a_notice_outlives_a_run_that_follows_at_once() -> None:
    session.tell("Kept.", wrong=False)
    assert session.told() == ("Kept.", False)
    assert session.told() == ("Kept.", False)


def test_a_notice_goes_once_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    session.tell("Kept.", wrong=False)
    monkeypatch.setattr(session, "_READ", -1.0)
    assert session.told() == ("Kept.", False)
    assert session.told() is None


def test_what_is_told_next_takes_its_place() -> None:
    session.tell("Kept.", wrong=False)
    session.told()
    session.tell("The disk is full.")
    assert session.told() == ("The disk is full.", True)
