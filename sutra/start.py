"""The way in: sees that our own packages are the ones that Python finds, then runs the command.

Nothing of ours is imported before that, since another distribution can own the name `graph`.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGES: Final = ("graph", "loaders", "exports", "views")


def stranger() -> str | None:
    """One sentence on the first package that is not ours, or None if all are."""
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        found = Path(spec.origin).resolve().parent if spec and spec.origin else None
        if found != ROOT / name:
            return (
                f"The package “{name}” that Python finds is not Sutra's ({found or 'nowhere'}); "
                "start Sutra from an environment of its own, as `make setup`, pipx and uv make "
                f"one, and not in a folder that has a “{name}”."
            )
    return None


def main() -> int:
    """Run the command; returns the exit code."""
    wrong = stranger()
    if wrong is not None:
        sys.stderr.write(f"{wrong}\n")
        return 1
    from sutra.cli import main as command

    return command()


if __name__ == "__main__":
    sys.exit(main())
