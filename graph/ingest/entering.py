"""Making an entry of the journal: checked with all inputs, kept, and laid over them at once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial

from graph.errors import InputError, LoadCutOff, LoadInProgress
from graph.ingest.checking import Preparation, texts_of
from graph.ingest.inputs import InputState, Read, archived
from graph.ingest.load_states import COMPLETE, standing_inputs, states, unfinished, unknown_case
from graph.ingest.loads import Plan, change
from graph.ingest.overlay import Journal, read_journal
from graph.ingest.staging import Spool
from graph.ingest.turns import Desk
from graph.journal import keeping
from graph.journal.entries import Entry
from graph.journal.keeping import Listed
from graph.runtime.jobs import Progress
from graph.runtime.workspace import Workspace
from graph.store.store import Store


def enter(
    store: Store, workspace: Workspace, entry: Entry, read: Read,
    *, named: str = "", progress: Progress | None = None,
) -> Listed:  # fmt: skip
    """Keep an entry and lay it over the inputs of its case; returns how it stands then.

    While a load of the case runs it waits, and that load lays it. `named` is what messages call the
    file that it came from. Raises JournalError and InputError for an entry that cannot be used,
    before anything is kept; UnknownCase, and LoadError if an input is not in the archive.
    """
    desk = Desk(store, workspace, entry.case, progress or Progress())
    inputs = standing_inputs(store, entry.case)
    if not inputs:
        raise unknown_case(entry.case)
    journal = read_journal(store, entry.case)
    keeping.check(entry, journal.known)
    _check(desk, entry, journal, inputs, read, named)
    kept = keeping.keep(store, entry)
    apply(desk, read)
    return next(one for one in keeping.listed(store, entry.case) if one.entry.id == kept.id)


def _check(
    desk: Desk, entry: Entry, journal: Journal, inputs: Mapping[str, InputState], read: Read,
    named: str,
) -> None:  # fmt: skip
    """Raise InputError if the entry cannot be laid over the inputs as they stand."""
    folders = archived(desk.workspace, entry.case, inputs, read)
    with Spool(desk.store.schema) as spool:
        preparation = Preparation(spool, folders, inputs, texts_of(desk.workspace), desk.progress)
        problem = preparation.run(journal.with_(entry)).overlay.orphans.get(entry.id)
    if problem is None:
        return
    table = problem.file.removeprefix(f"{entry.input}/")
    raise InputError(
        problem.problem, file=f"{named}, {table}" if named else table, row=problem.row,
        column=problem.column, remedy=problem.remedy,
    ) from problem  # fmt: skip


def take_back(
    store: Store, workspace: Workspace, case: str, entries: Sequence[str], author: str,
    reason: str, read: Read, *, progress: Progress | None = None,
) -> Listed:  # fmt: skip
    """Take entries back, as if they had never been made. Raises what `enter` does."""
    entry = keeping.new_entry(case, "take-back", author, reason, {}, entries)
    return enter(store, workspace, entry, read, progress=progress)


def apply(desk: Desk, read: Read) -> bool:
    """Lay the journal over the inputs, if there are entries that are not yet.

    Returns whether all were laid. They were not if a load is at work, which does so at its end, or
    if one was cut off.
    """
    while not _is_laid(desk):
        try:
            change(desk, partial(_as_they_stand, desk, read))
        except LoadCutOff:
            return False
        except LoadInProgress:
            # It looks for entries when it comes to its end. Between that and the end of its turn
            # it does no more.
            if unfinished(desk.store, desk.case):
                return False
            time.sleep(0.1)
    return True


def _is_laid(desk: Desk) -> bool:
    newest = [s for s in states(desk.store, desk.case) if s.status == COMPLETE]
    if not newest:
        raise unknown_case(desk.case)
    return newest[-1].ended and newest[-1].entries >= keeping.newest(desk.store, desk.case)


def _as_they_stand(desk: Desk, read: Read, standing: Mapping[str, InputState]) -> Plan:
    if not standing:
        raise unknown_case(desk.case)
    inputs = archived(desk.workspace, desk.case, standing, read)
    return Plan(inputs, standing, is_journal=True)
