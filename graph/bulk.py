"""The bulk route: a first load into Neo4j through the import tool of the server itself.

The tool fills a database while its server is stopped, so the route has three stages, and the same
command goes on from wherever it is:

1. `write`, while the server runs and its database is empty: the input is validated and judged as
   any other, and its rows (those of `graph.rows`) go to the tool's own CSV;
2. `run_tool`, while the server is stopped, if the database is still as it was seen;
3. `finish`, when it runs again: constraints and indexes, counts compared, the Load complete.

What comes out is what the ordinary load writes, property for property.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, TextIO
from urllib.parse import urlsplit

from graph import archive, loads, nodes, statements
from graph.batches import BATCH, in_batches
from graph.engine import Place
from graph.errors import LoadCutOff, LoadError
from graph.files import state
from graph.jobs import Progress
from graph.judgement import Judge
from graph.loads import LoadInput
from graph.nodes import Properties
from graph.rows import Rows
from graph.schema import CLAIM_LABEL, ENTITY_LABEL, RECORD_LABEL, RELATIONSHIPS, SCHEMA_VERSION
from graph.spool import Spool
from graph.store import META_UNIQUE, Store
from graph.workspace import Workspace

ARGUMENTS: Final = "arguments.txt"
_STATE: Final = "bulk.json"
# No cell of an input holds a control character, so this one can stand between list items.
_BETWEEN: Final = "\x1f"
_STEP: Final = 5_000
_EMPTY: Final = "_empty"
"""Names the empty lists of a node, which the tool takes for no value; `finish` puts them in."""
_LOG: Final = "tool.log"
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
# As the tool says it, of an import and of a look.
_IN_USE: Final = re.compile(
    r"^The database is in use\b|\bas the database '[^']*' is in use\b", re.M
)
_RUNS: Final = "The server is still running; stop it, then run the command again."


@dataclass(frozen=True, slots=True)
class Bulk:
    """CSV written for the tool, in a folder.

    `seen` is the place of the database, if it was seen empty there, and `address` the server's.
    Nothing but what was seen empty, and was not written to since, is ever overwritten.
    `done` says that the tool has brought it.
    """

    folder: Path
    input: str
    claims: int
    address: str = ""
    seen: Place | None = None
    done: bool = False

    @property
    def database(self) -> str:
        """The database to be filled."""
        named = os.environ.get("NEO4J_DATABASE", "").strip() or "neo4j"
        return self.seen.database if self.seen else named

    def arguments(self, *, over: bool) -> list[str]:
        """What follows the tool's name, which is to be run in `folder`; `over` overwrites."""
        overwrite = ["--overwrite-destination"] if over else []
        return ["database", "import", "full", self.database, *overwrite, f"@{ARGUMENTS}"]

    @property
    def command(self) -> str:
        """The whole command, to be typed where the server is, in a copy of `folder`.

        It overwrites only what is still as it was seen empty.
        """
        command = shlex.join(["neo4j-admin", *self.arguments(over=bool(self.seen))])
        if self.seen is None:
            return command
        look = shlex.join(["neo4j-admin", "database", "info", "--format=json", self.database])
        mark = shlex.quote(f'"lastCommittedTransaction":"{self.seen.transaction}"')
        return f"{look} | grep {mark} && {command}"

    def is_for(self, address: str) -> bool:
        """Whether this is for the server and the database that the environment names."""
        named = os.environ.get("NEO4J_DATABASE", "").strip()
        return self.address == address and named in ("", self.database)


# --- 1: the tool's CSV --------------------------------------------------------------------------


def empty(store: Store) -> bool:
    """Whether the database holds nothing but the schema's mark."""
    return not store.read("MATCH (n) WHERE NOT n:Meta RETURN 1 AS one LIMIT 1")


def written(workspace: Workspace, given: LoadInput) -> Bulk | None:
    """The CSV that was written before for this very input, if it is still there."""
    found = _state(_folder(workspace, given.case.id))
    return found if found and found.input == archive.digest(given.files) else None


