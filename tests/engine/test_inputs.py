"""A case is made of inputs, and the graph is what they say together.

The names of the tests are the rules of docs/case-format.md.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from invented import Tables, differing, dump, lighthouse

from graph.errors import InputError, LoadError
from graph.explore import inspector
from graph.ingest import archive, load_states, loads, statements, turns, unloads
from graph.runtime.jobs import Progress
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from sutra.cli import main

pytestmark = pytest.mark.slow

CASE = "sandwick"
REGISTER = f"id: {CASE}\ninput: register\ntitle: Register of lamps\nsummary: Who keeps which.\n"
PAPER = {"kind": "article", "status": "current", "text_length": "500", "language": "en"}
PLACE = {"start": "0", "end": "90", "sha256": "0" * 64, "language": "en"}


def load(store: Store, folder: Path, case: str | None = None) -> loads.LoadReport:
    return loads.load(store, Workspace.locate(), read_case(folder, case))


def register() -> Tables:
    """Another input: it refers to the board of the case, and brings a person of its own."""
    tables = Tables(settings=REGISTER)
    tables.add("actors", id="wick", type="Person", caption="Una Wick", name="Una Wick")
    tables.add("sources", id="roll", caption="Roll of keepers", published_on="1987-06-01", **PAPER)
    tables.add("passages", passage="r1", source="roll", gist="Una and Odd keep lamps", **PLACE)
    for claim, subject in (("una", "wick"), ("odd", f"{CASE}:odd")):
        tables.add("claims", claim=claim, kind="relationship", subject=subject,
                   predicate="HOLDS_ROLE", object=f"{CASE}:board", title="keeper")  # fmt: skip
        tables.add("supports", passage="r1", claim=claim, status="reported")
    return tables


def third_paper(into: Tables, name: str = "courier") -> None:
    """A source with a claim of its own, which relays another and supports what others say."""
    into.add("sources", id=name, caption=name.title(), published_on="1987-05-09", **PAPER)
    into.add("passages", passage="p1", source=name, gist="The board made it", **PLACE)
    into.add("claims", claim="c1", kind="relationship", subject="board", predicate="MADE",
             object="excuse")  # fmt: skip
    into.add("claims", claim="c2", kind="relationship", subject="odd", predicate="MADE",
             object="excuse", when="1987-05-02", when_basis="stated")  # fmt: skip
    for claim in ("c1", "c2"):
        into.add("supports", passage="p1", claim=claim, status="reported")
    into.add("relays", from_="p1", to="gazette")


def with_folder(folder: Path, name: str = "courier") -> Path:
    """The lighthouse with a folder of one more source."""
    lighthouse().write(folder)
    part = Tables()
    third_paper(part, name)
    part.rows = {stem: rows for stem, rows in part.rows.items() if rows}
    below = part.write(folder / "sources" / name)
    (below / "case.yaml").unlink()
    return folder


def without_role() -> Tables:
    """The lighthouse, whose second paper says nothing any more."""
    tables = lighthouse()
    for stem in ("claims", "supports", "passages"):
        del tables.rows[stem][2]
    tables.add("claims", claim="called", kind="wording", subject="board", measure="name",
               value="The board")  # fmt: skip
    tables.add("supports", passage="g2", claim="called", status="reported")
    return tables


def rows_of(store: Store, text: str) -> list[dict[str, Any]]:
    return store.read(text, {"case": CASE})


def one_claim(store: Store) -> str:
    """The claim that Odd made the excuse."""
    return str(rows_of(store, f"{CLAIM}'MADE' RETURN c.id AS id")[0]["id"])


CLAIM = "MATCH (c:Claim) WHERE c.case = $case AND c.subject = $case + ':odd' AND c.predicate = "


def test_one_source_may_be_one_folder(clean: Store, tmp_path: Path) -> None:
    """Adding it is copying a folder, removing it is deleting one."""
    load(clean, lighthouse().write(tmp_path / "case"))
    before = dump(clean, CASE)
    load(clean, with_folder(tmp_path / "case"))
    found = dump(clean, CASE)
    assert found["nodes"]["courier/p1"][1]["source"] == "courier"
    one = rows_of(
        clean,
        f"{CLAIM}'MADE' MATCH (c)<-[s:SUPPORTS]-(p) "
        "RETURN p.id AS passage, s.when AS when, c.when AS of_claim ORDER BY passage",
    )
    assert one == [
        {"passage": f"{CASE}:courier/p1", "when": "1987-05-02", "of_claim": "1987-05-01"},
        {"passage": f"{CASE}:g1", "when": None, "of_claim": "1987-05-01"},
    ]
    (odd,) = [c for c in inspector.claims(clean, [one_claim(clean)]) if c.kind == "relationship"]
    assert [evidence.when for evidence in odd.evidence] == ["1987-05-02", None]
    shutil.rmtree(tmp_path / "case" / "sources" / "courier")
    load(clean, tmp_path / "case")
    assert not differing(before, dump(clean, CASE))


def test_handles_and_passages_belong_to_their_folder(clean: Store, tmp_path: Path) -> None:
    """Two folders may use the same names for them; entities and sources they share."""
    folder = with_folder(with_folder(tmp_path / "case"), "bugle")
    load(clean, folder)
    found = dump(clean, CASE)["nodes"]
    assert {"courier/p1", "bugle/p1"} <= set(found)
    made = [id_ for id_, (labels, p) in found.items() if p.get("predicate") == "MADE"]
    assert len(made) == 2


def test_what_only_a_removed_source_carried_is_gone(clean: Store, tmp_path: Path) -> None:
    """Two sources, then three, then two: as after the first load."""
    load(clean, lighthouse().write(tmp_path / "two"))
    before = dump(clean, CASE)
    three = lighthouse()
    third_paper(three)
    three.rows["claims"] = [c for c in three.rows["claims"] if c["claim"] != "c2"]
    three.rows["supports"] = [s for s in three.rows["supports"] if s["claim"] != "c2"]
    three.add("supports", passage="p1", claim="odd-said", status="reported")
    load(clean, three.write(tmp_path / "three"))
    load(clean, tmp_path / "two")
    assert not differing(before, dump(clean, CASE))


def test_what_is_still_listed_but_no_longer_asserted_is_withdrawn(
    clean: Store, tmp_path: Path
) -> None:
    """And it is gone, withdrawn or not, with the last source that carried it."""
    load(clean, lighthouse().write(tmp_path / "all"))
    less = without_role()
    load(clean, less.write(tmp_path / "less"))
    withdrawn = "MATCH (w:Withdrawn) WHERE w.case = $case RETURN w.predicate AS predicate"
    assert rows_of(clean, withdrawn) == [{"predicate": "HOLDS_ROLE"}]
    # Its source goes too.
    del less.rows["sources"][1]
    load(clean, less.write(tmp_path / "least"))
    assert rows_of(clean, withdrawn) == []
    load(clean, less.write(tmp_path / "least"), "twin")
    assert not differing(dump(clean, "twin"), dump(clean, CASE))


def test_each_input_is_loaded_and_taken_back_alone(clean: Store, tmp_path: Path) -> None:
    load(clean, lighthouse().write(tmp_path / "case"))
    before = dump(clean, CASE)
    load(clean, register().write(tmp_path / "register"))
    both = dump(clean, CASE)
    assert {"register/wick", "register/roll", "register/r1"} <= set(both["nodes"])
    # One key, one claim, whatever input says it.
    roles = rows_of(
        clean,
        f"{CLAIM}'HOLDS_ROLE' MATCH (c)<-[s:SUPPORTS]-() RETURN s.input AS input ORDER BY input",
    )
    assert [row["input"] for row in roles] == ["case", "register"]
    # The case loaded again leaves it as it is.
    again = load(clean, tmp_path / "case")
    assert again.written.written == 0
    assert not differing(both, dump(clean, CASE))
    unloads.unload_input(clean, Workspace.locate(), CASE, "register", read_case)
    assert not differing(before, dump(clean, CASE))
    # Which is a load like any, and taken back like any.
    unloads.unload(clean, Workspace.locate(), CASE, read_case)
    assert not differing(both, dump(clean, CASE))


def test_the_order_in_which_they_came_does_not_matter(clean: Store, tmp_path: Path) -> None:
    first, second = lighthouse().write(tmp_path / "case"), register().write(tmp_path / "register")
    load(clean, first)
    load(clean, second)
    one = dump(clean, CASE)
    unloads.unload(clean, Workspace.locate(), CASE, read_case, everything=True)
    alone = register()
    for claim in alone.rows["claims"]:
        claim["subject"], claim["object"] = "wick", "wick"
        claim["predicate"], claim["title"] = "SAME_AS", ""
    alone.rows["claims"][0]["certainty"] = alone.rows["claims"][1]["certainty"] = "possible"
    alone.rows["claims"], alone.rows["supports"] = (
        alone.rows["claims"][:1], alone.rows["supports"][:1],
    )  # fmt: skip
    load(clean, alone.write(tmp_path / "alone"))
    load(clean, first)
    load(clean, second)
    found = dump(clean, CASE)
    gone = {i for i, (labels, _) in found["nodes"].items() if "Withdrawn" in labels}
    found["nodes"] = {i: n for i, n in found["nodes"].items() if i not in gone}
    found["relationships"] = [r for r in found["relationships"] if r[2] not in gone]
    assert not differing(one, found)


def test_unload_restores_the_inputs_before(clean: Store, tmp_path: Path) -> None:
    load(clean, lighthouse().write(tmp_path / "case"))
    load(clean, register().write(tmp_path / "register"))
    before = dump(clean, CASE)
    more = register()
    more.add("actors", id="wax", type="Person", caption="Ida Wax", name="Ida Wax")
    more.add("claims", claim="ida", kind="relationship", subject="wax", predicate="HOLDS_ROLE",
             object=f"{CASE}:board", title="cleaner")  # fmt: skip
    more.add("supports", passage="r1", claim="ida", status="reported")
    load(clean, more.write(tmp_path / "more"))
    back = unloads.unload(clean, Workspace.locate(), CASE, read_case)
    assert back is not None
    assert list(back.inputs) == ["case", "register"]
    assert not differing(before, dump(clean, CASE))


def test_a_load_that_would_leave_a_reference_dangling_is_refused(
    clean: Store, tmp_path: Path
) -> None:
    load(clean, lighthouse().write(tmp_path / "case"))
    load(clean, register().write(tmp_path / "register"))
    before = dump(clean, CASE, stamps=True)
    less = lighthouse()
    less.rows["actors"] = [row for row in less.rows["actors"] if row["id"] != "odd"]
    less.rows["claims"] = [row for row in less.rows["claims"] if row["subject"] != "odd"]
    less.rows["supports"] = [row for row in less.rows["supports"] if row["claim"] == "twelve"]
    with pytest.raises(InputError, match=r"register/claims.csv, row 3.*“odd” is not defined"):
        load(clean, less.write(tmp_path / "less"))
    with pytest.raises(InputError, match=r"register/claims.csv.*is not defined"):
        unloads.unload_input(clean, Workspace.locate(), CASE, "case", read_case)
    assert not turns.cut_off(clean, Workspace.locate())
    assert not differing(before, dump(clean, CASE, stamps=True))


def test_where_inputs_differ_the_first_stands_and_the_other_is_kept_beside(
    clean: Store, tmp_path: Path
) -> None:
    """The folder of the case is first, then what it lists, then the others by name."""
    folder = lighthouse()
    folder.settings += "inputs: [zoo, almanac]\n"
    load(clean, folder.write(tmp_path / "case"))
    for name, caption in (("almanac", "Board of Lamps"), ("zoo", "Lantern Board")):
        tables = register()
        tables.settings = REGISTER.replace("register", name)
        tables.add("actors", id=f"{CASE}:board", type="Organization", caption=caption,
                   kind="other", jurisdiction=caption.split()[0])  # fmt: skip
        load(clean, tables.write(tmp_path / name))
    board = dump(clean, CASE)["nodes"]["board"][1]
    assert (board["caption"], board["jurisdiction"]) == ("Lamp Board", "Lantern")
    assert board["otherwise"] == [
        "zoo: caption: Lantern Board", "almanac: jurisdiction: Board",
        "almanac: caption: Board of Lamps",
    ]  # fmt: skip
    detail = inspector.entity(clean, f"{CASE}:board")
    assert detail is not None
    assert detail.otherwise == tuple(board["otherwise"])
    found = clean.read(
        "CALL db.index.fulltext.queryNodes('entity_search', $text) YIELD node, score "
        "RETURN node.id AS id",
        {"text": "lantern"},
    )
    assert f"{CASE}:board" in {row["id"] for row in found}


def test_a_claim_lives_while_one_support_of_it_stands(clean: Store, tmp_path: Path) -> None:
    load(clean, lighthouse().write(tmp_path / "case"))
    load(clean, register().write(tmp_path / "register"))
    less = without_role()
    load(clean, less.write(tmp_path / "less"))
    assert rows_of(clean, f"{CLAIM}'HOLDS_ROLE' RETURN c.strongest AS strongest") == [
        {"strongest": "reported"}
    ]
    unloads.unload_input(clean, Workspace.locate(), CASE, "register", read_case)
    assert rows_of(clean, f"{CLAIM}'HOLDS_ROLE' RETURN c.strongest AS strongest") == []


def test_a_twin_refers_to_itself(clean: Store, tmp_path: Path) -> None:
    """What an input names by the id of its case is meant of the case that it is loaded as."""
    folders = lighthouse().write(tmp_path / "case"), register().write(tmp_path / "register")
    for case in (CASE, "twin"):
        for folder in folders:
            load(clean, folder, case)
    assert not differing(dump(clean, CASE), dump(clean, "twin"))


class _Takes(Progress):
    """Once at the named step, somebody else takes the load over."""

    def __init__(self, store: Store, words: str) -> None:
        self.store, self.words, self.taken = store, words, False

    def step(self, words: str, done: int, total: int) -> None:
        if words == self.words and not self.taken:
            self.taken = True
            taken = {"id": f"{CASE}:load-0001", "status": "running", "holder": "somebody"}
            self.store.write(statements.HOLD_LOAD, taken)


def test_who_writes_is_fenced(clean: Store, tmp_path: Path) -> None:
    folder = lighthouse().write(tmp_path / "case")
    given = read_case(folder)
    with pytest.raises(LoadError, match="was taken over by another program"):
        loads.load(clean, Workspace.locate(), given, progress=_Takes(clean, "Writing claims"))
    assert not rows_of(clean, "MATCH (c:Claim) WHERE c.case = $case RETURN c.id AS id")
    # Once that one is silent for long, too, the load is cut off.
    clean.write("MATCH (l:Load) WHERE l.case = $case SET l.beat = 0", {"case": CASE})
    assert [s.holder for s in turns.cut_off(clean, Workspace.locate())] == ["somebody"]


class _Looks(Progress):
    """Notes once, on a machine whose clock is an hour ahead, for how long the load was silent."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.silent: float | None = None

    def step(self, words: str, done: int, total: int) -> None:
        if words == "Writing claims" and self.silent is None:
            ahead = time.time() + 3600
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(time, "time", lambda: ahead)
                self.silent = load_states.states(self.store, CASE)[0].silent


