"""The saved questions, and an analyst's own: parameters, rows, a picture, and the Cypher."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import streamlit as st

from graph import drafts, inspector, library, pictures, tabular
from graph.answer import DEFAULT_LIMIT, DEFAULT_TIMEOUT, Result, strip_case
from graph.errors import QueryError, SutraError
from graph.library import Library
from graph.parameters import Parameter, entity
from graph.queryfile import Query, has_header, parse
from graph.store import Store
from graph.wording import plain
from graph.workspace import Workspace
from views import evidence, frame, work
from views.markup import paragraph, tag
from views.network import network_view
from views.search import entity_picker

_DRAFT: Final = Path("own-query.cypher")
_STARTER: Final = """MATCH (p:Person)
WHERE p.case = $case
RETURN p.caption AS person
ORDER BY person
"""
_IN_LINKS: Final = ("int", "bool", "date", "choice")
"""Types of parameters that hold no names, and may stand in an address."""


@st.cache_resource
def _library() -> Library:
    return Library.load()


def page() -> None:
    """Draw the page."""
    with frame.errors():
        store = frame.open_store()
        case = frame.choose_case(store)
        if case is None:
            return
        frame.banner(store, case)
        _from_link()
        left, right = st.columns([1.4, 4], gap="large")
        with left, st.container(gap="xsmall"):
            chosen = _choose(_library())
        with right:
            if st.session_state.get("own_query"):
                _own(store, case)
            elif chosen is None:
                frame.show(
                    tag("p", "Choose a question on the left.", cls="lead"),
                    tag("p", "Each is a Cypher query that you can see, and take its rows away."),
                )
            else:
                _ask(store, case, chosen)


# --- the list -----------------------------------------------------------------------------------


def _choose(found: Library) -> Query | None:
    """The list of questions by category, narrowed by a search."""
    state = st.session_state
    if st.button("Write your own", icon=":material/edit_note:", key="own", width="stretch"):
        state["own_query"] = True
        st.query_params.clear()
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
            is_open = state.get("question") == query.id and not state.get("own_query")
            if st.button(
                frame.label(query.title), key=f"ask-{query.id}", type="tertiary",
                icon=":material/chevron_right:" if is_open else None,
            ):  # fmt: skip
                _open(query, dict(query.example))
                st.rerun()
    for problem in found.problems:
        st.warning(str(problem))
    chosen = state.get("question")
    return found.get(chosen) if chosen else None


def _open(query: Query, params: dict[str, Any]) -> None:
    st.session_state["question"] = query.id
    st.session_state["question_params"] = params
    st.session_state["own_query"] = False
    _forget_fields(query)


def _forget_fields(query: Query) -> None:
    """Have the fields show what is asked, not what was typed before."""
    for param in query.params:
        for key in (f"param-{query.id}-{param.name}", f"_picked:param-{query.id}-{param.name}"):
            st.session_state.pop(key, None)


# --- a link per run -----------------------------------------------------------------------------


def _from_link() -> None:
    """Open the question that the address names, when the page is opened by it."""
    asked = st.query_params.get("question")
    if asked is None or st.session_state.get("question"):
        return
    try:
        query = _library().get(asked)
    except QueryError as error:
        st.warning(str(error))
        return
    given = {
        param.name: st.query_params[param.name]
        for param in query.params
        if param.type in _IN_LINKS and param.name in st.query_params
    }
    _open(query, {**query.example, **given})


def _keep_link(query: Query, params: Mapping[str, Any]) -> None:
    """Put the run into the address; names stay out of it, since addresses leak."""
    given = {name: value for name, value in params.items() if value not in (None, "", [])}
    types = {param.name: param.type for param in query.params}
    open_ = all(types.get(name) in _IN_LINKS for name in given)
    shown = {name: _in_link(value) for name, value in given.items()} if open_ else {}
    wanted = {"question": query.id, **shown}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def _in_link(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- a saved question ---------------------------------------------------------------------------


def _ask(store: Store, case: str, query: Query) -> None:
    if saved := st.session_state.pop("saved_as", None):
        # The page may be scrolled to its end, where the button stands.
        st.toast(f"Saved as {saved}. It is in the list now.", icon=":material/check:",
                 duration="long")  # fmt: skip
    st.title(query.title)
    frame.show(tag("p", query.question, cls="lead"))
    given = st.session_state.get("question_params")
    params = _form(store, case, query, dict(query.example) if given is None else given)
    _keep_link(query, params)
    result = work.done(
        f"question-{case}",
        (query.id, _frozen(params)),
        lambda _: library.run(store, query, case, params),
        "Asking …",
    )
    if result is not None:
        types = {column.name: column.type for column in query.columns}
        _show(store, case, result, query.id, types, drawn=query.view == "graph")
    with st.expander("The Cypher behind it"):
        st.caption("The button in its corner copies it.")
        st.code(query.cypher, language="cypher", wrap_lines=True)
        if st.button("Edit a copy", icon=":material/edit_note:"):
            st.session_state["own_text"] = query.file.read_text("utf-8")
            st.session_state["own_query"] = True
            st.rerun()


def _frozen(params: Mapping[str, Any]) -> str:
    return json.dumps(params, sort_keys=True, default=str)


def _form(store: Store, case: str, query: Query, given: dict[str, Any]) -> dict[str, Any]:
    """The values of the parameters that are asked; a query without any has no form."""
    if not query.params:
        return {}
    with st.container(border=True):
        columns = st.columns(min(3, len(query.params)), vertical_alignment="bottom")
        found = {}
        for place, param in enumerate(query.params):
            with columns[place % len(columns)]:
                found[param.name] = _field(store, case, query, param, given.get(param.name))
        if st.button("Ask", type="primary", key=f"run-{query.id}"):
            st.session_state["question_params"] = given = found
        elif _kept(found) != _kept(given) and _named(store, case, query, given) != _kept(found):
            st.caption("Press Ask to see the rows for these values.")
    return _kept(given)


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _named(store: Store, case: str, query: Query, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values as the fields hold them: entities by their ids, defaults filled in."""
    found = {}
    for param in query.params:
        value = given.get(param.name)
        value = param.default if value is None else value
        found[param.name] = _entity_id(store, case, value) if param.type == "entity" else value
        if param.type == "list" and isinstance(value, list):
            found[param.name] = " | ".join(value)
        if param.type == "bool":
            found[param.name] = bool(value)
    return _kept(found)


