"""One load of a case at a time, seen when it was cut off.

Of a case, at most one Load is not complete: a unique property says so in the database, and a lock
file says whether the process behind it still lives.
"""

from __future__ import annotations

import json
import platform
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import filelock

from graph.errors import LoadError, LoadInProgress, StoreError
from graph.ingest import statements
from graph.ingest.inputs import InputState, digests_of
from graph.ingest.load_states import (
    COMPLETE,
    RUNNING,
    UNDOING,
    LoadState,
    states,
    unfinished,
)
from graph.ingest.overlay import Overlay
from graph.journal.keeping import newest_as_last
from graph.model.records import CASE_FOLDER, Case
from graph.model.schema import RECORD_LABEL
from graph.model.text import sha256
from graph.runtime.jobs import Progress
from graph.runtime.version import program_version
from graph.runtime.workspace import Workspace
from graph.store.embedded import leases
from graph.store.store import Store, Transaction

_BEAT_EVERY: Final = 10.0
_SILENT_AFTER: Final = 90.0
"""Seconds after which a load of another machine counts as cut off."""


def cut_off(store: Store, workspace: Workspace) -> list[LoadState]:
    """The Loads that neither ended nor are still at work."""
    return [
        state
        for state in states(store)
        if not state.ended and not _at_work(store, workspace, state)
    ]


def explain_cut_off(state: LoadState) -> str:
    """One sentence on a Load that was cut off, and what to do."""
    if state.status == COMPLETE:
        return (
            f"The journal of {state.case} was being laid over its inputs when that was cut off; "
            f"run `sutra journal apply {state.case}` to finish it."
        )
    if state.status != RUNNING:
        what = f"Taking back {state.id}" if state.status == UNDOING else f"Removing {state.case}"
        return f"{what} was cut off; run `sutra unload {state.case}` to finish that."
    return (
        f"The load {state.id} was cut off; run the same `sutra load` again to finish it, "
        f"or `sutra unload {state.case}` to undo it."
    )


@dataclass(frozen=True)
class Desk:
    """Where a load of a case is at work, and who hears of it."""

    store: Store
    workspace: Workspace
    case: str
    progress: Progress


class Held(Progress):
    """Passes progress on, shows in the graph that the load is alive, and sees that it is ours.

    A load that was silent for long may have been finished or taken back by somebody else; whoever
    comes back then must not write another row.
    """

    def __init__(self, store: Store, load_id: str, holder: str, listener: Progress) -> None:
        self._store, self._listener = store, listener
        self._parameters = {"id": load_id, "holder": holder}
        self._last = 0.0

    def step(self, words: str, done: int, total: int) -> None:
        if time.monotonic() - self._last > _BEAT_EVERY:
            self._last = time.monotonic()
            self._store.transact(self.check, repeatable=True)
        self._listener.step(words, done, total)

    def transact(self, work: Callable[[Transaction], bool]) -> bool:
        """Do something in one transaction, again if its answer is lost."""
        return self._store.transact(work, repeatable=True)

    def is_done(self, transaction: Transaction, *, gone: bool) -> bool:
        """Whether this program has said already that the load is at its end, or that it is gone."""
        found = transaction.run(statements.IS_DONE, self._parameters)
        return found[0]["done"] is True if found else gone

    def check(self, transaction: Transaction) -> None:
        """Raise LoadError if somebody else holds the load by now; else nobody can until the end."""
        if not transaction.run(statements.BEAT, self._parameters)[0]["held"]:
            load_id = self._parameters["id"]
            raise LoadError(
                f"{load_id} was taken over by another program while this one was silent, and this "
                f"one writes no more of it; `sutra status` says what became of it."
            )


def _properties(
    case: Case, inputs: Mapping[str, InputState], number: int, holder: str
) -> dict[str, Any]:
    """The properties of a Load that begins. Only one of a case has `running`, which is unique."""
    noted = {name: asdict(state) for name, state in inputs.items()}
    digests = digests_of(inputs)
    # Of the folder of a case alone, its digest, as before there were others.
    alone = digests.get(CASE_FOLDER) if len(digests) == 1 else None
    return {
        "id": f"{case.id}:load-{number:04d}", "case": case.id,
        "number": number, "status": RUNNING, "running": case.id,
        "inputs": json.dumps(noted, ensure_ascii=False),
        "input": alone or sha256(json.dumps(digests, sort_keys=True)),
        "program": program_version() or None,
        "started": now_text(), "holder": holder,
        "title": case.title, "summary": case.summary, "language": case.language,
        "checks": json.dumps([asdict(check) for check in case.checks], ensure_ascii=False),
        "questions": json.dumps([asdict(q) for q in case.questions], ensure_ascii=False),
        "rules": json.dumps(dict(case.rules), ensure_ascii=False),
    }  # fmt: skip


