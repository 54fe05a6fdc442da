"""The life of a load: one at a time for a case, seen when it was cut off, taken back if asked.

A Load is `running` until its end, then `complete`; `undoing` while it is taken back, `removing`
while its whole case is. Of a case, at most one Load is not complete: a unique property says so in
the database, and a lock file says whether the process behind it still lives.
"""

from __future__ import annotations

import json
import logging
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import filelock

from graph.errors import (
    InputError,
    LoadCutOff,
    LoadError,
    LoadInProgress,
    StoreError,
    UnknownCase,
)
from graph.ingest import archive, statements
from graph.ingest.judgement import Judge
from graph.ingest.staging import Spool
from graph.ingest.validation import validate
from graph.ingest.writer import Writer, Written
from graph.model.records import Case, Record
from graph.model.schema import CLAIM_LABEL, ENTITY_LABEL, RECORD_LABEL, WITHDRAWN_LABEL
from graph.model.text import sha256
from graph.runtime import streams
from graph.runtime.jobs import Progress
from graph.runtime.log import Timed
from graph.runtime.version import program_version
from graph.runtime.workspace import Workspace
from graph.store.embedded import leases
from graph.store.store import Store

RUNNING: Final = "running"
COMPLETE: Final = "complete"
UNDOING: Final = "undoing"
REMOVING: Final = "removing"

_LOG: Final = logging.getLogger(__name__)
_BEAT_EVERY: Final = 10.0
_SILENT_AFTER: Final = 90.0
"""Seconds after which a load of another machine counts as cut off."""


