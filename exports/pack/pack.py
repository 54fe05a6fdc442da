"""A pack: every file of a publication, its manifest, and beside it what is for the newsroom alone.

The same publication gives the same bytes: zip entries are stored, sorted, and carry one fixed date
and mode. Nothing is written before the scanner has read all of it back, and never half a file.
"""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from exports.choices import Choices
from exports.formats.png import unknown_letters
from exports.formats.registry import formats, get
from exports.material import Material
from exports.names.scanner import Scanner
from exports.pack.changes import Before, changes
from exports.pack.files import Files, pieces_of
from exports.pack.report import Report
from exports.publication import Fact, Publication
from exports.redaction.publish import Prepared, publish
from exports.writing.references import fact_text
from exports.writing.texts import Rows, json_pieces, lines, markdown_text, one_line
from exports.writing.words import checked_embargo, marks
from graph.errors import ExportError, InputError, PackError, WouldOverwrite
from graph.model.text import in_one_line, sha256
from graph.model.wording import plain_date
from graph.runtime.files import MANIFEST as MOST_MANIFEST
from graph.runtime.files import PACKED, open_file, parse_json, read_bytes, too_large
from graph.runtime.jobs import Progress
from graph.runtime.log import Timed

MANIFEST: Final = "manifest.json"
README: Final = "README.md"
RECORD: Final = ".newsroom.json"
VERSION: Final = 1

_LOG: Final = logging.getLogger(__name__)
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644 << 16
_DRAWN: Final = ("page", "png", "svg")
"""Formats that a publication can be too large for; a pack then goes out without them."""


@dataclass(frozen=True)
class Pack:
    """A finished pack: what leaves by file name, and what stays in the newsroom."""

    publication: Publication
    files: Files
    report: Report
    choices: Choices

    def zipped(self) -> bytes:
        """The pack as a zip archive."""
        stream = io.BytesIO()
        self.zip_into(stream)
        return stream.getvalue()

    def zip_into(self, stream: BinaryIO) -> None:
        """Write the pack as a zip archive, file by file."""
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(self.files):
                info = zipfile.ZipInfo(f"{self.publication.pack}/{name}", _DATE)
                info.external_attr, info.create_system = _MODE, 3
                info.file_size = self.files.size(name)
                with archive.open(info, "w") as entry:
                    self.files.copy(name, cast(BinaryIO, entry))

    def newsroom(self) -> dict[str, bytes]:
        """The report to read, the record for later and the table of checks, by file name.

        They go beside the pack.
        """
        record = self.report.record(
            self.choices, {name: self.files.sha256(name) for name in self.files}
        )
        return {
            f"{self.publication.pack}.newsroom.md": self.report.markdown().encode(
                "utf-8", errors="ignore"
            ),
            f"{self.publication.pack}{RECORD}": b"".join(json_pieces(record)),
            f"{self.publication.pack}.newsroom.checked.csv": self.report.checked().encode(),
        }


def make(
    material: Material,
    choices: Choices,
    only: Collection[str] = (),
    *,
    before: Before | None = None,
    progress: Progress | None = None,
) -> Pack:
    """A pack with every format, or with those in `only`.

    `before` is the pack that this one replaces. Raises UnknownFormat, RevealingSource, NameLeft if
    a name that must not leave was found, PackError for a pack of another case, and ExportError.
    """
    progress = progress or Progress()
    choices = replace(choices, embargo=checked_embargo(choices.embargo))
    wanted = [get(name) for name in (sorted(only) or formats())]
    progress.step("Taking out names", 0, 0)
    with Timed(_LOG, "redaction"):
        prepared = publish(material, choices)
    publication, report = prepared.publication, prepared.report
    if not publication.entities and not publication.facts:
        raise ExportError(
            "There is nothing to publish: the view is empty, or all of it stays behind; choose "
            "another view, or decide anew who may be named."
        )
    changed = changes(before, prepared, material, choices) if before else None
    files = Files()
    missing = []
    for done, format_ in enumerate(wanted):
        progress.step(f"Writing {format_.NAME}", done, len(wanted))
        try:
            with Timed(_LOG, f"format {format_.NAME}"):
                for name, pieces in format_.files(publication).items():
                    files.put(name, pieces)
        except ExportError as error:
            if only or format_.NAME not in _DRAWN:
                raise
            missing.append(f"{format_.NAME}: {error}")
    if "picture.png" in files and (letters := unknown_letters(publication)):
        report.warnings.append(f"The PNG cannot show these letters as they are written: {letters}")
    files.put(README, lines(_readme(publication, sorted(files))))
    files.put(MANIFEST, json_pieces(_manifest(publication, files, missing, changed)))
    progress.step("Looking for names in what was written", len(wanted), len(wanted))
    with Timed(_LOG, "scan for names"):
        scan(prepared, choices, files)
    return Pack(publication, files, report, choices)


