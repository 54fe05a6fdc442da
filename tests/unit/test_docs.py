"""What the documents promise: examples that run, and paths that are there."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(
    ".".join(file.parent.relative_to(ROOT).parts)
    for folder in ("graph", "loaders", "exports", "views", "sutra")
    for file in (ROOT / folder).rglob("__init__.py")
)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
MADE = {"sutra/assets/network/vendor"}
"""What the program makes when it first runs."""


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_says_what_it_is_for_and_its_example_runs(name: str) -> None:
    package = importlib.import_module(name)
    assert package.__doc__, f"{name} does not say what it is for"
    result = doctest.testmod(package)
    assert result.failed == 0
    assert result.attempted, f"{name} has no example"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_that_a_page_names_are_there(page: Path) -> None:
    """A path of a module in backticks, and the target of a link within the repository."""
    text = page.read_text("utf-8")
    named = re.findall(r"`((?:graph|loaders|exports|views|sutra|tests|bench)/[\w/.-]+)`", text)
    named += [path.replace("\\", "/") for path in re.findall(r"python ([\w\\/]+\.py)\b", text)]
    linked = [
        target.partition("#")[0]
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if "://" not in target and not target.startswith(("#", "mailto:"))
    ]
    named = [path for path in named if "NAME" not in path and path not in MADE]
    gone = [path for path in named if not (ROOT / path).exists()]
    gone += [path for path in linked if path and not (page.parent / path).exists()]
    assert gone == []
