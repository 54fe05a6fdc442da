"""Random loads, unloads and kills of three inputs by two desks, and entries of three authors
between and during them, against a fresh load of the same.

Whatever was done, the graph is what its inputs and its journal say together: it equals a case that
was loaded from nothing with them, but for what is withdrawn. `SUTRA_MODEL_SEEDS=100-200` runs other
walks.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from invented import Tables, differing, dump
from walks import Dies, Killed, seeds

from graph.errors import InputError, JournalError, LoadCutOff
from graph.ingest import entering, load_states, loads, turns, unloads
from graph.ingest.inputs import LoadInput
from graph.journal import keeping
from graph.journal.entries import Body, Entry
from graph.journal.keeping import Listed
from graph.runtime import streams
from graph.runtime.jobs import Progress
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

pytestmark = pytest.mark.slow

INPUTS: Final = ("case", "ledger", "wire")
AUTHORS: Final = ("Ann", "Ben", "Cem")
ACTORS: Final = ("amber", "basil", "cedar")
PAPER: Final = {"kind": "article", "status": "current", "text_length": "900", "language": "en"}


def written(rng: random.Random, case: str, name: str, folder: Path) -> Path:
    """One state of an input: which entities it describes, what it claims of whom, and from where.

    Every input may claim the same of the entities of the case, and the others only refer to them.
    """
    own = name == "case"
    tables = Tables(settings=f"id: {case}\ntitle: The hum\nsummary: Who heard it.\n")
    if not own:
        tables.settings += f"input: {name}\n"
    there = [a for a in ACTORS if rng.random() < 0.8] if own else []
    there = there or (["amber"] if own else [])
    known = there if own else [f"{case}:{a}" for a in ACTORS]
    if not own:
        tables.add("actors", id="clerk", type="Person", caption=f"Clerk of {name}", name="Clerk")
        if rng.random() < 0.4:
            tables.add("actors", id=known[0], type="Person", caption=f"Amber ({name})",
                       name=rng.choice(("Amber", "Amber Reed")))  # fmt: skip
    for actor in there:
        tables.add("actors", id=actor, type="Person", caption=actor.title(), name=actor.title())
    for number in range(rng.choice((1, 2))):
        tables.add("sources", id=f"s{number}", caption=f"{name} {number}", **PAPER,
                   published_on=f"1987-05-0{number + 1}")  # fmt: skip
        tables.add("passages", passage=f"p{number}", source=f"s{number}", gist="A hum",
                   start="0", end="50", sha256="0" * 64, language="en")  # fmt: skip
    if len(tables.rows["sources"]) == 2 and rng.random() < 0.5:
        tables.add("relays", from_="p1", to="s0")
    handles = []
    for actor in known if own else [*rng.sample(known, rng.choice((1, 2))), "clerk"]:
        for word in rng.sample(("Sir", "Madam", "Doctor"), rng.choice((1, 2))):
            handles.append(f"{actor.rpartition(':')[2]}-{word}")
            when = rng.choice(("", "1987-04-01", "1987-04"))
            tables.add("claims", claim=handles[-1], kind="wording", subject=actor, measure="name",
                       value=word, when=when, when_basis="stated" if when else "")  # fmt: skip
    if own or tables.rows["actors"][-1]["id"] != "clerk":
        for row in tables.rows["actors"]:
            id_ = row["id"].rpartition(":")[2]
            if not any(handle.startswith(id_) for handle in handles):
                handles.append(f"{id_}-called")
                tables.add("claims", claim=handles[-1], kind="wording", subject=row["id"],
                           measure="name", value="Comrade")  # fmt: skip
    passages = [row["passage"] for row in tables.rows["passages"]]
    for number, handle in enumerate(handles):
        behind = {passages[number % len(passages)], rng.choice(passages)}
        for passage in sorted(behind):
            tables.add("supports", passage=passage, claim=handle, status="reported")
    for passage in passages:
        if not any(row["passage"] == passage for row in tables.rows["supports"]):
            tables.add("supports", passage=passage, claim=handles[0], status="reported")
    return tables.write(folder)


class Walk:
    """One random sequence; `desks` are the workspaces that take turns."""

    def __init__(self, store: Store, desks: list[Workspace], folder: Path, seed: int) -> None:
        self.store, self.desks, self.folder = store, desks, folder
        self.rng = random.Random(seed)  # noqa: S311
        self.case, self.files = f"three-{seed}", 0
        self.maps: list[dict[str, Path]] = []
        self.story: list[str] = []

    @property
    def desk(self) -> Workspace:
        return self.rng.choice(self.desks)

    @property
    def standing(self) -> dict[str, Path]:
        return self.maps[-1] if self.maps else {}

    def given(self, folder: Path, case: str | None = None) -> LoadInput:
        return read_case(folder, case)

    def next_input(self) -> tuple[str, Path]:
        # The case comes first: the others refer to it.
        name = self.rng.choice(INPUTS) if self.standing else "case"
        self.files += 1
        if name in self.standing and self.rng.random() < 0.2:
            return name, self.standing[name]
        folder = self.folder / f"{self.case}-{self.files}"
        return name, written(self.rng, self.case, name, folder)

    def go(self, steps: int) -> None:
        for _ in range(steps):
            choices = [self.load, self.load, self.killed]
            if self.standing:
                choices += [self.enter, self.enter, self.enter_killed]
            if len(self.maps) and self.journal():
                choices += [self.take_back]
            if len(self.maps) > 1:
                choices += [self.back]
            if len(self.standing) > 1:
                choices += [self.without]
            action = self.rng.choice(choices)
            self.story.append(action.__name__)
            action()
            self.compare()

    def load(self) -> None:
        name, folder = self.next_input()
        before = dump(self.store, self.case)
        try:
            loads.load(self.store, self.desk, self.given(folder), progress=self.meanwhile())
        except InputError as error:
            # What the case no longer holds, and another input refers to.
            assert "is not defined" in str(error)  # noqa: PT017
            assert not differing(before, dump(self.store, self.case))
            return
        self.maps.append({**self.standing, name: folder})

    def killed(self) -> None:
        """Then finished, or taken back, by either desk; another input is refused meanwhile."""
        name, folder = self.next_input()
        known = len(load_states.states(self.store, self.case))
        try:
            loads.load(
                self.store, self.desk, self.given(folder), progress=Dies(self.rng.randrange(2, 20))
            )
        except InputError:
            return
        except Killed:
            if len(load_states.states(self.store, self.case)) == known:
                return
            self.silence()
            if self.standing and self.rng.random() < 0.4:
                self.enter()
            self._mend(name, folder)
        else:
            self.maps.append({**self.standing, name: folder})

    def _mend(self, name: str, folder: Path) -> None:
        other, another = self.next_input()
        if another != folder and other != name:
            with pytest.raises((LoadCutOff, InputError)):
                loads.load(self.store, self.desk, self.given(another))
        if self.rng.random() < 0.5 or not self.maps:
            loads.load(self.store, self.desk, self.given(folder))
            self.maps.append({**self.standing, name: folder})
        else:
            unloads.unload(self.store, self.desk, self.case, read_case)

    # --- the journal ----------------------------------------------------------------------------

    def journal(self) -> list[Listed]:
        return keeping.listed(self.store, self.case)

    def body(self) -> tuple[str, Body]:
        """One of what people add and judge, of whatever may be there or not."""
        kind = self.rng.choice(("correct", "withdraw", "add"))
        actor = f"{self.case}:{self.rng.choice(ACTORS)}"
        if kind == "correct":
            value = self.rng.choice(("Amber Ash", "Basil Bay", "Cedar Coe"))
            return kind, {"corrections": [{"target": actor, "property": "name", "value": value}]}
        claims = self.store.read(
            "MATCH (c:Claim) WHERE c.case = $case RETURN c.id AS id ORDER BY id",
            {"case": self.case},
        )
        if kind == "withdraw":
            return kind, {"withdrawals": [{"target": self.rng.choice(claims)["id"]}]}
        said = {"claim": "c", "kind": "wording", "subject": actor, "measure": "name",
                "value": self.rng.choice(("Sir", "Captain"))}  # fmt: skip
        support = {"passage": f"{self.case}:p0", "claim": "c", "status": "reported"}
        return kind, {"claims": [said], "supports": [support]}

    def entry(self) -> Entry:
        """It may replace one of its kind, also one that another replaces."""
        kind, body = self.body()
        before = [one.entry.id for one in self.journal() if one.entry.kind == kind]
        replaces = self.rng.sample(before, 1) if before and self.rng.random() < 0.4 else []
        return keeping.new_entry(
            self.case, kind, self.rng.choice(AUTHORS), "heard so", body, replaces
        )

    def enter(self, progress: Progress | None = None) -> None:
        # Of what is no longer there, or was decided already.
        with contextlib.suppress(InputError, JournalError):
            entering.enter(self.store, self.desk, self.entry(), read_case, progress=progress)

    def meanwhile(self) -> Progress:
        """An entry that comes while a load runs, in some."""
        return Meanwhile(self.enter if self.standing and self.rng.random() < 0.4 else None)

    def enter_killed(self) -> None:
        """Then finished by either desk, or by the next load."""
        try:
            self.enter(Dies(self.rng.randrange(2, 20)))
        except Killed:
            self.silence()
            if self.rng.random() < 0.5:
                desk = turns.Desk(self.store, self.desk, self.case, Progress())
                assert entering.apply(desk, read_case)
            else:
                self.load()
                self.finish()

    def take_back(self) -> None:
        one = self.rng.choice(self.journal())
        entering.take_back(
            self.store, self.desk, self.case, [one.entry.id], "Ann", "no", read_case
        )  # fmt: skip

    def finish(self) -> None:
        """What waits is laid: by `apply`, if no load came by."""
        desk = turns.Desk(self.store, self.desk, self.case, Progress())
        assert entering.apply(desk, read_case)

    def silence(self) -> None:
        """The other desk believes that it lives until it was silent for long."""
        self.store.write("MATCH (l:Load) WHERE l.case = $case SET l.beat = 0", {"case": self.case})

    def copy_journal(self, twin: str) -> None:
        """The same entries on the same of the twin."""
        for entry in keeping.entries(self.store, self.case):
            body = json.loads(json.dumps(entry.body).replace(f"{self.case}:", f"{twin}:"))
            id_, *replaces = (
                one.replace(self.case, twin, 1) for one in (entry.id, *entry.replaces)
            )
            copied = replace(entry, id=id_, case=twin, body=body, replaces=tuple(replaces))
            keeping.keep(self.store, copied)
        desk = turns.Desk(self.store, self.desks[0], twin, Progress())
        assert entering.apply(desk, read_case)

    def back(self) -> None:
        unloads.unload(self.store, self.desk, self.case, read_case)
        self.maps.pop()

    def without(self) -> None:
        name = self.rng.choice([n for n in self.standing if n != "case"] or ["case"])
        if name == "case":
            return
        unloads.unload_input(self.store, self.desk, self.case, name, read_case)
        self.maps.append({n: f for n, f in self.standing.items() if n != name})

    def compare(self) -> None:
        """The same as the inputs loaded from nothing, but for what is withdrawn."""
        assert not turns.cut_off(self.store, self.desks[0])
        state = load_states.cases(self.store)
        (own,) = [s for s in state if s.case == self.case]
        assert set(own.inputs) == set(self.standing)
        twin = f"{self.case}-twin"
        for name in sorted(self.standing, key=INPUTS.index):
            loads.load(self.store, self.desks[0], self.given(self.standing[name], twin))
        try:
            self.copy_journal(twin)
            wanted, found = dump(self.store, twin), dump(self.store, self.case)
            assert not differing(alive(wanted), alive(found))
            assert [one.state for one in self.journal()] == [
                one.state for one in keeping.listed(self.store, twin)
            ]
        finally:
            unloads.unload(self.store, self.desks[0], twin, read_case, everything=True)
            keeping.forget(self.store, twin)


class Meanwhile(Progress):
    """Does something once while claims are written."""

    def __init__(self, work: Callable[[], None] | None) -> None:
        self.work = work

    def step(self, words: str, done: int, total: int) -> None:
        if words == "Writing claims" and (work := self.work):
            self.work = None
            work()


def alive(found: dict[str, Any]) -> dict[str, Any]:
    """What of a dump is no entry and does not stand behind withdrawn claims alone."""
    others = {"Withdrawn", "Entry"}
    nodes = {i: n for i, n in found["nodes"].items() if others.isdisjoint(n[0])}
    joins = [r for r in found["relationships"] if r[0] in nodes and r[2] in nodes]
    used = {r[0] for r in joins if r[1] == "SUPPORTS"}
    nodes = {i: n for i, n in nodes.items() if "Passage" not in n[0] or i in used}
    return {
        "nodes": nodes,
        "relationships": [r for r in joins if r[0] in nodes and r[2] in nodes],
    }


@pytest.mark.parametrize("seed", seeds("1-5"))
def test_whatever_was_done_the_graph_is_what_its_inputs_and_its_journal_say(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(streams, "BATCH", 3)
    workspace = Workspace.locate()
    desks = [workspace]
    if not store.info.embedded:
        # Two workspaces on one database, which share an archive.
        workspace = replace(workspace, shared=tmp_path / "archive")
        desks = [workspace, replace(workspace, root=tmp_path / "other")]
    walk = Walk(store, desks, tmp_path, seed)
    try:
        walk.go(int(os.environ.get("SUTRA_MODEL_STEPS", "8")))
    except BaseException:
        print(f"seed {seed}: {' '.join(walk.story)}")
        raise
    finally:
        for case in (walk.case, f"{walk.case}-twin"):
            if load_states.states(store, case):
                unloads.unload(store, workspace, case, read_case, everything=True)
            keeping.forget(store, case)
