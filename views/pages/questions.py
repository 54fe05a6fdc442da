"""The saved questions, and an analyst's own: parameters, rows, a picture, and the Cypher."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import streamlit as st

from graph.errors import CypherFault, ParameterError, QueryCancelled, QueryError, UnknownQuery
from graph.explore import row_network
from graph.explore.inspector import ClaimDetail
from graph.explore.subgraph import Subgraph
from graph.explore.timeline import timeline
from graph.model.wording import counted
from graph.questions import drafts, library
from graph.questions.library import Library
from graph.questions.parameters import (
    GIVEN_TYPES,
    by_present_names,
    guessed,
    type_of,
    typed,
)
from graph.questions.query_file import Query, has_header, parse, text_of
from graph.questions.result import DEFAULT_LIMIT, DEFAULT_MEGABYTES, DEFAULT_TIMEOUT, Result
from graph.runtime import log
from graph.saved.asked_queries import Asked
from graph.store.store import Store
from views import address, frame, session, work
from views.network.component import network_view, take_event
from views.network.parts import MenuItem
from views.session import ENDS, Field
from views.widgets import fields, rows
from views.widgets.markup import tag
from views.widgets.rows import Rows
from views.widgets.search import forget_picked
from views.widgets.taking import take_away
from views.widgets.timeline import timeline_html

_DRAFT: Final = Path("own-query.cypher")
_STARTER: Final = """MATCH (n:{label})
WHERE n.case = $case
RETURN n.caption AS name
ORDER BY name
"""
_IN_LINKS: Final = ("int", "float", "bool", "date", "choice")
"""Types of parameters that hold no names: an address that somebody wrote may hold them."""
_MENU: Final = (
    MenuItem("open", "Open on the Explore page"),
    MenuItem("start", "Paths from here"),
    MenuItem("end", "Paths to here"),
    MenuItem("copy", "Copy id"),
    MenuItem("copy", "Copy id", "relationship"),
)


class _Own(NamedTuple):
    """What an analyst's own query is asked with; the names are those in what an address keeps."""

    text: str
    params: dict[str, Any]
    seconds: int
    rows: int
    megabytes: int


@dataclass
class _Open:
    """Which question is open, with its values; or an analyst's `own`, as it is written.

    `given` are the values that the fields of the own query begin with, `asked` is what was run.
    """

    question: str | None = None
    params: dict[str, Any] | None = None
    own: bool = False
    text: str | None = None
    given: dict[str, Any] | None = None
    asked: _Own | None = None


_SECONDS: Final = Field[int]("own_seconds")
_ROWS: Final = Field[int]("own_rows")
_MEGABYTES: Final = Field[int]("own_megabytes")


def page() -> None:
    """Draw the page."""
    frame.on_case(_draw, _follow)


def _draw(store: Store, case: str) -> None:
    left, right = st.columns([1.4, 4], gap="large")
    with left, st.container(gap="xsmall", key="questions"):
        chosen = _choose(frame.library())
    with right:
        if session.of(_Open).own:
            _own(store, case)
        elif chosen is None:
            address.write()
            frame.show(
                tag("p", "Choose a question on the left.", cls="lead"),
                tag("p", "Each is a Cypher query: read it, and take its rows away."),
            )
        else:
            _ask(store, case, chosen)


def place() -> str:
    """Which question is open: another one is read from its beginning."""
    ours = session.of(_Open)
    return "own" if ours.own else ours.question or ""


def ask(question: str, params: dict[str, Any]) -> None:
    """Have that saved question open, with these values."""
    ours = session.of(_Open)
    ours.question, ours.params, ours.own = question, params, False


# --- the list -----------------------------------------------------------------------------------