def scan(prepared: Prepared, choices: Choices, files: Files) -> None:
    """Look for names in files, and note in the report what may be one; raises NameLeft."""
    publication = prepared.publication
    scanner = Scanner(prepared.naming, publication.exempt, choices.allowed, choices.others)
    scanner.check_name(choices.pack)
    for place, texts in _written(publication):
        scanner.look_at(place, texts)
    scanner.check(files)
    prepared.report.undecided = dict(scanner.unsure)


def _written(p: Publication) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What was written for this pack, under the words by which its writer knows it."""
    yield "the title", (p.title,)
    yield "the summary", (p.summary,)
    yield "the licence", (p.licence,)
    yield "the embargo", (p.embargo,)
    yield "the name of the pack that it replaces", (p.replaces,)
    for number, step in enumerate(p.steps, start=1):
        called = f", “{one_line(step.title)}”" if step.title else ""
        yield f"step {number} of the story{called}", (step.title, step.text)


# --- manifest and readme ------------------------------------------------------------------------


def _manifest(
    p: Publication,
    files: Files,
    missing: list[str],
    changed: Mapping[str, Any] | None,
) -> dict[str, Any]:
    made = {
        "sutra": VERSION,
        "pack": p.pack,
        "title": p.title,
        "case": p.case,
        "version": p.load,
        "accessed": p.accessed,
        "language": p.language,
        "licence": p.licence,
        "embargo": p.embargo,
        "draft": list(p.draft),
        "counts": p.counts,
        "cut": p.is_cut,
        "without_limit": list(p.total) if p.total else None,
        "not_made": missing,
        "replaces": p.replaces,
        "reported_until": p.until,
        "facts": Rows(lambda: map(_printed, p.facts)),
        "sources": Rows(
            lambda: ({"number": s.number, "id": s.id, "status": s.status} for s in p.sources)
        ),
        "files": {name: files.sha256(name) for name in sorted(files)},
    }
    if changed is not None:
        made["changes"] = changed
    return made


def _printed(f: Fact) -> dict[str, Any]:
    """What a later look at the pack needs to know of a fact."""
    return {
        "number": f.number,
        "id": f.id,
        "said": one_line(f.said),
        "status": f.status,
        "contested": f.contested,
        "evidence": sha256(fact_text(f) + json.dumps([e.gist for e in f.evidence])),
        "sources": sorted({e.source for e in f.evidence}),
    }


def _readme(p: Publication, names: list[str]) -> list[str]:
    by_name = {file: words for f in formats().values() for file, words in f.FILES.items()}
    told = [f"# {markdown_text(p.title)}", ""]
    for words in marks(p):
        told += [f"{markdown_text(words)}.", ""]
    told += [
        f"Pack {p.pack}, made from {p.load}. Sources last looked at on {plain_date(p.accessed)}.",
        f"Licence: {markdown_text(p.licence) or 'not stated; ask before you use it'}.",
    ]
    told += [f"It replaces {markdown_text(p.replaces)}."] if p.replaces else []
    told += [f"As reported until {plain_date(p.until)}."] if p.until else []
    told += [
        "",
        "Every fact says on whose word it stands, and has a number; the note under that number",
        "says where it is told. “Alleged” is somebody's word about another; “inferred” is ours,",
        "and says by what rule. Origins are counted, not articles: two papers that pass on one",
        "report are one.",
    ]
    if any(not t.named for t in p.entities):
        told += ["", "Some people, accounts or bodies are not named; each has one made-up name."]
    told += ["", "| file | is |", "|---|---|"]
    told += [f"| {name} | {by_name.get(name, '')} |" for name in names]
    return [*told, "", "`manifest.json` has the sha256 of each file."]


# --- writing and reading ------------------------------------------------------------------------


def write(pack: Pack, target: Path, *, force: bool = False) -> list[Path]:
    """Write a pack as a folder, or as a zip if `target` ends in `.zip`; returns what was written.

    What is for the newsroom goes beside it. Raises WouldOverwrite if something is there already,
    and ExportError where it cannot be written; nothing half-written stays.
    """
    beside = {target.parent / name: data for name, data in pack.newsroom().items()}
    refuse([target, *beside], force=force)
    _refuse_other(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix.lower() == ".zip":
            _replace_file(target, pack.zip_into)
        else:
            _write_folder(target, pack.files)
        for path, data in beside.items():
            write_file(path, data, private=True)
    except OSError as error:
        raise ExportError(f"{target} cannot be written ({error.strerror}).") from error
    return [target, *beside]


def refuse(paths: Iterable[Path], *, force: bool) -> None:
    """Raise WouldOverwrite if something is there already, unless it may be replaced.

    Raises ExportError for a place within a pack: what goes there goes out with the pack.
    """
    for path in paths:
        if path.exists() and not force:
            raise WouldOverwrite(f"{path} is there already; use --force to replace it.")
        for folder in path.absolute().parents:
            if _is_pack(folder):
                raise ExportError(
                    f"{path} lies in the pack {folder}, and would go out with it; write it "
                    "somewhere else."
                )


def _is_pack(folder: Path) -> bool:
    try:
        found = parse_json(read_bytes(folder / MANIFEST, MOST_MANIFEST))
    except (InputError, ValueError):
        return False
    return isinstance(found, dict) and "sutra" in found


def _refuse_other(target: Path) -> None:
    """Raise WouldOverwrite where a pack would replace what is none, even with --force."""
    if target.is_dir():
        if target.suffix.lower() == ".zip":
            raise WouldOverwrite(f"{target} is a folder, and a zip is a file; choose another name.")
        if not (target / MANIFEST).is_file() and any(target.iterdir()):
            raise WouldOverwrite(f"{target} is a folder that holds no pack; choose another name.")
    elif target.exists() and not (target.suffix.lower() == ".zip" and _is_zipped_pack(target)):
        raise WouldOverwrite(f"{target} is a file that is no pack; choose another name.")


def _is_zipped_pack(file: Path) -> bool:
    try:
        with open_file(file, PACKED) as opened, zipfile.ZipFile(opened) as archive:
            return any(name.endswith(MANIFEST) for name in archive.namelist())
    except (OSError, InputError, ValueError, zipfile.BadZipFile):
        return False


def write_file(path: Path, data: bytes, *, private: bool = False) -> None:
    """Replace a file in one step, so that nobody ever sees half of it."""
    _replace_file(path, lambda file: file.write(data), private=private)


def copy_file(files: Files, name: str, path: Path) -> None:
    """Replace a file by one of a pack in one step."""
    _replace_file(path, lambda file: files.copy(name, file))


def _replace_file(path: Path, fill: Callable[[BinaryIO], object], *, private: bool = False) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            fill(file)
        Path(name).chmod(0o600 if private else 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write_folder(target: Path, files: Files) -> None:
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    old = fresh.with_name(f"{fresh.name}.old")
    try:
        for name in files:
            with (fresh / name).open("wb") as file:
                files.copy(name, file)
        fresh.chmod(0o755)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def read(path: Path) -> Files:
    """The files of a pack, a folder or a zip, by name; raises PackError if it is none.

    What lies in folders of its own, which no pack of ours has, keeps their names.
    """
    files = Files()
    if not path.exists():
        raise PackError(f"{path} is not there; name the folder or the zip file of a pack.")
    try:
        if path.is_dir():
            _read_folder(path, files)
        else:
            with open_file(path, PACKED) as file, zipfile.ZipFile(file) as archive:
                _read_zip(path, archive, files)
    except InputError as error:
        raise PackError(str(error)) from error
    except (OSError, zipfile.BadZipFile, RuntimeError, ValueError, zlib.error) as error:
        raise PackError(f"{path} is no pack that can be read ({error}).") from error
    if MANIFEST not in files:
        raise PackError(f"{path} has no {MANIFEST}, so it is no pack.")
    if files.size(MANIFEST) > MOST_MANIFEST:
        raise PackError(str(too_large(MOST_MANIFEST, f"{path}, {MANIFEST}")))
    return files


def _read_folder(folder: Path, files: Files) -> None:
    if not (folder / MANIFEST).is_file():
        return  # somebody's folder, and who knows how large
    for found in sorted(folder.rglob("*")):
        if not found.is_dir():
            with open_file(found, PACKED, within=folder) as file:
                files.put(found.relative_to(folder).as_posix(), pieces_of(file))


def _read_zip(path: Path, archive: zipfile.ZipFile, files: Files) -> None:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    tops = [i.filename.removesuffix(MANIFEST) for i in infos if i.filename.endswith(MANIFEST)]
    # A pack lies in one folder of its archive, the one that the outermost manifest is in.
    top = min(tops, key=lambda t: t.count("/"), default="")
    left = PACKED

    def no_bomb(pieces: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal left
        for piece in pieces:
            left -= len(piece)
            if left < 0:
                raise too_large(PACKED, path)
            yield piece

    for info in infos:
        name = info.filename.removeprefix(top)
        if name in files:
            raise PackError(f"{path} holds {name} twice, so nobody knows which one is read.")
        with archive.open(info) as entry:
            files.put(name, no_bomb(pieces_of(cast(BinaryIO, entry))))


def manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest of a pack; raises PackError if it cannot be understood."""
    try:
        found = parse_json(files[MANIFEST])
        if found["sutra"] != VERSION or not all(
            isinstance(found[name], kind) for name, kind in _NEEDED.items()
        ):
            raise KeyError("sutra")
    except (ValueError, KeyError, TypeError) as error:
        raise PackError("The manifest is not one that this Sutra wrote.") from error
    return dict(found)


