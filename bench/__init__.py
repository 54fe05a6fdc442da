"""Measurements, side by side: `python -m bench` prints the tables of docs/performance.md."""

import sys
from pathlib import Path

# The servers, the browser and the proxy are those of the tests.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))
