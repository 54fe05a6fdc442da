"""The life of a load: one at a time for a case, seen when it was cut off, taken back if asked.

A case is made of inputs, and the graph is what they say together. A load brings one input, or
takes one away; the others are read again from the archive, so that all are checked and judged as
one. What is equal to what the graph holds is only stamped. A Load notes the inputs that the graph
was made of; taking it back makes the graph what those of the Load before say.

A Load is `running` until its end, then `complete`; `undoing` while it is taken back, `removing`
while its whole case is. Of a case, at most one Load is not complete: a unique property says so in
the database, and a lock file says whether the process behind it still lives.
"""

from __future__ import annotations

import json
import logging
import platform
import time
import uuid
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import filelock

from graph.errors import (
    InputError,
    InputErrors,
    LoadCutOff,
    LoadError,
    LoadInProgress,
    StoreError,
    UnknownCase,
)
from graph.ingest import archive, statements
from graph.ingest.judgement import Judge
from graph.ingest.preview import Comparison, Preview
from graph.ingest.quotes import Texts, place_quotes
from graph.ingest.remarks import remarks
from graph.ingest.staging import Spool
from graph.ingest.validation import validate
from graph.ingest.writer import Writer, Written
from graph.model.records import CASE_FOLDER, Case, Record
from graph.model.schema import (
    CLAIM_LABEL,
    ENTITY_LABEL,
    RECORD_LABEL,
    WITHDRAWN_LABEL,
    Schema,
)
from graph.model.text import sha256
from graph.runtime import streams
from graph.runtime.jobs import Progress
from graph.runtime.log import Timed
from graph.runtime.version import program_version
from graph.runtime.workspace import Workspace
from graph.store.embedded import leases
from graph.store.store import Store, Transaction

RUNNING: Final = "running"
COMPLETE: Final = "complete"
UNDOING: Final = "undoing"
REMOVING: Final = "removing"

_LOG: Final = logging.getLogger(__name__)
_BEAT_EVERY: Final = 10.0
_SILENT_AFTER: Final = 90.0
"""Seconds after which a load of another machine counts as cut off."""


Refuse = Callable[[InputError], None]
"""Told of each row that cannot be used; reading goes on unless it raises."""


def refused(error: InputError) -> None:
    """The `Refuse` that ends with the first."""
    raise error


class Records(Protocol):
    """Reads the records of an input anew."""

    def __call__(self, refuse: Refuse = refused) -> Iterable[Record]: ...


@dataclass(frozen=True)
class LoadInput:
    """What a loader hands over: a case, its records (read anew at each call), and its files.

    `files` are by their paths in the input's folder; `notes` says in a sentence each what of it is
    read otherwise than usual. `read` makes an input of an archived folder and the id of its case.
    """

    case: Case
    records: Records
    files: Mapping[str, Path]
    notes: tuple[str, ...]
    read: Read


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


@dataclass(frozen=True, slots=True)
class LoadState:
    """A Load as the graph tells it. Times are ISO 8601 in UTC.

    `inputs` are those that the graph is made of since then, by name; `silent` is for how many
    seconds nothing was heard of it, by the server's clock; `program` is the version of Sutra that
    loaded it, empty where none is noted.
    """

    id: str
    case: str
    number: int
    status: str
    inputs: Mapping[str, InputState]
    started: str
    finished: str | None
    silent: float = field(compare=False)
    holder: str = field(compare=False)
    title: str
    summary: str
    counts: Mapping[str, int]
    program: str = ""


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


def states(store: Store, case: str | None = None) -> list[LoadState]:
    """Every Load of the graph, or of one case: by case, oldest first."""
    where = "WHERE l.case = $case " if case else ""
    rows = store.read(
        f"MATCH (l:Load) {where}RETURN l.id AS id, l.case AS case, l.number AS number, "
        "l.status AS status, l.input AS input, l.inputs AS inputs, l.started AS started, "
        "l.finished AS finished, (timestamp() - l.beat) / 1000.0 AS silent, l.holder AS holder, "
        "l.title AS title, l.summary AS summary, l.counts AS counts, "
        "coalesce(l.program, '') AS program ORDER BY l.case, l.number",
        {"case": case},
    )
    return [_state(row) for row in rows]


def _state(row: Mapping[str, Any]) -> LoadState:
    kept = {name: value for name, value in row.items() if name not in ("input", "inputs")}
    noted = json.loads(row["inputs"] or "{}")
    inputs = {name: InputState(**given) for name, given in noted.items()}
    if not inputs:  # a version that knew of one input alone loaded it
        known = InputState(row["input"], row["title"], row["started"], row["program"])
        inputs = {CASE_FOLDER: known}
    return LoadState(**{**kept, "counts": json.loads(row["counts"] or "{}"), "inputs": inputs})


