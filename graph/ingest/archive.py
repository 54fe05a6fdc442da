"""Inputs and texts kept by the sha256 of what they hold, under the workspace's archive."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path

from graph.errors import InputError
from graph.model.text import normalise, sha256
from graph.runtime.files import TABLE, TEXT, open_file, read_bytes
from graph.runtime.workspace import Workspace


def digest(files: Mapping[str, Path]) -> str:
    """The sha256 of an input: of its files' names and contents, in the order of the names.

    Raises InputError for a file that cannot be read.
    """
    total = hashlib.sha256()
    for name in sorted(files):
        try:
            with _open(files[name]) as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", file=name) from error
        total.update(f"{name}\0{content}\n".encode())
    return total.hexdigest()


def keep_input(workspace: Workspace, files: Mapping[str, Path], expected: str) -> Path:
    """Copy the files of an input into the archive; returns its folder there.

    Raises InputError if the files are no longer those whose digest is `expected`.
    """
    folder = input_folder(workspace, expected)
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        copy = Path(temporary) / "input"
        copy.mkdir()
        for name, path in files.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            with _open(path) as given, (copy / name).open("wb") as kept:
                shutil.copyfileobj(given, kept)
        if digest({name: copy / name for name in files}) != expected:
            raise InputError(
                "a file changed while it was being loaded",
                file=next(iter(files.values())).parent,
                remedy="load it again",
            )
        try:
            copy.rename(folder)
        except OSError:
            # Another load of the same input may have been quicker.
            if not folder.exists():
                raise
    return folder


def _open(path: Path) -> BufferedReader:
    """A file of an input, which lies in the input's folder."""
    return open_file(path, TABLE, within=path.parent, named=path.name)


def is_as_kept(workspace: Workspace, expected: str) -> bool:
    """Whether the input of that digest is in the archive, with the files it was kept with."""
    folder = input_folder(workspace, expected)
    files = (path for path in folder.rglob("*") if not path.is_dir())
    try:
        return digest({path.relative_to(folder).as_posix(): path for path in files}) == expected
    except InputError:
        return False


def input_folder(workspace: Workspace, expected: str) -> Path:
    """Where the input of that digest is, if it was kept."""
    return workspace.archive / "inputs" / expected


def read_text(path: Path, encoding: str = "utf-8") -> str:
    """The normalised text of a file; raises InputError if it is no text of that encoding."""
    data = read_bytes(path, TEXT)
    try:
        text = normalise(data, encoding)
        text.encode()  # some encodings can write half of a character, and ours cannot
        return text
    except (UnicodeError, LookupError) as error:
        raise InputError(
            f"is not text in {encoding}", file=path, remedy="save it as UTF-8"
        ) from error


def keep_text(workspace: Workspace, text: str) -> None:
    """Keep a source's normalised text."""
    target = _text_file(workspace, sha256(text))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.part")
    partial.write_text(text, encoding="utf-8", newline="")
    partial.replace(target)


def text(workspace: Workspace, text_sha256: str) -> str | None:
    """A source's normalised text, if the newsroom attached it."""
    if len(text_sha256) != 64 or not text_sha256.isalnum():
        return None
    file = _text_file(workspace, text_sha256)
    if not file.is_file():
        return None
    try:
        return read_bytes(file, TEXT).decode()
    except (InputError, UnicodeDecodeError):
        return None  # damaged, so it is not the text of that sha256


def texts(workspace: Workspace) -> list[str]:
    """The sha256 of every text that was attached."""
    return sorted(file.stem for file in (workspace.archive / "texts").glob("*.txt"))


def _text_file(workspace: Workspace, name: str) -> Path:
    return workspace.archive / "texts" / f"{name}.txt"
