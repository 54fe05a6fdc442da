"""Making an entry of the journal: checked with all inputs, kept, and laid over them at once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from graph.errors import InputError, LoadCutOff, LoadInProgress, UnknownCase
from graph.ingest.inputs import InputState, Read, archived
from graph.ingest.load_states import newest_complete, unfinished
from graph.ingest.loads import Plan, change
from graph.ingest.overlay import Journal, Overlay, read_journal
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
    candidate = _Entering(store, entry, named)
    # Left to whoever is at work on the case.
    with suppress(LoadCutOff, LoadInProgress):
        change(desk, partial(_as_they_stand, desk, read), candidate=candidate)
    apply(desk, read)
    return next(one for one in keeping.listed(store, entry.case) if one.entry.id == entry.id)


@dataclass
class _Entering:
    """An entry on its way into the journal."""

    store: Store
    entry: Entry
    named: str
    is_kept: bool = False

    def journal(self) -> Journal:
        found = read_journal(self.store, self.entry.case)
        if self.is_kept:
            return found
        keeping.check(self.entry, found.known)
        return found.with_(self.entry)

    def keep(self, overlay: Overlay) -> None:
        entry, problem = self.entry, overlay.orphans.get(self.entry.id)
        if self.is_kept:
            return
        if problem is None:
            keeping.keep(self.store, entry)
            self.is_kept = True
            return
        table = problem.file.removeprefix(f"{entry.input}/")
        raise InputError(
            problem.problem, file=f"{self.named}, {table}" if self.named else table,
            row=problem.row, column=problem.column, remedy=problem.remedy,
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
    newest = newest_complete(desk.store, desk.case)
    if newest is None:
        raise UnknownCase.called(desk.case)
    return newest.ended and newest.entries >= keeping.newest(desk.store, desk.case)


def _as_they_stand(desk: Desk, read: Read, standing: Mapping[str, InputState]) -> Plan:
    if not standing:
        raise UnknownCase.called(desk.case)
    inputs = archived(desk.workspace, desk.case, standing, read)
    return Plan(inputs, standing, is_journal=True)
