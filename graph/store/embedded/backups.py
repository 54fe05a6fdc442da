"""Copies of the embedded database: written while it is in use, restored beside what is there.

A backup is the zip file that the engine writes, with one file more: a note of the versions that it
was written by. A backup without that note is one of Sutra 0.1.0, which wrote none.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from graph.errors import InputError, SchemaVersionError, StoreError, disk_full
from graph.model.schema import SCHEMA_VERSION
from graph.model.text import in_one_line
from graph.runtime.files import BACKUP, STATE, open_file, parse_json
from graph.runtime.version import program_version
from graph.runtime.workspace import Workspace
from graph.store.embedded import leases, service, supervisor
from graph.store.embedded import server as embedded
from graph.store.embedded.lifecycle import Notify
from graph.store.engines import choose
from graph.store.store import MIGRATIONS, Store

NOTE: Final = "sutra.json"
_WAIT: Final = 60.0
"""Seconds, for another process that is starting or stopping the engine."""


@dataclass(frozen=True)
class Versions:
    """What wrote a backup: the version of Sutra, and of the graph's schema."""

    sutra: str
    schema: int


_SCHEMA: Final = "MATCH (m:Meta {id: 'sutra'}) RETURN m.schema_version AS version"
_FIRST: Final = Versions("0.1.0", 1)
"""Of a backup that notes nothing."""


def backup(workspace: Workspace | None, target: Path) -> Path:
    """Write a consistent copy of the database to the new file `target`, while it is in use.

    Returns the file. Raises `StoreError` if it exists, cannot be written, or if the graph is on a
    Neo4j server, which has its own means.
    """
    engine = choose(workspace, None)
    try:
        drivers = engine.connect()
        try:
            # Not opened as a store, which would migrate what is to be kept as it is.
            with drivers.reading() as session:
                marked = session.run(_SCHEMA).single()
            engine.backup(drivers, target)
        finally:
            drivers.close()
    finally:
        engine.close()
    note = Versions(program_version(), SCHEMA_VERSION if marked is None else marked["version"])
    try:
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr(NOTE, json.dumps(asdict(note)))
    except OSError as error:
        target.unlink(missing_ok=True)
        raise StoreError(f"The backup cannot be written to {target} ({error.strerror}).") from error
    return target


def restore(
    workspace: Workspace, source: Path, *, replace: bool = False, notify: Notify | None = None
) -> Versions:
    """Make the workspace's database the one of a file that `backup` wrote; returns what wrote it.

    The copy is laid out and opened beside the database that is there, then takes its place. What
    is there stays as it is until then, however this ends. Raises `StoreError` if the file is no
    such copy, if there is a database and `replace` is not asked for, or if somebody uses it;
    `SchemaVersionError` if this Sutra cannot read the copy.
    """
    if os.environ.get("NEO4J_URI", "").strip():
        raise StoreError(
            "NEO4J_URI names a server, which Sutra does not restore; use `neo4j-admin database "
            "load` there, or unset NEO4J_URI to restore the embedded database."
        )
    workspace.prepare()
    _refuse(workspace, replace=replace)
    beside = Workspace(workspace.engine / "restoring")
    try:
        with FileLock(workspace.locks / "restore.lock").acquire(timeout=0):
            try:
                service.stop(beside)  # of a restore that was cut off
                shutil.rmtree(beside.root, ignore_errors=True)
                versions = _lay_out(source, embedded.database_folder(beside))
                _try(source, beside, notify)
                _swap(workspace, embedded.database_folder(beside), replace=replace)
            finally:
                service.stop(beside)
                shutil.rmtree(beside.root, ignore_errors=True)
    except Timeout as error:
        raise StoreError(
            f"Another process is at work on the database in {workspace.root}; try again."
        ) from error
    return versions


def _try(source: Path, beside: Workspace, notify: Notify | None) -> None:
    """Open the copy, and bring it to this version's schema. Raises StoreError if that fails."""
    try:
        Store.open(beside, notify=notify, environ={}).close()
    except SchemaVersionError as error:
        raise SchemaVersionError(
            f"{source} is not of this Sutra ({program_version()}), and nothing was changed: {error}"
        ) from error
    service.stop(beside)


def _refuse(workspace: Workspace, *, replace: bool) -> None:
    """Raise StoreError if something would be overwritten, or is in use."""
    # What another restore was about to replace comes back with the next start.
    folders = (embedded.database_folder(workspace), embedded.replaced_folder(workspace))
    if not any(folder.exists() for folder in folders):
        return
    if not replace:
        raise StoreError(
            f"{workspace.root} holds a database already; say --replace to have the backup take its "
            f"place, or set SUTRA_HOME to a new folder."
        )
    if leases.held(workspace):
        raise StoreError(
            f"The database in {workspace.root} is in use; end the app and the commands that use "
            f"it, then restore."
        )


def _lay_out(source: Path, folder: Path) -> Versions:
    """Unpack a backup into a folder, once its versions are known to be readable here."""
    try:
        with open_file(source, BACKUP) as file, zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if name != NOTE]
            if "schema.json" not in names or any(Path(name).name != name for name in names):
                raise StoreError(f"{source} is not a backup that Sutra wrote.")
            versions = _versions(archive)
            _check(source, versions)
            folder.mkdir(parents=True)
            archive.extractall(folder, names)
    except (OSError, InputError, ValueError, zipfile.BadZipFile) as error:
        if isinstance(error, OSError) and disk_full(error):
            raise
        raise StoreError(f"{source} is not a backup that can be read ({error}).") from error
    return versions


def _versions(archive: zipfile.ZipFile) -> Versions:
    """What a backup notes of its versions. Raises ValueError for a note that is none."""
    if NOTE not in archive.namelist():
        return _FIRST
    if archive.getinfo(NOTE).file_size > STATE:
        raise ValueError(f"{NOTE} in it is too large")
    noted: Any = parse_json(archive.read(NOTE))
    if not isinstance(noted, dict) or type(noted.get("schema")) is not int:
        raise ValueError(f"{NOTE} in it names no schema version")
    return Versions(in_one_line(str(noted.get("sutra", "")))[:40], noted["schema"])


def _check(source: Path, written: Versions) -> None:
    version = written.schema
    while version in MIGRATIONS and version < SCHEMA_VERSION:
        version += 1
    if version == SCHEMA_VERSION:
        return
    other = f"Sutra {written.sutra}" if written.sutra else "the Sutra that wrote it"
    later = " or later" if written.schema > SCHEMA_VERSION else ""
    raise SchemaVersionError(
        f"{source} was written by {other} with schema version {written.schema}, and this Sutra "
        f"({program_version()}) reads version {SCHEMA_VERSION}; restore it with {other}{later}."
    )


def _swap(workspace: Workspace, fresh: Path, *, replace: bool) -> None:
    """Put a database in the place of the one that is there; `lifecycle` undoes half of that."""
    with supervisor.start_lock(workspace).acquire(timeout=_WAIT):
        _refuse(workspace, replace=replace)  # somebody may have begun meanwhile
        service.stop_server(workspace)
        embedded.settle(workspace)
        database, before = embedded.database_folder(workspace), embedded.replaced_folder(workspace)
        database.parent.mkdir(exist_ok=True)
        if database.exists():
            database.rename(before)
        fresh.rename(database)
        embedded.settle(workspace)
