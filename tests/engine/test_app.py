"""The pages through Streamlit's own test harness, on a real engine with the bundled case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from graph.runtime.workspace import Workspace
from views import frame

APP = str(Path(__file__).resolve().parents[2] / "app.py")
CASE = "twitter-blocking-orders-2021"


@pytest.fixture
def app(loaded_home: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv("SUTRA_HOME", str(loaded_home.root))
    frame.open_store.clear()
    yield AppTest.from_file(APP, default_timeout=60)
    frame.open_store().close()
    frame.open_store.clear()


def html(app: AppTest) -> str:
    return "\n".join(str(found.proto.body) for found in app.get("html"))


def test_the_overview_says_what_is_in_the_case(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "blocking orders" in app.title[0].value
    shown = html(app)
    assert ">82<" in shown.replace("<bdi>", "").replace("</bdi>", "")
    assert "Does not follow from its parts" in shown
    assert [b.label for b in app.button if b.key and b.key.startswith("question-")].__len__() == 5
