"""Where the parts that Sutra ships with stand: the bundled cases, the saved queries, the app."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final

from graph.errors import SutraError

ROOT: Final = Path(__file__).resolve().parent.parent
CASES: Final = ROOT / "cases"
APP: Final = ROOT / "app.py"
BUNDLED: Final = CASES / "twitter-blocking-orders-2021"


def check_packages() -> None:
    """Raise SutraError if another distribution's package stands where one of ours should.

    The names of our packages are common words, so Sutra is installed into a `.venv` of its own.
    """
    for name in ("graph", "loaders", "exports", "views"):
        spec = importlib.util.find_spec(name)
        found = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        if found != ROOT:
            raise SutraError(
                f"The package “{name}” that Python finds is not Sutra's ({found or 'nowhere'}); "
                "start Sutra from the .venv that `make setup` makes."
            )
