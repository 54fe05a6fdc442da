"""The embedded engine's life: races, kills, restarts, idle stop, refusals. All on the real one."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from processes import kill, server_process, servers, supervisors

from graph.errors import (
    CredentialsError,
    EngineStartError,
    ServerTooOld,
    StoreError,
    StoreUnavailable,
    SutraError,
)
from graph.runtime.workspace import Workspace
from graph.store.embedded import backups, leases, lifecycle, service, supervisor
from graph.store.embedded import server as embedded
from graph.store.neo4j_engine import Neo4jEngine, without_credentials
from graph.store.store import Store
from sutra.cli import main

NewWorkspace = Callable[[], Workspace]
pytestmark = [pytest.mark.embedded, pytest.mark.slow]


@pytest.fixture(scope="module")
def home(make_workspace: NewWorkspace) -> Workspace:
    """A workspace whose engine these tests may kill."""
    return make_workspace()


@pytest.fixture(scope="module", autouse=True)
def no_server_named() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NEO4J_URI", raising=False)
        yield


def client(workspace: Workspace, code: str, **environment: str) -> subprocess.Popen[str]:
    """Another process that runs `code` with an open store `s`."""
    script = f"from graph.store.store import Store\nwith Store.open() as s:\n    {code}\n"
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "SUTRA_HOME": str(workspace.root), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def count(store: Store, mark: str) -> int:
    rows = store.read("MATCH (n:Mark {name: $mark}) RETURN count(n) AS n", {"mark": mark})
    return int(rows[0]["n"])


# --- one server, however it is started ----------------------------------------------------------


def test_two_processes_that_start_at_once_share_one_server(home: Workspace) -> None:
    code = "s.write('CREATE (:Mark {name: $n})', {'n': 'race'}); print(s.info.address)"
    both = [client(home, code), client(home, code)]
    answers = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert answers[0][0] == answers[1][0]
    assert len(servers(home)) == 1
    assert until(lambda: len(supervisors(home)) == 1)
    with Store.open(home) as store:
        assert count(store, "race") == 2


def test_nothing_secret_is_on_a_command_line_or_readable_to_others(home: Workspace) -> None:
    with Store.open(home):
        text = " ".join(server_process(home).cmdline())
        for user in (embedded.WRITER, embedded.READER):
            secret = embedded.password(home, user)
            assert len(secret) > 30
            assert secret not in text
            assert secret not in " ".join(supervisors(home)[0].cmdline())
    for file in home.engine.glob("password*"):
        assert file.stat().st_mode & 0o077 == 0


def test_the_server_listens_on_loopback_alone(home: Workspace) -> None:
    with Store.open(home):
        listening = {
            connection.laddr.ip
            for connection in server_process(home).net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1"}
    assert listening


def test_two_workspaces_never_meet(home: Workspace, store: Store) -> None:
    with Store.open(home) as other:
        other.write("CREATE (:Mark {name: 'here alone'})")
        assert other.info.address != store.info.address
        assert count(store, "here alone") == 0
        assert count(other, "here alone") == 1


# --- whatever is killed, the next command works ---------------------------------------------------


def test_a_store_finds_a_restarted_server_by_itself(home: Workspace) -> None:
    with Store.open(home) as store:
        store.write("CREATE (:Mark {name: 'java'})")
        before = store.info.address
        kill(server_process(home))
        assert count(store, "java") == 1
        assert store.info.address != before
        # A second kill within the time in which the first look is still believed.
        kill(server_process(home))
        store.write("CREATE (:Mark {name: 'java'})")
        assert count(store, "java") == 2


def test_a_server_that_is_being_stopped_refuses_nobody(home: Workspace) -> None:
    """Its users are the first that it forgets."""
    refused: list[SutraError] = []
    done = threading.Event()

    def go_on(act: Callable[[], object]) -> None:
        while not done.is_set():
            try:
                act()
            except SutraError as error:
                refused.append(error)

    with Store.open(home) as store:
        mark = "MERGE (:Mark {name: 'right'})"
        acts = (lambda: count(store, "left"), lambda: store.write(mark, repeatable=True))
        threads = [threading.Thread(target=go_on, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for _ in range(2):
            server = embedded.running(home)
            assert server is not None
            embedded.stop(home, server)
            assert count(store, "left") == 0
        done.set()
        for thread in threads:
            thread.join()
    assert refused == []


def test_a_server_without_its_supervisor_is_adopted(home: Workspace) -> None:
    with Store.open(home) as store:
        store.write("CREATE (:Mark {name: 'adopted'})")
    java = server_process(home).pid
    assert until(lambda: len(supervisors(home)) == 1)
    kill(*supervisors(home))
    with Store.open(home) as store:
        assert count(store, "adopted") == 1
        said = home.state / "supervisor.log"
        assert until(lambda: f"adopted process {java}\n" in said.read_text(encoding="utf-8"))
        assert until(lambda: lifecycle.is_supervised(home))
        assert servers(home) == [java]


def test_both_killed(home: Workspace) -> None:
    with Store.open(home) as store:
        store.write("CREATE (:Mark {name: 'both'})")
    assert until(lambda: len(supervisors(home)) == 1)
    kill(*supervisors(home), server_process(home))
    with Store.open(home) as store:
        assert count(store, "both") == 1


def test_a_client_killed_in_a_transaction_leaves_nothing_half(home: Workspace) -> None:
    with Store.open(home) as store:
        store.write("CREATE (:Mark {name: 'held', n: 1})")
        work = (
            "s.write(\"CREATE (:Mark {name: 'kept'})\")\n"
            "    import time\n"
            "    def work(t):\n"
            "        t.run(\"MATCH (m:Mark {name: 'held'}) SET m.n = 2\")\n"
            "        t.run(\"CREATE (:Mark {name: 'lost'})\")\n"
            "        print('inside', flush=True); time.sleep(60)\n"
            "    s.transact(work)"
        )
        process = client(home, work)
        assert process.stdout is not None
        assert process.stdout.readline() == "inside\n"
        assert len(leases.held(home)) == 2
        process.kill()
        process.communicate(timeout=5)
        assert until(lambda: len(leases.held(home)) == 1)
        store.write("MATCH (m:Mark {name: 'held'}) SET m.n = m.n + 10")
        rows = store.read("MATCH (m:Mark {name: 'held'}) RETURN m.n AS n")
        assert rows == [{"n": 11}]
        assert (count(store, "kept"), count(store, "lost")) == (1, 0)


def test_the_query_of_a_killed_client_is_ended(home: Workspace) -> None:
    def running() -> int:
        rows = store.read("SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery AS q")
        return sum("90000" in row["q"] for row in rows)

    endless = "UNWIND range(1, 90000) AS x UNWIND range(1, 90000) AS y RETURN count(*)"
    with Store.open(home) as store:
        assert until(lambda: lifecycle.is_supervised(home))
        process = client(home, f"s.read('{endless}', timeout=600)")
        assert until(lambda: running() == 1, 30)
        time.sleep(1.2)  # the supervisor looks once a second who is there
        process.kill()
        process.communicate(timeout=5)
        assert until(lambda: running() == 0, 15)


def test_a_lost_record_is_found_again(home: Workspace) -> None:
    with Store.open(home) as store:
        store.write("CREATE (:Mark {name: 'found'})")
        java = server_process(home).pid
    assert until(lambda: len(supervisors(home)) == 1)
    kill(*supervisors(home))
    embedded.forget(home)
    with Store.open(home) as store:
        assert server_process(home).pid == java
        assert count(store, "found") == 1


def test_a_server_that_hangs_is_named_and_can_be_stopped(home: Workspace) -> None:
    with Store.open(home) as store:
        store.write("CREATE (:Mark {name: 'hung'})")
    assert until(lambda: lifecycle.is_supervised(home))
    with pytest.MonkeyPatch.context() as patch:  # the waits, not what is done
        patch.setattr(lifecycle, "_ANSWER_WITHIN", 0.5)
        patch.setattr(lifecycle, "_SILENT_FOR", 0.2)
        patch.setattr(lifecycle, "_YOUNG", 0.0)
        patch.setattr(embedded, "_SHUTDOWN_ANSWER", 0.5)
        patch.setattr(embedded, "_TERM_WITHIN", 0.2)
        server_process(home).suspend()
        with pytest.raises(EngineStartError, match="sutra db stop"):
            Store.open(home)
        assert service.stop(home)
    with Store.open(home) as store:
        assert count(store, "hung") == 1


# --- stopping -----------------------------------------------------------------------------------


def test_it_stops_when_nobody_uses_it(
    make_workspace: NewWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUTRA_ENGINE_IDLE", "0.4")
    workspace = make_workspace()
    with Store.open(workspace) as store:
        store.write("CREATE (:Mark {name: 'idle'})")
        time.sleep(0.8)  # longer than the idle time: the lease keeps it
        process = server_process(workspace)
        assert count(store, "idle") == 1
    assert until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)
    assert until(lambda: not lifecycle.is_supervised(workspace))
    assert embedded.recorded(workspace) is None
    assert not leases.held(workspace)


def test_a_record_that_was_spoilt_while_the_engine_runs_keeps_nobody_from_it(
    home: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUTRA_HOME", str(home.root))
    with Store.open(home) as store:
        running = servers(home)
        supervisor_ = supervisors(home)
        embedded.record_file(home).write_text('{"pid": "one"}')
        # Whoever watches it notes it anew.
        assert until(lambda: embedded.recorded(home) is not None)
        assert store.read("RETURN 1 AS one") == [{"one": 1}]
        for process in supervisor_:
            process.kill()
        psutil.wait_procs(supervisor_, timeout=5)
        embedded.record_file(home).write_text('{"pid": "one"}')
        assert main(["db", "status"]) == 0
        assert "running since" in capsys.readouterr().out
    with Store.open(home):
        assert servers(home) == running
    embedded.record_file(home).write_text("[]")
    assert main(["db", "stop"]) == 0
    assert capsys.readouterr().out == "Stopped.\n"
    assert servers(home) == []


def test_status_backup_restore_and_stop(
    home: Workspace, make_workspace: NewWorkspace, tmp_path: Path
) -> None:
    with Store.open(home) as store:
        store.set_up([], [("Mark", "name")])
        store.write("CREATE (:Mark {name: 'backed'})-[:NEXT]->(:Mark {name: 'up'})")
        status = service.status(home)
        assert status.running
        assert status.address == store.info.address
        assert status.leases == 1
        assert status.since is not None
        assert (status.memory or 0) > 50_000_000
        assert (status.folder_size or 0) > 100_000
        target = backups.backup(home, tmp_path / "copy.zip")
        store.write("CREATE (:Mark {name: 'backed'})")
    assert target.stat().st_mode & 0o077 == 0
    assert service.stop(home)
    assert not service.stop(home)
    assert servers(home) == []
    assert not service.status(home).running
    fresh = make_workspace()
    backups.restore(fresh, target)
    with Store.open(fresh) as store:
        assert count(store, "backed") == 1
        found = store.read(
            "CALL db.index.fulltext.queryNodes('mark_name', 'backed') YIELD node "
            "MATCH (node)-[:NEXT]->(m) RETURN m.name AS name"
        )
        assert found == [{"name": "up"}]
    with pytest.raises(StoreError, match="holds a database already"):
        backups.restore(fresh, target)


def test_a_backup_never_replaces_a_file(store: Store, sutra_home: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.zip").write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        backups.backup(Workspace(sutra_home), tmp_path / "copy.zip")
    assert (tmp_path / "copy.zip").read_text() == "mine"


def test_what_is_no_backup_is_refused(make_workspace: NewWorkspace, tmp_path: Path) -> None:
    (tmp_path / "copy.zip").write_text("not a zip")
    workspace = make_workspace()
    with pytest.raises(StoreError, match="not a backup"):
        backups.restore(workspace, tmp_path / "copy.zip")
    assert not (workspace.engine / "databases" / "graph").exists()


def test_asking_for_the_status_starts_and_creates_nothing(make_workspace: NewWorkspace) -> None:
    workspace = make_workspace()
    assert not service.status(workspace).running
    assert not service.stop(workspace)
    assert not workspace.root.exists()


# --- starts that fail ---------------------------------------------------------------------------


def test_without_the_wheel_one_sentence_points_to_neo4j(
    make_workspace: NewWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "arcadedb_embedded", None)
    with pytest.raises(EngineStartError, match="NEO4J_URI"):
        Store.open(make_workspace())


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("SUTRA_ENGINE_MEMORY", "lots", "SUTRA_ENGINE_MEMORY"),
        ("SUTRA_ENGINE_MEMORY", "1m", "memory"),
        ("SUTRA_ENGINE_JAVA", "-XX:+UseSerialGC -javaagent:spy.jar", "holds '-javaagent:spy.jar'"),
    ],
)
def test_java_that_cannot_start_says_why(
    make_workspace: NewWorkspace, monkeypatch: pytest.MonkeyPatch,
    variable: str, value: str, words: str,
) -> None:  # fmt: skip
    monkeypatch.setenv(variable, value)
    workspace = make_workspace()
    with pytest.raises(EngineStartError, match=words):
        Store.open(workspace)
    assert servers(workspace) == []
    monkeypatch.delenv(variable)


def test_a_taken_port_is_not_the_end(
    make_workspace: NewWorkspace, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    taken = int(store.info.address.rpartition(":")[2])
    choices = [[taken, *embedded.free_ports(1)], embedded.free_ports(2)]
    monkeypatch.setattr(embedded, "free_ports", lambda _count: choices.pop(0))
    workspace = make_workspace()
    workspace.prepare()
    server = supervisor.Supervisor(workspace, 60.0)._start()
    assert choices == []
    assert lifecycle.answers(workspace, server)
    assert service.stop(workspace)


# --- a server of one's own ----------------------------------------------------------------------


@pytest.mark.parametrize("uri", ["bolt://u:secret@127.0.0.1:9", "neo4j://127.0.0.1:9", "nonsense"])
def test_a_server_that_is_away_is_said_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    monkeypatch.setenv("NEO4J_URI", uri)
    workspace = Workspace(tmp_path / "home")
    with pytest.raises(StoreUnavailable) as caught:
        Store.open(workspace)
    assert "NEO4J_URI" in str(caught.value)
    assert "secret" not in str(caught.value)
    status = service.status(workspace)
    assert not status.running
    assert "secret" not in status.address
    assert not workspace.root.exists()


def test_wrong_credentials_are_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", store.info.address)
    monkeypatch.setenv("NEO4J_USERNAME", "nobody")
    monkeypatch.setenv("NEO4J_PASSWORD", "not-the-password")
    with pytest.raises(CredentialsError) as caught:
        Store.open()
    assert "NEO4J_PASSWORD" in str(caught.value)
    assert "not-the-password" not in str(caught.value)


def test_a_server_that_is_named_is_used(
    store: Store, sutra_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", store.info.address)
    monkeypatch.setenv("NEO4J_USERNAME", embedded.WRITER)
    monkeypatch.setenv("NEO4J_PASSWORD", embedded.password(Workspace(sutra_home), embedded.WRITER))
    monkeypatch.setenv("NEO4J_DATABASE", embedded.DATABASE)
    with Store.open() as named:
        assert not named.info.embedded
        assert named.read("RETURN 1 AS one") == [{"one": 1}]
        status = service.status(Workspace(sutra_home))
        assert (status.running, status.engine, status.folder) == (True, "Neo4j", None)
    with pytest.raises(StoreError, match="neo4j-admin"):
        backups.backup(None, Path("never.zip"))


@pytest.mark.parametrize(
    ("agent", "used"),
    [
        ("Neo4j/5.23.0", True), ("Neo4j/2026.01.0", True), ("Neo4j/5.27-aura", True),
        ("Neo4j/4.4.30", False), ("Neo4j/5.22.0", False), ("Other/9.9", False),
    ],
)  # fmt: skip
def test_a_server_that_is_too_old_is_said_and_one_new_enough_is_used(
    agent: str, *, used: bool
) -> None:
    remote = Neo4jEngine({"NEO4J_URI": "bolt://127.0.0.1:9"})
    with contextlib.nullcontext() if used else pytest.raises(ServerTooOld, match=r"5\.26"):
        remote._check_version(agent)


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("neo4j+s://me:pw@db.example:7687/?x=pw", "neo4j+s://db.example:7687"),
        ("bolt://[::1]:7687", "bolt://[::1]:7687"),
        ("me:pw@host", "host"),
        ("bolt://me:pw@host:port", "an address that cannot be read"),
    ],
)
def test_addresses_are_shown_without_credentials(uri: str, shown: str) -> None:
    assert without_credentials(uri) == shown
