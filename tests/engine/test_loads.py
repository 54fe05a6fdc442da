"""The life of a load through the real command and the real engine."""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from importlib.metadata import version
from pathlib import Path

import pytest
from invented import dump, lighthouse
from log_numbers import without_numbers

from graph.errors import LoadError, LoadInProgress
from graph.ingest import archive, load_states, loads, turns, unloads
from graph.runtime import streams
from graph.runtime.jobs import Job, Progress
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from sutra import cases
from sutra.cli import main

BUNDLED = "twitter-blocking-orders-2021"


class _Stops(Progress):
    """Ends the work once it is at the named step."""

    def __init__(self, words: str) -> None:
        self.words = words

    def step(self, words: str, done: int, total: int) -> None:
        if words == self.words:
            raise InterruptedError(words)


def load(store: Store, folder: Path, case: str | None = None) -> loads.LoadReport:
    return loads.load(store, Workspace.locate(), read_case(folder, case))


def cut_off(store: Store, folder: Path) -> None:
    """A load that ends before its claims are written."""
    with pytest.raises(InterruptedError):
        loads.load(store, Workspace.locate(), read_case(folder), progress=_Stops("Writing claims"))


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, without_numbers(captured.err)


def test_loading_twice_changes_nothing_but_the_stamp(clean: Store) -> None:
    first = load(clean, cases.BUNDLED)
    before = dump(clean, BUNDLED)
    again = load(clean, cases.BUNDLED)
    assert dump(clean, BUNDLED) == before
    assert (first.written.unchanged, again.written.written) == (0, 0)
    assert again.written.unchanged == first.written.written == len(before["nodes"])
    assert (again.written.withdrawn, again.written.removed) == (0, 0)
    assert again.counts == first.counts
    assert [state.number for state in load_states.states(clean)] == [1, 2]


def test_a_twin_is_the_same_and_leaves_the_first_alone(clean: Store) -> None:
    load(clean, cases.BUNDLED)
    before = dump(clean, BUNDLED, stamps=True)
    load(clean, cases.BUNDLED, "twin")
    assert dump(clean, "twin") == dump(clean, BUNDLED)
    assert dump(clean, BUNDLED, stamps=True) == before
    unloads.unload(clean, Workspace.locate(), "twin", read_case)
    assert dump(clean, BUNDLED, stamps=True) == before


def test_the_order_of_rows_is_nothing_to_the_graph(clean: Store, tmp_path: Path) -> None:
    load(clean, cases.BUNDLED)
    before = dump(clean, BUNDLED)
    for name, path in read_case(cases.BUNDLED).files.items():
        content = path.read_bytes()
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                head, *rows = csv.reader(file)
            with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([head, *reversed(rows)])
        else:
            (tmp_path / name).write_bytes(content)
    # Not even the digests differ, so there is nothing to write.
    assert load(clean, tmp_path).written.written == 0
    assert dump(clean, BUNDLED) == before


