"""What `pip install` of the wheel gives, away from the checkout, in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import urllib.request
import venv
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.runtime.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis", ".screens",
    "vendor", "target", "build", "dist",
)  # fmt: skip

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it, and a folder to run in that holds nothing of ours."""

    bin: Path
    folder: Path
    sdist: Path
    wheel: Path
    home: Workspace

    @property
    def environ(self) -> dict[str, str]:
        """What a user has who never set anything."""
        kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
        given = {name: os.environ[name] for name in kept if name in os.environ}
        return {**given, "HOME": str(self.folder), "SUTRA_HOME": str(self.home.root)}

    def run(self, *command: str) -> str:
        """What the command says; it must end well."""
        done = subprocess.run(
            [str(self.bin / command[0]), *command[1:]],
            cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(
    tmp_path_factory: pytest.TempPathFactory, make_workspace: Callable[[], Workspace]
) -> Installed:
    """The sdist of this checkout, the wheel built from it alone, and that wheel installed.

    The dependencies are those of the environment of the tests, which does not lend its own Sutra.
    """
    folder = tmp_path_factory.mktemp("package")
    built, env, away = folder / "dist", folder / "env", folder / "away"
    away.mkdir()
    # A build leaves its notes where it runs.
    shutil.copytree(ROOT, folder / "checkout", ignore=LEFT_OUT)
    _ran(sys.executable, "-m", "build", "--outdir", str(built), str(folder / "checkout"))
    shutil.rmtree(folder / "checkout")
    (sdist,), (wheel,) = built.glob("*.tar.gz"), built.glob("*.whl")
    venv.create(env, with_pip=False)
    base = {"base": str(env), "platbase": str(env)}
    scripts, packages = (
        Path(sysconfig.get_path(name, "venv", vars=base)) for name in ("scripts", "purelib")
    )
    python = scripts / Path(sys.executable).name
    _ran(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", str(wheel))
    # Python adds the folder, and does not read the notes in it on what is installed editable.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return Installed(scripts, away, sdist, wheel, make_workspace())


def _ran(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_app_opens_the_bundled_case_which_is_then_asked_and_exported(
    installed: Installed,
) -> None:
    listed = installed.run("sutra", "query")
    assert {"roles", "connections"} <= set(listed.split())
    app = subprocess.Popen(
        [str(installed.bin / "sutra"), "app", "--no-browser", "--port", "0"],
        cwd=installed.folder, env=installed.environ, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert app.stderr is not None
        said = next((line for line in app.stderr if line.startswith("Sutra is at")), "")
        assert said, "the app ended by itself"
        url = said.split()[3]
        assert "<title>" in _got(url)
        for name in ("network/network.js", "search/search.css", "shared/mount.js"):
            part, file = name.split("/")
            asset = _got(f"{url}/_stcore/bidi-components/sutra.{part}/{file}")
            assert asset == (ROOT / "sutra" / "assets" / name).read_text(encoding="utf-8")
        rows = json.loads(installed.run("sutra", "query", "roles", "--format", "json"))
        assert rows
        pack = installed.folder / "pack.zip"
        installed.run("sutra", "export", "--out", str(pack))
        installed.run("sutra", "verify-pack", str(pack))
    finally:
        app.send_signal(signal.SIGTERM)
        rest = app.communicate(timeout=60)[1]
    assert app.returncode == 0
    assert "Traceback" not in rest


def _got(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        text: str = answer.read().decode()
        return text


def test_the_settings_of_the_pages_hold_where_it_is_installed(installed: Installed) -> None:
    # Python looks first in the folder that it is started in, and others have an app.py too.
    (installed.folder / "app.py").write_text("raise SystemExit('the stranger ran')")
    there = installed.run(
        "python", "-c",
        "import json; from sutra import server; server._app()\n"
        "from streamlit import config\n"
        "names = ['server.address', 'client.toolbarMode', 'theme.light.backgroundColor']\n"
        "print(json.dumps([config.get_option(name) for name in names]))",
    )  # fmt: skip
    ours = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert json.loads(there) == [
        ours["server"]["address"], ours["client"]["toolbarMode"],
        ours["theme"]["light"]["backgroundColor"],
    ]  # fmt: skip


def test_python_runs_it_as_a_module_and_the_version_is_the_projects(installed: Installed) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert installed.run("python", "-m", "sutra", "--version") == f"sutra {project['version']}\n"
    assert installed.run("python", "-m", "sutra", "--help") == installed.run("sutra", "--help")


def test_files_of_a_reader_with_our_names_are_not_taken_for_ours(installed: Installed) -> None:
    """`python -m` looks first in the folder that it is started in."""
    for name in ("queries", "cases", "loaders"):
        (installed.folder / name).mkdir()
    (installed.folder / "queries" / "lighthouses.cypher").write_text(
        (ROOT / "queries" / "actors" / "roles.cypher").read_text(encoding="utf-8")
    )
    listed = installed.run("python", "-m", "sutra", "query")
    assert "roles" in listed.split()
    assert "lighthouses" not in listed.split()


def test_the_wheel_has_what_runs_and_the_sdist_what_builds_and_tests_it(
    installed: Installed,
) -> None:
    """Nothing is left behind that git has and a user or a developer needs."""
    wheel = set(zipfile.ZipFile(installed.wheel).namelist())
    runs = ("sutra", "graph", "loaders", "exports", "views", "queries", "cases", ".streamlit")
    for folder in runs:
        assert _files(folder) <= wheel, folder
    assert "app.py" in wheel
    assert not {name for name in wheel if name.startswith(("tests", "bench", "docs"))}
    assert not {name for name in wheel if "/vendor/" in name}
    with tarfile.open(installed.sdist) as archive:
        sdist = {name.partition("/")[2] for name in archive.getnames()}
    for folder in (*runs, "tests", "bench", "docs"):
        assert _files(folder) <= sdist, folder
    assert {"README.md", "LICENSE", "Makefile", "constraints.txt", "CHANGELOG.md"} <= sdist
    assert {"requirements.txt", "requirements-dev.txt", "CONTRIBUTING.md"} <= sdist


def _files(folder: str) -> set[str]:
    """What the checkout has in there, without what programs leave."""
    found: set[str] = set()
    for where, folders, files in os.walk(ROOT / folder):
        left = LEFT_OUT(where, [*folders, *files])
        folders[:] = [name for name in folders if name not in left]
        found |= {
            (Path(where) / name).relative_to(ROOT).as_posix() for name in files if name not in left
        }
    return found
