"""The saved questions: choose one, fill in its parameters, read the rows, take them away."""

from __future__ import annotations

from typing import Any

import streamlit as st

from graph import library, tabular
from graph.answer import Result
from graph.library import Library
from graph.parameters import Parameter
from graph.queryfile import Query
from graph.store import Store
from graph.wording import plain
from views import frame
from views.markup import tag


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
        left, right = st.columns([1.4, 4], gap="large")
        with left, st.container(gap="xsmall"):
            chosen = _choose(_library())
        with right:
            if chosen is None:
                frame.show(
                    tag("p", "Choose a question on the left.", cls="lead"),
                    tag("p", "Each is a Cypher query that you can see, and take its rows away."),
                )
            else:
                _ask(store, case, chosen)


def _choose(found: Library) -> Query | None:
    """The list of questions by category, narrowed by a search."""
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
            is_open = st.session_state.get("question") == query.id
            if st.button(
                frame.label(query.title), key=f"ask-{query.id}", type="tertiary",
                icon=":material/chevron_right:" if is_open else None,
            ):  # fmt: skip
                st.session_state["question"] = query.id
                st.session_state["question_params"] = dict(query.example)
                st.rerun()
    for problem in found.problems:
        st.warning(str(problem))
    chosen = st.session_state.get("question")
    return found.get(chosen) if chosen else None


def _ask(store: Store, case: str, query: Query) -> None:
    st.title(query.title)
    frame.show(tag("p", query.question, cls="lead"))
    given = st.session_state.get("question_params") or dict(query.example)
    params = _form(store, case, query, given)
    with st.spinner("Asking …"):
        result = library.run(store, query, case, params)
    _show(query, result, case)
    with st.expander("The Cypher behind it"):
        st.code(query.cypher, language="cypher")


def _form(store: Store, case: str, query: Query, given: dict[str, Any]) -> dict[str, Any]:
    """The values of the parameters; a query without any has no form."""
    if not query.params:
        return {}
    with st.form(f"form-{query.id}", border=True):
        columns = st.columns(min(3, len(query.params)))
        found = {}
        for place, param in enumerate(query.params):
            with columns[place % len(columns)]:
                found[param.name] = _field(store, case, query, param, given.get(param.name))
        if st.form_submit_button("Ask"):
            st.session_state["question_params"] = found
    asked = st.session_state.get("question_params") or given
    return {name: value for name, value in asked.items() if value not in (None, "", [])}


def _field(store: Store, case: str, query: Query, param: Parameter, value: Any) -> Any:
    key, label = f"param-{query.id}-{param.name}", frame.label(param.label)
    value = param.default if value is None else value
    match param.type:
        case "int":
            return st.number_input(label, value=value, step=1, key=key)
        case "bool":
            return st.checkbox(label, value=bool(value), key=key)
        case "choice":
            choices = list(param.choices)
            index = choices.index(value) if value in choices else None
            return st.selectbox(label, choices, index=index, key=key)
        case "list":
            text = " | ".join(value) if isinstance(value, list) else value or ""
            return st.text_input(label, text, key=key, help="Part several by |")
        case _:
            return st.text_input(label, value or "", key=key)


def _show(query: Query, result: Result, case: str) -> None:
    """The rows, and what must be said beside them."""
    for note in result.notes:
        st.info(note)
    if not result.rows:
        st.caption("No row answers this question with these values.")
        return
    frame.show(tag("p", f"{len(result.rows):,} rows in {result.seconds:.2f} s", cls="quiet"))
    rows = [
        {plain(name): _cell(value, case) for name, value in record.items()}
        for record in result.records()
    ]
    st.dataframe(rows, hide_index=True, height="auto")
    objects = tabular.as_json(tabular.rows_as_objects(result), indent=1)
    with st.container(horizontal=True):
        st.download_button("CSV", tabular.as_csv(result), f"{query.id}.csv", "text/csv")
        st.download_button("JSON", objects, f"{query.id}.json", "application/json")


def _cell(value: Any, case: str) -> Any:
    """A value as a cell: ids without their case, lists as text."""
    if value is None:
        return ""
    bare = library.strip_case(value, case)
    if isinstance(bare, list):
        return ", ".join(str(item) for item in bare)
    return bare