def _choose(found: Library) -> Query | None:
    """The list of questions by category, narrowed by a search."""
    ours = session.of(_Open)
    if st.button("Write your own", icon=":material/edit_note:", key="own", width="stretch"):
        ours.own = True
        st.rerun()
    text = st.text_input(
        "Search the questions", placeholder="Search the questions …", icon=":material/search:",
        label_visibility="collapsed", key="question_search",
    )  # fmt: skip
    kept = {query.id for query in found.search(text)} if text.strip() else None
    if kept is not None and not kept:
        st.caption("No question holds these words.")
    for category, queries in found.by_category().items():
        listed = [query for query in queries if kept is None or query.id in kept]
        if listed:
            frame.show(tag("h4", category))
        for query in listed:
            is_open = ours.question == query.id and not ours.own
            if st.button(
                frame.label(query.title), key=f"ask-{query.id}", type="tertiary",
                icon=":material/chevron_right:" if is_open else None,
            ):  # fmt: skip
                _open(query, dict(query.example))
                st.rerun()
    for problem in found.problems:
        st.warning(log.shown(problem))
    return found.get(ours.question) if ours.question else None


def _open(query: Query, params: dict[str, Any]) -> None:
    ask(query.id, params)
    _forget_fields(query)


def _forget_fields(query: Query) -> None:
    """Have the fields show what is asked, not what was typed before."""
    _forget(f"param-{query.id}-{param.name}" for param in query.params)


def _forget(fields_: Iterable[str]) -> None:
    for key in fields_:
        Field[Any](key).forget()
        forget_picked(key)


# --- a link per run -----------------------------------------------------------------------------


def _follow(store: Store) -> None:
    """Open the run that the address leads to, or the question that it names."""
    if found := address.followed(store, "question", "own"):
        _from_run(store, found)
    _from_link()


def _from_run(store: Store, found: Asked) -> None:
    if found.kind == "own":
        _open_own(found.what)
        return
    query = _named(found.what["query"])
    if query is None:
        return
    params = by_present_names(query.params, found.what["params"])
    entities = [p.name for p in query.params if p.type == "entity" and params.get(p.name)]
    address.say_gone(store, (str(params[name]) for name in entities))
    _open(query, params)


def _from_link() -> None:
    """Open the question that the address names, if the page is opened by it, or goes back to it."""
    asked = st.query_params.get("question")
    if asked is None or (session.of(_Open).question and not address.went_back()):
        return
    query = _named(asked)
    if query is None:
        return
    given = {
        param.name: st.query_params[param.name]
        for param in query.params
        if param.type in _IN_LINKS and param.name in st.query_params
    }
    _open(query, {**query.example, **given})


def _named(id_: str) -> Query | None:
    """The saved question that an address names; above the page it is said if there is none."""
    try:
        return frame.library().get(id_)
    except UnknownQuery as error:
        words = f"No saved question is called “{id_}”. Choose one from the list."
        address.astray(log.shown(error, words))
    except QueryError as error:
        address.astray(log.shown(error))
    return None


def _keep_link(store: Store, case: str, query: Query, params: Mapping[str, Any]) -> None:
    """Have the address lead back to the run: by the question's name if it is its example."""
    if _frozen(params) == _frozen(fields.as_fields(store, case, query.params, query.example)):
        address.write(question=query.id)
    else:
        address.lead_back(store, case, "question", {"query": query.id, "params": dict(params)})


# --- a saved question ---------------------------------------------------------------------------


def _ask(store: Store, case: str, query: Query) -> None:
    st.title(query.title)
    frame.show(tag("p", query.question, cls="lead"))
    params = _form(store, case, query, _given(case, query))
    _keep_link(store, case, query, params)
    types = {column.name: column.type for column in query.columns}
    answer = work.done(
        f"question-{case}",
        (query.id, _frozen(params)),
        lambda _: _answer(store, library.run(store, query, case, params), case, types),
        "Asking …",
    )
    if answer is not None:
        _show(store, answer, query.id, query.view)
    frame.behind(("", query.cypher, {} if answer is None else answer.rows.result.parameters))
    if st.button("Edit a copy", icon=":material/edit_note:"):
        _edit_copy(query, params)
        st.rerun()


def _edit_copy(query: Query, params: Mapping[str, Any]) -> None:
    """Have the text of a question in the editor, with the values that it was asked with."""
    ours = session.of(_Open)
    ours.own, ours.text = True, text_of(query.file)
    ours.given, ours.asked = dict(params), None
    _forget(f"own-param-{param.name}" for param in query.params)


