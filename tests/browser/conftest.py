"""The app on the bundled case, for every module that clicks in it; a module may have its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser import serving

from graph.runtime.workspace import Workspace


@pytest.fixture(scope="module")
def home(filled: Workspace, make_copy: Callable[[Workspace], Workspace]) -> Workspace:
    """A workspace of the module's own that holds the bundled case."""
    return make_copy(filled)


@pytest.fixture(scope="module")
def address(home: Workspace) -> Iterator[str]:
    """The app on that workspace; it starts the engine by itself."""
    with serving(home) as url:
        yield url
