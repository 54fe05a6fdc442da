"""A real Neo4j for the tests, from its published jars.

`Server` starts one in a folder, with Bolt on loopback and authentication on, and stops it; it also
ends when the process that started it ends, however that ends. `pom.xml` in `neo4j/` pins the
releases. Maven builds the class path once, into `target` beside it. In this folder:

    python neo4j_server.py install               Java and Maven, where they are missing
    python neo4j_server.py start [--data FOLDER] [--release 5.26|2026] [--port N]
    python neo4j_server.py classpath [--release 5.26|2026]

Needs nothing outside the standard library.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).resolve().parent / "neo4j"
USER = "neo4j"
# The oldest and the newest Java that a release runs on, as its makers say; None: any newer one.
RELEASES: dict[str, tuple[int, int | None]] = {"5.26": (17, 21), "2026": (21, None)}
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_SETTINGS = {
    "dbms.security.auth_enabled": "true",
    "server.bolt.enabled": "true",
    "server.bolt.tls_level": "DISABLED",
    "dbms.usage_report.enabled": "false",
    "db.tx_log.preallocate": "false",
}
_MANAGERS = {
    "apt-get": (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "openjdk-17-jdk-headless", "maven"],
    ),
    "dnf": (["dnf", "install", "-y", "-q", "java-17-openjdk-devel", "maven"],),
    "pacman": (["pacman", "-S", "--noconfirm", "--needed", "jdk17-openjdk", "maven"],),
    "brew": (["brew", "install", "openjdk@17", "maven"],),
}


class MissingTool(Exception):  # noqa: N818 (what is missing is not an error of ours)
    """Java or Maven is not here; the text says what to type."""


# --- Java and Maven -----------------------------------------------------------------------------


def java_homes() -> dict[Path, int]:
    """Every JDK that is found, with its version."""
    named = [os.environ[n] for n in sorted(os.environ) if re.fullmatch(r"JAVA_HOME\w*", n)]
    places = [Path(name) for name in named]
    if compiler := shutil.which("javac"):
        places.append(Path(compiler).resolve().parent.parent)
    for folder, pattern in (
        ("/usr/lib/jvm", "*"),
        ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"),
        ("/opt/homebrew/opt", "openjdk*"),
        ("/usr/local/opt", "openjdk*"),
        ("C:/Program Files/Java", "*"),
    ):
        places += sorted(Path(folder).glob(pattern))
    found: dict[Path, int] = {}
    for place in places:
        version = _version_of(place)
        if version:
            found.setdefault(place.resolve(), version)
    return found


def _version_of(home: Path) -> int:
    """The version of the JDK in a folder; 0 if there is none with a compiler."""
    suffix = ".exe" if os.name == "nt" else ""
    if not all((home / "bin" / f"{name}{suffix}").is_file() for name in ("java", "javac")):
        return 0
    try:
        told = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text("utf-8"), re.M)
    except OSError:
        return 0
    return int(told[1]) if told else 0


def java_home(release: str) -> Path | None:
    """The JDK for a release: the newest that it supports; None if there is none."""
    oldest, newest = RELEASES[release]
    fit = [(v, home) for home, v in java_homes().items() if oldest <= v <= (newest or v)]
    return max(fit)[1] if fit else None


def missing() -> list[str]:
    """What is not here of what the first release needs."""
    found = [] if java_home("5.26") else ["a JDK of version 17 or 21"]
    return found if shutil.which("mvn") else [*found, "Maven"]


def install() -> str:
    """Install what is missing; returns the command to type if that did not work, else nothing."""
    for manager, commands in _MANAGERS.items():
        if not shutil.which(manager):
            continue
        root = not hasattr(os, "geteuid") or os.geteuid() == 0 or manager == "brew"
        typed = " && ".join(" ".join(([] if root else ["sudo"]) + c) for c in commands)
        if not root:
            return typed
        for command in commands:
            if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
                return typed
        return typed if missing() else ""
    return "your package manager's command for a JDK 17 and Maven"


def need_java(release: str) -> Path:
    """The JDK for a release; raises MissingTool if there is none, or no Maven."""
    home = java_home(release)
    lacks = [] if home else [f"a JDK for Neo4j {release}"]
    lacks += [] if shutil.which("mvn") else ["Maven"]
    if home is None or lacks:
        raise MissingTool(
            f"No {' and no '.join(lacks)}: run `python tests/support/neo4j_server.py install`"
        )
    return home


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Held by one process at a time; given up by whoever ends."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / ".building"
    for _ in range(600):
        try:
            lock.mkdir()
            break
        except FileExistsError:
            if time.time() - lock.stat().st_mtime > 300:
                lock.rmdir()
            time.sleep(0.5)
    try:
        yield
    finally:
        lock.rmdir()


def class_path(release: str = "5.26") -> list[Path]:
    """The launcher's classes and Neo4j's jars, `org.neo4j.cli.AdminTool` among them."""
    return built(HERE, HERE / "target" / release, release, "-P", release)


def built(project: Path, target: Path, release: str, *options: str) -> list[Path]:
    """The classes of a Maven project and the jars that it needs, for the Java of a release.

    Built at the first call, and again when its pom or its sources changed.
    """
    listed = target / "classpath.txt"
    sources = [project / "pom.xml", *project.rglob("src/**/*.java")]
    with _one_at_a_time(project / "target"):
        newest = max(source.stat().st_mtime for source in sources)
        jars = _jars(listed)
        if not (jars and all(j.exists() for j in jars) and listed.stat().st_mtime >= newest):
            home = need_java(release)
            shutil.rmtree(target / "classes", ignore_errors=True)
            command = [shutil.which("mvn") or "mvn", "-B", "-q", "-ntp", *options]
            made = subprocess.run(
                [*command, "process-classes"], cwd=project, check=False, text=True,
                env={**os.environ, "JAVA_HOME": str(home)}, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
            if made.returncode:
                raise RuntimeError(f"Maven could not build {project}:\n{made.stdout}")
            jars = _jars(listed)
    return [target / "classes", *jars]


def _jars(listed: Path) -> list[Path]:
    if not listed.is_file():
        return []
    return [Path(part) for part in listed.read_text("utf-8").strip().split(os.pathsep) if part]


# --- the server ---------------------------------------------------------------------------------


class Server:
    """A running Neo4j. `uri`, `user` and `password` open it; use it as a context manager.

    `data` is its home, which is kept; without one it is a temporary folder that goes with the
    server. The database is `neo4j`, its settings are in `conf/neo4j.conf`; `settings` adds to them.
    """

    def __init__(
        self,
        release: str = "5.26",
        data: Path | None = None,
        *,
        port: int = 0,
        heap: str = "1g",
        page_cache: str = "128m",
        password: str | None = None,
        options: tuple[str, ...] = (),
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.release = release
        self.user, self.password = USER, password or secrets.token_urlsafe(18)
        self._kept = data is not None
        self.home = Path(data or tempfile.mkdtemp(prefix="sutra-neo4j-")).resolve()
        configure(self.home, port=port, page_cache=page_cache, settings=settings)
        self.log = self.home / "launcher.log"
        opened = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENED]
        path = os.pathsep.join(str(part) for part in class_path(release))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    need_java(release) / "bin" / "java", f"-Xmx{heap}", "-XX:+UseSerialGC", *opened,
                    "-Djava.awt.headless=true", *options, "-cp", path, "sutra.Launcher",
                    str(self.home),
                ],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                start_new_session=True,
            )  # fmt: skip
        try:
            self.port = self._ready()
        except BaseException:
            self.stop()
            raise
        self.uri = f"bolt://127.0.0.1:{self.port}"

    def _ready(self) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        # A server that hangs is ended, which ends the wait for its line.
        patience = threading.Timer(300, self.process.kill)
        patience.start()
        try:
            self.process.stdin.write(f"{self.password}\n")
            self.process.stdin.flush()
            for line in self.process.stdout:
                if found := re.fullmatch(r"ready (\d+)\s*", line):
                    return int(found[1])
        except BrokenPipeError:
            pass
        finally:
            patience.cancel()
        raise RuntimeError(f"Neo4j did not start:\n{self.log.read_text('utf-8')[-3000:]}")

    @property
    def environ(self) -> dict[str, str]:
        """What opens it, as Sutra reads it."""
        return {
            "NEO4J_URI": self.uri, "NEO4J_USERNAME": self.user, "NEO4J_PASSWORD": self.password,
        }  # fmt: skip

    def stop(self) -> None:
        """Stop it cleanly; if it does not within a minute, end it.

        A server whose folder goes with it is ended at once: it would say goodbye for ten seconds.
        """
        if not self._kept:
            self.process.kill()
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        if not self._kept:
            shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def configure(
    home: Path,
    *,
    port: int = 0,
    page_cache: str = "128m",
    settings: Mapping[str, str] | None = None,
) -> Path:
    """Write the settings of a server in a folder; returns the folder for NEO4J_CONF."""
    conf = home / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    told = {
        **_SETTINGS,
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.memory.pagecache.size": page_cache,
        **(settings or {}),
    }
    text = "".join(f"{name}={value}\n" for name, value in told.items())
    (conf / "neo4j.conf").write_text(text, "utf-8")
    return conf


# --- the command --------------------------------------------------------------------------------


def _install() -> int:
    lacks = missing()
    if not lacks:
        return 0
    command = install()
    if not command:
        return 0
    sys.stderr.write(
        f"The Neo4j tests need {' and '.join(lacks)}, which is not here; install it: {command}\n"
    )
    return 0 if os.environ.get("SUTRA_ALLOW_SKIP") == "1" else 1


def _start(asked: argparse.Namespace) -> int:
    password = None
    if asked.password_file and asked.password_file.is_file():
        password = asked.password_file.read_text("utf-8").strip()
    options = tuple(asked.java_option or ())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Server(
        asked.release, asked.data, port=asked.port, heap=asked.heap, page_cache=asked.page_cache,
        password=password, options=options,
    ) as server:  # fmt: skip
        file = asked.password_file or server.home / "password"
        if password is None:
            file.touch(mode=0o600)
            file.write_text(server.password, "utf-8")
        told = {
            "uri": server.uri, "user": server.user, "password_file": str(file),
            "home": str(server.home), "java": server.process.pid,
        }  # fmt: skip
        print(json.dumps(told), flush=True)
        try:
            return server.process.wait()
        except KeyboardInterrupt:
            return 0


def main() -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(description="A real Neo4j for the tests.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install", help="install Java and Maven where they are missing")
    start = commands.add_parser("start", help="run a server until SIGTERM or Ctrl-C")
    start.add_argument("--data", type=Path, help="its home, which is kept (default: temporary)")
    start.add_argument("--port", type=int, default=0, help="of Bolt (default: a free one)")
    start.add_argument("--password-file", type=Path, help="read if it exists, else written")
    start.add_argument("--heap", default="1g")
    start.add_argument("--page-cache", default="128m")
    start.add_argument("--java-option", action="append")
    path = commands.add_parser("classpath", help="print the class path")
    for command in (start, path):
        command.add_argument("--release", choices=sorted(RELEASES), default="5.26")
    asked = parser.parse_args()
    try:
        if asked.command == "install":
            return _install()
        if asked.command == "classpath":
            print(os.pathsep.join(str(part) for part in class_path(asked.release)))
            return 0
        return _start(asked)
    except MissingTool as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