def _given(case: str, query: Query) -> dict[str, Any]:
    """The values that are asked for; those of another case are forgotten."""
    ours = session.of(_Open)
    if ours.params is None or any(_of_another(case, value) for value in ours.params.values()):
        ours.params = dict(query.example)
        _forget_fields(query)
    return dict(ours.params)


def _of_another(case: str, value: Any) -> bool:
    return isinstance(value, str) and ":" in value and not value.startswith(f"{case}:")


def _frozen(params: Mapping[str, Any]) -> str:
    return json.dumps(params, sort_keys=True, default=str)


def _form(store: Store, case: str, query: Query, given: dict[str, Any]) -> dict[str, Any]:
    """The values of the parameters that are asked; a query without any has no form."""
    if not query.params:
        return {}
    asked = fields.as_fields(store, case, query.params, given)
    with st.container(border=True, key="question-form"):
        found = fields.fields(store, case, query.params, given, f"param-{query.id}")
        if st.button("Ask", type="primary", key=f"run-{query.id}"):
            session.of(_Open).params = asked = fields.kept(found)
        elif fields.kept(found) != asked:
            st.caption("Press Ask to see the rows for these values.")
    return asked


# --- the answer ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Answer:
    """Rows, and as a network if they name entities."""

    rows: Rows
    network: Subgraph | None


def _answer(store: Store, result: Result, case: str, types: Mapping[str, str]) -> _Answer:
    return _Answer(Rows.read(store, result, types, case), row_network.picture(store, result, case))


def _show(store: Store, answer: _Answer, name: str, view: str) -> None:
    """The rows, as a table or drawn, and what must be said beside them."""
    result = answer.rows.result
    for note in result.notes:
        if not note.startswith("Path "):
            st.info(f"{note[:1].upper()}{note[1:]}")
    if not result.rows:
        st.caption("No row answers this with these values.")
        return
    count = counted(len(result.rows), "row")
    frame.show(tag("p", f"{count} in {result.seconds:.2f} s", cls="quiet"))
    shown = _shown_as(answer, name, view)
    if shown == "Network":
        _network(store, answer, name)
    if shown == "Timeline":
        rows_, types = answer.rows, answer.rows.types
        if drawn := timeline(result.records(), types, rows_.called):
            frame.show(timeline_html(drawn))
    if shown != "Network":
        rows.draw(store, answer.rows, f"rows-{name}")
    take_away(result, name, result.parameters)


def _shown_as(answer: _Answer, name: str, view: str) -> str:
    """How the rows are shown, of the ways in which they can be."""
    ways = ["Timeline"] if view == "timeline" else []
    ways += ["Table"] + ["Network"] * (answer.network is not None)
    first = {"graph": "Network", "timeline": "Timeline"}.get(view, "Table")
    if len(ways) == 1:
        return ways[0]
    chosen = st.segmented_control(
        "Shown as", ways, default=first if first in ways else "Table", required=True,
        key=f"shown-{name}", label_visibility="collapsed",
    )  # fmt: skip
    return str(chosen or ways[0])


def _network(store: Store, answer: _Answer, name: str) -> None:
    view, key = answer.network, f"question-{name}"
    if view is None:
        return
    case = answer.rows.case
    event = take_event(key)
    if event.kind == "menu" and event.context:
        _do(store, case, str(event.action), event.context.id)
    chosen = event.selected
    result = answer.rows.result
    network_view(
        view, key=key, height=520, menu=_MENU, lit=_lit(answer, chosen),
        answers=(result.cypher, _frozen(result.parameters)),
    )  # fmt: skip
    if view.is_cut:
        st.caption(f"Showing {len(view.nodes)} of {counted(view.total_nodes or 0, 'entity')}.")
    _picked(store, case, chosen)


def _lit(answer: _Answer, chosen: str | None) -> frozenset[str] | None:
    """What belongs to what was chosen: the paths that it lies on, else its relationships and their
    ends."""
    view = answer.network
    if view is None or chosen is None or chosen not in view.by_id:
        return None
    records = answer.rows.result.records()
    paths = {row["path"] for row in records if "path" in row and chosen in row.values()}
    if paths:
        found = {value for row in records if row["path"] in paths for value in row.values()
                 if isinstance(value, str)}  # fmt: skip
        return frozenset(found & view.by_id.keys())
    relationships = [
        relationship
        for relationship in view.relationships
        if chosen in (relationship.id, relationship.source, relationship.target)
    ]
    return frozenset(
        [chosen, *(part for t in relationships for part in (t.id, t.source, t.target))]
    )


