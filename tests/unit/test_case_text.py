"""The bundled case against the texts it was made from, where those are at hand."""

import csv
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from graph.model.text import normalise, sha256

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "cases" / "twitter-blocking-orders-2021"
SEEDS = ROOT.parent / "shared" / "seeds"
LONGEST_PASSAGE = 400
LONGEST_RUN = 12


def table(name: str) -> list[dict[str, str]]:
    with (CASE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The normalised text of each held source, found by the sha256 of its file."""
    files = {sha256(path.read_bytes()): path for path in SEEDS.glob("*.txt")}
    if not files:
        pytest.skip(f"the articles are not at hand: {SEEDS} holds no text")
    held = [row for row in table("sources") if row["sha256"]]
    return {row["id"]: normalise(files[row["sha256"]].read_bytes()) for row in held}


def test_sources_are_the_texts(texts: dict[str, str]) -> None:
    held = {row["id"]: row for row in table("sources") if row["sha256"]}
    assert len(texts) == 2
    for source, text in texts.items():
        assert held[source]["text_sha256"] == sha256(text)
        assert held[source]["text_length"] == str(len(text))


def test_selectors_fit(texts: dict[str, str]) -> None:
    for row in table("passages"):
        fragment = texts[row["source"]][int(row["start"]) : int(row["end"])]
        assert sha256(fragment) == row["sha256"], row["passage"]
        assert "\n" not in fragment, row["passage"]
        assert 0 < len(fragment) <= LONGEST_PASSAGE, row["passage"]
        assert fragment == fragment.strip(), row["passage"]


def test_every_character_is_accounted_for(texts: dict[str, str]) -> None:
    covered: dict[str, set[int]] = defaultdict(set)
    for row in table("passages") + table("nothing"):
        covered[row["source"]].update(range(int(row["start"]), int(row["end"])))
    for source, text in texts.items():
        left = [i for i, c in enumerate(text) if not c.isspace() and i not in covered[source]]
        assert not left, (source, left[0], text[left[0] :][:40])


def words(text: str) -> list[str]:
    """The words of a text, in lower case, whatever stands between them."""
    return re.findall(r"[^\W_]+", text.casefold().replace("’", "").replace("'", ""))


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of one word more than may be taken over."""
    found = words(text)
    return {tuple(found[i : i + LONGEST_RUN + 1]) for i in range(len(found) - LONGEST_RUN)}


def test_runs_are_found_across_punctuation() -> None:
    text = "One two, three four “five” six's seven eight nine ten eleven twelve thirteen"
    assert len(runs(text)) == 1
    assert runs(text) == runs(text.replace(",", "\n").upper().replace("”", ""))


def test_no_file_holds_an_articles_sentences(texts: dict[str, str]) -> None:
    taken = {run for text in texts.values() for run in runs(text)}
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], check=True, capture_output=True, text=True
    )
    tracked = {ROOT / name for name in listed.stdout.split("\0") if name}
    for path in sorted(tracked | set(CASE.iterdir())):
        if path.is_file():
            shared = runs(path.read_bytes().decode("utf-8", errors="ignore")) & taken
            assert not shared, (path.relative_to(ROOT), " ".join(min(shared)))
