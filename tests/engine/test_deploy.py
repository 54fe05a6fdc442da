"""What docs/deploy.md tells, done for real: TLS, a server that dies, dumps, and another release."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme
from engines import QUICK_START
from invented import differing, dump, lighthouse
from neo4j_server import Server, class_path, java_home, missing

from graph.errors import StoreUnavailable
from graph.ingest import load_states, loads
from graph.runtime import streams
from graph.runtime.jobs import Progress
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

pytestmark = [
    pytest.mark.neo4j,
    pytest.mark.skipif(
        bool(missing()) and os.environ.get("SUTRA_ALLOW_SKIP") == "1", reason="no Java or no Maven"
    ),
]
CASE = "sandwick"
PASSWORD = "only-for-this-test"  # noqa: S105 (of a server that lives for one test)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def serve(home: Path | None, release: str = "5.26", **more: Any) -> Server:
    return Server(release, data=home, password=PASSWORD, options=QUICK_START, **more)


def admin(home: Path, *arguments: str) -> None:
    """The server's own command on a home whose server is stopped."""
    java = java_home("5.26")
    assert java is not None
    path = os.pathsep.join(str(part) for part in class_path("5.26"))
    done = subprocess.run(
        [java / "bin" / "java", "-cp", path, "org.neo4j.cli.AdminTool", "database", *arguments],
        env={**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


# --- TLS ----------------------------------------------------------------------------------------


def test_it_speaks_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority, folder = trustme.CA(), tmp_path / "certificates"
    folder.mkdir()
    issued = authority.issue_cert("localhost")
    issued.private_key_pem.write_to_path(folder / "private.key")
    issued.cert_chain_pems[0].write_to_path(folder / "public.crt")
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    settings = {
        "server.bolt.tls_level": "REQUIRED",
        "dbms.ssl.policy.bolt.enabled": "true",
        "dbms.ssl.policy.bolt.base_directory": str(folder),
    }

    def read(scheme: str, host: str = "localhost") -> object:
        uri = f"{scheme}://{host}:{server.port}"
        with Store.open(environ={**server.environ, "NEO4J_URI": uri}) as store:
            store.write("MERGE (n:Entity {id: 'secret'})")
            return store.read("MATCH (n:Entity) RETURN n.id AS id")

    with serve(None, settings=settings) as server:
        # An authority that nobody knows: taken unseen by +ssc, refused by +s, until it is named.
        for scheme in ("neo4j+ssc", "bolt+ssc"):
            assert read(scheme) == [{"id": "secret"}]
        for scheme in ("neo4j+s", "bolt+s", "neo4j", "bolt"):
            with pytest.raises(StoreUnavailable):
                read(scheme)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        for scheme in ("neo4j+s", "bolt+s"):
            assert read(scheme) == [{"id": "secret"}]
        with pytest.raises(StoreUnavailable):
            read("neo4j+s", "127.0.0.1")  # which the certificate does not name


# --- a server that dies, and what is made of its folder ------------------------------------------


@dataclass(frozen=True)
class Kept:
    """The folder of a server that was killed in a load and is stopped now, and what it holds."""

    home: Path
    calm: Any
    disturbed: Any
    restarts: int


class _At(Progress):
    """Does something once, at the named step."""

    def __init__(self, words: str, act: Callable[[], None]) -> None:
        self._words, self._act = words, act

    def step(self, words: str, done: int, total: int) -> None:
        if words == self._words:
            self._words = ""
            self._act()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, make_workspace: Callable[[], Workspace]) -> Kept:
    folder, workspace, port = tmp_path_factory.mktemp("kept"), make_workspace(), free_port()
    case = lighthouse().write(folder / "case")
    running = [serve(folder / "home", port=port)]
    environ = {**running[0].environ, "NEO4J_URI": f"neo4j://127.0.0.1:{port}"}

    def again() -> None:
        running.append(serve(folder / "home", port=port))

    def die() -> None:
        running[-1].process.kill()
        running[-1].process.wait()
        threading.Thread(target=again).start()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "BATCH", 2)
        with Store.open(environ=environ) as store:
            loads.load(store, workspace, read_case(case, "calm"))
            calm = dump(store, "calm")
            progress: Progress | None = _At("Writing claims", die)
            for _ in range(5):
                try:
                    loads.load(store, workspace, read_case(case), progress=progress)
                    break
                except StoreUnavailable:
                    progress = None  # run again, as the error says
                    time.sleep(2)
            disturbed = dump(store, CASE)
    running[-1].stop()
    return Kept(folder / "home", calm, disturbed, len(running) - 1)


def held(server: Server) -> Any:
    with Store.open(environ=server.environ) as store:
        assert {state.status for state in load_states.states(store)} == {load_states.COMPLETE}
        return dump(store, CASE)


def test_a_load_outlives_a_server_that_is_killed(kept: Kept) -> None:
    assert kept.restarts == 1
    assert not differing(kept.calm, kept.disturbed)


def test_a_dump_is_restored_into_an_empty_server(kept: Kept, tmp_path: Path) -> None:
    admin(kept.home, "dump", "neo4j", f"--to-path={tmp_path}")
    fresh = tmp_path / "fresh"
    shutil.copytree(kept.home / "conf", fresh / "conf")
    admin(fresh, "load", "neo4j", f"--from-path={tmp_path}")
    with serve(fresh) as server:
        assert not differing(kept.calm, held(server))
        with Store.open(environ=server.environ) as store:
            told = store.read("SHOW CONSTRAINTS YIELD name RETURN count(name) AS n")
            assert told[0]["n"] > 20
        server.process.kill()  # a clean stop takes ten seconds


@pytest.mark.skipif(java_home("2026") is None, reason="no Java for Neo4j 2026")
def test_another_release_takes_the_folder_over(kept: Kept, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(kept.home, home)
    with serve(home, "2026") as server:
        with Store.open(environ=server.environ) as store:
            assert store.info.version.startswith("2026")
        assert not differing(kept.calm, held(server))
        server.process.kill()
