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
from typing import Final

from graph.errors import LoadCutOff
from graph.ingest import archive, statements
from graph.ingest.checking import asserted, prepare, texts_of
from graph.ingest.inputs import InputState, LoadInput, beside, digests_of
from graph.ingest.judgement import Judge
from graph.ingest.load_states import RUNNING, LoadState, standing_inputs, states
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
    turn,
)
from graph.ingest.writer import Writer, Written
from graph.model.records import Case
from graph.runtime.jobs import Progress
from graph.runtime.log import Timed
from graph.runtime.version import program_version
from graph.runtime.workspace import Workspace
from graph.store.store import Store

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. `finished_cut_off` says that it finished one that had been cut off.

    `remarks` says in a sentence each what is worth telling of the inputs.
    """

    id: str
    written: Written
    counts: Mapping[str, int]
    seconds: float
    finished_cut_off: bool = False
    remarks: tuple[str, ...] = ()


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
        judge, case = prepare(
            spool, planned.inputs, planned.stay, texts_of(workspace), progress or Progress()
        )
        compared = Comparison(store, case, spool, given.case.input, planned.stay)
        return compared.run(judge.claims())


@dataclass(frozen=True)
class Plan:
    """What the graph is to be made of: inputs by name, and how those that stay are noted.

    `new` is the one that is brought, `digest` that of its files.
    """

    inputs: Mapping[str, LoadInput]
    stay: Mapping[str, InputState]
    new: LoadInput | None = None
    digest: str = ""


def _planned(
    workspace: Workspace, given: LoadInput, digest: str, standing: Mapping[str, InputState]
) -> Plan:
    """The plan to load an input beside what stands."""
    case = given.case
    read, others = beside(workspace, case.id, case.input, standing, given.read)
    return Plan({**read, case.input: given}, others, given, digest)


def change(
    desk: Desk, plan: Callable[[Mapping[str, InputState]], Plan], *, wait: bool = False
) -> LoadReport:
    """Check and judge what is planned for what stands, then take a turn and write it.

    It is planned anew where another load came to its end meanwhile.
    """
    started = time.monotonic()
    while True:
        standing = standing_inputs(desk.store, desk.case)
        planned = plan(standing)
        with Spool(desk.store.schema) as spool:
            with Timed(_LOG, "reading and checking an input"):
                judge, case = prepare(
                    spool, planned.inputs, planned.stay, texts_of(desk.workspace), desk.progress
                )
            with turn(desk, wait=wait) as pending:
                if standing_inputs(desk.store, desk.case) != standing:
                    continue
                done = _carry_out(desk, planned, case, pending, spool, judge, started)
            # Others may have their turn meanwhile.
            return replace(done, remarks=tuple(remarks(spool, case)))


def _carry_out(
    desk: Desk,
    planned: Plan,
    case: Case,
    pending: LoadState | None,
    spool: Spool,
    judge: Judge,
    started: float,
) -> LoadReport:
    """Make the graph hold what is planned, or finish the Load that was cut off while it did so."""
    store, workspace = desk.store, desk.workspace
    inputs = _noted(planned, spool)
    if pending and (pending.status != RUNNING or digests_of(pending.inputs) != digests_of(inputs)):
        raise LoadCutOff(explain_cut_off(pending))
    set_up(store)
    if planned.new:
        archive.keep_input(workspace, planned.new.files, planned.digest)
    first = not states(store, desk.case)
    holder = new_holder(workspace)
    if pending:
        _LOG.info("a load that was cut off is finished")
        load_id = pending.id
        hold(store, pending, RUNNING, holder)
    else:
        load_id = begin(store, case, inputs, holder)
    held = Held(store, load_id, holder, desk.progress)
    with Timed(_LOG, "writing a load"):
        writer = Writer(store, case, load_id, now_text()[:10], held, held.check, first=first)
        written = writer.write(spool, judge.claims())
    set_up(store)
    counts = asserted(spool)
    complete(store, load_id, counts)
    _LOG.info("loaded: %s", asdict(written))
    return LoadReport(load_id, written, counts, time.monotonic() - started, pending is not None)


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
