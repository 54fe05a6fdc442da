"""Reading, checking and judging inputs, before anything is written."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import partial

from graph.errors import InputError, InputErrors
from graph.ingest import archive
from graph.ingest.inputs import LoadInput, in_order, together
from graph.ingest.judgement import Judge
from graph.ingest.quotes import Texts, place_quotes
from graph.ingest.remarks import remarks
from graph.ingest.staging import Spool
from graph.ingest.validation import validate
from graph.model.records import Case
from graph.model.schema import Schema
from graph.runtime.jobs import Progress
from graph.runtime.workspace import Workspace


def check(given: LoadInput, schema: Schema, workspace: Workspace) -> Checked:
    """What is wrong with an input, as far as it can be said without the others of its case.

    Quoted words are looked for in the texts of that workspace. Nothing is asked of a graph, and
    nothing written.
    """
    with Spool(schema) as spool:
        spool.fill(given.records(spool.refuse), given.case.input)
        spool.index()
        elsewhere = spool.take_as_known(given.case.input, given.files)
        problems: list[InputError] = []
        more = 0
        place_quotes(spool, texts_of(workspace))
        try:
            validate(spool, given.case)
        except InputErrors as error:
            problems, more = list(error.problems), error.more
        told = () if problems else tuple(remarks(spool, given.case))
        return Checked(tuple(problems), more, asserted(spool), told, elsewhere)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of an input: the first problems and how many more; what it asserts by type;
    remarks; and how many ids of other inputs it names, which were not looked up."""

    problems: tuple[InputError, ...]
    more: int
    counts: Mapping[str, int]
    remarks: tuple[str, ...]
    elsewhere: int


def texts_of(workspace: Workspace) -> Texts:
    """The texts that the archive of a workspace has, by their sha256."""
    return partial(archive.text, workspace)


def prepare(
    spool: Spool,
    inputs: Mapping[str, LoadInput],
    archived: Container[str],
    texts: Texts,
    progress: Progress,
) -> tuple[Judge, Case]:
    """Spool, validate and judge inputs; returns their judge and the case that they make.

    What is said of a file of those from the archive begins with the input's name.
    """
    ordered = in_order(inputs)
    case = together(ordered)
    progress.step("Reading", 0, 0)
    for given in ordered:
        name = given.case.input
        spool.fill(given.records(spool.refuse), name, f"{name}/" if name in archived else "")
    spool.index()
    progress.step("Checking", 0, 0)
    place_quotes(spool, texts)
    validate(spool, case)
    return Judge(spool, case), case


def asserted(spool: Spool) -> dict[str, int]:
    """How many of each type the input asserts."""
    counts = {
        row["label"]: row["n"]
        for row in spool.rows("SELECT label, count(*) AS n FROM entity GROUP BY label ORDER BY 1")
    }
    for row in spool.rows(
        "SELECT predicate, count(*) AS n FROM claim WHERE predicate IS NOT NULL "
        "AND polarity = 'affirmative' GROUP BY 1 ORDER BY 1"
    ):
        counts[row["predicate"]] = row["n"]
    tables = {"Claim": "claim", "Passage": "passage", "Source": "source", "SUPPORTS": "support"}
    return counts | {name: spool.count(table) for name, table in tables.items()}
