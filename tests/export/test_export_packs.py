"""A pack once it is made: where it may be written, what replaces it, whether it still stands."""

from __future__ import annotations

import dataclasses
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from export_case import CASE, CHOICES, fogbank, load, loaded

from exports.choices import Choices
from exports.material import Material
from exports.pack import pack
from exports.pack.changes import Before
from graph.errors import ExportError, PackError
from graph.store.store import Store
from sutra import cli

pytestmark = pytest.mark.embedded

Run = Callable[..., tuple[int, str, str]]
NEXT = dataclasses.replace(
    CHOICES, pack="fogbank-2", key=b"another key", accessed="2026-12-01", replaces="fogbank-1"
)


@pytest.fixture(scope="module")
def material(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Material:
    return load(store, tmp_path_factory.mktemp("packs"))


@pytest.fixture(scope="module")
def made(material: Material) -> pack.Pack:
    return pack.make(material, CHOICES, ["markdown"])


@pytest.fixture(scope="module")
def first(made: pack.Pack) -> Before:
    record = json.loads(made.newsroom()["fogbank-1.newsroom.json"])
    return Before(json.loads(made.files["manifest.json"]), record)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: Any) -> tuple[int, str, str]:
        code = cli.main([str(a) for a in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


# --- what replaces it ---------------------------------------------------------------------------


def changes(material: Material, first: Before, choices: Choices = NEXT) -> dict[str, Any]:
    after = pack.make(material, choices, ["markdown"], before=first)
    found: dict[str, Any] = json.loads(after.files["manifest.json"])["changes"]
    return found


def test_nothing_changed_between_two_packs_of_one_graph(material: Material, first: Before) -> None:
    """Pseudonyms differ from pack to pack, and the list of changes does not join them."""
    assert changes(material, first) == {"added": [], "removed": [], "changed": [], "not_told": 0}


def test_changes_are_told_as_sentences_and_join_no_pseudonyms(
    store: Store, tmp_path: Path, first: Before
) -> None:
    tables = fogbank()
    for row in tables.rows["passages"]:
        if row["passage"] == "g1":
            row["gist"] = "An excuse was made, at some length"  # behind what Odd Lanternby said
    for row in tables.rows["supports"]:
        if row["claim"] == "board-sons":
            row["status"] = "reported"
    tables.rows["claims"] = [r for r in tables.rows["claims"] if r["claim"] != "chirp-met"]
    tables.rows["supports"] = [r for r in tables.rows["supports"] if r["claim"] != "chirp-met"]
    tables.add("claims", claim="new", kind="relationship", subject="chirp", predicate="PART_OF",
               object="board")  # fmt: skip
    tables.add("supports", passage="g3", claim="new", status="reported")
    found = changes(loaded(store, tmp_path / "case", tables), first)
    assert [s.partition(": ")[2] for s in found["added"]] == ["Chirp is part of Lamp Board"]
    assert [s.partition(": ")[2] for s in found["removed"]] == [
        "Chirp took part in Meeting in the fog"
    ]
    assert any("is part of Lamp Board" in said for said in found["changed"])
    assert any(" said Excuse of " in said for said in found["changed"])
    old = {d["instead"] for d in first.record["decisions"] if d["how"] == "private"}
    assert old
    assert not [name for name in old if name in json.dumps(found)]
    assert not [s for s in found["changed"] if len(set(re.findall("Person [A-Z0-9]{4}", s))) > 1]


@pytest.mark.parametrize("naming", ["private", "protect"])
def test_a_pack_can_be_replaced_because_somebody_is_no_longer_to_be_named(
    store: Store, tmp_path: Path, first: Before, naming: str
) -> None:
    tables = fogbank()
    for row in tables.rows["actors"]:
        if row["id"] == "ulla":
            row.update(naming=naming, naming_reason="asked for it")
    assert any("Ulla Brandt" in fact["said"] for fact in first.manifest["facts"])
    found = changes(loaded(store, tmp_path / "case", tables), first)
    assert "Brandt" not in json.dumps(found)
    assert not [s for s in found["removed"] if "Meeting in the fog" in s]
    assert bool(found["not_told"]) == (naming == "protect"), "the private stay, under another name"


def test_what_became_confidential_is_not_told_again(
    store: Store, tmp_path: Path, first: Before
) -> None:
    tables = fogbank()
    for row in tables.rows["sources"]:
        if row["id"] == "herald":
            row["confidential"] = "yes"
    assert any("Herald" in fact["said"] for fact in first.manifest["facts"])
    found = changes(loaded(store, tmp_path / "case", tables), first)
    assert "Herald" not in json.dumps(found)
    assert found["not_told"] > 0


def test_a_replaced_pack_needs_its_record_and_the_same_case(
    material: Material, first: Before, made: pack.Pack, tmp_path: Path
) -> None:
    pack.write(made, tmp_path / "fog")
    assert pack.before(tmp_path / "fog").facts == first.facts
    (tmp_path / "fogbank-1.newsroom.json").unlink()
    with pytest.raises(PackError, match=r"no file .*newsroom\.json"):
        pack.before(tmp_path / "fog")
    other = dataclasses.replace(first, manifest={**first.manifest, "case": "sandwick"})
    with pytest.raises(PackError, match="of the case sandwick"):
        pack.make(material, NEXT, ["markdown"], before=other)


# --- how it is looked at again ------------------------------------------------------------------


def verified(run: Run, path: Path, *more: object) -> list[str]:
    code, out, err = run("verify-pack", path, "--files-only", *more)
    lines: list[str] = out.splitlines() or err.splitlines()
    assert code == int(not out.startswith("Everything is as it was published")), (out, err)
    return lines


@pytest.fixture
def folder(made: pack.Pack, tmp_path: Path) -> Path:
    pack.write(made, tmp_path / "fog")
    return tmp_path / "fog"


def test_a_manifest_changed_along_with_its_file_is_found_out(run: Run, folder: Path) -> None:
    assert verified(run, folder) == ["Everything is as it was published, and stands."]
    old = pack.read(folder).sha256("facts.md")
    (folder / "facts.md").write_text("# All is well\n")
    new = pack.read(folder).sha256("facts.md")
    told = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(told.replace(old, new))
    assert verified(run, folder) == [
        "file       facts.md is not as the newsroom's record has it",
        "file       manifest.json is not as the newsroom's record has it",
    ]


def test_files_in_folders_and_files_of_one_name_are_seen(
    run: Run, folder: Path, made: pack.Pack, tmp_path: Path
) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "facts.md").write_text("# Else\n")
    assert verified(run, folder) == ["file       more/facts.md is not in the manifest"]
    for extra, said in (
        ("aaa/facts.md", "file       aaa/facts.md is not in the manifest"),
        ("facts.md", "holds facts.md twice"),
    ):
        file = tmp_path / "zip" / "fog.zip"
        pack.write(made, file, force=True)
        with zipfile.ZipFile(file) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(extra, b"# Else\n")
            for name, data in files.items():
                archive.writestr(name, data)
        (found,) = verified(run, file)
        assert said in found


def test_only_the_record_of_that_pack_is_taken(run: Run, folder: Path, tmp_path: Path) -> None:
    for text, said in (
        ("[]", "is not a record of a pack"),
        ('{"pack": "fogbank-1"}', "is not a record of a pack"),
        (
            json.dumps({"pack": "x", "files": {}, "ids": {}, "decisions": [], "left_out": []}),
            "is the record of x; give fogbank-1.newsroom.json",
        ),
    ):
        (tmp_path / "record.json").write_text(text)
        (found,) = verified(run, folder, "--record", tmp_path / "record.json")
        assert said in found


def test_a_pack_that_is_not_there_is_said_to_be_so(run: Run, tmp_path: Path) -> None:
    (found,) = verified(run, tmp_path / "nowhere")
    assert "is not there; name the folder or the zip file of a pack" in found


# --- where it may be written --------------------------------------------------------------------


def test_what_is_for_the_newsroom_never_lands_in_a_pack(
    run: Run, material: Material, folder: Path
) -> None:
    before = sorted(folder.rglob("*"))
    for out in (folder / "extra.svg", folder / "new" / "extra.svg"):
        code, _, err = run("export", "--case", CASE, "--node", "board", "--format", "svg",
                           "--force", "--out", out)  # fmt: skip
        assert code == 1
        assert f"lies in the pack {folder}" in err
    assert sorted(folder.rglob("*")) == before


def test_force_replaces_packs_and_nothing_else(made: pack.Pack, tmp_path: Path) -> None:
    (tmp_path / "diary").write_text("dear")
    (tmp_path / "diary.zip").write_text("dear")
    (tmp_path / "folder.zip").mkdir()
    for name in ("diary", "diary.zip", "folder.zip"):
        with pytest.raises(ExportError, match="choose another name"):
            pack.write(made, tmp_path / name, force=True)
    assert (tmp_path / "diary").read_text() == (tmp_path / "diary.zip").read_text() == "dear"
    for _ in range(2):
        pack.write(made, tmp_path / "fog.zip", force=True)


def test_an_empty_name_is_not_the_default(run: Run, material: Material, tmp_path: Path) -> None:
    for option in ("--pack", "--accessed"):
        code, _, err = run("export", "--node", "board", option, "", "--out", tmp_path / "out")
        assert (code, (tmp_path / "out").exists()) == (1, False), err


def test_a_whole_case_is_cut_where_one_asks(run: Run, store: Store, tmp_path: Path) -> None:
    load(store, tmp_path)
    told = []
    for more in (("--most", 3), ("--most", 2000)):
        asked = ("--format", "csv", "--pack", "p", "--summary", "Fog.", "--language", "en-GB")
        code, _, err = run("export", *asked, *more, "--force", "--out", tmp_path / "o")
        assert code == 0, err
        told.append(len((tmp_path / "o" / "things.csv").read_text().splitlines()) - 1)
    assert told[0] <= 3
    assert told[1] > 8
    for wrong, said in ((("--most", 0), "less than 1"), (("--language", "<b>"), "is no language")):
        code, _, err = run("export", *wrong, "--out", tmp_path / "never")
        assert (code, said in err) == (1, True), err


def test_a_view_without_anything_for_aleph_is_a_pack_and_an_empty_one_is_none(
    run: Run, store: Store, tmp_path: Path
) -> None:
    load(store, tmp_path)
    code, _, err = run("export", "--node", "lamps", "--hops", 0, "--out", tmp_path / "out")
    assert code == 0, err
    assert (tmp_path / "out" / "entities.ftm.json").read_bytes() == b""
    code, _, err = run("export", "--node", "lamps", "--hops", 0, "--leave-out", "lamps",
                       "--out", tmp_path / "never")  # fmt: skip
    assert (code, (tmp_path / "never").exists()) == (1, False)
    assert "There is nothing to publish" in err