def write(
    workspace: Workspace,
    given: LoadInput,
    *,
    seen_empty: Place | None,
    address: str = "",
    progress: Progress | None = None,
) -> Bulk:
    """Validate and judge an input, and write it as the import tool reads it.

    `seen_empty` is the place of the database if it was seen empty. Raises InputError for input
    that cannot be used.
    """
    progress, folder = progress or Progress(), _folder(workspace, given.case.id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    digest = archive.digest(given.files)
    with Spool() as spool, _Files(folder) as files:
        judge = loads.prepare(spool, given, progress)
        archive.keep_input(workspace, given.files, digest)
        load = loads.begun(workspace, given.case, digest)
        counts = loads.asserted(spool)
        marks = {"imported": True, "counts": json.dumps(counts)}
        files.node(("Meta",), {"id": "sutra", "schema_version": SCHEMA_VERSION})
        _write_all(files, spool, judge, given, load["id"], progress)
        files.node((RECORD_LABEL, "Load"), {**load, **marks, "empties": sorted(files.empties)})
        (folder / ARGUMENTS).write_text("".join(f"{a}\n" for a in files.arguments()), "utf-8")
    return _kept(Bulk(folder, digest, counts["Claim"], address, seen_empty or None))


def see(bulk: Bulk, address: str, place: Place | None) -> Bulk:
    """Note where the database is that was seen empty now, for CSV that is written already."""
    return _kept(replace(bulk, address=address, seen=place, done=False))


def _kept(bulk: Bulk) -> Bulk:
    noted = {
        "input": bulk.input, "claims": bulk.claims, "address": bulk.address, "done": bulk.done,
        "seen": asdict(bulk.seen) if bulk.seen else None,
    }  # fmt: skip
    (bulk.folder / _STATE).write_text(json.dumps(noted), "utf-8")
    return bulk


def _state(folder: Path) -> Bulk | None:
    """What is noted of the CSV in a folder; None if that cannot be read, or is an older Sutra's."""
    told = state(folder / _STATE)
    seen = told.get("seen")
    if not _has(told, input=str, claims=int, address=str, done=bool):
        return None
    if seen is not None and not (
        isinstance(seen, dict)
        and _has(seen, database=str, data=str, logs=str, transaction=int)
        and len(seen) == len(fields(Place))
    ):
        return None
    place = None if seen is None else Place(**seen)
    return Bulk(folder, told["input"], told["claims"], told["address"], place, told["done"])


def _has(told: Mapping[str, Any], **kinds: type) -> bool:
    """Whether what was noted has these, each of its kind. True and false are no numbers."""
    return all(type(told.get(name)) is kind for name, kind in kinds.items())


def _folder(workspace: Workspace, case: str) -> Path:
    return workspace.state / "bulk" / case


def _write_all(
    files: _Files, spool: Spool, judge: Judge, given: LoadInput, load: str, progress: Progress
) -> None:
    rows, case = Rows(given.case, load), given.case
    for label, found in (
        (ENTITY_LABEL, nodes.entities(spool, case)),
        (RECORD_LABEL, nodes.sources(spool, case)),
        (RECORD_LABEL, nodes.passages(spool, case)),
        (RECORD_LABEL, nodes.replies(spool, case)),
        (RECORD_LABEL, nodes.reviews(spool, case)),
    ):
        for node in _told("Writing entities and passages", 0, found, progress):
            files.node((label, node.kind), rows.node(node))
            for join in node.joins:
                files.join(
                    join.kind, RECORD_LABEL, node.id, RECORD_LABEL, join.end, join.properties
                )
    for claim in _told("Writing claims", spool.count("claim"), judge.claims(), progress):
        row = rows.claim(claim)
        files.node((CLAIM_LABEL,), row.claim)
        if row.drawn is not None and claim.predicate and row.object:
            ends = (ENTITY_LABEL, row.subject, ENTITY_LABEL, row.object)
            files.join(claim.predicate, *ends, row.drawn)
        for support in row.supports:
            ends = (RECORD_LABEL, support["passage"], CLAIM_LABEL, row.id)
            files.join("SUPPORTS", *ends, support["properties"])
    for differ in spool.rows("SELECT start, stop, how FROM differ"):
        ends = (CLAIM_LABEL, rows.id(differ["start"]), CLAIM_LABEL, rows.id(differ["stop"]))
        files.join("DIFFERS", *ends, {"how": differ["how"], "load": load})


def _told(words: str, total: int, items: Iterable[Any], progress: Progress) -> Iterator[Any]:
    done = 0
    for done, item in enumerate(items):
        if done % _STEP == 0:
            progress.step(words, done, total)
        yield item
    progress.step(words, done, total)


class _Table:
    """The files of the tool's that hold nodes of one kind, or relationships of one type.

    Columns are found as rows come, and each file has those that were known when it was begun: a
    value for a new one begins the next file.
    """

    def __init__(self, stem: Path, fixed: str) -> None:
        self._stem, self._fixed = stem, fixed
        self._columns: dict[str, int] = {}
        self._kinds: list[str] = []
        self._file: TextIO | None = None
        self.parts: list[tuple[str, str]] = []
        self.multiline = False

    def add(self, fixed: str, properties: Properties) -> None:
        """Write a row."""
        if self._file is None or not self._columns.keys() >= properties.keys():
            self._begin(properties)
        cells = [""] * len(self._columns)
        for name, value in properties.items():
            if value is not None:
                cells[self._columns[name]] = _cell(value)
        line = ",".join((fixed, *cells))
        if "\n" in line:
            self.multiline = True
        assert self._file is not None  # noqa: S101
        self._file.write(f"{line}\n")

    def _begin(self, properties: Properties) -> None:
        self.close()
        for name, value in properties.items():
            if name not in self._columns:
                self._columns[name] = len(self._columns)
                self._kinds.append(_kind(value))
        number = len(self.parts)
        head, body = (
            self._stem.with_name(f"{self._stem.name}-{number}{e}.csv") for e in (".head", "")
        )
        names = [f"{name}:{kind}" for name, kind in zip(self._columns, self._kinds, strict=True)]
        head.write_text(",".join([self._fixed, *names]) + "\n", "utf-8")
        self._file = body.open("w", encoding="utf-8", newline="")
        # The tool of Neo4j 2026 takes no path that has no folder in it.
        self.parts.append((f"./{head.name}", f"./{body.name}"))

    def close(self) -> None:
        """End the file that is being written."""
        if self._file is not None:
            self._file.close()


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "long"
        case float():
            return "double"
        case list():
            return "string[]"
        case _:
            return "string"


def _cell(value: Any) -> str:
    if type(value) is str:
        return '"' + value.replace('"', '""') + '"' if '"' in value else f'"{value}"'
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return _cell(_BETWEEN.join(value))
        case _:
            return repr(value)


class _Files:
    """The files of one import, by labels or by the type and the ends of relationships."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._tables: dict[tuple[Any, ...], _Table] = {}
        self.empties: set[str] = set()

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        for table in self._tables.values():
            table.close()

    def node(self, labels: tuple[str, ...], properties: Properties) -> None:
        """A node. Its id counts within its first label."""
        # A number may be whole in one row and not in another, which one column cannot hold.
        broken = tuple(name for name, value in properties.items() if type(value) is float)
        bare = [name for name, value in properties.items() if value == []]
        if bare:
            properties = {n: v for n, v in properties.items() if n not in bare} | {_EMPTY: bare}
            self.empties.update(f"{labels[0]}.{name}" for name in bare)
        table = self._table(("nodes", labels, broken), f":ID({labels[0]})")
        table.add(_cell(properties["id"]), properties)

    def join(
        self, kind: str, label: str, start: str, other: str, end: str, properties: Properties
    ) -> None:
        """A relationship between nodes of these ids."""
        fixed = f":START_ID({label}),:END_ID({other})"
        table = self._table(("relationships", (kind,), ()), fixed)
        table.add(f"{_cell(start)},{_cell(end)}", properties)

    def _table(self, key: tuple[Any, ...], fixed: str) -> _Table:
        table = self._tables.get(key)
        if table is None:
            name = f"{key[0]}-{'-'.join(key[1])}-{len(self._tables)}".lower()
            table = self._tables[key] = _Table(self._folder / name, fixed)
        return table

    def arguments(self) -> Iterator[str]:
        """The tool's options, when all is written."""
        yield "--array-delimiter=U+001F"
        yield "--id-type=string"
        multiline = any(table.multiline for table in self._tables.values())
        yield f"--multiline-fields={str(multiline).lower()}"
        for (kind, labels, _), table in self._tables.items():
            table.close()
            for head, body in table.parts:
                yield f"--{kind}={':'.join(labels)}={head},{body}"


# --- 2: the tool --------------------------------------------------------------------------------


def tool() -> Path | None:
    """The server's neo4j-admin, if it is on this machine: under NEO4J_HOME if set, else on PATH."""
    home = os.environ.get("NEO4J_HOME", "").strip()
    if not home:
        on_path = shutil.which("neo4j-admin")
        return Path(on_path) if on_path else None
    names = ("neo4j-admin.bat", "neo4j-admin") if os.name == "nt" else ("neo4j-admin",)
    there = (Path(home) / "bin" / name for name in names)
    return next((found for found in there if found.is_file()), None)


def is_local(uri: str) -> bool:
    """Whether an address names this machine."""
    return (urlsplit(uri).hostname or "") in _LOCAL


def run_tool(bulk: Bulk, found: Path) -> None:
    """Fill the database; its server must be stopped. Raises LoadError if the tool does not.

    A database that is there is overwritten if it was seen empty and is as it was then.
    """
    over, settings = False, []
    if bulk.seen is not None:
        settings = [f"--additional-config={_settings(bulk.folder, bulk.seen)}"]
        over = _is_there(bulk, bulk.seen, found, settings)
        _forget_others(bulk)
    code, said = _run(found, [*bulk.arguments(over=over), *settings], bulk.folder)
    if code:
        raise LoadError(_refused(bulk, said))
    _kept(replace(bulk, seen=None, done=True))


def _run(found: Path, arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run the tool; returns its code and what it said, which stays in the folder."""
    log = folder / _LOG
    try:
        with log.open("w", encoding="utf-8") as out:
            done = subprocess.run(  # noqa: S603 (the server's own tool, arguments of our own)
                [found, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
    except OSError as error:
        raise LoadError(
            f"{found} cannot be run ({error.strerror}); make it executable, or set NEO4J_HOME to "
            f"the folder of the server whose neo4j-admin can be run."
        ) from error
    return done.returncode, log.read_text("utf-8", errors="replace")


def _settings(folder: Path, place: Place) -> Path:
    """Settings that lead the tool to the database that was seen, whichever server it belongs to."""
    file = folder / "place.conf"
    file.write_text(
        f"server.directories.data={Path(place.data).as_posix()}\n"
        f"server.directories.transaction.logs.root={Path(place.logs).as_posix()}\n",
        "utf-8",
    )
    return file


def _is_there(bulk: Bulk, place: Place, found: Path, settings: list[str]) -> bool:
    """Whether the database that was seen empty is there, as it was then; False if it is gone.

    Raises LoadError if it is another one, or was written to since.
    """
    ask = ["database", "info", "--format=json", *settings, place.database]
    code, said = _run(found, ask, bulk.folder)
    if code and _IN_USE.search(said):
        raise LoadError(_RUNS)
    if code and "Database does not exist" in said and Path(place.data).is_dir():
        return False
    number = re.search(r'"lastCommittedTransaction":\s*"?(\d+)', said)
    clean = re.search(r'"recoveryRequired":\s*"?false', said)
    if code == 0 and number and clean and int(number[1]) == place.transaction:
        return True
    if code == 0 and number and not clean:
        raise LoadError(
            f"The server did not stop cleanly, so nobody knows what is in the database "
            f"“{place.database}”; start it, stop it again, then run the command again."
        )
    if code == 0:
        raise LoadError(
            f"The database “{place.database}” in {place.data} was written to since it was seen "
            f"empty, so it is left as it is; start the server and run the command again, which "
            f"looks at it anew."
        )
    raise LoadError(
        f"The database “{place.database}” that was seen empty is not found in {place.data} "
        f"({_last_line(said)}); see {bulk.folder / _LOG}, or run the import by hand where the "
        f"server is: `{bulk.command}` in a copy of {bulk.folder}."
    )


def _forget_others(bulk: Bulk) -> None:
    """Let no other case of this workspace overwrite what is imported now."""
    for folder in bulk.folder.parent.iterdir():
        other = _state(folder) if folder != bulk.folder else None
        if other is not None and other.seen is not None:
            _kept(replace(other, seen=None))


def _refused(bulk: Bulk, said: str) -> str:
    if _IN_USE.search(said):
        return _RUNS
    if "already exist" in said and bulk.seen is None:
        return (
            "The database is there already and nobody has seen that it is empty; start the server, "
            "run the command, and stop the server when it says so."
        )
    log = bulk.folder / _LOG
    return f"The import tool ended with an error ({_last_line(said)}); see {log}."


def _last_line(said: str) -> str:
    lines = [line.strip().rstrip(".") for line in said.splitlines() if line.strip()]
    told = [line for line in lines if "--verbose" not in line]
    return told[-1] if told else "none told"


# --- 3: the end ---------------------------------------------------------------------------------


def imported(store: Store, given: LoadInput) -> str | None:
    """The id of the Load that the tool brought and that waits for its end, if there is one.

    Raises LoadCutOff if that is of another input.
    """
    waiting = loads.imported(store)
    if waiting is None:
        return None
    if (waiting.case, waiting.input) != (given.case.id, archive.digest(given.files)):
        raise LoadCutOff(loads.explain_cut_off(waiting))
    return waiting.id


def finish(
    store: Store,
    workspace: Workspace,
    given: LoadInput,
    load: str,
    progress: Progress | None = None,
) -> Mapping[str, int]:
    """Create constraints and indexes, compare the counts, and complete the Load; returns counts.

    Raises LoadError if the graph does not hold what was written.
    """
    progress = progress or Progress()
    progress.step("Creating constraints and indexes", 0, 0)
    store.write(META_UNIQUE)
    store.set_up(list(statements.set_up()), statements.FULLTEXT)
    told = store.read(
        "MATCH (l:Record {id: $id}) RETURN l.counts AS counts, l.empties AS empties", {"id": load}
    )
    for name in told[0]["empties"] or []:
        label, _, key = name.partition(".")
        _put_empty(store, label, key, progress)
    progress.step("Counting", 0, 0)
    counts: dict[str, int] = json.loads(told[0]["counts"])
    for name, wanted in counts.items():
        found = _many(store, name, given.case.id)
        if found != wanted:
            raise LoadError(
                f"The database holds {found:,} of {name} of {given.case.id} where {wanted:,} were "
                f"written; take the case away with `sutra unload {given.case.id}` and load it "
                f"again."
            )
    loads.complete(store, load, counts)
    store.write("MATCH (l:Record {id: $id}) REMOVE l.imported, l.empties", {"id": load})
    shutil.rmtree(_folder(workspace, given.case.id), ignore_errors=True)
    return counts


def _many(store: Store, name: str, case: str) -> int:
    """How many nodes or relationships of a type the graph holds of a case."""
    pattern = f"(n:{name}) WHERE n.case = $case"
    if name in {*RELATIONSHIPS, "SUPPORTS"}:
        start = "Passage" if name == "SUPPORTS" else ENTITY_LABEL
        pattern = f"(a:{start}) WHERE a.case = $case MATCH (a)-[n:{name}]->()"
    found = store.read(f"MATCH {pattern} RETURN count(n) AS n", {"case": case})
    return int(found[0]["n"])


def _put_empty(store: Store, label: str, name: str, progress: Progress) -> None:
    """Give the nodes of a label their empty list of that name. Run again, it goes on."""
    # Both are names of our own schema.
    found = store.stream(
        f"MATCH (n:{label}) WHERE $name IN n.{_EMPTY} RETURN n.id AS id", {"name": name}
    )
    for batch in in_batches(found, 2 * BATCH):
        progress.step("Putting in empty lists", 0, 0)
        store.write(
            f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) SET n.{name} = [], "
            f"n.{_EMPTY} = CASE size(n.{_EMPTY}) WHEN 1 THEN null "
            f"ELSE [x IN n.{_EMPTY} WHERE x <> $name] END",
            {"ids": [row["id"] for row in batch], "name": name},
        )
