"""An analyst's own query: its header, the file it becomes, and its rows as a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import QueryFileError
from graph.explore import row_network
from graph.questions import drafts, library
from graph.questions.library import FOLDERS_VARIABLE, Library, newsroom_folder
from graph.questions.parameters import guessed
from graph.questions.query_file import parse
from graph.store.store import Store

CASE = "twitter-blocking-orders-2021"
PEOPLE = "MATCH (p:Person) WHERE p.case = $case RETURN p.id AS person ORDER BY person"


def headed(text: str = PEOPLE) -> str:
    return drafts.with_header(text, title="Who is */ in it: all", question="Who?")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDERS_VARIABLE, str(tmp_path / "ours"))
    return tmp_path / "ours"


def test_a_header_is_made_and_is_right() -> None:
    query = parse(headed(), Path("people.cypher"))
    assert (query.title, query.category) == ("Who is * / in it: all", drafts.OWN)
    assert [column.name for column in query.columns] == ["person"]
    assert drafts.with_header(headed(), title="Other", question="?") == headed()


def test_parameters_get_the_type_of_their_values() -> None:
    text = (
        "MATCH (p:Person) WHERE p.case = $case AND p.name <> $name AND $share > 0.5 "
        "RETURN p.id AS id ORDER BY id LIMIT $most"
    )
    assert drafts.parameters_of(text) == ["most", "name", "share"]
    params = {"most": guessed("3"), "name": guessed("Voss"), "share": 2.5}
    made = drafts.with_header(text, title="T", question="Q", params=params)
    query = parse(made, Path("t.cypher"))
    assert {p.name: p.type for p in query.params} == {
        "most": "int",
        "name": "text",
        "share": "float",
    }
    assert query.example == params


def test_a_query_is_kept_and_then_in_the_library(folder: Path) -> None:
    saved = drafts.save(headed(), "Who is in it?", Library.load([library.BUNDLED]))
    assert saved.file == folder / "who-is-in-it.cypher"
    assert Library.load().get("who-is-in-it").title == "Who is * / in it: all"
    with pytest.raises(QueryFileError, match="already"):
        drafts.save(headed(), "who is in it", Library.load())
    with pytest.raises(QueryFileError, match="already"):
        drafts.save(headed(), "who is in it", Library.load([library.BUNDLED]))
    with pytest.raises(QueryFileError, match="already"):
        drafts.save(headed(), "connections", Library.load())


def test_without_a_named_folder_it_is_the_workspaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FOLDERS_VARIABLE, raising=False)
    monkeypatch.setenv("SUTRA_HOME", str(tmp_path / "home"))
    drafts.save(headed(), "people", Library.load())
    assert newsroom_folder() == tmp_path / "home" / "queries"
    assert Library.load().get("people").file.parent == newsroom_folder()


@pytest.mark.parametrize(
    ("text", "name"),
    [(PEOPLE, "no-header"), (headed("MATCH (p:Person) SET p.x = 1"), "writes"), (headed(), "…")],
)
def test_what_is_wrong_is_not_kept(folder: Path, text: str, name: str) -> None:
    with pytest.raises(QueryFileError):
        drafts.save(text, name, Library.load([library.BUNDLED]))
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(FOLDERS_VARIABLE, str(tmp_path / "file" / "ours"))
    with pytest.raises(QueryFileError, match="cannot be written"):
        drafts.save(headed(), "people", Library.load([library.BUNDLED]))


def test_rows_of_entities_and_claims_make_a_network(loaded_store: Store) -> None:
    query = Library.load().get("connections")
    result = library.run(loaded_store, query, CASE, query.example)
    view = row_network.picture(loaded_store, result, CASE)
    assert view is not None
    claims = {row["claim"] for row in result.records()}
    assert {relationship.id for relationship in view.relationships} == claims
    assert len(view.positions) == len(view.nodes)


def test_rows_of_the_servers_own_objects_make_a_network_and_counts_none(
    loaded_store: Store,
) -> None:
    def own(text: str) -> object:
        result = library.run_own(loaded_store, text, Path("own.cypher"), CASE)
        return row_network.picture(loaded_store, result, CASE)

    drawn = own("MATCH (p:Person) WHERE p.case = $case MATCH (p)-[r]->(o) RETURN p, r, o")
    assert drawn is not None
    assert own("MATCH (p:Person) WHERE p.case = $case RETURN count(p) AS n") is None
