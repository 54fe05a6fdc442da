"""What comes back to a graph: the script rebuilt, a pack looked at again; and the command."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from export_case import CASE, CHOICES, HOSTILE, fogbank, load, spooled, written

from exports import material as publication
from exports.pack import pack, verify
from exports.redaction.publish import publish
from graph.explore import reads
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from sutra import cli


def test_the_script_rebuilds_the_publication(store: Store, tmp_path: Path) -> None:
    made = publish(load(store, tmp_path, fogbank(hostile=HOSTILE)), CHOICES).publication
    store.write("MATCH (n) WHERE NOT n:Meta DETACH DELETE n")
    text = written("cypher", made)["graph.cypher"].decode()
    for statement in text.split(";\n"):
        lines = [line for line in statement.splitlines() if not line.startswith("//")]
        if "\n".join(lines).strip() and "CONSTRAINT" not in statement:
            store.write("\n".join(lines))
    entities = {
        r["id"]: r["p"]
        for r in store.read("MATCH (n:Entity) RETURN n.id AS id, properties(n) AS p")
    }
    assert set(entities) == {t.id for t in made.entities}
    for entity in made.entities:
        assert entities[entity.id]["caption"] == entity.caption
        for name, value in entity.properties.items():
            assert entities[entity.id][name] == value
    relationships = store.read(
        "MATCH (a:Entity)-[r]->(b:Entity) RETURN r.claim AS id, type(r) AS type, a.id AS a, "
        "b.id AS b, r.title AS title ORDER BY id"
    )
    assert [tuple(t.values()) for t in relationships] == sorted(
        (f.id, f.predicate, f.subject, f.object, f.properties.get("title"))
        for f in made.relationships
    )
    said = {
        r["id"]: r["said"] for r in store.read("MATCH (c:Claim) RETURN c.id AS id, c.said AS said")
    }
    assert said == {f.id: f.said for f in made.facts}
    store.write("MATCH (n) WHERE NOT n:Meta DETACH DELETE n")


def kinds(store: Store, made: pack.Pack) -> dict[str, list[str]]:
    record = json.loads(made.newsroom()["fogbank-1.newsroom.json"])
    found: dict[str, list[str]] = {}
    for finding in verify.against_graph(store, made.files, record):
        found.setdefault(finding.kind, []).append(finding.words)
    return found


@pytest.mark.embedded
def test_a_pack_is_held_against_the_graph_as_it_is_now(store: Store, tmp_path: Path) -> None:
    made = pack.make(load(store, tmp_path, fogbank(confidential=False)), CHOICES, ["markdown"])
    assert kinds(store, made) == {}
    tables = fogbank(confidential=False)
    for row in tables.rows["sources"]:
        if row["id"] == "gazette":
            row["status"] = "retracted"
    tables.rows["claims"] = [r for r in tables.rows["claims"] if r["claim"] != "odd-said"]
    tables.rows["supports"] = [
        r for r in tables.rows["supports"]
        if r["claim"] != "odd-said" and (r["claim"], r["passage"]) != ("ulla-met", "h1")
    ]  # fmt: skip
    for row in tables.rows["supports"]:
        if row["claim"] == "board-sons":
            row["status"] = "reported"
    tables.add("claims", claim="no", kind="relationship", subject="chirp", predicate="ATTENDED",
               object="fog-meeting", polarity="negative")  # fmt: skip
    tables.add("supports", passage="h1", claim="no", status="reported")
    loads.load(store, Workspace.locate(), read_case(tables.write(tmp_path / "changed")))
    found = kinds(store, made)
    assert set(found) == {"withdrawn", "corrected", "source", "status", "contested"}
    assert "no longer asserted" in found["withdrawn"][0]
    assert "was inferred, is reported" in found["status"][0]
    changed = spooled({**made.files, "facts.md": b"else"})
    assert [f.words for f in verify.against_manifest(changed)] == [
        "facts.md was changed since the pack was made"
    ]


@pytest.mark.embedded
def test_what_stayed_behind_does_not_count_when_a_pack_is_looked_at_again(
    store: Store, tmp_path: Path
) -> None:
    tables = fogbank()
    # A confidential source states what is printed as an allegation, and denies what nobody does.
    tables.add("supports", passage="w2", claim="acc-group", status="reported")
    tables.add("claims", claim="no", kind="relationship", subject="chirp", predicate="ATTENDED",
               object="fog-meeting", polarity="negative")  # fmt: skip
    tables.add("supports", passage="w1", claim="no", status="reported")
    store.write("MATCH (n) WHERE NOT n:Meta DETACH DELETE n")
    loads.load(store, Workspace.locate(), read_case(tables.write(tmp_path / "case")))
    ids = [row["id"] for row in store.read("MATCH (n:Entity) RETURN n.id AS id ORDER BY id")]
    material = publication.read(store, CASE, reads.some_view(store, ids))
    made = pack.make(material, CHOICES, ["markdown"])
    printed = {f.sentence: f for f in made.publication.facts}
    assert not printed["Chirp took part in Meeting in the fog"].contested
    assert [f.status for f in made.publication.facts if f.predicate == "MEMBER_OF"] == ["alleged"]
    assert kinds(store, made) == {}
    bare = {finding.kind for finding in verify.against_graph(store, made.files, None)}
    assert bare == {"unknown"}, "what is confidential counts for nobody"


@pytest.mark.embedded
def test_a_view_as_reported_until_a_day_is_printed_as_of_that_day(
    store: Store, tmp_path: Path
) -> None:
    today = load(store, tmp_path, fogbank(confidential=False))
    then = publication.read(store, CASE, today.view, "1987-05-03")
    now, before = (pack.make(m, CHOICES, ["markdown"]) for m in (today, then))
    facts = [{f.sentence: f for f in p.publication.facts} for p in (now, before)]
    twelve, met = "The lamps: size 12 lamps", "Ulla Brandt took part in Meeting in the fog"
    assert [f[twelve].contested for f in facts] == [True, False]
    assert [f[met].publishers for f in facts] == [2, 1]
    assert not any("eleven" in f.id or f.value == "11" for f in before.publication.facts)
    assert "As reported until 3 May 1987." in before.files["README.md"].decode()
    assert json.loads(before.files["manifest.json"])["reported_until"] == "1987-05-03"
    assert "of that day, not of today" in before.report.markdown()
    assert "As reported until" not in now.files["README.md"].decode()


@pytest.mark.embedded
def test_the_command_from_a_case_to_a_pack_and_back(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(store, tmp_path)

    def run(*arguments: Any) -> tuple[int, str, str]:
        code = cli.main([str(a) for a in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    target = tmp_path / "out" / "fog.zip"
    code, out, _ = run("export", "--node", "board", "--hops", 2, "--out", target)
    assert code == 0, out
    with zipfile.ZipFile(target) as archive:
        assert any(name.endswith("page.html") for name in archive.namelist())
    first = target.read_bytes()
    code, _, err = run("export", "--node", "board", "--hops", 2, "--out", target)
    assert (code, "--force" in err) == (1, True)
    assert run("export", "--node", "board", "--hops", 2, "--out", target, "--force")[0] == 0
    assert target.read_bytes() == first, "the key of a pack stays"
    assert run("verify-pack", target)[0] == 0

    one = tmp_path / "out" / "ties.graphml"
    asked = ("--query", "surroundings", "--param", "thing=fog-meeting", "--format", "graphml")
    code, out, err = run("export", *asked, "--pack", "ties", "--out", one)
    assert code == 0, err
    assert b"graphml" in one.read_bytes()
    assert (tmp_path / "out" / "ties.newsroom.md").is_file()
    for wrong in (("--format", "docx"), ("--pack", "../x"), ("--node", "nobody"),
                  ("--override", "gazette"), ("--accessed", "yesterday")):  # fmt: skip
        code, _, err = run("export", *wrong, "--out", tmp_path / "never")
        assert code == 1, wrong
        assert err.count("\n") <= 3
        assert not (tmp_path / "never").exists()
    assert CASE in first.decode("latin-1")
