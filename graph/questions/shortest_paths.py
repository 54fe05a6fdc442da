"""`procedure: paths`: all shortest paths between two entities.

The engines' own shortest paths differ, and one loses paths once a condition is asked for. So both
ends are widened in turn by a one-hop query, the same on both engines. That query is the body of the
`.cypher` file, with all conditions in it: what may be walked is what stands there, and nothing is
added in Python. It is given `$frontier` (ids of the entities to widen, in batches) and must return
exactly `here`, `there` (ids), `type`, `outward` (true if the relationship leads from `here` to
`there`), `claim`, `status` and `certainty` (of SAME_AS), in any order of rows::

    UNWIND $frontier AS id
    MATCH (a:Entity {id: id})-[r]-(b:Entity)
    WHERE b.case = $case AND ($alleged OR r.status <> 'alleged')
    RETURN a.id AS here, b.id AS there, type(r) AS type, startNode(r) = a AS outward,
           r.claim AS claim, r.status AS status, r.certainty AS certainty

A path is a series of entities; relationships that join the same two of them belong to one path, and
each is a row. Paths are ordered by the ids along them, so that both engines give the same rows.
Nothing is cut silently: the search stops when more than 50,000 entities wait to be widened, and at
most 200 paths are shown; either is said in the answer.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from graph.errors import ParameterError, QueryTimeout
from graph.model.types.claims import STATUSES
from graph.model.wording import CERTAIN, counted, relationship_words
from graph.questions.captions import captions_of
from graph.questions.query_file import PATHS, Query
from graph.questions.result import Result, cut
from graph.store.store import Store

MOST_WAITING: Final = 50_000
MOST_PATHS: Final = 200
MOST_HOPS: Final = 20
_BATCH: Final = 1_000

_EVIDENCE: Final = """
UNWIND $ids AS id
MATCH (c:Claim {id: id})<-[s:SUPPORTS]-(p:Record)
RETURN c.id AS claim, p.id AS passage, s.status AS status, s.said_by AS said_by, s.rule AS rule
ORDER BY claim, passage
"""


@dataclass(frozen=True)
class Step:
    """One relationship of a path, walked from `start` to `end`.

    `outward` says that it was declared in that direction too; `words` is the relationship as it
    reads in the direction in which it is walked.
    """

    start: str
    end: str
    type: str
    outward: bool
    claim: str
    status: str
    words: str


@dataclass(frozen=True)
class Paths:
    """All shortest paths found: each a series of ids, and the steps between any two of them.

    `total` is how many there are, of which `paths` are the first. `gave_up` says that the search
    met more than it may widen, so that what it found is not all, or nothing.
    """

    paths: tuple[tuple[str, ...], ...]
    steps: Mapping[tuple[str, str], tuple[Step, ...]]
    total: int
    gave_up: bool = False


@dataclass
class _Side:
    """One end of the search: what it has reached, in how many hops, and over which steps."""

    start: str
    depth: dict[str, int] = field(init=False)
    frontier: list[str] = field(init=False)
    before: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    hops: int = 0

    def __post_init__(self) -> None:
        self.depth = {self.start: 0}
        self.frontier = [self.start]


class _Search:
    def __init__(
        self,
        store: Store,
        one_hop: str,
        parameters: Mapping[str, Any],
        deadline: float | None,
        most_waiting: int,
    ) -> None:
        self.store, self.one_hop, self.parameters = store, one_hop, parameters
        self.deadline, self.most_waiting = deadline, most_waiting
        self.steps: dict[tuple[str, str], set[Step]] = defaultdict(set)
        self.gave_up = False

    def read(self, cypher: str, **parameters: Any) -> list[dict[str, Any]]:
        left = None if self.deadline is None else self.deadline - time.monotonic()
        try:
            if left is not None and left <= 0:
                raise QueryTimeout
            return self.store.read(cypher, parameters, timeout=left, limit=None)
        except QueryTimeout as error:
            raise QueryTimeout(
                "The search for paths was stopped at its time limit; allow fewer hops or more time."
            ) from error

    def widen(self, side: _Side, *, forward: bool) -> None:
        """One hop more from everything that waits on this side."""
        side.hops += 1
        found: list[str] = []
        for at in range(0, len(side.frontier), _BATCH):
            batch = side.frontier[at : at + _BATCH]
            for row in self.read(self.one_hop, **{**self.parameters, "frontier": batch}):
                self._reach(side, row, found, forward)
            if len(found) > self.most_waiting:
                self.gave_up = True
                break
        side.frontier = sorted(found)

    def _reach(self, side: _Side, row: Mapping[str, Any], found: list[str], forward: bool) -> None:
        here, there = row["here"], row["there"]
        if here == there or side.depth.setdefault(there, side.hops) != side.hops:
            return
        if there not in side.before:
            found.append(there)
        side.before[there].add(here)
        outward = bool(row["outward"])
        start, end = (here, there) if forward else (there, here)
        outward = outward if forward else not outward
        certainty = row["certainty"] or CERTAIN
        words = relationship_words(
            row["type"], self.store.schema, outward=outward, certainty=certainty
        )
        self.steps[start, end].add(
            Step(start, end, row["type"], outward, row["claim"], row["status"], words)
        )


def find(
    store: Store,
    one_hop: str,
    parameters: Mapping[str, Any],
    start: str,
    end: str,
    hops: int,
    *,
    timeout: float | None = None,
    most_paths: int = MOST_PATHS,
    most_waiting: int = MOST_WAITING,
) -> Paths:
    """All shortest paths from `start` to `end` in at most `hops` steps.

    `one_hop` is as this module says, `parameters` are its own; `timeout`, in seconds, is for the
    whole search. Raises QueryTimeout when that is over.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    search = _Search(store, one_hop, parameters, deadline, most_waiting)
    forward, backward = _Side(start), _Side(end)
    met = {start} if start == end else set()
    while not met and forward.hops + backward.hops < hops and not search.gave_up:
        side = forward if len(forward.frontier) <= len(backward.frontier) else backward
        if not side.frontier:
            break
        search.widen(side, forward=side is forward)
        other = backward if side is forward else forward
        met = {reached for reached in side.frontier if reached in other.depth}
    onward = _onward(forward, backward, met)
    paths = tuple(_in_order(onward, start, end, most_paths)) if met else ()
    return Paths(paths, _steps(search, paths), _count(onward, start, end), search.gave_up)


