"""Reading, checking and judging inputs, before anything is written."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from graph.errors import InputError, InputErrors
from graph.ingest import archive
from graph.ingest.inputs import LoadInput, in_order, together
from graph.ingest.judgement import Judge
from graph.ingest.overlay import Journal, Overlay
from graph.ingest.quotes import Texts, place_quotes
from graph.ingest.remarks import remarks
from graph.ingest.staging import Spool
from graph.ingest.validation import validate
from graph.journal.entries import Entry
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


@dataclass(frozen=True)
class Staged:
    """What a load is to write: the judge of its claims, the case, and how the journal was laid
    over it."""

    judge: Judge
    case: Case
    overlay: Overlay


class Preparation:
    """Spools, validates and judges inputs with the journal over them, as often as entries come.

    What is said of a file of those from the archive begins with the input's name.
    """

    def __init__(
        self, spool: Spool, inputs: Mapping[str, LoadInput], archived: Container[str],
        texts: Texts, progress: Progress,
    ) -> None:  # fmt: skip
        self._spool, self._archived, self._texts = spool, archived, texts
        self._inputs, self._progress = in_order(inputs), progress
        self._case = together(self._inputs)

    def run(self, journal: Journal) -> Staged:
        """Make the spool hold the inputs and what of that journal can be laid over them.

        Raises InputErrors if the inputs cannot be used; an entry is left out instead.
        """
        entries, orphans = journal.in_force, dict[str, InputError]()
        while True:
            overlay, error = self._try(journal, entries)
            if error is None:
                overlay.orphans |= orphans
                return Staged(Judge(self._spool, self._case), self._case, overlay)
            if not overlay.entries:
                raise error
            known = {entry.input: entry.id for entry in entries}
            blamed = {known[i]: p for i, p in overlay.blame(error.problems).items()}
            orphans |= blamed or self._culprits(journal, entries)
            entries = [entry for entry in entries if entry.id not in orphans]

    def _try(
        self, journal: Journal, entries: Sequence[Entry]
    ) -> tuple[Overlay, InputErrors | None]:
        spool, case = self._spool, self._case
        spool.clear()
        overlay = Overlay(journal, {entry.id: entry for entry in entries})
        self._progress.step("Reading", 0, 0)
        overlay.fill(spool, self._inputs[0].rows)
        for given in self._inputs:
            name = given.case.input
            label = f"{name}/" if name in self._archived else ""
            spool.fill(given.records(spool.refuse), name, label)
        spool.index()
        self._progress.step("Checking", 0, 0)
        place_quotes(spool, self._texts)
        overlay.settle(spool, case)
        try:
            validate(spool, case, partial(overlay.lay, case=case))
        except InputErrors as error:
            return overlay, error
        return overlay, None

    def _culprits(self, journal: Journal, entries: Sequence[Entry]) -> dict[str, InputError]:
        """The entries without which the rest holds together, found by halves.

        Raises InputErrors if the inputs do not without any.
        """
        _, error = self._try(journal, [])
        if error is not None:
            raise error

        def find(good: list[Entry], doubted: list[Entry]) -> dict[str, InputError]:
            _, error = self._try(journal, [*good, *doubted])
            if error is None:
                return {}
            if len(doubted) == 1:
                return {doubted[0].id: error.problems[0]}
            half = len(doubted) // 2
            found = find(good, doubted[:half])
            kept = [entry for entry in doubted[:half] if entry.id not in found]
            return found | find([*good, *kept], doubted[half:])

        return find([], list(entries))


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
