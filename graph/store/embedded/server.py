"""The embedded engine's server process: how it is found, started, asked and stopped.

The wheel `arcadedb-embedded` carries the server's jars and a Java runtime. Its server runs as a
process of its own on two free loopback ports. What another process must know to reach it stands in
`state/engine.json`; the passwords stand in two files that only their owner can read.

Nothing here imports the driver, so that the supervisor stays small.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import importlib.util
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import psutil

from graph.errors import NEEDS_MEMORY, TOO_DEEP, EngineStartError, InputError, StoreError, full_disk
from graph.runtime.files import STATE, read_text, state
from graph.runtime.workspace import Workspace

DATABASE: Final = "graph"
WRITER: Final = "root"
READER: Final = "sutra_reader"
HOST: Final = "127.0.0.1"

ENDING: Final = "Terminat"
"""How the state begins of a transaction that was asked to end, on either engine."""

# Begins the comment by which a running query is known; the name of its lease follows.
TOKEN: Final = "sutra:"  # noqa: S105 (no password)

_PASSWORD: Final = re.compile(r"[A-Za-z0-9_-]+")
_MOST_PROCESSES: Final = 2**31 - 1

# Seconds. A clean stop took 1.4 s at 200,000 relationships; the rest is for a busy disk.
STOP_WITHIN: Final = 30.0
# Bytes; an empty database takes half a megabyte.
_LEAST_ROOM: Final = 4_000_000
_SHUTDOWN_ANSWER: Final = 10.0
_TERM_WITHIN: Final = 5.0

_ELSEWHERE: Final = "set NEO4J_URI to a Neo4j server instead"

# The group `readonly` is ours, the other two are as ArcadeDB writes them. The server fills in none
# of this once the file is there.
_ALL_RECORDS: Final = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
_ADMIN: Final = ["updateSecurity", "updateSchema", "updateDatabaseSettings"]


def _group(access: list[str], records: list[str]) -> dict[str, Any]:
    types = {"*": {"access": records}}
    return {"resultSetLimit": -1, "readTimeout": -1, "access": access, "types": types}


_GROUPS: Final = {
    "databases": {
        "*": {
            "groups": {
                "admin": _group(_ADMIN, _ALL_RECORDS),
                "readonly": _group([], ["readRecord"]),
                "*": _group([], []),
            }
        }
    },
    "version": 2,
}


# The server's own settings keep a gigabyte, and write all of it to the console too.
_LOG_SETTINGS: Final = """\
handlers = java.util.logging.FileHandler
.level = INFO
io.undertow.level = WARNING
org.xnio.level = WARNING
org.jboss.level = WARNING
java.util.logging.FileHandler.pattern = ./log/arcadedb.log
java.util.logging.FileHandler.formatter = com.arcadedb.log.LogFormatter
java.util.logging.FileHandler.limit = 2000000
java.util.logging.FileHandler.count = 2
"""


@dataclass(frozen=True)
class Server:
    """One running server process, as `state/engine.json` records it.

    `created` is the process's start time as the operating system gives it: a number of a process
    that ended and was given to another one does not match it. `ready` is false while the reader
    does not exist yet: a login that fails makes the server refuse that user for 30 seconds.
    """

    pid: int
    created: float
    bolt: int
    http: int
    ready: bool = True

    @property
    def address(self) -> str:
        """Where Bolt listens, as a URI without credentials."""
        return f"bolt://{HOST}:{self.bolt}"

    def process(self) -> psutil.Process | None:
        """The process, or None when it has ended."""
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.created) > 1.0:
                return None
            return None if process.status() == psutil.STATUS_ZOMBIE else process
        except psutil.NoSuchProcess:
            return None


# --- what is recorded ---------------------------------------------------------------------------


def database_folder(workspace: Workspace) -> Path:
    """Where the database lies."""
    return workspace.engine / "databases" / DATABASE


def replaced_folder(workspace: Workspace) -> Path:
    """Where the database lies that a backup is about to replace."""
    return workspace.engine / "replaced"


def settle(workspace: Workspace) -> None:
    """Take back a restore that was cut off, or remove what it replaced. The server is stopped."""
    database, before = database_folder(workspace), replaced_folder(workspace)
    if before.is_dir() and not database.exists():
        before.rename(database)
    shutil.rmtree(before, ignore_errors=True)


def record_file(workspace: Workspace) -> Path:
    """Where the running server is recorded."""
    return workspace.state / "engine.json"


def log_file(workspace: Workspace) -> Path:
    """The server's log since its last start."""
    return workspace.engine / "log" / "arcadedb.log.0"