def _entity_id(store: Store, case: str, value: Any) -> str | None:
    """The id that a value of a form or of an example means, or None."""
    if not value:
        return None
    if inspector.captions_of(store, [str(value)]):
        return str(value)
    try:
        return entity(store, case, str(value))
    except SutraError:
        return None


def _field(store: Store, case: str, query: Query, param: Parameter, value: Any) -> Any:
    key, label = f"param-{query.id}-{param.name}", frame.label(param.label)
    value = param.default if value is None else value
    match param.type:
        case "entity":
            known = _entity_id(store, case, value)
            return entity_picker(store, case, key=key, label=param.label, value=known)
        case "int":
            return st.number_input(
                label, value=None if value is None else int(value), step=1, key=key
            )
        case "bool":
            return st.checkbox(label, value=value in (True, "true"), key=key)
        case "choice":
            choices = list(param.choices)
            index = choices.index(value) if value in choices else None
            return st.selectbox(label, choices, index=index, key=key)
        case "list":
            text = " | ".join(value) if isinstance(value, list) else value or ""
            return st.text_input(label, text, key=key, help="Part several by |")
        case "date":
            return st.text_input(label, value or "", key=key, placeholder="2021-02-10")
        case _:
            return st.text_input(label, value or "", key=key)


# --- rows ---------------------------------------------------------------------------------------


def _show(
    store: Store,
    case: str,
    result: Result,
    name: str,
    types: Mapping[str, str],
    *,
    drawn: bool,
) -> None:
    """The rows, as a table or drawn, and what must be said beside them."""
    limits = [note for note in result.notes if not note.startswith("Way ")]
    for note in limits:
        st.info(note)
    if not result.rows:
        st.caption("No row answers this with these values.")
        return
    rows = f"{len(result.rows):,} row{'' if len(result.rows) == 1 else 's'}"
    frame.show(tag("p", f"{rows} in {result.seconds:.2f} s", cls="quiet"))
    view = pictures.picture(store, result, case)
    shown = "Table"
    if view is not None:
        shown = st.segmented_control(
            "Shown as", ["Table", "Network"], default="Network" if drawn else "Table",
            key=f"shown-{name}", label_visibility="collapsed",
        ) or "Table"  # fmt: skip
    if view is not None and shown == "Network":
        event = network_view(view, key=f"question-{name}", height=520)
        if view.is_cut:
            st.caption(f"Showing {len(view.nodes)} of {view.total_nodes:,} things.")
        _picked(store, case, event.selected)
    else:
        st.dataframe(_table(store, case, result, types), hide_index=True, height="auto")
    objects = tabular.as_json(tabular.rows_as_objects(result), indent=1)
    with st.container(horizontal=True):
        st.download_button("CSV", tabular.as_csv(result), f"{name}.csv", "text/csv")
        st.download_button("JSON", objects, f"{name}.json", "application/json")


