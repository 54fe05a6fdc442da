"""These tests compute: no one of them starts an engine or a browser."""

from __future__ import annotations

import pytest

STARTS = frozenset({"engine", "make_workspace", "browser"})


def pytest_itemcollected(item: pytest.Item) -> None:
    """Refuse a test that belongs elsewhere."""
    if needs := STARTS.intersection(getattr(item, "fixturenames", ())):
        raise pytest.UsageError(
            f"{item.nodeid} uses {', '.join(sorted(needs))}: move it to tests/engine, tests/export "
            "or tests/browser"
        )
