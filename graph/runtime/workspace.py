"""The one folder in which Sutra keeps everything: the embedded database, archived inputs, state.

`SUTRA_HOME` names it; otherwise it is the platform's folder for a user's data. Two workspaces share
nothing, so two folders are two separate installations.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from graph.errors import InputError, SchemaVersionError, StoreError
from graph.runtime.files import STATE, read_bytes

WORKSPACE_VERSION: Final = 1

# What turns a workspace of the key's version into one of the next version, in place. A step may be
# run twice, because it may be cut off.
MIGRATIONS: dict[int, Callable[[Path], None]] = {}


@dataclass(frozen=True)
class Workspace:
    """One folder for all that the program keeps. Making the object touches no file.

    `shared` is the folder of an archive that several workspaces share, if there is one.
    """

    root: Path
    shared: Path | None = None

    @classmethod
    def locate(cls, environ: Mapping[str, str] = os.environ) -> Workspace:
        """The workspace that `SUTRA_HOME` names, else the user's own; `prepare` creates it.

        `SUTRA_ARCHIVE` names a shared archive. Raises `StoreError` for a `~` that leads nowhere.
        """
        root = _named_folder("SUTRA_HOME", environ) or platformdirs.user_data_path("sutra", False)
        return cls(root.absolute(), _named_folder("SUTRA_ARCHIVE", environ))

    @property
    def engine(self) -> Path:
        """Folder of the embedded engine: its databases, settings, passwords and log."""
        return self.root / "engine"

    @property
    def archive(self) -> Path:
        """Folder of archived inputs and texts, by sha256."""
        return self.shared or self.root / "archive"

    @property
    def state(self) -> Path:
        """Folder of what may be lost without losing data: ports, boards' caches."""
        return self.root / "state"

    @property
    def logs(self) -> Path:
        """Folder of the program's log, which `graph.runtime.log` writes."""
        return self.root / "logs"

    @property
    def locks(self) -> Path:
        """Folder of lock files, which are empty and may stay behind."""
        return self.root / "locks"

    def prepare(self) -> None:
        """Create the folders, for their owner only, and check the workspace's version.

        Raises `SchemaVersionError` for a workspace of a version that this program cannot use, and
        `StoreError` where the folder cannot be created or written.
        """
        try:
            for folder in (self.root, self.engine, self.state, self.locks):
                _private_folder(folder)
            if self.shared:
                # Who may read it is for those who share it to say.
                self.shared.mkdir(parents=True, exist_ok=True)
            else:
                _private_folder(self.archive)
            self._check_version()
        except (OSError, InputError) as error:
            why = error.problem if isinstance(error, InputError) else error.strerror
            raise StoreError(
                f"The workspace {self.root} cannot be used ({why}); make it writable, or set "
                f"SUTRA_HOME to a folder that is."
            ) from error

    def _check_version(self) -> None:
        file = self.root / "version"
        if not file.exists():
            _write_version(file, WORKSPACE_VERSION)
            return
        text = read_bytes(file, STATE).decode("ascii", errors="replace").strip()
        version = int(text) if text.isdecimal() and len(text) < 9 else 0
        while version in MIGRATIONS and version < WORKSPACE_VERSION:
            MIGRATIONS[version](self.root)
            version += 1
            _write_version(file, version)
        if version != WORKSPACE_VERSION:
            raise SchemaVersionError(
                f"The workspace {self.root} has version {text[:20]!r} and this Sutra uses version "
                f"{WORKSPACE_VERSION}; use the Sutra that made it, or set SUTRA_HOME to another "
                f"folder."
            )


def _named_folder(name: str, environ: Mapping[str, str]) -> Path | None:
    """The folder that a setting names, if it names one."""
    text = environ.get(name, "").strip()
    try:
        return Path(text).expanduser().absolute() if text else None
    except RuntimeError as error:
        raise StoreError(
            f"{name} is {text!r}, and that user has no home folder here; set it to a folder of "
            f"yours."
        ) from error


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform != "win32" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def _write_version(file: Path, version: int) -> None:
    """Replace the version file in one step, so that no reader sees half of it."""
    fresh = file.with_name(f"version.{os.getpid()}")
    fresh.write_text(f"{version}\n", encoding="ascii")
    fresh.replace(file)
