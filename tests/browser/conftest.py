"""The app on the bundled case, for every module that clicks in it; a module may have its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser import serving

from graph.runtime.workspace import Workspace


@pytest.fixture(scope="module")
def home(make_workspace: Callable[[], Workspace]) -> Workspace:
    """A fresh workspace that the module's app fills."""
    return make_workspace()


@pytest.fixture(scope="module")
def address(home: Workspace) -> Iterator[str]:
    """The app on a fresh workspace: it starts the engine and loads the bundled case by itself."""
    with serving(home) as url:
        yield url