def test_whether_a_load_lives_is_told_by_the_servers_clock(clean: Store, tmp_path: Path) -> None:
    looks = _Looks(clean)
    given = read_case(lighthouse().write(tmp_path))
    loads.load(clean, Workspace.locate(), given, progress=looks)
    assert looks.silent is not None
    assert 0 <= looks.silent < 60


def test_before_a_load_changes_what_another_brought_it_says_what_and_whose(
    clean: Store, tmp_path: Path
) -> None:
    workspace = Workspace.locate()
    load(clean, lighthouse().write(tmp_path / "case"))
    load(clean, register().write(tmp_path / "register"))
    before = dump(clean, CASE, stamps=True)
    same = loads.preview(clean, workspace, read_case(tmp_path / "case"))
    assert same.others == []
    assert {(c.new, c.changed, c.gone) for c in same.counts.values()} == {(0, 0, 0)}
    less = without_role()
    less.rows["actors"][1]["caption"] = "Lamps' Board"
    found = loads.preview(clean, workspace, read_case(less.write(tmp_path / "less")))
    assert {other.input for other in found.others} == {"register"}
    assert any("Odd Lanternby" in other.what for other in found.others)
    assert found.counts["entities"].changed == 1
    more = register()
    del more.rows["claims"][1], more.rows["supports"][1]
    found = loads.preview(clean, workspace, read_case(more.write(tmp_path / "more")))
    assert [other.input for other in found.others] == ["case"]
    assert found.counts["claims"].changed == 1
    assert not differing(before, dump(clean, CASE, stamps=True))