def console_file(workspace: Workspace) -> Path:
    """What Java itself had to say since the last start, mostly before there is a log."""
    return workspace.engine / "log" / "console.log"


def recorded(workspace: Workspace) -> Server | None:
    """The server that was recorded last, running or not; None where none is, or no record is."""
    told = state(record_file(workspace))
    known = (
        told.keys() == {field.name for field in fields(Server)}
        and _is_number(told["pid"], _MOST_PROCESSES)
        and isinstance(told["created"], float)
        and all(_is_number(told[port], 65_535) for port in ("bolt", "http"))
        and isinstance(told["ready"], bool)
    )
    return Server(**told) if known else None


def _is_number(value: object, most: int) -> bool:
    return type(value) is int and 0 < value <= most


def record(workspace: Workspace, server: Server) -> None:
    """Record a server in one step."""
    file = record_file(workspace)
    fresh = file.with_name(f"engine.{os.getpid()}.json")
    fresh.write_text(json.dumps(asdict(server)) + "\n", encoding="utf-8")
    fresh.replace(file)


def forget(workspace: Workspace) -> None:
    """Remove the record."""
    record_file(workspace).unlink(missing_ok=True)


def running(workspace: Workspace) -> Server | None:
    """The workspace's server process, if one runs; it may not answer (yet, or any more)."""
    server = recorded(workspace)
    if server is not None and server.process() is not None:
        return server
    return None


def find_unrecorded(workspace: Workspace) -> Server | None:
    """A server process of this workspace whose record was lost, known by its command line."""
    root = f"-Darcadedb.server.rootPath={workspace.engine}"
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            command = process.cmdline()
            if root in command and process.status() != psutil.STATUS_ZOMBIE:
                text = "\n".join(command)
                bolt = re.search(r"^-Darcadedb\.bolt\.port=(\d+)$", text, re.MULTILINE)
                http_ = re.search(r"httpIncomingPort=(\d+)$", text, re.MULTILINE)
                if bolt and http_:
                    created = process.create_time()
                    return Server(process.pid, created, int(bolt[1]), int(http_[1]))
    return None


# --- passwords ----------------------------------------------------------------------------------


def password(workspace: Workspace, user: str) -> str:
    """The password of a user of the workspace's server; empty where none was made yet."""
    file = _password_file(workspace, user)
    if not file.exists():
        return ""
    try:
        found = read_text(file, STATE).strip()
    except InputError as error:
        raise StoreError(f"The password of the embedded database cannot be read: {error}") from (
            error
        )
    # What was not made here is none: the server keeps its passwords, and knows no such one.
    return found if _PASSWORD.fullmatch(found) else ""


def _password_file(workspace: Workspace, user: str) -> Path:
    return workspace.engine / ("password" if user == WRITER else "password-reader")


def _make_password(file: Path) -> None:
    """Write a new password; the file is never readable to others, not even at first."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(32))


def _prepare(workspace: Workspace) -> None:
    """Write what the server reads at its start: groups and passwords."""
    config = workspace.engine / "config"
    for folder in (config, workspace.engine / "log"):
        folder.mkdir(mode=0o700, exist_ok=True)
    groups = config / "server-groups.json"
    text = json.dumps(_GROUPS, indent=1)
    if not groups.exists() or groups.read_text(encoding="utf-8", errors="replace") != text:
        groups.write_text(text, encoding="utf-8")
    (config / "log.properties").write_text(_LOG_SETTINGS, encoding="utf-8")
    missing = [u for u in (WRITER, READER) if not password(workspace, u)]
    if missing:
        # The server keeps only hashes: without their passwords its users are of no use.
        _users_file(workspace).unlink(missing_ok=True)
    for user in missing:
        _password_file(workspace, user).unlink(missing_ok=True)
        _make_password(_password_file(workspace, user))


# --- start --------------------------------------------------------------------------------------


def package_folder() -> Path:
    """The folder of the wheel, found without importing it (importing would load Java in here).

    Raises `EngineStartError` where no wheel is installed.
    """
    spec = importlib.util.find_spec("arcadedb_embedded")
    if spec is None or not spec.submodule_search_locations:
        raise EngineStartError(
            "The embedded database is not installed (no wheel of arcadedb-embedded fits this "
            f"platform, or it was left out); install it, or {_ELSEWHERE}."
        )
    return Path(spec.submodule_search_locations[0])


def package_version() -> str:
    """The version of the wheel; empty where none is installed."""
    try:
        return version("arcadedb-embedded")
    except PackageNotFoundError:
        return ""


def free_ports(count: int) -> list[int]:
    """Loopback ports that nothing listens on now; another process may still take one."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]


