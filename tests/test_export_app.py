"""The Export page in a browser: what would leave is read before it can be taken away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from browser import ROOT, page_of, streamlit_app
from playwright.sync_api import expect

from graph.workspace import Workspace

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(loaded_home: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # A script of its own, because the server's log is written beside it.
    script = tmp_path_factory.mktemp("app") / "app.py"
    script.write_text(f"import runpy\nrunpy.run_path({str(ROOT / 'app.py')!r})\n")
    with streamlit_app(script, env={"SUTRA_HOME": str(loaded_home.root)}) as url:
        yield url


def test_a_pack_is_looked_at_read_and_taken_away(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/export") as seen:
        page = seen.page
        page.set_default_timeout(120_000)
        page.get_by_role("textbox", name="Name of the pack").fill("orders-1")
        page.get_by_role("textbox", name="Licence").fill("CC BY 4.0")
        page.get_by_role("button", name="Look at what would leave").click()
        page.get_by_alt_text("The picture as it would leave").wait_for()
        page.get_by_text("DRAFT: not everything was checked").wait_for()
        page.get_by_role("tab", name="Allegations").click()
        take = page.get_by_role("button", name="Download the pack")
        expect(take).to_be_disabled()
        page.get_by_text("I have read what stayed behind").click()
        expect(take).to_be_enabled()
        with page.expect_download() as waiting:
            take.click()
        with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
            assert "orders-1/page.html" in archive.namelist()
            assert not any("newsroom" in name for name in archive.namelist())
        page.reload()
        expect(page.get_by_role("textbox", name="Licence")).to_have_value("CC BY 4.0")
        # Opened by its address, Streamlit asks for its own health below that address first.
        assert [e for e in seen.errors if "Failed to load resource" not in e] == []
        assert seen.strangers == []
