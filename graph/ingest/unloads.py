"""Taking back a load, an input, or a whole case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graph.errors import InputError, LoadError, UnknownCase
from graph.ingest import statements
from graph.ingest.checking import Preparation, texts_of
from graph.ingest.inputs import InputState, Read, archived, beside, not_readable
from graph.ingest.load_states import REMOVING, UNDOING, LoadState, states
from graph.ingest.loads import LoadReport, Plan, change, set_up, write
from graph.ingest.overlay import read_journal
from graph.ingest.staging import Spool
from graph.ingest.turns import Desk, Held, hold, new_holder, turn
from graph.model.schema import CLAIM_LABEL, ENTITY_LABEL, WITHDRAWN_LABEL
from graph.runtime import streams
from graph.runtime.jobs import Progress
from graph.runtime.workspace import Workspace
from graph.store.store import Store


def unload_input(
    store: Store,
    workspace: Workspace,
    case: str,
    name: str,
    read: Read,
    *,
    progress: Progress | None = None,
) -> LoadReport:
    """Take one input out of a case: a load of the others, which can be taken back like any.

    Raises UnknownCase, LoadError if the case has no such input or no other, InputError if another
    refers to what it describes, and what `load` does.
    """

    def plan(standing: Mapping[str, InputState]) -> Plan:
        if not standing:
            raise UnknownCase.called(case)
        if name not in standing:
            raise LoadError(f"“{case}” has no input “{name}”; it has {', '.join(standing)}.")
        if len(standing) == 1:
            raise LoadError(
                f"“{name}” is the only input of “{case}”; remove the case with "
                f"`sutra unload {case} --all`."
            )
        return Plan(*beside(workspace, case, name, standing, read))

    return change(Desk(store, workspace, case, progress or Progress()), plan)


def unload(
    store: Store,
    workspace: Workspace,
    case: str,
    read: Read,
    *,
    everything: bool = False,
    progress: Progress | None = None,
) -> LoadState | None:
    """Take back the newest load of a case, to the archived input before it. Entries stay.

    `read` makes an input of an archived folder and the id of its case. Returns the Load that the
    graph is back at, or None if nothing of the case is left (there was no earlier one, or
    `everything` was asked for). Raises UnknownCase, LoadInProgress, and LoadError if the input
    before was not archived here, is not as it was, or cannot be read by this version.
    """
    desk = Desk(store, workspace, case, progress or Progress())
    with turn(desk) as pending:
        known = states(store, case)
        if not known:
            raise UnknownCase.called(case)
        newest, before = known[-1], known[-2] if len(known) > 1 else None
        holder = new_holder(workspace)
        held = Held(store, newest.id, holder, desk.progress)
        if everything or before is None or (pending and pending.status == REMOVING):
            hold(store, newest, REMOVING, holder)
            _remove_case(store, case, held)
            set_up(store)
            return None
        inputs = archived(workspace, case, before.inputs, read)
        with Spool(store.schema) as spool:
            try:
                preparation = Preparation(
                    spool, inputs, before.inputs, texts_of(workspace), desk.progress
                )
                staged = preparation.run(read_journal(store, case))
            except InputError as error:
                name = error.file.partition("/")[0]  # as `prepare` labels what is of an archive
                raise not_readable(case, name, before.inputs[name], error) from error
            hold(store, newest, UNDOING, holder)
            write(desk, spool, preparation, staged, held, before, gone=newest.id)
        return before


_OWN: Final = ("Passage", "Source", "Reply", "Review")
"""What a case records beside its claims."""


def _remove_case(store: Store, case: str, progress: Progress) -> None:
    """Remove all of a case, its Loads last, so that a cut-off removal is still seen."""
    labels = (CLAIM_LABEL, WITHDRAWN_LABEL, ENTITY_LABEL, *_OWN, "Load")
    parameters = {"case": case, "most": streams.BATCH}
    done, total = 0, sum(_many(store, label, case) for label in labels)
    if total > streams.BATCH:
        store.shed(statements.case_indexes(store.schema))
    for label in labels:
        gone = 1
        while gone:
            progress.step("Removing", done, total)
            delete = statements.delete_case(label)
            gone = store.write(delete, parameters, repeatable=True)[0]["gone"]
            done += gone


def _many(store: Store, label: str, case: str) -> int:
    found = f"MATCH (n:{label}) WHERE n.case = $case RETURN count(*) AS n"
    return int(store.read(found, {"case": case})[0]["n"])