def _do(store: Store, case: str, action: str, id_: str) -> None:
    """What was chosen in the menu of the picture."""
    if action == "open":
        frame.look_at(store, case, id_)
        frame.go("explore")
    if action in ENDS:
        ends = session.current().ends
        ends[ENDS[action]] = id_
        if ends.get("start") and ends.get("end"):
            frame.go("paths")
        other = "end" if action == "start" else "start"
        frame.tell(
            f"It is the {action} of paths now. Choose the {other} in the same way, or on Paths."
        )


def _picked(store: Store, case: str, selected: str | None) -> None:
    """What was clicked in the picture."""
    if selected is None:
        st.caption("Click an entity or a connection: what sources say of it opens here.")
        return
    if isinstance(frame.picked(store, "picked", selected), ClaimDetail):
        return
    if st.button("Open on the Explore page", icon=":material/hub:"):
        frame.look_at(store, case, selected)
        frame.go("explore")


# --- an analyst's own ---------------------------------------------------------------------------


def _own(store: Store, case: str) -> None:
    """The scratch editor: read-only and limited, as in the command line."""
    st.title("Your own query")
    ours = session.of(_Open)
    if ours.text is None:
        ours.text = _STARTER.format(label=store.schema.node_types[0].label)
    text = ours.text = st.text_area(
        "Cypher", key="own_text_field", value=ours.text, height=280,
        help="$case is the case that is open. Every other $parameter gets a field.",
    )  # fmt: skip
    _SECONDS.begin_with(int(DEFAULT_TIMEOUT))
    _ROWS.begin_with(DEFAULT_LIMIT)
    _MEGABYTES.begin_with(DEFAULT_MEGABYTES)
    first, second, room, third = st.columns([1, 1, 1, 1.5], vertical_alignment="bottom")
    with first:
        seconds = st.number_input("Stop after, seconds", 1, 300, key=_SECONDS.key)
    with second:
        rows_ = st.number_input("Rows at most", 1, DEFAULT_LIMIT, step=500, key=_ROWS.key)
    with room:
        megabytes = st.number_input(
            "Megabytes at most", 1, DEFAULT_MEGABYTES, step=16, key=_MEGABYTES.key,
            help="What the rows may take in memory. Whatever is more is cut, and that is said.",
        )  # fmt: skip
    params = _own_params(store, case, text)
    with third:
        st.caption("It can only read: whatever would write, load files or call out is refused.")
        if st.button("Run", type="primary", icon=":material/play_arrow:", key="run-own",
                      disabled=params is None):  # fmt: skip
            ours.asked = _Own(text, params or {}, seconds, rows_, megabytes)
            work.forget("own")
    asked = ours.asked
    if asked is None:
        address.write()
    else:
        address.lead_back(store, case, "own", asked._asdict())
    # What comes and goes has a place of its own, or what is open below would be made anew.
    with st.container():
        answer = _run_own(store, case, asked) if asked else None
        if answer is not None and asked is not None:
            if (asked.text, asked.params) != (text, params):
                st.caption("The query has changed since: press Run to ask again.")
            _show(store, answer, "own-query", "table")
    _save(case, text, params or {}, None if answer is None else answer.rows.result)


def _open_own(what: Mapping[str, Any]) -> None:
    """Open an analyst's query that the address leads to, with its answer."""
    # What was kept before there was this limit names none.
    whole = {"megabytes": DEFAULT_MEGABYTES, **what, "params": dict(what["params"])}
    asked = _Own(**{name: whole[name] for name in _Own._fields})
    ours = session.of(_Open)
    ours.own, ours.text, ours.given, ours.asked = True, asked.text, dict(asked.params), asked
    _SECONDS.fill(asked.seconds)
    _ROWS.fill(asked.rows)
    _MEGABYTES.fill(asked.megabytes)


