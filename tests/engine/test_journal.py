"""What people add and judge are entries of a journal, laid over the inputs of their case.

The names of the tests are the rules of docs/case-format.md.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from invented import Tables, differing, dump, lighthouse
from walks import Dies, Killed

from graph.errors import InputError, JournalError, LoadError, SutraError, UnknownCase
from graph.explore import reads
from graph.explore.view import View
from graph.ingest import entering, load_states, loads, turns, unloads
from graph.journal import keeping
from graph.journal.entries import Body
from graph.journal.keeping import Listed
from graph.runtime.jobs import Progress
from graph.runtime.workspace import Workspace
from graph.saved import boards, naming_decisions
from graph.saved.naming_decisions import Decided
from graph.store.store import Store
from loaders.case import read_case
from sutra.cli import main

pytestmark = pytest.mark.slow

CASE = "sandwick"
ODD, BOARD = f"{CASE}:odd", f"{CASE}:board"
AUTHOR = "Wilhelmina Quillfeather"


@pytest.fixture
def case(empty: Store, tmp_path: Path) -> Store:
    """A store that holds the lighthouse."""
    load(empty, lighthouse(), tmp_path / "first")
    return empty


def load(
    store: Store, tables: Tables, folder: Path, progress: Progress | None = None
) -> loads.LoadReport:
    given = read_case(tables.write(folder))
    return loads.load(store, Workspace.locate(), given, progress=progress)


def enter(
    store: Store, kind: str, body: Body, *replaces: str, author: str = AUTHOR,
    progress: Progress | None = None,
) -> Listed:  # fmt: skip
    entry = keeping.new_entry(CASE, kind, author, "heard on the phone", body, replaces)
    return entering.enter(store, Workspace.locate(), entry, read_case, progress=progress)


def correct(store: Store, value: str, *replaces: str, name: str = "name", **more: Any) -> Listed:
    row = {"target": ODD, "property": name, "value": value}
    return enter(store, "correct", {"corrections": [row]}, *replaces, **more)


def correct_unchecked(store: Store, value: str, *replaces: str) -> str:
    """What another desk makes at the same time, which did not see what we made."""
    row = {"target": ODD, "property": "name", "value": value}
    made = keeping.new_entry(CASE, "correct", "Rival", "read", {"corrections": [row]}, replaces)
    keeping.keep(store, made)
    return made.id


def take_back(store: Store, *ids: str) -> Listed:
    return entering.take_back(
        store, Workspace.locate(), CASE, ids, AUTHOR, "was wrong", read_case
    )  # fmt: skip


def apply(store: Store) -> bool:
    desk = turns.Desk(store, Workspace.locate(), CASE, Progress())
    return entering.apply(desk, read_case)


def added(handle: str = "una") -> Body:
    """Another keeper, and what says so."""
    return {
        "actors": [{"id": handle, "type": "Person", "caption": "Una Wick", "name": "Una Wick"}],
        "claims": [
            {"claim": "c", "kind": "relationship", "subject": handle, "predicate": "HOLDS_ROLE",
             "object": BOARD, "title": "keeper"}
        ],
        "supports": [{"passage": f"{CASE}:h1", "claim": "c", "status": "reported"}],
    }  # fmt: skip


def name_of(store: Store, id_: str = ODD) -> str | None:
    rows = store.read("MATCH (n:Entity {id: $id}) RETURN n.name AS name", {"id": id_})
    return rows[0]["name"] if rows else None


def claim(store: Store, predicate: str) -> str:
    rows = store.read(
        "MATCH (c:Claim) WHERE c.case = $case AND c.predicate = $predicate RETURN c.id AS id",
        {"case": CASE, "predicate": predicate},
    )
    return str(rows[0]["id"])


def states(store: Store) -> dict[str, str]:
    return {one.entry.id: one.state for one in keeping.listed(store, CASE)}


def held(store: Store) -> dict[str, Any]:
    """The graph without the entries themselves and without what is withdrawn."""
    found = dump(store, CASE)
    found["nodes"] = {
        i: n for i, n in found["nodes"].items() if not {"Entry", "Withdrawn"} & set(n[0])
    }
    found["relationships"] = [r for r in found["relationships"] if r[2] in found["nodes"]]
    return found


# --- laid over the inputs -----------------------------------------------------------------------


def test_an_entry_is_laid_over_the_inputs_at_once_and_again_by_every_load(
    case: Store, tmp_path: Path
) -> None:
    made = correct(case, "Odd Lantern")
    assert made.state == "in force"
    assert name_of(case) == "Odd Lantern"
    tables = lighthouse()
    tables.rows["actors"][0]["name"] = "Odd L."
    load(case, tables, tmp_path / "second")
    assert name_of(case) == "Odd Lantern"
    # What it overrules stays visible, and is found.
    odd = dump(case, CASE)["nodes"]["odd"][1]
    assert odd["otherwise"] == ["case: name: Odd L."]
    unloads.unload(case, Workspace.locate(), CASE, read_case)
    assert dump(case, CASE)["nodes"]["odd"][1]["otherwise"] == ["case: name: Odd Lanternby"]
    assert states(case) == {made.entry.id: "in force"}


def test_an_entry_makes_no_load_of_its_own(case: Store) -> None:
    """So that taking back the newest load takes back what somebody loaded."""
    correct(case, "Odd Lantern")
    (state,) = load_states.states(case)
    assert (state.id, state.entries, state.ended) == (f"{CASE}:load-0001", 1, True)


def test_what_is_added_carries_which_entry_it_comes_from(case: Store) -> None:
    before = held(case)
    made = enter(case, "add", added())
    una = f"{made.entry.id}/una"
    assert name_of(case, una) == "Una Wick"
    rows = case.read(
        "MATCH (c:Claim) WHERE c.case = $case AND c.subject = $una MATCH (c)<-[s:SUPPORTS]-(p) "
        "RETURN s.input AS input, p.id AS passage",
        {"case": CASE, "una": una},
    )
    assert rows == [{"input": made.entry.input, "passage": f"{CASE}:h1"}]
    take_back(case, made.entry.id)
    assert not differing(before, held(case))


def test_an_id_that_an_entry_gives_outlives_its_new_version(case: Store) -> None:
    first = enter(case, "add", added())
    other = {"target": f"{first.entry.id}/una", "property": "name", "value": "Una W."}
    enter(case, "correct", {"corrections": [other]})
    again = dict(added())
    again["actors"] = [{**again["actors"][0], "caption": "U. Wick"}]
    enter(case, "add", again, first.entry.id)
    assert name_of(case, f"{first.entry.id}/una") == "Una W."


def test_a_claims_day_and_a_support_are_corrected_and_what_they_overrule_stays_beside(
    case: Store,
) -> None:
    made, role = claim(case, "MADE"), claim(case, "HOLDS_ROLE")
    rows = [{"target": made, "property": "when", "value": "1987-04-30"}]
    rows.append(
        {"target": role, "passage": f"{CASE}:h1", "property": "status", "value": "reported"}
    )
    enter(case, "correct", {"corrections": rows})
    (day,) = case.read(
        "MATCH (c:Claim {id: $id}) MATCH (c)<-[s:SUPPORTS]-() RETURN c.when AS now, s.when AS told",
        {"id": made},
    )
    assert day == {"now": "1987-04-30", "told": "1987-05-01"}
    (status,) = case.read(
        "MATCH (c:Claim {id: $id}) MATCH (c)<-[s:SUPPORTS]-() "
        "RETURN c.strongest AS now, s.otherwise AS told",
        {"id": role},
    )
    assert status == {"now": "reported", "told": ["case: status: inferred"]}


def test_what_is_withdrawn_is_no_longer_asserted_until_that_is_taken_back(case: Store) -> None:
    before, role = held(case), claim(case, "HOLDS_ROLE")
    made = enter(case, "withdraw", {"withdrawals": [{"target": role}]})
    gone = "MATCH (w:Withdrawn) WHERE w.case = $case RETURN w.id AS id, w.withdrawn_by AS load"
    assert case.read(gone, {"case": CASE}) == [{"id": role, "load": f"{CASE}:load-0001"}]
    back = take_back(case, made.entry.id)
    assert not differing(before, held(case))
    assert states(case) == {made.entry.id: "taken back", back.entry.id: "in force"}
    # Taking that back as well has it count again.
    take_back(case, back.entry.id)
    assert [row["id"] for row in case.read(gone, {"case": CASE})] == [role]
    assert states(case)[made.entry.id] == "in force"


def test_a_withdrawn_entity_takes_along_what_is_said_of_it(case: Store) -> None:
    enter(case, "withdraw", {"withdrawals": [{"target": ODD}]})
    assert name_of(case) is None
    rows = case.read("MATCH (c:Claim) WHERE c.case = $case RETURN c.measure AS m", {"case": CASE})
    assert rows == [{"m": "size"}]


def test_of_several_supports_one_is_withdrawn(case: Store) -> None:
    role = claim(case, "HOLDS_ROLE")
    more = {"passage": f"{CASE}:g1", "claim": role, "status": "reported"}
    enter(case, "add", {"supports": [more]})
    row = {"target": role, "passage": f"{CASE}:h1"}
    enter(case, "withdraw", {"withdrawals": [row]})
    found = case.read(
        "MATCH (c:Claim {id: $id}) MATCH (c)<-[:SUPPORTS]-(p) RETURN p.id AS id", {"id": role}
    )
    assert found == [{"id": f"{CASE}:g1"}]


# --- refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("add", {"actrs": [{"id": "x"}]}, "actrs: the table is not known .did you mean “actors”"),
        ("add", {"actors": [{"id": "x", "type": "Person", "nme": "y"}]}, "column nme: the column"),
        ("add", {"supports": [{"passage": f"{CASE}:g9", "claim": "c", "status": "reported"}]},
         "supports, row 1, column passage: the passage “g9” is not defined; add it"),
        ("add", {"passages": [{"passage": f"{CASE}:g1", "source": f"{CASE}:herald", "gist": "x"}]},
         "column passage: an entry adds, and changes no row of others"),
        ("add", {"actors": [{"id": "una", "type": "Person", "name": "Una"}]}, "no claim speaks of"),
        ("correct", {"corrections": [{"target": ODD, "property": "nme", "value": "x"}]},
         "a Person has no “nme” to correct"),
        ("correct", {"corrections": [{"target": BOARD, "property": "kind", "value": "zoo"}]},
         "“zoo” is not known here; write one of company"),
        ("correct", {"corrections": [{"target": f"{CASE}:od", "property": "name", "value": "x"}]},
         "“od” is no entity or claim of the case"),
        ("correct", {"corrections": [{"target": "portwick:odd", "property": "name"}]},
         "“portwick:odd” is of another case"),
        ("correct", {"withdrawals": [{"target": ODD}]}, "has no table “withdrawals”"),
        ("withdraw", {"withdrawals": [{"target": BOARD}]}, "named as who says something of others"),
        ("same", {"same": [{"one": ODD, "other": BOARD}]}, "the two are of different types"),
        ("different", {"different": [{"one": ODD, "other": f"{CASE}:x"}]}, "“x” is not defined"),
        ("naming", {"naming": [{"entity": f"{CASE}:excuse", "naming": "private"}]},
         "nothing that has a name"),
        ("naming", {"naming": [{"entity": ODD, "naming": "secret"}]}, "“secret” is not known here"),
        ("add", {}, "The entry says nothing"),
        ("scribble", {"same": []}, "“scribble” is no kind of entry; use add, correct"),
        ("take-back", {}, "Say which entry is taken back"),
    ],
)  # fmt: skip
def test_a_bad_entry_is_refused_with_a_sentence_and_nothing_is_kept(
    case: Store, kind: str, body: Body, words: str
) -> None:
    before = dump(case, CASE, stamps=True)
    with pytest.raises((InputError, JournalError), match=words):
        enter(case, kind, body)
    assert keeping.entries(case, CASE) == []
    assert not differing(before, dump(case, CASE, stamps=True))


def test_an_entry_needs_an_author_a_reason_and_a_case(case: Store) -> None:
    with pytest.raises(JournalError, match="needs the name of its author"):
        correct(case, "Odd Lantern", author=" ")
    with pytest.raises(JournalError, match=r"“sandwick:journal/0” is no entry of sandwick"):
        correct(case, "Odd Lantern", f"{CASE}:journal/0")
    stray = keeping.new_entry("portwick", "same", AUTHOR, "seen", {})
    with pytest.raises(UnknownCase):
        entering.enter(case, Workspace.locate(), stray, read_case)


def test_an_entry_replaces_one_of_its_kind(case: Store) -> None:
    made = correct(case, "Odd Lantern")
    with pytest.raises(JournalError, match="of kind withdraw cannot replace one of kind correct"):
        enter(case, "withdraw", {"withdrawals": [{"target": ODD}]}, made.entry.id)


def test_what_is_decided_already_is_decided_otherwise_by_replacing_it(case: Store) -> None:
    made = correct(case, "Odd Lantern")
    with pytest.raises(JournalError, match="decides that already"):
        correct(case, "Odd L.")
    correct(case, "Odd L.", made.entry.id)
    assert name_of(case) == "Odd L."
    assert states(case)[made.entry.id] == "replaced"


# --- conflicts ----------------------------------------------------------------------------------


def in_conflict(store: Store) -> tuple[str, str, str]:
    """One correction, and two that replace it."""
    first = correct(store, "First").entry.id
    rival = correct_unchecked(store, "Rival", first)
    ours = correct(store, "Ours", first).entry.id
    return first, rival, ours


def test_two_entries_that_replace_the_same_one_are_a_conflict_and_the_value_before_stands(
    case: Store,
) -> None:
    first, rival, ours = in_conflict(case)
    assert states(case) == {first: "in force", rival: "conflict", ours: "conflict"}
    assert name_of(case) == "First"


def test_a_conflict_lasts_until_an_entry_replaces_both(case: Store) -> None:
    first, rival, ours = in_conflict(case)
    third = correct(case, "Third", rival, ours).entry.id
    assert states(case) == {
        first: "replaced", rival: "replaced", ours: "replaced", third: "in force",
    }  # fmt: skip
    assert name_of(case) == "Third"


def test_a_conflict_lasts_until_one_is_taken_back(case: Store) -> None:
    first, rival, ours = in_conflict(case)
    take_back(case, rival)
    assert states(case)[first] == "replaced"
    assert states(case)[ours] == "in force"
    assert name_of(case) == "Ours"


def test_two_first_words_on_the_same_are_a_conflict_and_the_inputs_stand(case: Store) -> None:
    rival = correct_unchecked(case, "Rival")
    ours = correct_unchecked(case, "Ours")
    assert apply(case)
    assert states(case) == {rival: "conflict", ours: "conflict"}
    assert name_of(case) == "Odd Lanternby"


def test_of_naming_decisions_in_conflict_the_most_protective_counts(case: Store) -> None:
    made = Decided(ODD, "public_role", "a keeper", "Ann", "1987-05-09")
    naming_decisions.decide(case, CASE, made)
    (first,) = [one.id for one in keeping.entries(case, CASE)]
    for naming in ("protect", "private"):
        row = {"entity": ODD, "naming": naming, "on": "1987-05-10"}
        other = keeping.new_entry(CASE, "naming", "Ben", "no official", {"naming": [row]}, [first])
        keeping.keep(case, other)
    assert naming_decisions.decided(case, CASE)[ODD].naming == "protect"


# --- orphans ------------------------------------------------------------------------------------


def without_role() -> Tables:
    tables = lighthouse()
    for stem in ("claims", "supports", "passages"):
        del tables.rows[stem][2]
    del tables.rows["sources"][1]
    return tables


def test_an_entry_whose_target_is_gone_is_listed_and_laid_again_when_it_is_back(
    case: Store, tmp_path: Path
) -> None:
    role = claim(case, "HOLDS_ROLE")
    row = {"target": role, "passage": f"{CASE}:h1", "property": "hedge", "value": "it seems"}
    made = enter(case, "correct", {"corrections": [row]})
    tables = without_role()
    tables.add("claims", claim="called", kind="wording", subject="board", measure="name",
               value="The board")  # fmt: skip
    tables.add("supports", passage="g2", claim="called", status="reported")
    report = load(case, tables, tmp_path / "less")
    assert len(report.orphans) == 1
    (listed,) = keeping.listed(case, CASE)
    assert (listed.entry.id, listed.state) == (made.entry.id, "orphan")
    assert "the passage “h1” supports no claim" in listed.why
    load(case, lighthouse(), tmp_path / "again")
    assert states(case) == {made.entry.id: "in force"}
    hedge = case.read(
        "MATCH (c:Claim {id: $id}) MATCH (c)<-[s:SUPPORTS]-() RETURN s.hedge AS hedge", {"id": role}
    )
    assert hedge == [{"hedge": "it seems"}]


def test_an_entry_never_stops_a_load(case: Store, tmp_path: Path) -> None:
    """What does not hold together with the inputs any more is left out, and the rest is laid."""
    (size,) = case.read(
        "MATCH (c:Claim) WHERE c.case = $case AND c.measure = 'size' RETURN c.id AS id",
        {"case": CASE},
    )
    gone = enter(case, "withdraw", {"withdrawals": [{"target": size["id"]}]})
    kept = correct(case, "Odd Lantern")
    tables = lighthouse()
    tables.settings += "checks: [{id: all, kind: sum, whole: twelve, part: twelve}]\n"
    load(case, tables, tmp_path / "checked")
    assert states(case) == {gone.entry.id: "orphan", kept.entry.id: "in force"}
    assert name_of(case) == "Odd Lantern"


def test_unload_all_leaves_the_entries_which_wait_as_orphans(
    case: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    correct(case, "Odd Lantern")
    assert main(["unload", CASE, "--all"]) == 0
    told = capsys.readouterr().out
    assert "Of sandwick 1 entry of its journal is left, until it is loaded again" in told
    assert main(["journal", CASE]) == 0
    assert "orphan" in capsys.readouterr().out
    load(case, lighthouse(), tmp_path / "again")
    assert name_of(case) == "Odd Lantern"
    assert main(["unload", CASE, "--journal"]) == 1
    assert "add --all" in capsys.readouterr().err
    assert main(["unload", CASE, "--all"]) == 0
    capsys.readouterr()
    assert main(["unload", CASE, "--all", "--journal"]) == 0
    assert "Nothing of sandwick is left." in capsys.readouterr().out
    assert main(["journal", CASE]) == 1
    assert "holds no case “sandwick”" in capsys.readouterr().err


# --- while a load runs --------------------------------------------------------------------------


class Meanwhile(Progress):
    """Does something at the named step, the first times that it comes by."""

    def __init__(self, words: str, *work: Callable[[], Any]) -> None:
        self.words, self.work, self.made = words, list(work), list[Any]()

    def step(self, words: str, done: int, total: int) -> None:
        if words == self.words and self.work:
            self.made.append(self.work.pop(0)())


def test_while_a_load_runs_entries_wait_and_it_lays_them_before_it_completes(
    case: Store, tmp_path: Path
) -> None:
    role = claim(case, "HOLDS_ROLE")
    meanwhile = Meanwhile(
        "Writing claims",
        lambda: correct(case, "Odd Lantern"),
        # While it lays that one over the inputs.
        lambda: None,
        lambda: enter(case, "withdraw", {"withdrawals": [{"target": role}]}),
    )
    tables = lighthouse()
    tables.rows["actors"][1]["caption"] = "The Lamp Board"
    load(case, tables, tmp_path / "second", meanwhile)
    assert [one and one.state for one in meanwhile.made] == ["waiting", None, "waiting"]
    assert set(states(case).values()) == {"in force"}
    assert name_of(case) == "Odd Lantern"
    gone = case.read("MATCH (w:Withdrawn) WHERE w.case = $case RETURN w.id AS id", {"case": CASE})
    assert gone == [{"id": role}]
    newest = load_states.states(case)[-1]
    assert (newest.id, newest.entries) == (f"{CASE}:load-0002", 2)


def test_what_is_withdrawn_while_it_is_taken_back_stays_withdrawn(
    case: Store, tmp_path: Path
) -> None:
    tables = lighthouse()
    tables.rows["actors"][1]["caption"] = "The Lamp Board"
    load(case, tables, tmp_path / "second")
    role = claim(case, "HOLDS_ROLE")
    meanwhile = Meanwhile(
        "Writing claims",
        lambda: enter(case, "withdraw", {"withdrawals": [{"target": role}]}),
    )
    unloads.unload(case, Workspace.locate(), CASE, read_case, progress=meanwhile)
    gone = case.read("MATCH (w:Withdrawn) WHERE w.case = $case RETURN w.id AS id", {"case": CASE})
    assert gone == [{"id": role}]
    assert [one.id for one in load_states.states(case)] == [f"{CASE}:load-0001"]


def test_entries_of_two_desks_while_one_loads_are_neither_lost_nor_doubled(
    case: Store, tmp_path: Path
) -> None:
    made: list[Listed] = []
    failed: list[SutraError] = []

    def desk(name: str) -> None:
        try:
            for number in range(3):
                made.append(enter(case, "add", added(f"{name}-{number}"), author=name))
        except SutraError as error:
            failed.append(error)

    desks = [threading.Thread(target=desk, args=(name,)) for name in ("left", "right")]

    def begin() -> None:
        for thread in desks:
            thread.start()

    tables = lighthouse()
    tables.rows["actors"][1]["caption"] = "The Lamp Board"
    load(case, tables, tmp_path / "second", Meanwhile("Writing claims", begin))
    for thread in desks:
        thread.join()
    assert failed == []
    assert apply(case)
    assert set(states(case).values()) == {"in force"}
    assert sorted(one.entry.number for one in made) == list(range(1, 7))
    people = [i for i in held(case)["nodes"] if i.startswith("journal/")]
    assert sorted(i.rpartition("/")[2] for i in people) == [
        "left-0", "left-1", "left-2", "right-0", "right-1", "right-2",
    ]  # fmt: skip


def test_laying_that_was_cut_off_is_seen_and_finished(
    case: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace.locate()
    for finish in (lambda: main(["journal", "apply", CASE]),
                   lambda: load(case, without_note(), tmp_path / "other")):  # fmt: skip
        number = len(keeping.entries(case, CASE))
        with pytest.raises(Killed):
            enter(case, "add", added(f"una{number}"), progress=Dies(5))
        made = keeping.entries(case, CASE)[-1]
        assert states(case)[made.id] == "waiting"
        (cut_off,) = turns.cut_off(case, workspace)
        assert "sutra journal apply sandwick" in turns.explain_cut_off(cut_off)
        # The case is there all the same.
        assert [s.id for s in load_states.cases(case)] == [f"{CASE}:load-0001"]
        finish()
        assert not turns.cut_off(case, workspace)
        assert states(case)[made.id] == "in force"
        assert name_of(case, f"{made.id}/una{number}") == "Una Wick"
    capsys.readouterr()


def without_note() -> Tables:
    tables = lighthouse()
    tables.rows["actors"][1]["caption"] = "The Lamp Board"
    return tables


def test_an_entry_made_after_a_load_was_cut_off_waits_for_it(case: Store, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        load(case, without_note(), tmp_path / "second", Dies(6))
    made = correct(case, "Odd Lantern")
    assert made.state == "waiting"
    load(case, without_note(), tmp_path / "second")
    assert states(case) == {made.entry.id: "in force"}
    assert name_of(case) == "Odd Lantern"


def test_who_lays_the_journal_is_fenced(case: Store) -> None:
    def taken() -> None:
        case.write(
            "MATCH (l:Load) WHERE l.case = $case SET l.holder = 'somebody'", {"case": CASE}
        )  # fmt: skip

    with pytest.raises(LoadError, match="was taken over by another program"):
        correct(case, "Odd Lantern", progress=Meanwhile("Writing claims", taken))
    case.write("MATCH (l:Load) WHERE l.case = $case SET l.beat = 0", {"case": CASE})
    assert set(states(case).values()) == {"waiting"}
    assert apply(case)
    assert name_of(case) == "Odd Lantern"


# --- a newer version ----------------------------------------------------------------------------


def test_an_entry_of_a_newer_format_is_one_sentence_and_nothing_is_half_written(
    case: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = keeping.new_entry(CASE, "add", AUTHOR, "seen", {"hunches": []})
    keeping.keep(case, replace(newer, format=2))
    before = dump(case, CASE, stamps=True)
    words = r"holds entries that a newer version of Sutra made \(format 2, and this one knows 1\)"
    with pytest.raises(JournalError, match=words):
        load(case, without_note(), tmp_path / "second")
    with pytest.raises(JournalError, match=words):
        correct(case, "Odd Lantern")
    assert main(["journal", CASE]) == 1
    assert "go on with that version" in capsys.readouterr().err
    assert not differing(before, dump(case, CASE, stamps=True))
    assert not turns.cut_off(case, Workspace.locate())


# --- at the keyboard ----------------------------------------------------------------------------


def test_a_journal_as_a_user_keeps_it(
    case: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "entry.yaml"
    file.write_text(
        "kind: correct\nreason: he signs so\ncorrections:\n"
        f"- {{target: '{ODD}', property: name, value: Odd Lantern}}\n",
        "utf-8",
    )
    assert main(["journal", "add", CASE, str(file), "--author", "Ann Quill"]) == 0
    assert capsys.readouterr().out.rstrip().endswith(": in force.")
    (made,) = keeping.entries(case, CASE)
    assert main(["journal", CASE]) == 0
    told = capsys.readouterr().out
    assert "  Ann Quill: in force\n" in told
    assert f"  name of {ODD} is Odd Lantern\n  because: he signs so\n  {made.id}\n" in told
    assert told.endswith("1 entry.\n")
    assert main(["journal", "add", CASE, str(file)]) == 1
    assert "decides that already (Ann Quill, " in capsys.readouterr().err
    assert main(["journal", "take-back", made.id]) == 1
    assert "Say why" in capsys.readouterr().err
    assert main(["journal", "take-back", made.id, "--reason", "a slip"]) == 0
    assert name_of(case) == "Odd Lanternby"
    capsys.readouterr()
    assert main(["journal", CASE, "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["kind"], one["state"]) for one in listed] == [
        ("correct", "taken back"), ("take-back", "in force"),
    ]  # fmt: skip
    assert listed[1]["author"]
    assert main(["journal", "nobody", "knows", "this", "either"]) == 1
    assert "sutra journal --help" in capsys.readouterr().err


def test_the_history_of_one_entity_or_claim(
    case: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = correct(case, "Odd Lantern").entry.id
    again = correct(case, "Odd L.", first).entry.id
    other = enter(case, "add", added())
    role = case.read(
        "MATCH (c:Claim) WHERE c.case = $case AND c.subject = $una RETURN c.id AS id",
        {"case": CASE, "una": f"{other.entry.id}/una"},
    )[0]["id"]
    back = take_back(case, again).entry.id
    found = [one.entry.id for one in keeping.listed(case, CASE, ODD)]
    assert found == [first, again, back]
    assert [one.entry.id for one in keeping.listed(case, CASE, role)] == [other.entry.id]
    assert main(["journal", CASE, "--of", BOARD]) == 0
    assert "adds 1 row of actors, 1 row of claims, 1 row of supports" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a\n", "holds no entry"),
        ("reason: x\n", "“kind” is missing, or no text"),
        ("kind: add\nreason: x\nactors: {id: una}\n", "“actors” is no list of rows"),
        ("kind: add\nreason: x\nactors: [{id: [una]}]\n", "column id: is no text"),
        ("kind: add\nreason: x\nreplaces: {a: b}\n", "“replaces” is no id of an entry"),
        ("kind: add\nreason: x\nsame: [{one: 'sandwick:odd', other: 'sandwick:odd'}]\n",
         "is the same id"),
        ("kind: [\n", "is not YAML"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_entry_is_a_sentence(
    case: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    file = tmp_path / "entry.yaml"
    file.write_text(text, "utf-8")
    assert main(["journal", "add", CASE, str(file), "--author", "Ann"]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert str(file) in told


# --- what leaves --------------------------------------------------------------------------------


def test_authors_names_never_reach_a_pack_or_a_board(
    case: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    correct(case, "Odd Lantern")
    enter(case, "add", added())
    enter(case, "naming", {"naming": [{"entity": BOARD, "naming": "public_role"}]})
    naming_decisions.decide(case, CASE, Decided(ODD, "private", "a keeper", AUTHOR, "1987-05-09"))
    target = tmp_path / "pack"
    assert main(["export", "--case", CASE, "--out", str(target), "--pack", "p-1"]) == 0
    capsys.readouterr()
    files = [file for file in target.rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert b"Quillfeather" not in file.read_bytes(), file
    kept = boards.keep(case, View.of(CASE, reads.case_view(case, CASE, limit=9)), kept=True)
    assert ODD in boards.export(case, kept.id)
    assert "Quillfeather" not in boards.export(case, kept.id)


def test_a_name_that_was_corrected_does_not_leave_either(
    empty: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Texts still call somebody so, whose name is not printed."""
    tables = lighthouse()
    tables.rows["passages"][0]["gist"] = "Odd Lanternby made an excuse"
    load(empty, tables, tmp_path / "first")
    rows = [
        {"target": ODD, "property": name, "value": "Elias Fogg"} for name in ("name", "caption")
    ]
    enter(empty, "correct", {"corrections": rows})
    assert main(["export", "--case", CASE, "--out", str(tmp_path / "pack"), "--pack", "p-1"]) == 0
    capsys.readouterr()
    files = [file for file in (tmp_path / "pack").rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert b"Lanternby" not in file.read_bytes(), file
