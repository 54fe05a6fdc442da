"""Which version of the program runs."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The version of Sutra that runs; empty where it is not installed."""
    try:
        return version("sutra")
    except PackageNotFoundError:
        return ""
