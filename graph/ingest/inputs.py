"""The inputs of a case: as a loader hands them over, as a Load notes them, as the archive has them.

What stands in the graph of an input is not asked for here: it is read again from its files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from graph.errors import InputError, LoadError
from graph.ingest import archive
from graph.model.records import CASE_FOLDER, Case, Record
from graph.runtime.version import program_version
from graph.runtime.workspace import Workspace

Refuse = Callable[[InputError], None]
"""Told of each row that cannot be used; reading goes on unless it raises."""


def refused(error: InputError) -> None:
    """The `Refuse` that ends with the first."""
    raise error


class Records(Protocol):
    """Reads the records of an input anew."""

    def __call__(self, refuse: Refuse = refused) -> Iterable[Record]: ...


class ReadRows(Protocol):
    """Reads rows that an entry of the journal holds, by the names of their tables.

    `case` is the id of its case, `file` what its rows are called in messages, and `space` comes
    before the ids of what it adds.
    """

    def __call__(
        self,
        case: str,
        file: str,
        space: str,
        tables: Mapping[str, Sequence[Mapping[str, str]]],
        refuse: Refuse = refused,
    ) -> Iterable[Record]: ...


@dataclass(frozen=True)
class LoadInput:
    """What a loader hands over: a case, its records (read anew at each call), and its files.

    `files` are by their paths in the input's folder; `notes` says in a sentence each what of it is
    read otherwise than usual. `read` makes an input of an archived folder and the id of its case,
    `rows` records of what an entry of the journal holds.
    """

    case: Case
    records: Records
    files: Mapping[str, Path]
    notes: tuple[str, ...]
    read: Read
    rows: ReadRows


Read = Callable[[Path, str], LoadInput]
"""Makes an input of an archived folder and the id of its case."""


@dataclass(frozen=True, slots=True)
class InputState:
    """An input as a Load notes it: the digest of its files, and when and by which version of
    Sutra it was loaded. `counts` are how many entities, claims and passages it asserts."""

    digest: str
    title: str = ""
    started: str = ""
    program: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


def beside(
    workspace: Workspace, case: str, name: str, standing: Mapping[str, InputState], read: Read
) -> tuple[dict[str, LoadInput], dict[str, InputState]]:
    """The inputs beside that one, from the archive, and how they are noted."""
    others = {other: state for other, state in standing.items() if other != name}
    return archived(workspace, case, others, read), others


def archived(
    workspace: Workspace, case: str, inputs: Mapping[str, InputState], read: Read
) -> dict[str, LoadInput]:
    """Inputs from the archive, by name; raises LoadError if one cannot be had as it was loaded."""
    found = {}
    for name, state in inputs.items():
        _in_archive(workspace, case, name, state)
        try:
            kept = read(archive.input_folder(workspace, state.digest), case)
        except InputError as error:
            raise not_readable(case, name, state, error) from error
        found[name] = replace(kept, records=partial(_read_again, case, name, state, kept))
    return found


def _read_again(
    case: str, name: str, state: InputState, kept: LoadInput, refuse: Refuse = refused
) -> Iterator[Record]:
    """The records of an archived input; raises LoadError where this version cannot read one."""
    try:
        yield from kept.records()
    except InputError as error:
        raise not_readable(case, name, state, error) from error


def in_order(inputs: Mapping[str, LoadInput]) -> list[LoadInput]:
    """The folder of the case, then what it lists in that order, then the others by name."""
    folder = inputs.get(CASE_FOLDER)
    listed = (CASE_FOLDER, *(folder.case.inputs if folder else ()))

    def turn(name: str) -> tuple[int, str]:
        return (listed.index(name) if name in listed else len(listed)), name

    return [inputs[name] for name in sorted(inputs, key=turn)]


def together(inputs: Sequence[LoadInput]) -> Case:
    """What a case is that these inputs make: the first says it, and each may bring rules.

    Raises InputError where a folder of a source is called as an input is: both own ids that begin
    with that name.
    """
    names = {given.case.input for given in inputs}
    for name in inputs[0].files:
        top, _, rest = name.partition("/")
        folder, _, table = rest.partition("/")
        if table and folder in names:
            raise InputError(
                f"{folder} is the name of an input of the case, too",
                file=f"{top}/{folder}",
                remedy="call the folder or the input otherwise",
            )
    rules = {name: words for given in reversed(inputs) for name, words in given.case.rules.items()}
    return replace(inputs[0].case, rules=rules)


def digests_of(inputs: Mapping[str, InputState]) -> dict[str, str]:
    return {name: state.digest for name, state in inputs.items()}


def _in_archive(workspace: Workspace, case: str, name: str, state: InputState) -> None:
    """Raises LoadError if an archived input is not here, or not as it was loaded."""
    if archive.is_as_kept(workspace, state.digest):
        return
    there = archive.input_folder(workspace, state.digest).is_dir()
    what = "is no longer as it was loaded" if there else "is not there"
    raise LoadError(
        f"The input “{name}” of {case} is needed from the archive of this workspace, and {what}; "
        f"set SUTRA_ARCHIVE to the archive of the workspace that loaded it, load it again from its "
        f"files, or remove the case with `sutra unload {case} --all`."
    )


def not_readable(case: str, name: str, state: InputState, error: InputError) -> LoadError:
    by, ours = state.program, program_version()
    if not by:
        who, other = "by a version of Sutra that noted no number", "the Sutra that loaded it"
    elif by == ours:
        who, other = f"by a Sutra of this version too ({by}), as it was then", "that one"
    else:
        who, other = f"by Sutra {by}", f"Sutra {by}"
    return LoadError(
        f"The input “{name}” of {case} is in the archive, loaded {who}, and this Sutra ({ours}) "
        f"cannot read it: {str(error).rstrip('.')}. Go on with {other}, load it again from files "
        f"that this one reads, or remove the case with `sutra unload {case} --all`."
    )