def _onward(forward: _Side, backward: _Side, met: set[str]) -> dict[str, list[str]]:
    """From each entity on some shortest path, the next ones towards the end."""
    onward: dict[str, set[str]] = defaultdict(set)
    waiting, seen = list(met), set(met)
    while waiting:
        there = waiting.pop()
        for here in forward.before.get(there, ()):
            onward[here].add(there)
            if here not in seen:
                seen.add(here)
                waiting.append(here)
    waiting, seen = list(met), set(met)
    while waiting:
        here = waiting.pop()
        for there in backward.before.get(here, ()):
            onward[here].add(there)
            if there not in seen:
                seen.add(there)
                waiting.append(there)
    return {here: sorted(there) for here, there in onward.items()}


def _in_order(
    onward: Mapping[str, Sequence[str]], start: str, end: str, most: int
) -> Iterator[tuple[str, ...]]:
    """The first paths in the order of the ids along them."""
    given = 0
    waiting: list[tuple[str, ...]] = [(start,)]
    while waiting and given < most:
        path = waiting.pop()
        if path[-1] == end:
            given += 1
            yield path
        else:
            waiting.extend((*path, there) for there in reversed(onward[path[-1]]))


def _count(onward: Mapping[str, Sequence[str]], start: str, end: str) -> int:
    """How many paths lead from start to end; counted level by level, not walked."""
    level, total = {start: 1}, 0
    if not onward:
        return 0
    while level:
        total += level.pop(end, 0)
        following: dict[str, int] = defaultdict(int)
        for here, paths in level.items():
            for there in onward[here]:
                following[there] += paths
        level = dict(following)
    return total


def _steps(
    search: _Search, paths: Sequence[Sequence[str]]
) -> dict[tuple[str, str], tuple[Step, ...]]:
    pairs = {pair for path in paths for pair in pairwise(path)}
    return {
        pair: tuple(sorted(search.steps[pair], key=lambda s: (s.type, s.claim))) for pair in pairs
    }


# --- the answer ---------------------------------------------------------------------------------


