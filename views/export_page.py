"""A view made fit to print: what would leave, who is not named and why, then the pack."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Final

import streamlit as st

from exports import newsroom, pack
from exports.choices import Choices
from exports.formats import formats
from graph import files, namings, publication
from graph.errors import ExportError, ParameterError
from graph.jobs import Progress
from graph.store import Store
from graph.subgraph import Subgraph
from graph.view import Step
from graph.wording import counted
from graph.workspace import Workspace
from views import frame, naming, viewing, work
from views.markup import Html, table, tag

_NEWSROOM: Final = {
    "md": "Report, for the newsroom only",
    "json": "Record, to verify",
    "csv": "Table, to check",
}
_HOW: Final = {
    "private": naming.HOW["private"],
    "protect": naming.HOW["protect"],
    "role": naming.HOW["named_in_role"],
    "general": "described in general words",
}


def page() -> None:
    """Draw the page."""
    frame.on_case(_draw)


def _draw(store: Store, case: str) -> None:
    st.title("Export")
    view = viewing.now(store, case)
    shown = view.shown(viewing.record(store, view))
    frame.show(
        tag(
            "p",
            f"{counted(len(shown.nodes), 'thing')} and "
            f"{counted(len(shown.relationships), 'tie')}, as the Explore "
            "page shows them. People and accounts are named only where somebody has decided so.",
            cls="lead",
        )
    )
    left, right = st.columns([1.5, 3], gap="large")
    with left:
        asked = _form(case, len(view.steps))
        problem = st.empty()
        naming.panel(store, case, shown)
    with right, _told_at(problem):
        if asked is None:
            frame.show(
                tag("p", "Nothing has left yet.", cls="kind"),
                tag(
                    "p",
                    "Fill in what readers are to know, then look at what would leave: the picture, "
                    "who is not named and why, and what to look at before it goes out.",
                ),
            )
            return
        steps = view.steps if asked.get("story") else ()
        _result(store, case, shown, asked, steps, view.filters.reported_until)


@contextmanager
def _told_at(place: Any) -> Iterator[None]:
    """What is wrong with what was asked for is told beside the button, where the reader is."""
    try:
        yield
    except (ParameterError, ExportError) as error:
        place.error(str(error), icon=":material/error:")


# --- the choices --------------------------------------------------------------------------------


def _form(case: str, steps: int) -> dict[str, Any] | None:
    """What is asked for, once the button was pressed; remembered for the case.

    `steps` is how many the story of this view has.
    """
    known = _remembered(case)
    today = datetime.now(UTC).date()

    def key(name: str) -> str:
        # By its name a field stays the same when what is remembered changes, and keeps its text.
        return f"export-{case}-{name}"

    with st.form("export", border=False):
        made: dict[str, Any] = {
            "title": st.text_input(
                "Title", known.get("title", ""), placeholder="The case's own",
                key=key("title"),
            ),
            "pack": st.text_input(
                "Name of the pack", known.get("pack", f"{case[:40]}-{today}"), key=key("pack"),
                help="The same name keeps the made-up names of people; another name changes them.",
            ),
        }  # fmt: skip
        accessed = st.date_input(
            "Sources last looked at on", _date(known.get("accessed"), today), key=key("accessed")
        )
        made["accessed"] = str(accessed)
        made["licence"] = st.text_input(
            "Licence", known.get("licence", ""), placeholder="CC BY 4.0", key=key("licence")
        )
        made["embargo"] = st.text_input(
            "Embargo until", known.get("embargo", ""), key=key("embargo")
        )
        made["formats"] = st.multiselect(
            "Formats", list(formats()), known.get("formats", []), placeholder="All of them",
            format_func=lambda name: formats()[name].WORDS, key=key("formats"),
        )  # fmt: skip
        if steps:
            words = f"Make a story of the page ({counted(steps, 'step')})"
            made["story"] = st.checkbox(words, known.get("story", True), key=key("story"))
        with st.expander("Decisions for this pack"):
            made |= _decisions(known, key)
        if st.form_submit_button("Look at what would leave", icon=":material/visibility:"):
            _remember(case, made)
            st.session_state.setdefault("exports", {})[case] = made
    asked: dict[str, Any] | None = st.session_state.get("exports", {}).get(case)
    return asked


def _decisions(known: dict[str, Any], key: Callable[[str], str]) -> dict[str, Any]:
    lines = (
        ("private", "Not to be named either", "an id or a type a line"),
        ("left_out", "Leave out", "an id, a type or Type.property a line"),
        ("kept", "Belongs to the role", "claim = reason"),
        ("overrides", "Cite although it gives a name away", "source = reason"),
        ("allowed", "No name here", "word = reason"),
    )
    return {
        name: st.text_area(words, known.get(name, ""), placeholder=hint, height=68, key=key(name))
        for name, words, hint in lines
    }


def _date(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def _file(case: str) -> Any:
    workspace = Workspace.locate()
    return workspace.state / f"export-{newsroom.pack_id(case)}.json"


def _remembered(case: str) -> dict[str, Any]:
    """What was chosen for the case last; what is not as a field takes it counts as not chosen."""
    kinds: dict[str, type] = {"formats": list, "story": bool}
    found = {
        name: value
        for name, value in files.state(_file(case)).items()
        if isinstance(value, kinds.get(name, str))
    }
    # A format may have gone since.
    named = {"formats": [name for name in formats() if name in found.get("formats", [])]}
    return found | named


def _remember(case: str, made: dict[str, Any]) -> None:
    file = _file(case)
    file.parent.mkdir(parents=True, exist_ok=True)
    pack.write_file(file, json.dumps(made, ensure_ascii=False).encode(), private=True)


def _choices(asked: dict[str, Any], steps: tuple[Step, ...]) -> Choices:
    id_ = newsroom.pack_id(asked["pack"])
    return Choices(
        pack=id_,
        key=newsroom.key(Workspace.locate(), id_),
        accessed=newsroom.day(asked["accessed"]),
        title=asked["title"],
        licence=asked["licence"],
        embargo=asked["embargo"],
        private=frozenset(_lines(asked["private"])),
        left_out=frozenset(_lines(asked["left_out"])),
        kept=_reasons(asked["kept"]),
        overrides=_reasons(asked["overrides"]),
        allowed=_reasons(asked["allowed"]),
        steps=steps,
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _reasons(text: str) -> dict[str, str]:
    found = {}
    for line in _lines(text):
        name, _, reason = line.partition("=")
        if not reason.strip():
            raise ParameterError(f"Write “{line}” as name = reason: a decision needs its reason.")
        found[name.strip()] = reason.strip()
    return found


# --- what would leave ---------------------------------------------------------------------------


def _result(
    store: Store, case: str, shown: Subgraph, asked: dict[str, Any], steps: tuple[Step, ...],
    until: str | None,
) -> None:  # fmt: skip
    choices = _choices(asked, steps)

    def make(progress: Progress) -> pack.Pack:
        progress.step("Reading the graph", 0, 0)
        material = publication.read(store, case, shown, until)
        return pack.make(material, choices, asked["formats"], progress=progress)

    decided = tuple(namings.decided(store, case).values())
    asked_for = json.dumps(asked, sort_keys=True)
    what = (shown.nodes, shown.relationships, steps, until, asked_for, decided)
    made = work.done(f"export-{case}", what, make, "Making the pack …")
    if made is None:
        return
    _preview(made)
    _report(made)
    _download(made)


def _preview(made: pack.Pack) -> None:
    counts = made.publication.counts
    for words in made.publication.draft:
        st.warning(f"DRAFT: {words}.", icon=":material/edit_note:")
    svg = made.files.get("picture.svg")
    if svg is not None:
        data = b64encode(svg).decode()
        # A picture on its own paper, whatever the colours of the page.
        st.html(
            f'<img alt="The picture as it would leave" src="data:image/svg+xml;base64,{data}" '
            'style="width:100%;border:1px solid #8884;border-radius:6px">'
        )
    frame.show(
        tag(
            "p",
            f"{counted(counts['things'], 'thing')}, {counted(counts['ties'], 'tie')}, "
            f"{counted(counts['facts'], 'fact')}, {counted(counts['sources'], 'source')} in "
            f"{counted(len(made.files), 'file')}.",
            cls="quiet",
        )
    )


def _report(made: pack.Pack) -> None:
    report = made.report
    names, out, before, parties = st.tabs(
        [
            f"Not fully named ({len(report.decisions)})", f"Stayed behind ({len(report.left_out)})",
            f"Look at this ({len(report.warnings) + len(report.undecided)})",
            f"Allegations ({len(report.allegations)})",
        ]
    )  # fmt: skip
    with names:
        _table(
            [
                {
                    "Who": d.caption,
                    "In the pack": d.instead or (d.caption if d.how == "role" else "—"),
                    "How": _HOW[d.how],
                    "Why": d.why,
                }
                for d in report.decisions
            ],
            "Everybody in this view is named.",
        )  # fmt: skip
    with out:
        _table(
            [{"What": o.what, "Id": o.id, "Why": o.why} for o in report.left_out],
            "Nothing stayed behind.",
        )
    with before:
        unsure = [
            f"“{word}” stands in the pack {counted(count, 'time')} and may be part of a name."
            for word, count in sorted(report.undecided.items())
        ]
        _list([*report.warnings, *unsure], "Nothing struck the program. Read it all the same.")
    with parties:
        _table(
            [
                {"Party": a.caption, "Allegation": a.said, "Number": a.number,
                 "Reply": "; ".join(r.answer or "asked" for r in a.replies) or "not asked"}
                for a in report.allegations
            ],
            "Nobody stands under an allegation here.",
        )  # fmt: skip


_READ_WHOLE: Final = 40
"""Rows of a table that are laid out in full; more are scrolled through."""


def _table(rows: list[dict[str, Any]], otherwise: str) -> None:
    if 0 < len(rows) <= _READ_WHOLE:
        frame.show(table(rows))
    elif rows:
        st.dataframe(rows, hide_index=True, height=320)
    else:
        st.caption(otherwise)


def _list(lines: list[str], otherwise: str) -> None:
    if lines:
        frame.show(tag("ul", Html("".join(tag("li", line) for line in lines))))
    else:
        st.caption(otherwise)


def _download(made: pack.Pack) -> None:
    # Of another pack nothing has been read.
    seen = f"export_read_{made.files.sha256(pack.MANIFEST)}"
    read = st.checkbox("I have read what stayed behind and what to look at", key=seen)
    with st.container(horizontal=True):
        st.download_button(
            "Download the pack", made.zipped() if read else b"", f"{made.publication.pack}.zip",
            "application/zip", type="primary", disabled=not read, icon=":material/download:",
        )  # fmt: skip
        for name, data in made.newsroom().items():
            st.download_button(
                _NEWSROOM[name.rpartition(".")[2]], data, name, icon=":material/lock:"
            )
