"""What pyproject.toml cannot say: folders beside `app.py` that are no packages go along too."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from setuptools import setup
from setuptools.command.build_py import build_py

# Installed they lie as in the checkout, so that the program and Streamlit look in the same place.
BESIDE_APP: Final = (".streamlit", "cases", "queries")


class BuildPy(build_py):
    """Copies them to where the modules go; an editable install uses those of the checkout."""

    def run(self) -> None:
        """Build as usual, then copy."""
        super().run()
        if not self.editable_mode:
            for folder in BESIDE_APP:
                self.copy_tree(folder, str(Path(self.build_lib) / folder))


setup(cmdclass={"build_py": BuildPy})