def test_what_was_cut_off_is_told_and_finished(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = lighthouse().write(tmp_path)
    cut_off(clean, folder)
    told = (
        "The load sandwick:load-0001 was cut off; run the same `sutra load` again to finish it, "
        "or `sutra unload sandwick` to undo it.\n"
    )
    code, out, err = said(capsys, "status")
    assert (code, told in err) == (0, True)
    assert "No case is loaded" in out
    code, out, err = said(capsys, "load", folder)
    assert (code, told in err) == (0, True)
    assert out == (
        "sandwick:load-0001: 3 claims of 3 passages. Nodes written 3, unchanged 9, withdrawn 0, "
        "removed 0. It finishes the load that was cut off.\n"
    )
    assert "cut off" not in said(capsys, "status")[2]
    assert [state.status for state in load_states.states(clean)] == ["complete"]


def test_what_was_cut_off_is_undone(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(clean, lighthouse().write(tmp_path / "a"))
    before = dump(clean, "sandwick")
    changed = lighthouse()
    # Another type: its relationships go with the node, and have to come back.
    changed.rows["actors"][0].update(type="Organization", kind="party")
    changed.rows["claims"][2].update(subject="board", predicate="PART_OF", title="")
    cut_off(clean, changed.write(tmp_path / "b"))
    assert dump(clean, "sandwick") != before
    code, out, _ = said(capsys, "unload", "sandwick")
    assert (code, out) == (0, "The graph is back at sandwick:load-0001.\n")
    assert dump(clean, "sandwick") == before
    assert said(capsys, "unload", "sandwick")[1] == "Nothing of sandwick is left.\n"
    assert not dump(clean, "sandwick")["nodes"]
    code, _, err = said(capsys, "unload", "sandwick")
    assert (code, err) == (
        1, "The graph holds no case “sandwick”; `sutra status` lists them.\n"
    )  # fmt: skip


def test_another_input_over_a_load_that_was_cut_off_is_refused(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off(clean, lighthouse().write(tmp_path / "a"))
    other = lighthouse()
    other.rows["actors"][0]["caption"] = "Odd L."
    before = dump(clean, "sandwick", stamps=True)
    code, out, err = said(capsys, "load", other.write(tmp_path / "b"))
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith("The load sandwick:load-0001 was cut off; run the same")
    assert dump(clean, "sandwick", stamps=True) == before


def test_a_removal_that_was_cut_off_is_finished_as_it_was_begun(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = lighthouse().write(tmp_path)
    load(clean, folder)
    load(clean, folder)

    class Stops(_Stops):
        def step(self, words: str, done: int, total: int) -> None:
            super().step(words if done == 3 else "", done, total)

    with pytest.raises(InterruptedError):
        unloads.unload(
            clean, Workspace.locate(), "sandwick", read_case,
            everything=True, progress=Stops("Removing"),
        )  # fmt: skip
    _, _, err = said(capsys, "status")
    assert "Removing sandwick was cut off; run `sutra unload sandwick` to finish that." in err
    assert said(capsys, "load", folder)[0] == 1
    assert said(capsys, "unload", "sandwick")[1] == "Nothing of sandwick is left.\n"
    assert load_states.states(clean, "sandwick") == []


@pytest.mark.slow
def test_a_great_removal_leaves_the_indexes_and_other_cases_as_they_were(
    clean: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def indexes() -> list[str]:
        rows = clean.read("SHOW INDEXES YIELD name RETURN name ORDER BY name")
        return [row["name"] for row in rows if "_by_" in row["name"]]

    folder = lighthouse().write(tmp_path)
    load(clean, folder)
    load(clean, cases.BUNDLED)
    before, other = indexes(), dump(clean, "sandwick", stamps=True)
    assert "claim_by_case" in before
    seen: list[list[str]] = []

    class Looks(Progress):
        def step(self, words: str, done: int, total: int) -> None:
            seen.append(indexes())

    monkeypatch.setattr(streams, "BATCH", 100)
    unloads.unload(
        clean, Workspace.locate(), BUNDLED, read_case, everything=True, progress=Looks()
    )  # fmt: skip
    # The embedded engine does without while it removes, since they would slow it down.
    assert ("claim_by_case" in seen[-1]) is (not clean.info.embedded)
    assert indexes() == before
    assert dump(clean, "sandwick", stamps=True) == other
    # A load that withdraws much, too.
    table = folder / "claims.csv"
    table.write_text(table.read_text().replace("keeper", "mate").replace(",12,", ",13,"))
    monkeypatch.setattr(streams, "BATCH", 2)
    assert load(clean, folder).written.withdrawn == 2
    assert indexes() == before


def test_an_archive_that_was_lost_stops_taking_back_before_it_begins(
    clean: Store, tmp_path: Path
) -> None:
    folder = lighthouse().write(tmp_path)
    load(clean, folder)
    load(clean, folder)
    kept = archive.input_folder(
        Workspace.locate(), load_states.states(clean)[0].inputs["case"].digest
    )
    rows = (kept / "claims.csv").read_bytes()
    (kept / "claims.csv").write_bytes(rows.replace(b"twelve", b"eleven"))
    try:
        with pytest.raises(LoadError, match="and is no longer as it was loaded; set SUTRA_ARCHIVE"):
            unloads.unload(clean, Workspace.locate(), "sandwick", read_case)
    finally:
        (kept / "claims.csv").write_bytes(rows)
    assert [state.status for state in load_states.states(clean)] == ["complete", "complete"]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("0.0.9", "loaded by Sutra 0.0.9, and this Sutra"),
        (None, "loaded by a version of Sutra that noted no number, and this Sutra"),
        (version("sutra"), "loaded by a Sutra of this version too"),
    ],
)
def test_an_archived_input_that_this_version_cannot_read_is_not_called_absent(
    clean: Store, tmp_path: Path, program: str | None, words: str
) -> None:
    folder = lighthouse().write(tmp_path / "case")
    load(clean, folder)
    load(clean, folder)
    before = dump(clean, "sandwick", stamps=True)
    first = load_states.states(clean)[0]
    assert first.program == version("sutra")
    # As an older version would have kept it: a table without a column of today.
    table = folder / "nothing.csv"
    table.write_text(table.read_text().replace(",reason", ""))
    given = {file.name: file for file in folder.iterdir()}
    old = archive.digest(given)
    kept = archive.keep_input(Workspace.locate(), given, old)
    clean.write(
        "MATCH (l:Record {id: $id}) SET l.input = $input, l.program = $program REMOVE l.inputs",
        {"id": first.id, "input": old, "program": program},
    )
    with pytest.raises(LoadError) as caught:
        unloads.unload(clean, Workspace.locate(), "sandwick", read_case)
    said = str(caught.value)
    assert words in said
    assert "cannot read it: nothing.csv, row 1, column reason: the column is missing" in said
    assert "`sutra unload sandwick --all`" in said
    assert dump(clean, "sandwick", stamps=True) == before
    shutil.rmtree(kept)
    with pytest.raises(LoadError, match="and is not there; set SUTRA_ARCHIVE"):
        unloads.unload(clean, Workspace.locate(), "sandwick", read_case)


def test_sources_that_relay_each_other_in_a_ring_go_together(clean: Store, tmp_path: Path) -> None:
    tables = lighthouse()
    for id_, other in (("hearsay", "gossip"), ("gossip", "hearsay")):
        tables.add("sources", id=id_, kind="unnamed", caption=id_)
        tables.add("relays", from_=id_, to=other)
    tables.add("relays", from_="g1", to="gossip")
    load(clean, tables.write(tmp_path / "a"))
    assert {"hearsay", "gossip"} < set(dump(clean, "sandwick")["nodes"])
    load(clean, lighthouse().write(tmp_path / "b"))
    assert not {"hearsay", "gossip"} & set(dump(clean, "sandwick")["nodes"])


class _Holds(Progress):
    """Stays at its first claim until it is let go."""

    def __init__(self) -> None:
        self.there, self.go_on = threading.Event(), threading.Event()

    def step(self, words: str, done: int, total: int) -> None:
        if words == "Writing claims":
            self.there.set()
            assert self.go_on.wait(60)


@pytest.mark.slow
def test_one_load_at_a_time(clean: Store, tmp_path: Path) -> None:
    folder = lighthouse().write(tmp_path)
    workspace, holds = Workspace.locate(), _Holds()
    first = Job(lambda _: loads.load(clean, workspace, read_case(folder), progress=holds)).start()
    assert holds.there.wait(60)
    command = [sys.executable, "-m", "sutra.cli", "load", str(folder)]
    refused = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, env={**os.environ}
    )
    assert refused.returncode == 1
    assert without_numbers(refused.stderr).splitlines()[-1] == (
        "Another load of “sandwick” is running; wait for its end, or start this one with --wait."
    )
    with pytest.raises(LoadInProgress):
        unloads.unload(clean, workspace, "sandwick", read_case)
    # At work is not cut off, and another case is not held up.
    assert turns.cut_off(clean, workspace) == []
    load(clean, folder, "another")
    # One that waits can be called off, or comes to its turn.
    called_off = Job(
        lambda progress: loads.load(
            clean, workspace, read_case(folder), wait=True, progress=progress
        )
    ).start()
    waiting = subprocess.Popen(
        [*command, "--wait"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert waiting.stderr is not None
    lines = iter(waiting.stderr.readline, "")
    assert any("Waiting for another load to end" in line for line in lines)
    called_off.cancel()
    assert called_off.wait(10)
    holds.go_on.set()
    assert first.result().id == "sandwick:load-0001"
    out, _ = waiting.communicate(timeout=60)
    assert out.startswith("sandwick:load-0002: 3 claims of 3 passages. Nodes written 0, unchanged")
    assert [s.status for s in load_states.states(clean, "sandwick")] == ["complete", "complete"]


def test_files_that_change_while_a_load_waits_are_noticed(clean: Store, tmp_path: Path) -> None:
    folder = lighthouse().write(tmp_path / "a")
    workspace, holds = Workspace.locate(), _Holds()
    first = Job(lambda _: loads.load(clean, workspace, read_case(folder), progress=holds)).start()
    assert holds.there.wait(60)
    other = lighthouse()
    other.rows["actors"][0]["caption"] = "Odd L."
    edited, seen = other.write(tmp_path / "b"), threading.Event()

    class Waits(Progress):
        def step(self, words: str, done: int, total: int) -> None:
            if words.startswith("Waiting"):
                seen.set()

    second = Job(
        lambda _: loads.load(clean, workspace, read_case(edited), wait=True, progress=Waits())
    ).start()
    assert seen.wait(60)
    (edited / "nothing.csv").write_text("source,start,end,reason\ngazette,300,310,metadata\n")
    holds.go_on.set()
    first.result()
    with pytest.raises(Exception, match="a file changed while it was being loaded; load it again"):
        second.result()
    assert len(load_states.states(clean)) == 1


def test_status_tells_what_is_there(clean: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert "No case is loaded; `sutra load FOLDER` loads one." in said(capsys, "status")[1]
    load(clean, cases.BUNDLED)
    code, out, err = said(capsys, "status")
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0].startswith("Engine ")
    assert f"({'embedded' if clean.info.embedded else 'server'}) at" in lines[0]
    assert lines[3].startswith("Twitter and the blocking orders")
    assert lines[4].startswith(f"case {BUNDLED}, last load {BUNDLED}:load-0001 at 20")
    with (cases.BUNDLED / "claims.csv").open(encoding="utf-8", newline="") as file:
        claims = list(csv.DictReader(file))
    flags = sum(c["predicate"] == "FLAGS" and c["polarity"] != "negative" for c in claims)
    assert f"claims {len(claims):,}" in lines
    assert f"FLAGS {flags}" in lines
    assert f"figure {sum(c['kind'] == 'figure' for c in claims)}" in lines


def test_attach(clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables, text = lighthouse(), "Odd Lanternby said it was foggy.\n"
    tables.rows["sources"][0]["text_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    load(clean, tables.write(tmp_path / "case"))
    right, wrong, bad = (tmp_path / name for name in ("right.txt", "wrong.txt", "bad.txt"))
    right.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    wrong.write_text("Odd Lanternby said nothing.\n", encoding="utf-8")
    bad.write_bytes(b"fogg\xe9")
    code, _, err = said(capsys, "attach", "gazette", wrong)
    assert code == 1
    assert f"{wrong} is not the text that sandwick:gazette was read from" in err
    # The two releases of Neo4j share a workspace, so the right text may lie there already.
    wrongly_kept = hashlib.sha256(wrong.read_bytes()).hexdigest()
    assert archive.text(Workspace.locate(), wrongly_kept) is None
    assert said(capsys, "attach", "gazette", bad) == (
        1, "", f"{bad}: is not text in utf-8; save it as UTF-8.\n"
    )  # fmt: skip
    assert "was not read from a text" in said(capsys, "attach", "herald", right)[2]
    assert "No source “times” is in the graph" in said(capsys, "attach", "times", right)[2]
    assert said(capsys, "attach", "gazette", right) == (
        0,
        "Attached to sandwick:gazette. Of its 2 passages 0 stand in it as they were read and are "
        "shown word for word; `sutra verify` says what became of the others.\n",
        "",
    )
    sha = tables.rows["sources"][0]["text_sha256"]
    assert archive.text(Workspace.locate(), sha) == text


def test_progress_is_plain_lines_where_there_is_no_terminal(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = said(capsys, "load", lighthouse().write(tmp_path))
    assert code == 0
    assert "\r" not in err
    lines = err.splitlines()
    steps = ("Reading", "Checking", "Writing entities", "Writing sources", "Writing passages",
             "Writing claims")  # fmt: skip
    assert [line for line in lines if line in steps] == list(steps)
