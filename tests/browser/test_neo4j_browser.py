"""A Neo4j that is lost under the open page and comes back: the page says so, and goes on."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import pytest
from browser import free_port, page_of, serving, settled
from engines import QUICK_START
from neo4j_server import Server, missing
from pages import CASE, explore, menu, shoot
from playwright.sync_api import expect

from graph.runtime.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]

PATIENCE = 60_000
DORSEY, TWITTER = f"{CASE}:dorsey", f"{CASE}:twitter"


def test_a_neo4j_that_went_and_came_back_has_the_same_view_without_a_reload(
    browser: Any, tmp_path: Path
) -> None:
    if missing() and os.environ.get("SUTRA_ALLOW_SKIP") == "1":
        pytest.skip(f"no {' and no '.join(missing())}")

    def start() -> Server:
        return Server(data=tmp_path / "neo4j", port=port, password=password, options=QUICK_START)

    port, password = free_port(), secrets.token_urlsafe(18)
    server = start()
    try:
        with (
            serving(Workspace(tmp_path / "home"), server.environ) as address,
            page_of(browser, address) as seen,
        ):
            page, network = seen.page, explore(seen)
            page.evaluate("window.loaded = 'once'")
            network.drag(DORSEY, 60, -50)
            settled(page)
            menu(page, network, DORSEY, "Pin")
            settled(page)
            menu(page, network, f"{CASE}:baker", "Hide")
            network.says("nodes", "81")
            settled(page)
            places = {id_: network.at_rest(id_) for id_ in (DORSEY, TWITTER)}

            server.process.kill()
            server.process.wait()
            network.click(TWITTER)
            retry = page.get_by_role("button", name="Try again")
            retry.wait_for(timeout=PATIENCE)
            page.get_by_text("your view is kept").wait_for()
            shoot(page, "lost-neo4j-1280-light")
            server.stop()
            server = start()
            retry.click()
            page.locator(".sutra .name", has_text="Twitter").wait_for(timeout=PATIENCE)
            expect(retry).to_be_hidden()
            network.says("nodes", "81")
            network.says("selected", TWITTER)
            for id_, place in places.items():
                network.stays_at(id_, place)
            # What is done from here on is answered and stored as before.
            network.click(DORSEY)
            page.get_by_role("button", name="Unpin").wait_for()
            page.get_by_role("button", name="Show what is hidden").click()
            network.says("nodes", "82")
            settled(page)
            expect(page.get_by_text("could not be stored")).to_be_hidden()
            assert page.evaluate("window.loaded") == "once"
            assert seen.errors == []
    finally:
        server.stop()