def run(
    store: Store,
    query: Query,
    bound: Mapping[str, Any],
    *,
    timeout: float | None = None,
    limit: int | None = None,
) -> Result:
    """The answer of a query with `procedure: paths`; `bound` are its parameters, bound.

    Raises ParameterError if `hops` is out of bounds, and QueryTimeout.
    """
    began = time.monotonic()
    for name in PATHS.uses:
        if bound[name] is None:
            raise ParameterError(f"Parameter {name} is missing: the search for paths needs it.")
    hops = bound["hops"]
    if not 1 <= hops <= MOST_HOPS:
        raise ParameterError(f"Parameter hops must be from 1 to {MOST_HOPS}, not {hops}.")
    step_parameters = {k: v for k, v in bound.items() if k not in PATHS.uses}
    start, end = bound["start"], bound["end"]
    paths = find(store, query.cypher, step_parameters, start, end, hops, timeout=timeout)
    words = _Words(store, paths, start, end)
    rows, truncated, notes = cut(list(words.rows()), limit)
    said = (*words.limits(hops), *notes, *words.sentences())
    return Result(
        columns=tuple(c.name for c in PATHS.columns),
        rows=tuple(rows),
        cypher=query.cypher,
        parameters=bound,
        truncated=truncated or paths.total > len(paths.paths) or paths.gave_up,
        seconds=time.monotonic() - began,
        notes=said,
    )


class _Words:
    """Paths as rows and as sentences."""

    def __init__(self, store: Store, paths: Paths, start: str, end: str) -> None:
        self.paths, self.start, self.end = paths, start, end
        claims = sorted({s.claim for steps in paths.steps.values() for s in steps})
        self.supports: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in _in_batches(store, _EVIDENCE, claims):
            self.supports[row["claim"]].append(row)
        speakers = {row["said_by"] for rows in self.supports.values() for row in rows}
        ids = {id_ for path in paths.paths for id_ in path} | {start, end} | (speakers - {None})
        self.captions = captions_of(store, ids)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        for number, path in enumerate(self.paths.paths, start=1):
            for hop, pair in enumerate(pairwise(path), start=1):
                for step in self.paths.steps[pair]:
                    yield (
                        number,
                        hop,
                        step.start,
                        step.words,
                        step.end,
                        step.claim,
                        step.status,
                        [row["passage"] for row in self.supports[step.claim]],
                        self.sentence(step),
                    )

    def sentence(self, step: Step) -> str:
        """One step as a sentence without its end; its status and speaker are in it."""
        plain = f"{self._name(step.start)} {step.words} {self._name(step.end)}"
        supports = [s for s in self.supports[step.claim] if s["status"] == step.status]
        if step.status == "alleged":
            speakers = dict.fromkeys(self._name(s["said_by"]) for s in supports if s["said_by"])
            return f"{' and '.join(speakers) or 'somebody'} says: {plain}"
        if step.status == "inferred":
            rules = dict.fromkeys(s["rule"] for s in supports if s["rule"])
            return f"{plain} (inferred{': ' if rules else ''}{', '.join(rules)})"
        return plain

    def sentences(self) -> Iterator[str]:
        """A sentence for each path, with what its weakest hop rests on."""
        for number, path in enumerate(self.paths.paths, start=1):
            hops = [self.paths.steps[pair] for pair in pairwise(path)]
            if not hops:
                continue
            weakest = max((min(_rank(s) for s in steps) for steps in hops), default=0)
            said = "; ".join(" and ".join(map(self.sentence, steps)) for steps in hops)
            yield f"Path {number} (weakest evidence: {STATUSES[weakest]}): {said}."

    def limits(self, hops: int) -> Iterator[str]:
        """What was not found, cut or given up."""
        start, end = self._name(self.start), self._name(self.end)
        if self.start == self.end:
            yield f"Both ends are {start}."
        elif self.paths.gave_up:
            yield (
                f"The search was stopped when more than {MOST_WAITING:,} entities waited to be "
                "looked at, so there may be other paths; narrow the types or the time."
            )
        elif not self.paths.paths:
            yield (
                f"No path of at most {counted(hops, 'hop')} joins {start} and {end} under these "
                "conditions."
            )
        if self.paths.total > len(self.paths.paths):
            yield (
                f"Showing {len(self.paths.paths):,} of "
                f"{counted(self.paths.total, 'shortest path')}."
            )

    def _name(self, id_: str) -> str:
        return str(self.captions.get(id_, id_))


def _rank(step: Step) -> int:
    return STATUSES.index(step.status) if step.status in STATUSES else len(STATUSES) - 1


def _in_batches(store: Store, cypher: str, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    for at in range(0, len(ids), _BATCH):
        yield from store.read(cypher, {"ids": list(ids[at : at + _BATCH])})