def launch(workspace: Workspace) -> tuple[Server, subprocess.Popen[bytes]]:
    """Start a server process on free ports and record it. It does not answer yet.

    Raises `EngineStartError` where it cannot even be started.
    """
    bolt, http_ = free_ports(2)
    try:
        _prepare(workspace)
        command = _command(workspace, bolt, http_)
        if log_file(workspace).exists():  # what it says must be of this start
            log_file(workspace).replace(log_file(workspace).with_name("arcadedb.before.log"))
        console_file(workspace).write_bytes(b"")
        with console_file(workspace).open("ab") as log:  # at its end, also once it was cut short
            process = subprocess.Popen(  # noqa: S603 (our own command, no shell)
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=workspace.engine,
                env=_environment(os.environ),
                **detached(),
            )
        created = psutil.Process(process.pid).create_time()
        server = Server(process.pid, created, bolt, http_, ready=_has_reader(workspace))
        record(workspace, server)
    except (OSError, psutil.Error) as error:
        raise EngineStartError(
            f"The embedded database cannot be started in {workspace.engine} ({error}); free some "
            f"disk space or repair the folder's rights, or {_ELSEWHERE}."
        ) from error
    return server, process


def detached() -> dict[str, Any]:
    """What `subprocess.Popen` needs for a child that outlives this process and its terminal."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _command(workspace: Workspace, bolt: int, http_: int) -> list[str]:
    package = package_folder()
    java = package / "jre" / "bin" / ("java.exe" if sys.platform == "win32" else "java")
    root = workspace.engine
    settings = {
        "server.rootPath": root,
        "server.databaseDirectory": root / "databases",
        "server.backupDirectory": root / "backups",
        "server.rootPasswordPath": _password_file(workspace, WRITER),
        "server.httpIncomingHost": HOST,
        "server.httpIncomingPort": http_,
        "bolt.host": HOST,
        "bolt.port": bolt,
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.defaultDatabases": f"{DATABASE}[]",
        # No query text opens a file or reaches another machine, whoever runs it.
        "opencypher.loadCsv.allowFileUrls": "false",
        "opencypher.loadCsv.allowRemoteUrls": "false",
        # With the gate, the statement that ends a query which runs too long would itself wait
        # behind the queries that run too long.
        "queryMaxConcurrent": 0,
    }
    return [
        str(java),
        f"-Djava.util.logging.config.file={root / 'config' / 'log.properties'}",
        f"-Xmx{_memory(os.environ)}",
        "-XX:+UseSerialGC",
        *_options(os.environ),
        "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
        "-Djava.awt.headless=true",
        *(f"-Darcadedb.{name}={value}" for name, value in settings.items()),
        "-cp",
        str(package / "jars" / "*"),
        "com.arcadedb.server.ArcadeDBServer",
    ]


def _memory(environ: Mapping[str, str]) -> str:
    """The server's largest heap, as Java writes it: `SUTRA_ENGINE_MEMORY`, else 512m."""
    given = environ.get("SUTRA_ENGINE_MEMORY", "512m")
    if not re.fullmatch(r"[1-9][0-9]*[mMgG]", given):
        raise EngineStartError(
            f"SUTRA_ENGINE_MEMORY is {given!r} and must be a size such as 512m or 2g."
        )
    return given


def _options(environ: Mapping[str, str]) -> list[str]:
    """More options for the server's Java, with spaces between: `SUTRA_ENGINE_JAVA`, else none."""
    given = environ.get("SUTRA_ENGINE_JAVA", "").split()
    if wrong := next((one for one in given if not re.fullmatch(r"-X[\w:+=.-]+", one)), None):
        raise EngineStartError(
            f"SUTRA_ENGINE_JAVA holds {wrong!r}: only Java's own options that begin with -X are "
            "taken, such as -XX:+UseG1GC."
        )
    return given


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would change our Java or carry somebody's secrets into it."""
    foreign = re.compile(r"JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|NEO4J_", re.I)
    return {
        name: value
        for name, value in environ.items()
        if not foreign.match(name) and not name.lower().startswith(("arcadedb", "sutra_read"))
    }