def cases(store: Store) -> list[LoadState]:
    """The newest complete Load of each case, by case."""
    newest = {state.case: state for state in states(store) if state.status == COMPLETE}
    return [newest[case] for case in sorted(newest)]


def cut_off(store: Store, workspace: Workspace) -> list[LoadState]:
    """The Loads that neither ended nor are still at work."""
    return [
        state
        for state in states(store)
        if state.status != COMPLETE and not _at_work(store, workspace, state)
    ]


def explain_cut_off(state: LoadState) -> str:
    """One sentence on a Load that was cut off, and what to do."""
    if state.status != RUNNING:
        what = f"Taking back {state.id}" if state.status == UNDOING else f"Removing {state.case}"
        return f"{what} was cut off; run `sutra unload {state.case}` to finish that."
    return (
        f"The load {state.id} was cut off; run the same `sutra load` again to finish it, "
        f"or `sutra unload {state.case}` to undo it."
    )


# --- loading ------------------------------------------------------------------------------------


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
    desk = _Desk(store, workspace, given.case.id, progress or Progress())
    return _change(desk, partial(_planned, workspace, given, digest), wait=wait)


def preview(
    store: Store, workspace: Workspace, given: LoadInput, *, progress: Progress | None = None
) -> Preview:
    """What `load` would do with that input; nothing is written. Raises what `load` does."""
    standing = _standing(store, given.case.id)
    planned = _planned(workspace, given, archive.digest(given.files), standing)
    with Spool(store.schema) as spool:
        judge, case = _prepare(
            spool, planned.inputs, planned.stay, _texts(workspace), progress or Progress()
        )
        compared = Comparison(store, case, spool, given.case.input, planned.stay)
        return compared.run(judge.claims())