def _picked(store: Store, case: str, selected: str | None) -> None:
    """What was clicked in the picture."""
    if selected is None:
        st.caption("Click a thing or a line: what sources say of it opens here.")
        return
    claim = inspector.claim(store, selected)
    if claim is not None:
        frame.show(evidence.claim_details(claim, Workspace.locate()))
        return
    found = inspector.entity(store, selected)
    if found is not None:
        frame.show(tag("p", found.type_words.capitalize(), cls="kind"), paragraph(found.caption))
    if st.button("Open on the Explore page", icon=":material/hub:"):
        frame.look_at(store, case, selected)
        st.switch_page(frame.page_of("explore"))


def _table(
    store: Store, case: str, result: Result, types: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The rows for a table: things by their captions, other ids without their case."""
    things = {
        value
        for row in result.records()
        for name, value in row.items()
        if types.get(name) == "entity" and isinstance(value, str)
    }
    captions = inspector.captions_of(store, things)
    return [
        {
            plain(name) or " ": _cell(captions.get(value, value) if name in types else value, case)
            if isinstance(value, str)
            else _cell(value, case)
            for name, value in record.items()
        }
        for record in result.records()
    ]


def _cell(value: Any, case: str) -> Any:
    """A value as a cell: ids without their case, lists as text, what a server sends as JSON."""
    bare = strip_case(tabular.plain(value), case)
    if bare is None:
        return ""
    if isinstance(bare, list) and not any(isinstance(item, list | dict) for item in bare):
        return ", ".join(str(item) for item in bare)
    return tabular.as_json(bare) if isinstance(bare, list | dict) else bare


# --- an analyst's own ---------------------------------------------------------------------------


def _own(store: Store, case: str) -> None:
    """The scratch editor: read-only and limited, as in the command line."""
    st.title("Your own query")
    state = st.session_state
    state.setdefault("own_text", _STARTER)
    text = st.text_area(
        "Cypher", key="own_text_field", value=state["own_text"], height=280,
        help="$case is the case that is open. Every other $parameter gets a field.",
    )  # fmt: skip
    state["own_text"] = text
    first, second, third = st.columns([1, 1, 2], vertical_alignment="bottom")
    with first:
        seconds = st.number_input(
            "Stop after, seconds", 1, 300, int(DEFAULT_TIMEOUT), key="own_seconds"
        )
    with second:
        rows = st.number_input(
            "Rows at most", 1, DEFAULT_LIMIT, DEFAULT_LIMIT, step=500, key="own_rows"
        )
    params = _own_params(store, case, text)
    with third:
        st.caption("It can only read: whatever would write, load files or call out is refused.")
        if st.button("Run", type="primary", icon=":material/play_arrow:", key="run-own"):
            state["own_asked"] = (text, params, seconds, rows)
            state.pop("_work:own", None)
    asked = state.get("own_asked")
    result = _run_own(store, case, asked) if asked else None
    if result is not None and asked is not None:
        if asked[:2] != (text, params):
            st.caption("The query has changed since: press Run to ask again.")
        _show(store, case, result, "own-query", _own_types(asked[0]), drawn=False)
    _save(case, text, params, result)


def _run_own(store: Store, case: str, asked: tuple[str, dict[str, Any], int, int]) -> Result | None:
    text, params, seconds, rows = asked
    try:
        return work.done(
            "own",
            (case, text, _frozen(params), seconds, rows),
            lambda _: library.run_own(
                store, text, _DRAFT, case, params, timeout=seconds, limit=rows
            ),
            "Asking …",
        )
    except QueryError as error:
        st.error(str(error).replace(f"{_DRAFT}, ", "").capitalize())
        return None


def _own_types(text: str) -> dict[str, str]:
    try:
        query = parse(text, _DRAFT) if has_header(text) else None
    except QueryError:
        query = None
    return {column.name: column.type for column in query.columns} if query else {}


def _own_params(store: Store, case: str, text: str) -> dict[str, Any]:
    """Fields for the parameters of the text, by its header if it has one."""
    query = None
    if has_header(text):
        try:
            query = parse(text, _DRAFT)
        except QueryError:
            return {}
        if not query.params:
            return {}
        columns = st.columns(min(3, len(query.params)), vertical_alignment="bottom")
        found = {}
        for place, param in enumerate(query.params):
            with columns[place % len(columns)]:
                value = query.example.get(param.name)
                found[param.name] = _field(store, case, query, param, value)
        return _kept(found)
    names = drafts.parameters_of(text)
    if not names:
        return {}
    columns = st.columns(min(3, len(names)))
    given = {}
    for place, name in enumerate(names):
        with columns[place % len(columns)]:
            given[name] = drafts.value_of(st.text_input(f"${name}", key=f"own-param-{name}"))
    return given


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
            saved = drafts.save(whole, name, _library())
        except QueryError as error:
            st.error(str(error))
            return
        _library.clear()
        _open(saved, dict(saved.example))
        st.session_state["saved_as"] = str(saved.file)
        st.rerun()