_REASONS: Final = {
    r"No space left on device|disk full": "the disk is full",
    r"Address already in use|Unable to listen": "its port was taken by another program",
    r"is locked|LockException|already in use": "another process holds the database's folder",
    r"OutOfMemoryError|insufficient memory|Could not reserve|maximum heap": (
        "Java cannot get the memory that SUTRA_ENGINE_MEMORY asks for"
    ),
    r"Permission denied|AccessDenied": "its folder cannot be written",
}


# Bytes; what a thread says at its end may be a thousand lines long.
_TAIL: Final = 1_000_000
_LONGEST_CONSOLE: Final = 4_000_000


def is_full(workspace: Workspace) -> bool:
    """Whether the disk that the data lie on has no room left to write to."""
    with contextlib.suppress(OSError):
        return shutil.disk_usage(workspace.engine).free < _LEAST_ROOM
    return False


def why_it_failed(workspace: Workspace) -> str:
    """One clause on why the server ended or does not answer, from its log and Java's words."""
    if is_full(workspace):
        return "the disk is full"  # and so nothing may stand in the log
    text = _said(workspace)
    for pattern, clause in _REASONS.items():
        if re.search(pattern, text, re.IGNORECASE):
            return clause
    last = [line for line in text.splitlines() if re.search("error|sever|exception", line, re.I)]
    return f"Java said {last[0].strip()[:200]!r}" if last else "Java gave no reason"


_LAST_WORDS: Final = {"OutOfMemoryError": NEEDS_MEMORY, "StackOverflowError": TOO_DEEP}
# Seconds in which the server says why it dropped a connection: it closes that first.
_SAYS_WITHIN: Final = 2.0


def why_lost(workspace: Workspace, server: Server, port: int) -> str:
    """Why a living server dropped the connection from this port, as a clause; empty if unknown.

    The thread that serves a connection bears its port, and ends with it when it has no memory left.
    """
    ended = re.compile(rf'Exception in thread "BOLT-[^"]*:{port}" java\.lang\.(\w+)')
    for _ in _ticks(_SAYS_WITHIN):
        if server.process() is None:
            return ""
        found = ended.findall(_tail(console_file(workspace)))
        if found:
            _end_those_of(workspace, server, port)
            return _LAST_WORDS.get(found[-1], "")
    return ""


def _end_those_of(workspace: Workspace, server: Server, port: int) -> None:
    """Have what a thread left behind known as ended: the server goes on listing it as running."""
    with contextlib.suppress(StoreError):
        for query in running_queries(workspace, server):
            if query.client.endswith(f":{port}"):
                end_query(workspace, server, query)


def trim_console(workspace: Workspace) -> None:
    """Cut what Java says on its console short once it is long; the end of it is kept beside."""
    console = console_file(workspace)
    with contextlib.suppress(OSError):
        if console.stat().st_size > _LONGEST_CONSOLE:
            console.with_name("console.before.log").write_text(_tail(console), encoding="utf-8")
            os.truncate(console, 0)


def has_given_up(workspace: Workspace) -> bool:
    """Whether the server says that it cannot listen; its process stays, and never answers."""
    return "Unable to listen" in _said(workspace)


def _said(workspace: Workspace) -> str:
    files = (console_file(workspace), log_file(workspace))
    return "".join(_tail(file)[-20_000:] for file in files)


def _tail(file: Path) -> str:
    """The end of a log; empty where there is none."""
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _TAIL))
            return opened.read().decode("utf-8", errors="replace")
    except OSError:
        return ""


# --- HTTP: what Bolt does not offer -------------------------------------------------------------


_LISTING: Final = "SHOW TRANSACTIONS"
# Seconds.
_COMMAND_WITHIN: Final = 600.0
_TENDED_WITHIN: Final = 10.0


def command(
    workspace: Workspace,
    server: Server,
    text: str,
    language: str = "sql",
    *,
    timeout: float = _COMMAND_WITHIN,
) -> list[dict[str, Any]]:
    """Run one statement as the writer; returns its rows.

    Raises `StoreError` if the server refuses it or does not answer.
    """
    body = {"language": language, "command": text}
    answer = _post(workspace, server, f"/api/v1/command/{DATABASE}", body, timeout)
    rows = answer.get("result", [])
    return rows if isinstance(rows, list) else []


@dataclass(frozen=True)
class RunningQuery:
    """A query that the server runs: its number there, and whether it was asked to end.

    `client` is where it came from, as an address with a port; `owner` is the lease of the process
    that asked it, or empty if it bears no token.
    """

    number: str
    client: str
    owner: str
    ending: bool


