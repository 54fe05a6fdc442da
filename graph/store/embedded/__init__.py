"""The embedded engine's server: its files, its supervisor, who uses it, and whether it is alive.

>>> from pathlib import Path
>>> from graph.runtime.workspace import Workspace
>>> from graph.store.embedded import service
>>> service.status(Workspace(Path("no-such-workspace"))).running
False
"""