def check(given: LoadInput, schema: Schema, workspace: Workspace) -> Checked:
    """What is wrong with an input, as far as it can be said without the others of its case.

    Quoted words are looked for in the texts of that workspace. Nothing is asked of a graph, and
    nothing written.
    """
    with Spool(schema) as spool:
        spool.fill(given.records(spool.refuse), given.case.input)
        spool.index()
        elsewhere = spool.take_as_known(given.case.input, given.files)
        problems: list[InputError] = []
        more = 0
        place_quotes(spool, _texts(workspace))
        try:
            validate(spool, given.case)
        except InputErrors as error:
            problems, more = list(error.problems), error.more
        told = () if problems else tuple(remarks(spool, given.case))
        return Checked(tuple(problems), more, _asserted(spool), told, elsewhere)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of an input: the first problems and how many more; what it asserts by type;
    remarks; and how many ids of other inputs it names, which were not looked up."""

    problems: tuple[InputError, ...]
    more: int
    counts: Mapping[str, int]
    remarks: tuple[str, ...]
    elsewhere: int


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

    def plan(standing: Mapping[str, InputState]) -> _Plan:
        if not standing:
            raise unknown_case(case)
        if name not in standing:
            raise LoadError(f"“{case}” has no input “{name}”; it has {', '.join(standing)}.")
        if len(standing) == 1:
            raise LoadError(
                f"“{name}” is the only input of “{case}”; remove the case with "
                f"`sutra unload {case} --all`."
            )
        return _Plan(*_beside(workspace, case, name, standing, read))

    return _change(_Desk(store, workspace, case, progress or Progress()), plan)


@dataclass(frozen=True)
class _Desk:
    """Where a load of a case is at work, and who hears of it."""

    store: Store
    workspace: Workspace
    case: str
    progress: Progress


@dataclass(frozen=True)
class _Plan:
    """What the graph is to be made of: inputs by name, and how those that stay are noted.

    `new` is the one that is brought, `digest` that of its files.
    """

    inputs: Mapping[str, LoadInput]
    stay: Mapping[str, InputState]
    new: LoadInput | None = None
    digest: str = ""


def _planned(
    workspace: Workspace, given: LoadInput, digest: str, standing: Mapping[str, InputState]
) -> _Plan:
    """The plan to load an input beside what stands."""
    case = given.case
    read, others = _beside(workspace, case.id, case.input, standing, given.read)
    return _Plan({**read, case.input: given}, others, given, digest)


def _beside(
    workspace: Workspace, case: str, name: str, standing: Mapping[str, InputState], read: Read
) -> tuple[dict[str, LoadInput], dict[str, InputState]]:
    """The inputs beside that one, from the archive, and how they are noted."""
    others = {other: state for other, state in standing.items() if other != name}
    return _archived(workspace, case, others, read), others


def _change(
    desk: _Desk, plan: Callable[[Mapping[str, InputState]], _Plan], *, wait: bool = False
) -> LoadReport:
    """Check and judge what is planned for what stands, then take a turn and write it.

    It is planned anew where another load came to its end meanwhile.
    """
    started = time.monotonic()
    while True:
        standing = _standing(desk.store, desk.case)
        planned = plan(standing)
        with Spool(desk.store.schema) as spool:
            with Timed(_LOG, "reading and checking an input"):
                judge, case = _prepare(
                    spool, planned.inputs, planned.stay, _texts(desk.workspace), desk.progress
                )
            with _turn(desk, wait=wait) as pending:
                if _standing(desk.store, desk.case) == standing:
                    return _carry_out(desk, planned, case, pending, spool, judge, started)


def _carry_out(
    desk: _Desk,
    planned: _Plan,
    case: Case,
    pending: LoadState | None,
    spool: Spool,
    judge: Judge,
    started: float,
) -> LoadReport:
    """Make the graph hold what is planned, or finish the Load that was cut off while it did so."""
    store, workspace = desk.store, desk.workspace
    inputs = _noted(planned, spool)
    if pending and (pending.status != RUNNING or _digests(pending.inputs) != _digests(inputs)):
        raise LoadCutOff(explain_cut_off(pending))
    _set_up(store)
    if planned.new:
        archive.keep_input(workspace, planned.new.files, planned.digest)
    first = not states(store, desk.case)
    holder = _holder(workspace)
    if pending:
        _LOG.info("a load that was cut off is finished")
        load_id = pending.id
        _hold(store, pending, RUNNING, holder)
    else:
        load_id = _begin(store, case, inputs, holder)
    held = _Held(store, load_id, holder, desk.progress)
    with Timed(_LOG, "writing a load"):
        writer = Writer(store, case, load_id, _now()[:10], held, held.check, first=first)
        written = writer.write(spool, judge.claims())
    _set_up(store)
    counts = _asserted(spool)
    _complete(store, load_id, counts)
    _LOG.info("loaded: %s", asdict(written))
    return LoadReport(
        load_id, written, counts, time.monotonic() - started, pending is not None,
        tuple(remarks(spool, case)),
    )  # fmt: skip


def _standing(store: Store, case: str) -> Mapping[str, InputState]:
    """The inputs that the graph is made of, by name, as the newest complete Load notes them."""
    complete = [state for state in states(store, case) if state.status == COMPLETE]
    return complete[-1].inputs if complete else {}


def _archived(
    workspace: Workspace, case: str, inputs: Mapping[str, InputState], read: Read
) -> dict[str, LoadInput]:
    """Inputs from the archive, by name; raises LoadError if one cannot be had as it was loaded."""
    found = {}
    for name, state in inputs.items():
        _in_archive(workspace, case, name, state)
        try:
            kept = read(archive.input_folder(workspace, state.digest), case)
        except InputError as error:
            raise _not_readable(case, name, state, error) from error
        found[name] = replace(kept, records=partial(_read_again, case, name, state, kept))
    return found


def _read_again(
    case: str, name: str, state: InputState, kept: LoadInput, refuse: Refuse = refused
) -> Iterator[Record]:
    """The records of an archived input; raises LoadError where this version cannot read one."""
    try:
        yield from kept.records()
    except InputError as error:
        raise _not_readable(case, name, state, error) from error


def _in_order(inputs: Mapping[str, LoadInput]) -> list[LoadInput]:
    """The folder of the case, then what it lists in that order, then the others by name."""
    folder = inputs.get(CASE_FOLDER)
    listed = (CASE_FOLDER, *(folder.case.inputs if folder else ()))

    def turn(name: str) -> tuple[int, str]:
        return (listed.index(name) if name in listed else len(listed)), name

    return [inputs[name] for name in sorted(inputs, key=turn)]


def _together(inputs: Sequence[LoadInput]) -> Case:
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


def _noted(planned: _Plan, spool: Spool) -> dict[str, InputState]:
    """The inputs as the Load notes them, by name."""
    inputs = dict(planned.stay)
    if planned.new:
        case = planned.new.case
        counts = spool.asserted_by(case.input)
        inputs[case.input] = InputState(
            planned.digest, case.title, _now(), program_version(), counts
        )
    return dict(sorted(inputs.items()))


def _digests(inputs: Mapping[str, InputState]) -> dict[str, str]:
    return {name: state.digest for name, state in inputs.items()}


def _texts(workspace: Workspace) -> Texts:
    return partial(archive.text, workspace)


def _set_up(store: Store) -> None:
    store.set_up(list(statements.set_up(store.schema)), store.schema.fulltext)


def _prepare(
    spool: Spool,
    inputs: Mapping[str, LoadInput],
    archived: Container[str],
    texts: Texts,
    progress: Progress,
) -> tuple[Judge, Case]:
    """Spool, validate and judge inputs; returns their judge and the case that they make.

    What is said of a file of those from the archive begins with the input's name.
    """
    ordered = _in_order(inputs)
    case = _together(ordered)
    progress.step("Reading", 0, 0)
    for given in ordered:
        name = given.case.input
        spool.fill(given.records(spool.refuse), name, f"{name}/" if name in archived else "")
    spool.index()
    progress.step("Checking", 0, 0)
    place_quotes(spool, texts)
    validate(spool, case)
    return Judge(spool, case), case


class _Held(Progress):
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
    digests = _digests(inputs)
    # Of the folder of a case alone, its digest, as before there were others.
    alone = digests.get(CASE_FOLDER) if len(digests) == 1 else None
    return {
        "id": f"{case.id}:load-{number:04d}", "case": case.id,
        "number": number, "status": RUNNING, "running": case.id,
        "inputs": json.dumps(noted, ensure_ascii=False),
        "input": alone or sha256(json.dumps(digests, sort_keys=True)),
        "program": program_version() or None,
        "started": _now(), "holder": holder,
        "title": case.title, "summary": case.summary, "language": case.language,
        "checks": json.dumps([asdict(check) for check in case.checks], ensure_ascii=False),
        "questions": json.dumps([asdict(q) for q in case.questions], ensure_ascii=False),
        "rules": json.dumps(dict(case.rules), ensure_ascii=False),
    }  # fmt: skip


def _begin(store: Store, case: Case, inputs: Mapping[str, InputState], holder: str) -> str:
    """Make the Load that says that this case is being loaded; returns its id."""
    number = max((state.number for state in states(store, case.id)), default=0) + 1
    properties = _properties(case, inputs, number, holder)
    try:
        store.write(statements.BEGIN_LOAD, {"rows": [properties]}, repeatable=True)
    except StoreError as error:
        # The unique `running` is the lock that every machine sees.
        standing = _unfinished(store, case.id)
        if standing is None:
            raise
        # Ours, if it was made though the answer was lost: nobody else of this workspace has a turn.
        if (standing.id, standing.holder) != (properties["id"], properties["holder"]):
            raise LoadInProgress(_in_progress(case.id)) from error
    return str(properties["id"])


def _complete(store: Store, load_id: str, counts: Mapping[str, int]) -> None:
    """Say that a Load has come to its end."""
    store.write(
        "MATCH (l:Record {id: $id}) SET l.status = $status, l.finished = $now, l.counts = $counts "
        "REMOVE l.running",
        {"id": load_id, "status": COMPLETE, "now": _now(), "counts": json.dumps(dict(counts))},
        repeatable=True,
    )


def _asserted(spool: Spool) -> dict[str, int]:
    """How many of each type the input asserts."""
    counts = {
        row["label"]: row["n"]
        for row in spool.rows("SELECT label, count(*) AS n FROM entity GROUP BY label ORDER BY 1")
    }
    for row in spool.rows(
        "SELECT predicate, count(*) AS n FROM claim WHERE predicate IS NOT NULL "
        "AND polarity = 'affirmative' GROUP BY 1 ORDER BY 1"
    ):
        counts[row["predicate"]] = row["n"]
    tables = {"Claim": "claim", "Passage": "passage", "Source": "source", "SUPPORTS": "support"}
    return counts | {name: spool.count(table) for name, table in tables.items()}


# --- taking back --------------------------------------------------------------------------------


def unload(
    store: Store,
    workspace: Workspace,
    case: str,
    read: Read,
    *,
    everything: bool = False,
    progress: Progress | None = None,
) -> LoadState | None:
    """Take back the newest load of a case, to the archived input before it.

    `read` makes an input of an archived folder and the id of its case. Returns the Load that the
    graph is back at, or None if nothing of the case is left (there was no earlier one, or
    `everything` was asked for). Raises UnknownCase, LoadInProgress, and LoadError if the input
    before was not archived here, is not as it was, or cannot be read by this version.
    """
    desk = _Desk(store, workspace, case, progress or Progress())
    with _turn(desk) as pending:
        known = states(store, case)
        if not known:
            raise unknown_case(case)
        newest, before = known[-1], known[-2] if len(known) > 1 else None
        holder = _holder(workspace)
        held = _Held(store, newest.id, holder, desk.progress)
        if everything or before is None or (pending and pending.status == REMOVING):
            _hold(store, newest, REMOVING, holder)
            _remove_case(store, case, held)
            _set_up(store)
            return None
        inputs = _archived(workspace, case, before.inputs, read)
        with Spool(store.schema) as spool:
            try:
                judge, together = _prepare(
                    spool, inputs, before.inputs, _texts(workspace), desk.progress
                )
            except InputError as error:
                name = error.file.partition("/")[0]  # as `_prepare` labels what is of an archive
                raise _not_readable(case, name, before.inputs[name], error) from error
            _hold(store, newest, UNDOING, holder)
            writer = Writer(store, together, before.id, _now()[:10], held, held.check)
            writer.write(spool, judge.claims(), forget=newest.id)
        _set_up(store)
        store.write(statements.delete_node(RECORD_LABEL), {"ids": [newest.id]}, repeatable=True)
        return before


def unknown_case(case: str) -> UnknownCase:
    """The error for a case that the graph does not hold."""
    return UnknownCase(f"The graph holds no case “{case}”; `sutra status` lists them.")


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


def _not_readable(case: str, name: str, state: InputState, error: InputError) -> LoadError:
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


def _hold(store: Store, state: LoadState, status: str, holder: str) -> None:
    """Say that `holder` is at work on a Load."""
    parameters = {"id": state.id, "status": status, "holder": holder}
    store.write(statements.HOLD_LOAD, parameters, repeatable=True)


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


# --- one at a time ------------------------------------------------------------------------------


@contextmanager
def _turn(desk: _Desk, *, wait: bool = False) -> Iterator[LoadState | None]:
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
        while (pending := _unfinished(desk.store, desk.case)) and _elsewhere(
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


def _unfinished(store: Store, case: str) -> LoadState | None:
    """The Load of a case that is at work or was cut off, if there is one."""
    return next((s for s in states(store, case) if s.status != COMPLETE), None)


def _elsewhere(store: Store, workspace: Workspace, state: LoadState) -> bool:
    """Whether another workspace is at work on a Load. An embedded engine serves one alone."""
    ours = store.info.embedded or state.holder.startswith(_desk_name(workspace))
    return not ours and state.silent < _SILENT_AFTER


def _at_work(store: Store, workspace: Workspace, state: LoadState) -> bool:
    """Whether the process behind a Load still lives."""
    if _elsewhere(store, workspace, state):
        return True
    return leases.is_locked(Path(_lock_file(store, workspace, state.case).lock_file))


def _holder(workspace: Workspace) -> str:
    """A name for this one run at a Load."""
    return f"{_desk_name(workspace)}-{uuid.uuid4().hex[:12]}"


def _desk_name(workspace: Workspace) -> str:
    """A name for this workspace that says nothing of its machine."""
    return sha256(f"{platform.node()}\n{workspace.root}")[:16]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def counts(store: Store, case: str) -> dict[str, dict[str, int]]:
    """What the graph holds of a case, by type: entities, relationships, claims, records."""
    entities = store.read(
        "MATCH (n:Entity) WHERE n.case = $case UNWIND labels(n) AS label WITH label "
        "WHERE label <> 'Entity' RETURN label, count(*) AS n ORDER BY label",
        {"case": case},
    )
    relationships = store.read(
        "MATCH (n:Entity) WHERE n.case = $case MATCH (n)-[r]->(:Entity) "
        "RETURN type(r) AS label, count(*) AS n ORDER BY label",
        {"case": case},
    )
    claims = store.read(
        "MATCH (n:Claim) WHERE n.case = $case RETURN n.kind AS label, count(*) AS n ORDER BY label",
        {"case": case},
    )
    records = store.read(
        "MATCH (n:Record) WHERE n.case = $case UNWIND labels(n) AS label WITH label "
        "WHERE label <> 'Record' RETURN label, count(*) AS n ORDER BY label",
        {"case": case},
    )
    withdrawn = store.read(
        "MATCH (n:Withdrawn) WHERE n.case = $case RETURN 'withdrawn' AS label, count(*) AS n",
        {"case": case},
    )

    def table(rows: list[dict[str, Any]]) -> dict[str, int]:
        return {row["label"]: row["n"] for row in rows if row["n"]}

    return {
        "entities": table(entities),
        "relationships": table(relationships),
        "claims": table(claims) | table(withdrawn),
        "records": table(records),
    }
