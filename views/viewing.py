"""The view of each case in this session, with its history, and the steps that change it.

Whatever changes a view goes through here, so that all of it can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from graph.errors import QueryCancelled, SutraError
from graph.explore import as_of, neighbours, reads
from graph.explore.as_of import NO_RECORD, Record
from graph.explore.history import History
from graph.explore.subgraph import RelationshipView
from graph.explore.view import View
from graph.runtime import log
from graph.store.store import Store
from views import session, work
from views.session import Notice

_READ: Final = 5.0  # s that a notice stays, at least, whatever runs meanwhile


@dataclass(frozen=True)
class _Step:
    """A change that asks the graph: from a view to another, and what is to be said of it."""

    case: str
    words: str
    make: Callable[[View], tuple[View, str]]
    after: Callable[[View], None] | None = None


@dataclass
class _Views:
    """The history of each case, the steps that wait, and what was read behind relationships
    last."""

    histories: dict[str, History] = field(default_factory=dict)
    steps: list[_Step] = field(default_factory=list)
    record: tuple[tuple[RelationshipView, ...], Record] | None = None


def _histories() -> dict[str, History]:
    return session.of(_Views).histories


def history(store: Store, case: str) -> History:
    """The view of a case and what it was before; at first the best connected part of the case."""
    known = _histories()
    if case not in known:
        first = work.needed(
            f"first-{case}",
            lambda: reads.case_view(store, case),
            "Bringing in the best connected part of the case …",
        )
        known[case] = History(View.of(case, first))
    return known[case]


def now(store: Store, case: str) -> View:
    """The view of a case as it is."""
    return history(store, case).now


def change(case: str, view: View) -> None:
    """Look at this from now on; what was before can be undone."""
    known = _histories()
    known[case] = known[case].then(view) if case in known else History(view)


def step(case: str, make: Callable[[View], View]) -> None:
    """Change the view as it is when this is called: a callback may be older than the view."""
    known = _histories()
    known[case] = known[case].then(make(known[case].now))


def retitle(case: str, title: str) -> tuple[View, View] | None:
    """Have the view of a case under another title, which cannot be undone; what it was, and is."""
    known = _histories()
    if case not in known:
        return None
    old = known[case]
    known[case] = replace(old, now=old.now.titled(title))
    return old.now, known[case].now


def turn(case: str, to: Callable[[History], History]) -> None:
    """Walk in the history of the view: take back the last change, or do it again."""
    known = _histories()
    known[case] = to(known[case])


def attempt(step: Callable[[], None]) -> None:
    """Take a step outside of the page, in a callback; what goes wrong is said on the page."""
    try:
        step()
    except SutraError as error:
        tell(log.shown(error))


def tell(words: str, *, wrong: bool = True) -> None:
    """Say this on the page, for as long as it takes to read."""
    session.current().notice = Notice(words, wrong)


def told() -> tuple[str, bool] | None:
    """What is to be said, and whether it is a fault."""
    shared = session.current()
    if shared.notice is None:
        return None
    if shared.notice.was_shown(_READ):
        shared.notice = None
        return None
    return shared.notice.words, shared.notice.wrong


# --- bringing in --------------------------------------------------------------------------------


def surround(store: Store, case: str, id_: str) -> None:
    """Bring an entity into the view with a first page of its neighbours, on the next run."""

    def make(view: View) -> tuple[View, str]:
        if view.graph.node(id_) is not None:
            return view.showing([id_]), ""
        try:
            return neighbours.expand(store, view, id_).view, ""
        except neighbours.Full:
            return neighbours.expand(store, View(case), id_).view, (
                f"The view was full ({neighbours.MOST:,} entities), so this is a new one; "
                "undo leads back."
            )

    later(case, "Bringing in its neighbours …", make)


def start_from(store: Store, case: str, id_: str) -> None:
    """A new view, on the next run: an entity and a first page of its neighbours."""
    later(
        case,
        "Starting a new view …",
        lambda _: (neighbours.expand(store, View(case), id_).view, ""),
    )


def widen(
    store: Store, case: str, ids: Sequence[str], type_: str | None = None,
    outgoing: bool | None = None,
) -> None:  # fmt: skip
    """Bring in one more page of the neighbours of each of these entities, on the next run."""

    def make(view: View) -> tuple[View, str]:
        wide = view
        for id_ in ids:
            try:
                found = neighbours.expand(store, wide, id_, type_, outgoing)
            except neighbours.Full as full:
                if wide is view:
                    raise
                return wide, str(full)
            if found.added or found.view.hidden != wide.hidden:
                wide = found.view
        # No change, or there would be a step to undo that undoes nothing.
        its = "it is" if len(ids) == 1 else "they are"
        return wide, f"All that {its} connected to is in this view already." if wide is view else ""

    later(case, "Bringing in its neighbours …", make)


def take_back(case: str, ids: Sequence[str]) -> None:
    """Take back what the expansions of these brought, or say why there is nothing to take."""
    before = _histories()[case].now
    view = before
    for id_ in ids:
        view = view.collapsed(id_) if view.brought_by(id_) else view
    if view is not before:
        change(case, view)
    elif any(e.entity in ids for e in view.expansions):
        tell(
            "What was brought in from here stays: it is pinned, has a note, or was brought in "
            "from elsewhere too.",
            wrong=False,
        )
    else:
        tell("Nothing was brought in from here, so there is nothing to take back.", wrong=False)


def tidy(store: Store, case: str) -> None:
    """Lay out what is shown anew, on the next run; what is pinned stays where it is."""

    def make(view: View) -> tuple[View, str]:
        ids = [relationship.id for relationship in view.graph.relationships]
        known = as_of.record(store, ids) if view.filters.need_record else NO_RECORD
        return view.tidied(known), ""

    later(case, "Laying out what is shown …", make)


# --- steps that ask the graph -------------------------------------------------------------------


def later(
    case: str,
    words: str,
    make: Callable[[View], tuple[View, str]],
    after: Callable[[View], None] | None = None,
) -> None:
    """Change the view on the next run of its page, which shows that it takes time if it does.

    `make` runs on another thread: it must not touch the session. `after` may, once it is changed.
    """
    session.of(_Views).steps.append(_Step(case, words, make, after))


def go_on(store: Store, case: str) -> None:
    """Take the steps that wait, one after the other; what takes long is shown and can be ended.

    Raises what a step raises; that step is not taken again.
    """
    steps = session.of(_Views).steps
    while steps:
        first = steps[0]
        if first.case != case:
            steps.pop(0)
            continue
        view = now(store, case)
        known = _histories()
        try:
            # Made from the view as it is: if that changes meanwhile, it is made again.
            made = work.step("step", (first, view), lambda: first.make(view), first.words)  # noqa: B023
        except QueryCancelled:
            steps.clear()
            tell("You called this off; the view is as it was.", wrong=False)
            return
        except SutraError:
            steps.pop(0)
            raise
        if made is None:
            return
        # Nothing here asks the session, where a newer run may end this one: the step would be lost.
        try:
            steps.remove(first)
        except ValueError:
            continue  # a run that this one overtook while it waited has taken it
        after, says = made[0]
        known[case] = known[case].then(after)
        if first.after is not None:
            first.after(after)
        if says:
            tell(says, wrong=False)


# --- what the view needs ------------------------------------------------------------------------


def record(store: Store, view: View, *, needed: bool = False) -> Record:
    """What stands behind the relationships of a view; read only where its filters ask for it."""
    if not (needed or view.filters.need_record):
        return NO_RECORD
    views, relationships = session.of(_Views), view.graph.relationships
    if views.record is None or views.record[0] != relationships:
        ids = [relationship.id for relationship in relationships]
        read = work.needed(
            "record",
            lambda: as_of.record(store, ids),
            "Reading what connections rest on …",
            relationships,
        )
        views.record = relationships, read
    return views.record[1]