@dataclass(frozen=True)
class LoadInput:
    """What a loader hands over: a case, its records (read anew at each call), and its files.

    `notes` says in a sentence each what of it is read otherwise than usual.
    """

    case: Case
    records: Callable[[], Iterable[Record]]
    files: Mapping[str, Path]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadState:
    """A Load as the graph tells it. Times are ISO 8601 in UTC.

    `program` is the version of Sutra that loaded it, empty where none is noted.
    """

    id: str
    case: str
    number: int
    status: str
    input: str
    started: str
    finished: str | None
    beat: float
    holder: str
    title: str
    summary: str
    counts: Mapping[str, int]
    program: str = ""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. `finished_cut_off` says that it finished one that had been cut off."""

    id: str
    written: Written
    counts: Mapping[str, int]
    seconds: float
    finished_cut_off: bool = False


def states(store: Store, case: str | None = None) -> list[LoadState]:
    """Every Load of the graph, or of one case: by case, oldest first."""
    where = "WHERE l.case = $case " if case else ""
    rows = store.read(
        f"MATCH (l:Load) {where}RETURN l.id AS id, l.case AS case, l.number AS number, "
        "l.status AS status, l.input AS input, l.started AS started, l.finished AS finished, "
        "l.beat AS beat, l.holder AS holder, l.title AS title, l.summary AS summary, "
        "l.counts AS counts, "
        "coalesce(l.program, '') AS program ORDER BY l.case, l.number",
        {"case": case},
    )
    return [LoadState(**{**row, "counts": json.loads(row["counts"] or "{}")}) for row in rows]


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
    """Validate an input whole, then make the graph hold what it asserts.

    With `wait` it waits for another load of the case to end. Raises InputError for input that
    cannot be used (before any write), LoadInProgress, LoadCutOff if another input was cut off, and
    StoreError. A load that fails under way stays `running`: see `cut_off`.
    """
    progress, started = progress or Progress(), time.monotonic()
    # Taken before the files are read, and again when they are archived: in between they may change.
    digest = archive.digest(given.files)
    with Spool(store.schema) as spool:
        with Timed(_LOG, "reading and checking an input"):
            judge = _prepare(spool, given, progress)
        with _turn(store, workspace, given.case.id, progress, wait=wait) as pending:
            if pending and (pending.status != RUNNING or pending.input != digest):
                raise LoadCutOff(explain_cut_off(pending))
            _set_up(store)
            archive.keep_input(workspace, given.files, digest)
            first = not states(store, given.case.id)
            if pending:
                _LOG.info("a load that was cut off is finished")
                load_id = pending.id
                _hold(store, workspace, pending, RUNNING)
            else:
                load_id = _begin(store, workspace, given.case, digest)
            counts = _asserted(spool)
            with Timed(_LOG, "writing a load"):
                written = _write(store, given.case, load_id, spool, judge, progress, first=first)
            _set_up(store)
            _complete(store, load_id, counts)
    _LOG.info("loaded: %s", asdict(written))
    return LoadReport(load_id, written, counts, time.monotonic() - started, pending is not None)


def _set_up(store: Store) -> None:
    store.set_up(list(statements.set_up(store.schema)), store.schema.fulltext)


def _prepare(spool: Spool, given: LoadInput, progress: Progress) -> Judge:
    """Spool, validate and judge an input."""
    progress.step("Reading", 0, 0)
    spool.fill(given.records())
    progress.step("Checking", 0, 0)
    validate(spool, given.case)
    return Judge(spool, given.case)


def _write(
    store: Store,
    case: Case,
    load_id: str,
    spool: Spool,
    judge: Judge,
    progress: Progress,
    forget: str | None = None,
    beating: str | None = None,
    first: bool = False,
) -> Written:
    beat = _Beat(store, beating or load_id, progress)
    writer = Writer(store, case, load_id, _now()[:10], beat, first=first)
    return writer.write(spool, judge.claims(), forget=forget)


class _Beat(Progress):
    """Passes progress on, and shows in the graph that the load is alive."""

    def __init__(self, store: Store, load_id: str, listener: Progress) -> None:
        self._store, self._load, self._listener = store, load_id, listener
        self._last = 0.0

    def step(self, words: str, done: int, total: int) -> None:
        if time.monotonic() - self._last > _BEAT_EVERY:
            self._last = time.monotonic()
            self._store.write(
                statements.BEAT, {"id": self._load, "now": time.time()}, repeatable=True
            )
        self._listener.step(words, done, total)


def _properties(workspace: Workspace, case: Case, digest: str, number: int = 1) -> dict[str, Any]:
    """The properties of a Load that begins. Only one of a case has `running`, which is unique."""
    return {
        "id": f"{case.id}:load-{number:04d}", "case": case.id,
        "number": number, "status": RUNNING, "running": case.id,
        "input": digest, "program": program_version() or None,
        "started": _now(), "beat": time.time(), "holder": _holder(workspace),
        "title": case.title, "summary": case.summary, "language": case.language,
        "checks": json.dumps([asdict(check) for check in case.checks], ensure_ascii=False),
        "questions": json.dumps([asdict(q) for q in case.questions], ensure_ascii=False),
        "rules": json.dumps(dict(case.rules), ensure_ascii=False),
    }  # fmt: skip


def _begin(store: Store, workspace: Workspace, case: Case, digest: str) -> str:
    """Make the Load that says that this case is being loaded; returns its id."""
    number = max((state.number for state in states(store, case.id)), default=0) + 1
    properties = _properties(workspace, case, digest, number)
    create = statements.create_node(RECORD_LABEL, "Load")
    try:
        store.write(create, {"rows": [properties]}, repeatable=True)
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
    read: Callable[[Path, str], LoadInput],
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
    progress = progress or Progress()
    with _turn(store, workspace, case, progress) as pending:
        known = states(store, case)
        if not known:
            raise UnknownCase(f"The graph holds no case “{case}”; `sutra status` lists them.")
        newest, before = known[-1], known[-2] if len(known) > 1 else None
        if everything or before is None or (pending and pending.status == REMOVING):
            _hold(store, workspace, newest, REMOVING)
            _remove_case(store, case, _Beat(store, newest.id, progress))
            _set_up(store)
            return None
        with Spool(store.schema) as spool:
            _in_archive(workspace, before)
            try:
                given = read(archive.input_folder(workspace, before.input), case)
                judge = _prepare(spool, given, progress)
            except InputError as error:
                raise _not_readable(before, error) from error
            _hold(store, workspace, newest, UNDOING)
            _write(
                store, given.case, before.id, spool, judge, progress,
                forget=newest.id, beating=newest.id,
            )  # fmt: skip
        _set_up(store)
        store.write(statements.delete_node(RECORD_LABEL), {"ids": [newest.id]}, repeatable=True)
        return before


def _in_archive(workspace: Workspace, state: LoadState) -> None:
    """Raises LoadError if the archived input of a Load is not here, or not as it was loaded."""
    folder = archive.input_folder(workspace, state.input)
    ways = (
        f"load it again from its files, or remove the case with `sutra unload {state.case} --all`"
    )
    if not folder.is_dir():
        raise LoadError(f"The input of {state.id} is not in the archive of this workspace; {ways}.")
    try:
        same = archive.digest({file.name: file for file in folder.iterdir()}) == state.input
    except InputError:
        same = False
    if not same:
        raise LoadError(
            f"The input of {state.id} in the archive of this workspace is no longer as it was "
            f"loaded; {ways}."
        )


def _not_readable(state: LoadState, error: InputError) -> LoadError:
    by, ours = state.program, program_version()
    if not by:
        who, other = "by a version of Sutra that noted no number", "the Sutra that loaded it"
    elif by == ours:
        who, other = f"by a Sutra of this version too ({by}), as it was then", "that one"
    else:
        who, other = f"by Sutra {by}", f"Sutra {by}"
    return LoadError(
        f"The input of {state.id} is in the archive, loaded {who}, and this Sutra ({ours}) cannot "
        f"read it: {str(error).rstrip('.')}. Unload with {other}, load the case again from files "
        f"that this one reads, or remove it with `sutra unload {state.case} --all`."
    )


def _hold(store: Store, workspace: Workspace, state: LoadState, status: str) -> None:
    """Say that this workspace is at work on a Load."""
    store.write(
        "MATCH (l:Record {id: $id}) SET l.status = $status, l.running = l.case, "
        "l.holder = $holder, l.beat = $now",
        {
            "id": state.id, "status": status, "holder": _holder(workspace), "now": time.time(),
        },
        repeatable=True,
    )  # fmt: skip


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
def _turn(
    store: Store, workspace: Workspace, case: str, progress: Progress, *, wait: bool = False
) -> Iterator[LoadState | None]:
    """Be the only one at work on a case; gives its Load that was cut off, if one was.

    Raises LoadInProgress if another is at work, unless it is to `wait`.
    """

    def pause() -> None:
        if not wait:
            raise LoadInProgress(_in_progress(case))
        progress.step("Waiting for another load to end", 0, 0)

    # What is archived is confidential, and none but a Store of the embedded engine prepares.
    workspace.prepare()
    lock = _lock_file(store, workspace, case)
    while True:
        try:
            # Long enough for whoever only looks whether it is taken: see `_at_work`.
            lock.acquire(timeout=0.5)
            break
        except filelock.Timeout:
            pause()
    try:
        store.catch_up()
        while (pending := _unfinished(store, case)) and _elsewhere(store, workspace, pending):
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
    ours = store.info.embedded or state.holder == _holder(workspace)
    return not ours and time.time() - state.beat < _SILENT_AFTER


def _at_work(store: Store, workspace: Workspace, state: LoadState) -> bool:
    """Whether the process behind a Load still lives."""
    if _elsewhere(store, workspace, state):
        return True
    return leases.is_locked(Path(_lock_file(store, workspace, state.case).lock_file))


def _holder(workspace: Workspace) -> str:
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
