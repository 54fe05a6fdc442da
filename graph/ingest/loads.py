"""Loading an input beside the others of its case.

A case is made of inputs, and the graph is what they say together. A load brings one input, or
takes one away; the others are read again from the archive, so that all are checked and judged as
one. What is equal to what the graph holds is only stamped. A Load notes the inputs that the graph
was made of; taking it back makes the graph what those of the Load before say.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Final, Protocol

from graph.errors import LoadCutOff
from graph.ingest import archive, statements
from graph.ingest.checking import Preparation, Staged, asserted, texts_of
from graph.ingest.inputs import InputState, LoadInput, beside, digests_of
from graph.ingest.load_states import COMPLETE, RUNNING, LoadState, standing_inputs, states
from graph.ingest.overlay import Journal, Overlay, read_journal
from graph.ingest.preview import Comparison, Preview
from graph.ingest.remarks import remarks
from graph.ingest.staging import Spool
from graph.ingest.turns import (
    Desk,
    Held,
    begin,
    complete,
    explain_cut_off,
    hold,
    new_holder,
    now_text,
    release,
    turn,
)
from graph.ingest.writer import Writer, Written, stamp_of
from graph.runtime.jobs import Progress
from graph.runtime.log import Timed
from graph.runtime.version import program_version
from graph.runtime.workspace import Workspace
from graph.store.store import Store

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. `finished_cut_off` says that it finished one that had been cut off.

    `remarks` says in a sentence each what is worth telling of the inputs, `orphans` why entries of
    the journal could not be laid over them.
    """

    id: str
    written: Written
    counts: Mapping[str, int]
    seconds: float
    finished_cut_off: bool = False
    remarks: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()


def load(
    store: Store,
    workspace: Workspace,
    given: LoadInput,
    *,
    wait: bool = False,
    progress: Progress | None = None,
) -> LoadReport:
    """Validate an input with the others of its case, then make the graph hold what all assert.

    With `wait` it waits for another load of the case to end. Raises InputError for input that
    cannot be used (before any write), LoadInProgress, LoadCutOff if another input was cut off,
    LoadError if another input of the case is not in the archive, and StoreError. A load that fails
    under way stays `running`: see `cut_off`.
    """
    # Taken before the files are read, and again when they are archived: in between they may change.
    digest = archive.digest(given.files)
    desk = Desk(store, workspace, given.case.id, progress or Progress())
    return change(desk, partial(_planned, workspace, given, digest), wait=wait)


def preview(
    store: Store, workspace: Workspace, given: LoadInput, *, progress: Progress | None = None
) -> Preview:
    """What `load` would do with that input; nothing is written. Raises what `load` does."""
    standing = standing_inputs(store, given.case.id)
    planned = _planned(workspace, given, archive.digest(given.files), standing)
    with Spool(store.schema) as spool:
        texts = texts_of(workspace)
        staged = Preparation(
            spool, planned.inputs, planned.stay, texts, progress or Progress()
        ).run(read_journal(store, given.case.id))
        compared = Comparison(store, staged.case, spool, given.case.input, planned.stay)
        return compared.run(staged.judge.claims())


@dataclass(frozen=True)
class Plan:
    """What the graph is to be made of: inputs by name, and how those that stay are noted.

    `new` is the one that is brought, `digest` that of its files. `is_journal` says that the inputs
    stay, and only the journal is laid over them anew.
    """

    inputs: Mapping[str, LoadInput]
    stay: Mapping[str, InputState]
    new: LoadInput | None = None
    digest: str = ""
    is_journal: bool = False


def _planned(
    workspace: Workspace, given: LoadInput, digest: str, standing: Mapping[str, InputState]
) -> Plan:
    """The plan to load an input beside what stands."""
    case = given.case
    read, others = beside(workspace, case.id, case.input, standing, given.read)
    return Plan({**read, case.input: given}, others, given, digest)


class Candidate(Protocol):
    """An entry that is not kept yet."""

    def journal(self) -> Journal:
        """The journal with it."""
        ...

    def keep(self, overlay: Overlay) -> None:
        """Keep it, now that the journal was laid over the inputs; raises InputError if it is not
        fit to be."""
        ...


