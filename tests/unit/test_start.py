"""A start with the wrong packages says so, before anything of them runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_start_beside_a_stranger_named_graph_says_so(tmp_path: Path) -> None:
    stranger = tmp_path / "graph"
    stranger.mkdir()
    (stranger / "__init__.py").write_text("raise SystemExit('the stranger ran')")
    told = subprocess.run(
        [sys.executable, "-c", "import sys; from sutra.start import main; sys.exit(main())"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 1
    assert "“graph” that Python finds is not Sutra's" in told.stderr
    assert "make setup" in told.stderr
    assert "the stranger ran" not in told.stderr