_NEEDED: Final = {"pack": str, "case": str, "facts": list, "sources": list, "files": dict}


def record(path: Path, pack: str) -> dict[str, Any]:
    """The newsroom's record of that pack; raises PackError if it is none, or another one's."""
    if not os.path.lexists(path):
        raise PackError(f"There is no file {path}; it is the newsroom's record of {pack}.")
    try:
        found = parse_json(read_bytes(path, MOST_MANIFEST))
    except InputError as error:
        raise PackError(str(error)) from error
    except ValueError as error:
        raise PackError(f"{path} is not a record of a pack ({error}).") from error
    if not isinstance(found, dict) or not all(
        isinstance(found.get(name), kind) for name, kind in _RECORDED.items()
    ):
        raise PackError(f"{path} is not a record of a pack; give {pack}{RECORD}.")
    if found["pack"] != pack:
        other = in_one_line(found["pack"])[:80]
        raise PackError(f"{path} is the record of {other}; give {pack}{RECORD}.")
    return found


_RECORDED: Final = {"pack": str, "files": dict, "ids": dict, "decisions": list, "left_out": list}


def record_beside(path: Path, pack: str) -> Path:
    """Where the newsroom's record of a pack lies, if nobody has moved it."""
    return path.parent / f"{pack}{RECORD}"


def before(path: Path) -> Before:
    """A pack that another is to replace, with the newsroom's record beside it.

    Raises PackError; without the record nobody can tell what changed and give nobody away.
    """
    found = manifest(read(path))
    return Before(found, record(record_beside(path, found["pack"]), found["pack"]))