def begin(store: Store, case: Case, inputs: Mapping[str, InputState], holder: str) -> str:
    """Make the Load that says that this case is being loaded; returns its id."""
    number = max((state.number for state in states(store, case.id)), default=0) + 1
    properties = _properties(case, inputs, number, holder)
    try:
        store.write(statements.BEGIN_LOAD, {"rows": [properties]}, repeatable=True)
    except StoreError as error:
        # The unique `running` is the lock that every machine sees.
        standing = unfinished(store, case.id)
        if standing is None:
            raise
        # Ours, if it was made though the answer was lost: nobody else of this workspace has a turn.
        if (standing.id, standing.holder) != (properties["id"], properties["holder"]):
            raise LoadInProgress(_in_progress(case.id)) from error
    return str(properties["id"])


def complete(
    held: Held, state: LoadState, counts: Mapping[str, int], overlay: Overlay, gone: str = ""
) -> bool:
    """Say that a Load has come to its end, unless entries came that it did not see: then False.

    `gone` is the id of the Load that was taken back, if that is what was done.
    """
    number = overlay.journal.number
    orphans = overlay.reasons()
    done = {
        "id": state.id, "status": COMPLETE, "finished": state.finished or now_text(),
        "counts": json.dumps(dict(counts)), "entries": number or None,
        "orphans": json.dumps(orphans, ensure_ascii=False) if orphans else None,
    }  # fmt: skip

    def work(transaction: Transaction) -> bool:
        if held.is_done(transaction, gone=bool(gone)):
            return True  # a first try whose answer was lost
        held.check(transaction)
        if newest_as_last(transaction, state.case) != number:
            return False
        transaction.run(statements.COMPLETE_LOAD, done)
        if gone:
            transaction.run(statements.delete_node(RECORD_LABEL), {"ids": [gone]})
        return True

    return held.transact(work)


def release(store: Store, state: LoadState) -> None:
    """Say that nobody lays the journal over a complete Load any more: the next load does."""
    store.write(statements.RELEASE_LOAD, {"id": state.id}, repeatable=True)


def hold(store: Store, state: LoadState, status: str, holder: str) -> None:
    """Say that `holder` is at work on a Load."""
    parameters = {"id": state.id, "status": status, "holder": holder}
    store.write(statements.HOLD_LOAD, parameters, repeatable=True)


@contextmanager
def turn(desk: Desk, *, wait: bool = False) -> Iterator[LoadState | None]:
    """Be the only one at work on a case; gives its Load that was cut off, if one was.

    Raises LoadInProgress if another is at work, unless it is to `wait`.
    """

    def pause() -> None:
        if not wait:
            raise LoadInProgress(_in_progress(desk.case))
        desk.progress.step("Waiting for another load to end", 0, 0)

    # What is archived is confidential, and none but a Store of the embedded engine prepares.
    desk.workspace.prepare()
    lock = _lock_file(desk.store, desk.workspace, desk.case)
    while True:
        try:
            # Long enough for whoever only looks whether it is taken: see `_at_work`.
            lock.acquire(timeout=0.5)
            break
        except filelock.Timeout:
            pause()
    try:
        desk.store.catch_up()
        while (pending := unfinished(desk.store, desk.case)) and _elsewhere(
            desk.store, desk.workspace, pending
        ):
            pause()
            time.sleep(0.5)
        yield pending
    finally:
        lock.release()


def _lock_file(store: Store, workspace: Workspace, case: str) -> filelock.BaseFileLock:
    # An embedded engine has another port at each start, and each workspace only one engine.
    where = "embedded" if store.info.embedded else store.info.address
    name = sha256(f"{where}\n{case}")[:16]
    return filelock.FileLock(workspace.locks / f"load-{name}.lock", thread_local=False)


def _in_progress(case: str) -> str:
    return f"Another load of “{case}” is running; wait for its end, or start this one with --wait."


def _elsewhere(store: Store, workspace: Workspace, state: LoadState) -> bool:
    """Whether another workspace is at work on a Load. An embedded engine serves one alone."""
    ours = store.info.embedded or state.holder.startswith(_desk_name(workspace))
    return not ours and state.silent < _SILENT_AFTER


def _at_work(store: Store, workspace: Workspace, state: LoadState) -> bool:
    """Whether the process behind a Load still lives."""
    if _elsewhere(store, workspace, state):
        return True
    return leases.is_locked(Path(_lock_file(store, workspace, state.case).lock_file))


def new_holder(workspace: Workspace) -> str:
    """A name for this one run at a Load."""
    return f"{_desk_name(workspace)}-{uuid.uuid4().hex[:12]}"


def _desk_name(workspace: Workspace) -> str:
    """A name for this workspace that says nothing of its machine."""
    return sha256(f"{platform.node()}\n{workspace.root}")[:16]


def now_text() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