def test_an_archive_that_cannot_be_reached_is_a_sentence(clean: Store, tmp_path: Path) -> None:
    load(clean, lighthouse().write(tmp_path / "case"))
    workspace = Workspace.locate()
    kept = archive.input_folder(workspace, load_states.states(clean)[0].inputs["case"].digest)
    aside = kept.with_name("aside")
    kept.rename(aside)
    try:
        with pytest.raises(LoadError, match=r"“case” of sandwick is needed.*SUTRA_ARCHIVE"):
            load(clean, register().write(tmp_path / "register"))
    finally:
        aside.rename(kept)
    assert len(load_states.states(clean)) == 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("input: case\n", "“case” is no name of an input"),
        ("input: The Register\n", "is no name of an input"),
        ("input: roll\nchecks: []\n", "“checks” is not for the input roll"),
        ("inputs: roll\n", "“inputs” is no list of names of inputs"),
    ],
)
def test_a_wrong_input_is_a_sentence(tmp_path: Path, settings: str, words: str) -> None:
    tables = lighthouse()
    tables.settings += settings
    with pytest.raises(InputError, match=words):
        read_case(tables.write(tmp_path))


def test_a_folder_and_an_input_cannot_have_one_name(clean: Store, tmp_path: Path) -> None:
    load(clean, with_folder(tmp_path / "case", "register"))
    with pytest.raises(InputError, match="register is the name of an input of the case, too"):
        load(clean, register().write(tmp_path / "register"))