def running_queries(workspace: Workspace, server: Server) -> list[RunningQuery]:
    """What the server runs, but for the question itself. Raises `StoreError` as `command` does."""
    rows = command(workspace, server, _LISTING, "cypher", timeout=_TENDED_WITHIN)
    found = []
    for row in rows:
        text, number = str(row.get("currentQuery")), str(row.get("transactionId"))
        if text != _LISTING and re.fullmatch(r"[\w-]+", number):
            token = re.match(rf"/\* {TOKEN}([^:]+):", text)
            ending = str(row.get("status")).startswith(ENDING)
            client, owner = str(row.get("clientAddress")), token[1] if token else ""
            found.append(RunningQuery(number, client, owner, ending))
    return found


def end_query(workspace: Workspace, server: Server, query: RunningQuery) -> None:
    """Ask the server to end a query; it may go on if it never looks. Raises `StoreError`."""
    text = f"TERMINATE TRANSACTIONS '{query.number}'"
    command(workspace, server, text, "cypher", timeout=_TENDED_WITHIN)


def backup(workspace: Workspace, server: Server, target: Path) -> Path:
    """Write a consistent copy of the database to a new file, while the server runs.

    The server writes into its own folder; the file is then moved. Raises `StoreError` if the file
    exists or cannot be written.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; name a new file.")
    name = f"sutra-{secrets.token_hex(8)}.zip"
    command(workspace, server, f"BACKUP DATABASE '{name}'")
    made = workspace.engine / "backups" / DATABASE / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, target)
        if sys.platform != "win32":
            target.chmod(0o600)
    except OSError as error:
        raise StoreError(f"The backup cannot be written to {target} ({error.strerror}).") from error
    return target


def make_ready(workspace: Workspace, server: Server) -> Server:
    """Create the user that can only read, unless the server has it; records and returns it."""
    if not _has_reader(workspace):
        secret = password(workspace, READER)
        user = {"name": READER, "password": secret, "databases": {DATABASE: ["readonly"]}}
        order = {"command": f"create user {json.dumps(user)}"}
        _post(workspace, server, "/api/v1/server", order, 30.0)
    server = replace(server, ready=True)
    record(workspace, server)
    return server


def _has_reader(workspace: Workspace) -> bool:
    users = _users_file(workspace)
    return users.exists() and f'"{READER}"' in users.read_text(encoding="utf-8", errors="replace")


def _users_file(workspace: Workspace) -> Path:
    return workspace.engine / "config" / "server-users.jsonl"


def answers_http(workspace: Workspace, server: Server) -> bool:
    """Whether the server answers an authenticated request over HTTP."""
    try:
        _post(workspace, server, "/api/v1/server", {"command": "list databases"}, 5.0)
    except StoreError:
        return False
    return True


def stop(workspace: Workspace, server: Server, *, within: float = STOP_WITHIN) -> None:
    """Stop the server: cleanly over HTTP, by force only if it does not answer or does not end.

    What was committed is kept either way. Returns when the process has ended.
    """
    process = server.process()
    if process is None:
        return
    with contextlib.suppress(StoreError):
        _post(workspace, server, "/api/v1/server", {"command": "shutdown"}, _SHUTDOWN_ANSWER)
        if _ended(server, within):
            return
    with contextlib.suppress(psutil.NoSuchProcess):
        process.terminate()  # on Windows this is a kill
        if not _ended(server, _TERM_WITHIN):
            process.kill()
            _ended(server, 10.0)


def _ended(server: Server, within: float) -> bool:
    return any(server.process() is None for _ in _ticks(within))


def _ticks(seconds: float, step: float = 0.05) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(step)
    yield


def _post(
    workspace: Workspace, server: Server, path: str, body: dict[str, Any], timeout: float
) -> dict[str, Any]:
    if server.process() is None:  # never send a password to whoever has the port now
        raise StoreError("The embedded database is not running.")
    login = f"{WRITER}:{password(workspace, WRITER)}".encode()
    headers = {
        "Authorization": "Basic " + base64.b64encode(login).decode("ascii"),
        "Content-Type": "application/json",
    }
    connection = http.client.HTTPConnection(HOST, server.http, timeout=timeout)
    try:
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        answer = json.loads(response.read() or b"{}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise StoreError(f"The embedded database does not answer over HTTP ({error}).") from error
    finally:
        connection.close()
    if response.status >= 300:
        if is_full(workspace):
            raise StoreError(full_disk(workspace.engine))
        detail = answer.get("detail") or answer.get("error") or response.reason
        raise StoreError(f"The embedded database refused a command: {detail}.")
    return answer if isinstance(answer, dict) else {}