def _run_own(store: Store, case: str, asked: _Own) -> _Answer | None:
    text, params, seconds, most, megabytes = asked

    def run() -> _Answer | QueryError:
        try:
            result = library.run_own(
                store, text, _DRAFT, case, params, timeout=seconds, limit=most, megabytes=megabytes
            )
        except QueryCancelled:
            raise
        except QueryError as error:
            # Kept as an answer is: a field below must not have it asked again.
            return error
        return _answer(store, result, case, _own_types(store, text))

    found = work.done(
        "own", (case, text, _frozen(params), seconds, most, megabytes), lambda _: run(), "Asking …"
    )
    if not isinstance(found, QueryError):
        return found
    said = log.shown(found).replace(f"{_DRAFT}, ", "")
    st.error(frame.escaped(said[:1].upper() + said[1:]))
    if isinstance(found, CypherFault):
        st.code(found.pointed, language=None)
    return None


def _own_types(store: Store, text: str) -> dict[str, str]:
    try:
        query = parse(text, _DRAFT, store.schema) if has_header(text) else None
    except QueryError:
        query = None
    return {column.name: column.type for column in query.columns} if query else {}


def _own_params(store: Store, case: str, text: str) -> dict[str, Any] | None:
    """Fields for the parameters of the text, by its header if it has one; None if one is wrong."""
    given = session.of(_Open).given
    if has_header(text):
        try:
            query = parse(text, _DRAFT, store.schema)
        except QueryError:
            return {}
        # Those of a copy, or of an address, even where they are none.
        values = query.example if given is None else given
        return fields.kept(fields.fields(store, case, query.params, values, "own-param"))
    before = given or {}
    found = fields.in_rows(
        drafts.parameters_of(text), lambda name: _own_value(name, before.get(name, "")), "top"
    )
    return None if _WRONG in found.values() else found


_GUESSED: Final = "guess"
_TYPES: Final = {
    _GUESSED: "as it looks", "text": "text", "int": "whole number", "float": "number",
    "bool": "yes or no", "date": "day", "list": "list, by |",
}  # fmt: skip
_WRONG: Final = object()


def _own_value(name: str, before: Any) -> Any:
    """A field for a value and one for its type; what they give, or _WRONG if it is not of it."""
    written = fields.written(before)
    types = [_GUESSED, *GIVEN_TYPES]
    # What was given as a text stays one, though it look like a number.
    known = _GUESSED if guessed(written) == before else type_of(before)
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="bottom"):
        text = st.text_input(f"${name}", written, key=f"own-param-{name}")
        kind = st.selectbox(
            f"Type of ${name}", types, types.index(known), key=f"own-type-{name}", width=140,
            format_func=_TYPES.__getitem__, label_visibility="collapsed",
        )  # fmt: skip
    if kind == _GUESSED:
        value = guessed(text)
        if not isinstance(value, str):
            st.caption("Taken for true or false." if isinstance(value, bool) else
                       "Taken for a number. If it is a text, choose text.")  # fmt: skip
        return value
    try:
        return typed(name, kind, text)
    except ParameterError as error:
        st.caption(f":material/error: {frame.label(str(error))}")
        return _WRONG


def _save(case: str, text: str, params: dict[str, Any], result: Result | None) -> None:
    """Keep the query as a file of the newsroom's."""
    with st.expander("Save as a question of ours"):
        st.caption(f"It becomes a new file in {library.newsroom_folder()}; none is replaced.")
        name = st.text_input("Name of the file", key="save_name", placeholder="who-signed-what")
        title = question = ""
        if not has_header(text):
            title = st.text_input("Title", key="save_title")
            question = st.text_input("The question, in a reporter's words", key="save_question")
        if not st.button("Save", icon=":material/save:", key="save_query"):
            return
        whole = drafts.with_header(
            text, title=title or name, question=question or title or name, params=params,
            result=result, case=case,
        )  # fmt: skip
        try:
            saved = drafts.save(whole, name, frame.library())
        except QueryError as error:
            st.error(log.shown(error))
            return
        frame.library.clear()
        _open(saved, dict(saved.example))
        frame.tell(f"Saved as {saved.file}. It is in the list now.", ":material/check:")
        st.rerun()
