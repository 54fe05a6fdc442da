"""Where the parts that Sutra ships with stand: the bundled cases, the saved queries, the app."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
CASES: Final = ROOT / "cases"
APP: Final = ROOT / "app.py"
BUNDLED: Final = CASES / "twitter-blocking-orders-2021"