def change(
    desk: Desk,
    plan: Callable[[Mapping[str, InputState]], Plan],
    *,
    wait: bool = False,
    candidate: Candidate | None = None,
) -> LoadReport:
    """Check and judge what is planned for what stands, then take a turn and write it.

    It is planned anew where another load came to its end meanwhile. A `candidate` is kept before
    the turn is taken.
    """
    started = time.monotonic()
    store = desk.store
    while True:
        standing = standing_inputs(store, desk.case)
        planned = plan(standing)
        with Spool(store.schema) as spool:
            preparation = Preparation(
                spool, planned.inputs, planned.stay, texts_of(desk.workspace), desk.progress
            )
            with Timed(_LOG, "reading and checking an input"):
                journal = candidate.journal() if candidate else read_journal(store, desk.case)
                staged = preparation.run(journal)
            if candidate:
                candidate.keep(staged.overlay)
            with turn(desk, wait=wait) as pending:
                if standing_inputs(store, desk.case) != standing:
                    continue
                work = _Work(desk, planned, spool, preparation, staged)
                done = work.run(pending, started)
            # Others may have their turn meanwhile.
            return replace(done, remarks=tuple(remarks(spool, staged.case)))


@dataclass
class _Work:
    """Makes the graph hold what was staged, in a turn of this program's own."""

    desk: Desk
    planned: Plan
    spool: Spool
    preparation: Preparation
    staged: Staged

    def run(self, pending: LoadState | None, started: float) -> LoadReport:
        """Write it, or finish the Load that was cut off while it did so."""
        store, workspace, planned = self.desk.store, self.desk.workspace, self.planned
        if pending and pending.status == COMPLETE and not planned.is_journal:
            release(store, pending)
            pending = None
        inputs = _noted(planned, self.spool)
        if pending and (
            pending.status != (COMPLETE if planned.is_journal else RUNNING)
            or digests_of(pending.inputs) != digests_of(inputs)
        ):
            raise LoadCutOff(explain_cut_off(pending))
        set_up(store)
        if planned.new:
            archive.keep_input(workspace, planned.new.files, planned.digest)
        known = states(store, self.desk.case)
        state, holder = self._begun(pending, known, inputs)
        held = Held(store, state.id, holder, self.desk.progress)
        written, overlay = write(
            self.desk, self.spool, self.preparation, self.staged, held, state, first=not known
        )
        return LoadReport(
            state.id,
            written,
            asserted(self.spool),
            time.monotonic() - started,
            pending is not None,
            orphans=tuple(overlay.reasons().values()),
        )

    def _begun(
        self,
        pending: LoadState | None,
        known: list[LoadState],
        inputs: Mapping[str, InputState],
    ) -> tuple[LoadState, str]:
        """The Load that is written, which is ours from now on, and the name under which it is."""
        store, holder = self.desk.store, new_holder(self.desk.workspace)
        if pending or self.planned.is_journal:
            state = pending or known[-1]
            if pending:
                _LOG.info("a load that was cut off is finished")
            hold(store, state, state.status, holder)
            return state, holder
        id_ = begin(store, self.staged.case, inputs, holder)
        return next(one for one in states(store, self.desk.case) if one.id == id_), holder


def write(
    desk: Desk,
    spool: Spool,
    preparation: Preparation,
    staged: Staged,
    held: Held,
    state: LoadState,
    *,
    first: bool = False,
    gone: str = "",
) -> tuple[Written, Overlay]:
    """Make the graph hold what is staged, until no entry has come meanwhile, and complete `state`.

    `gone` names a load that is taken back. Returns what was done, and how the journal was laid.
    """
    total = Written()
    while True:
        overlay = staged.overlay
        stamp = stamp_of(state.id, overlay.journal.number)
        with Timed(_LOG, "writing a load"):
            writer = Writer(
                desk.store, staged.case, stamp, now_text()[:10], held, held.check, first=first
            )
            total += writer.write(spool, staged.judge.claims(), forget=gone or None)
        set_up(desk.store)
        if complete(held, state, asserted(spool), overlay, gone):
            _LOG.info("loaded: %s", asdict(total))
            return total, overlay
        first = False
        staged = preparation.run(read_journal(desk.store, desk.case))


def _noted(planned: Plan, spool: Spool) -> dict[str, InputState]:
    """The inputs as the Load notes them, by name."""
    inputs = dict(planned.stay)
    if planned.new:
        case = planned.new.case
        counts = spool.asserted_by(case.input)
        inputs[case.input] = InputState(
            planned.digest, case.title, now_text(), program_version(), counts
        )
    return dict(sorted(inputs.items()))


def set_up(store: Store) -> None:
    """Make what the schema needs of constraints and indexes, where it is not there."""
    store.set_up(list(statements.set_up(store.schema)), store.schema.fulltext)