def test_a_reference_to_another_case_is_a_sentence(clean: Store, tmp_path: Path) -> None:
    load(clean, lighthouse().write(tmp_path / "case"))
    tables = register()
    tables.rows["claims"][0]["object"] = "portwick:board"
    with pytest.raises(InputError, match=r"claims.csv, row 2.*“portwick:board” is of another case"):
        load(clean, tables.write(tmp_path / "register"))


def test_a_folder_of_sources_that_leads_out_is_refused(tmp_path: Path) -> None:
    folder = with_folder(tmp_path / "case")
    (tmp_path / "elsewhere").mkdir()
    (folder / "sources" / "way").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(InputError, match="leads out of the folder"):
        read_case(folder)
    (folder / "sources" / "way").unlink()
    (folder / "sources" / "empty").mkdir()
    with pytest.raises(InputError, match="holds no table of a case"):
        read_case(folder)


def test_status_and_unload_know_each_input(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for tables, name in ((lighthouse(), "case"), (register(), "register")):
        assert main(["load", str(tables.write(tmp_path / name)), "--yes"]) == 0
    assert main(["status"]) == 0
    told = capsys.readouterr().out
    assert "input case      4 entities, 3 claims, 3 passages, loaded at " in told
    assert "input register  1 entity, 2 claims, 1 passage, loaded at " in told
    assert main(["load", str(tmp_path / "case"), "--preview"]) == 0
    assert "It changes nothing that another input brought." in capsys.readouterr().out
    assert main(["unload", CASE, "--input", "shed"]) == 1
    assert "“sandwick” has no input “shed”; it has case, register." in capsys.readouterr().err
    assert main(["unload", CASE, "--input", "register"]) == 0
    assert "sandwick:load-0003: sandwick without register." in capsys.readouterr().out
    assert main(["unload", CASE, "--input", "case"]) == 1
    assert "“case” is the only input of “sandwick”" in capsys.readouterr().err


def test_what_is_worth_telling_is_told(
    clean: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = lighthouse()
    tables.settings += "rules: {as_told: what a paper says of somebody's office holds}\n"
    tables.rows["sources"][0]["text_length"] = "300"
    tables.add("nothing", source="gazette", start="190", end="290", reason="metadata")
    tables.rows["claims"][2] |= {"when": "1987", "when_basis": "inferred", "when_rule": "guess"}
    assert main(["load", str(tables.write(tmp_path))]) == 0
    told = capsys.readouterr().err
    assert "The rule “guess” is used in 1 row, first in claims.csv, and case.yaml does" in told
    assert "as_told" not in told
    # Of 300: 90 to 100 and 290 to 300; of 500: 90 to 500.
    assert "430 code points of 2 texts are in no passage and not in nothing.csv." in told
