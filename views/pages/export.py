"""A view made fit to print: what would leave, who is not named and why, then the pack."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

import streamlit as st

from exports import material as publication
from exports.choices import Choices
from exports.formats.registry import formats
from exports.pack import newsroom, pack
from exports.pack.report import Shared
from graph.errors import ExportError, NameLeft, ParameterError, SutraError
from graph.explore.subgraph import Subgraph
from graph.explore.view import Step
from graph.model.wording import counted
from graph.runtime import files, log
from graph.runtime.jobs import Progress
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from views import frame, session, viewing, work
from views.session import Field
from views.widgets import naming
from views.widgets.markup import Html, table, tag

_NEWSROOM: Final = {
    "md": "Report, for the newsroom only",
    "json": "Record, to verify",
    "csv": "Table, to check",
}
_FIELDS: Final = {
    "title": "Title",
    "pack": "Name of the pack",
    "accessed": "Sources last looked at on",
    "licence": "Licence",
    "embargo": "Embargo until",
    "formats": "Formats",
    "story": "Make a story of the page",
    "private": "Not to be named either",
    "left_out": "Leave out",
    "kept": "Belongs to the role",
    "overrides": "Cite although it gives a name away",
    "allowed": "No name here",
    "others": "Not the people",
}
_PATIENCE: Final = 30.0
"""Seconds that a download waits for the run of the page that its press starts."""
_HOW: Final = {
    "private": naming.HOW["private"],
    "protect": naming.HOW["protect"],
    "role": naming.HOW["named_in_role"],
    "general": "described in general words",
}


def page() -> None:
    """Draw the page."""
    frame.on_case(_draw)


@dataclass(frozen=True)
class _Asked:
    """All that decides what leaves: the fields of the page, the view, and how the graph stands.

    What was looked at and what would leave now are compared by it; nothing else locks a download.
    """

    fields: dict[str, Any]
    shown: Subgraph
    steps: tuple[Step, ...]
    until: str | None
    standing: publication.Standing

    def changes(self, other: _Asked) -> list[str]:
        """In what this differs from another, in the words of the page."""
        found = [
            _FIELDS[name] for name in _FIELDS if self.fields.get(name) != other.fields.get(name)
        ]
        parts = (
            ("what the Explore page shows", self.shown != other.shown or self.until != other.until),
            ("the story", self.steps != other.steps and _FIELDS["story"] not in found),
            ("who may be named", self.standing.decided != other.standing.decided),
            ("what the graph holds", self.standing.load != other.standing.load),
        )
        return [*found, *(words for words, differs in parts if differs)]


class _Now:
    """What would leave by the newest run of the page, for a download that was pressed meanwhile.

    What is being typed reaches the page with the press itself, and no sooner.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked: _Asked | None = None
        self.turn = 0

    def tell(self, asked: _Asked) -> None:
        """Say what would leave now."""
        with self._changed:
            self._asked, self.turn = asked, self.turn + 1
            self._changed.notify_all()

    def after(self, turn: int) -> _Asked | None:
        """What would leave by a run after that one; None if there is none soon."""
        with self._changed:
            self._changed.wait_for(lambda: self.turn > turn, timeout=_PATIENCE)
            return self._asked if self.turn > turn else None


@dataclass
class _Desk:
    """What was looked at of one case, why it was refused if it was, and what would leave now."""

    looked: _Asked | None = None
    refused: SutraError | None = None
    now: _Now = field(default_factory=_Now)


def _draw(store: Store, case: str) -> None:
    # What is drawn while the view is read has its place here: it must not move the fields, or what
    # is being typed in them is lost.
    with st.container():
        st.title("Export")
        view = viewing.now(store, case)
        shown = view.shown(viewing.record(store, view))
        frame.show(
            tag(
                "p",
                f"{counted(len(shown.nodes), 'entity')} and "
                f"{counted(len(shown.relationships), 'connection')}, as the Explore page shows "
                "them. People and accounts are named only where somebody has decided so.",
                cls="lead",
            )
        )
    desk = session.of(_Desk, case)
    left, right = st.columns([1.5, 3], gap="large")
    with left:
        fields, pressed = _form(case, len(view.steps))
        # Beside the button, where the reader is; below it, so that nothing moves under a hand.
        beside = st.container(key="export-beside")
        naming.panel(store, case, shown)
    steps = view.steps if fields.get("story") else ()
    until = view.filters.reported_until
    now = _Asked(fields, shown, steps, until, publication.standing(store, case))
    desk.now.tell(now)
    if pressed:
        _remember(case, fields)
        desk.looked, desk.refused = now, None
    with right:
        if desk.looked is None:
            _nothing_yet()
        else:
            _looked_at(store, case, desk, desk.looked, now)
    with beside:
        _said_beside(case, desk, now)


def _nothing_yet() -> None:
    frame.show(
        tag("p", "Nothing has left yet.", cls="kind"),
        tag(
            "p",
            "Fill in what readers are to know, then look at what would leave: the picture, "
            "who is not named and why, and what to look at before it goes out.",
        ),
    )


def _looked_at(store: Store, case: str, desk: _Desk, looked: _Asked, now: _Asked) -> None:
    """What was looked at, if it could be made; why not is kept, for the next run makes no other."""
    if desk.refused is None:
        try:
            made = _made(store, case, looked)
        except (ParameterError, ExportError) as error:
            desk.refused = error
        else:
            if made is not None:
                _preview(made)
                _report(case, made)
                _download(desk, made, looked, now)
            return
    frame.show(
        tag("p", "Nothing was made, so nothing can leave.", cls="kind"),
        tag("p", "Why, and what to do, stands under the button “Look at what would leave”."),
    )


def _said_beside(case: str, desk: _Desk, now: _Asked) -> None:
    if desk.refused is not None:
        st.error(log.shown(desk.refused), icon=":material/error:")
        if isinstance(desk.refused, NameLeft) and desk.refused.words:
            _decide_on(case, list(desk.refused.words), "refused")
    elif desk.looked is not None and (changed := now.changes(desk.looked)):
        st.info(_locked(changed), icon=":material/lock:")


def _locked(changed: Sequence[str]) -> str:
    return (
        f"Changed since you looked: {', '.join(changed)}. The download is locked until you look "
        "again at what would leave."
    )


# --- the choices --------------------------------------------------------------------------------


def _key(case: str, name: str) -> str:
    # By its name a field stays the same when what is remembered changes, and keeps its text.
    return f"export-{case}-{name}"


def _form(case: str, steps: int) -> tuple[dict[str, Any], bool]:
    """What is asked for as the fields stand, and whether it is to be looked at now.

    `steps` is how many the story of this view has. It is no form of Streamlit's: what is changed in
    one is known to nobody before its button is pressed, and the old pack could be taken meanwhile.
    """
    known = _remembered(case)
    today = datetime.now(UTC).date()
    key = partial(_key, case)
    made: dict[str, Any] = {
        "title": st.text_input(
            _FIELDS["title"], known.get("title", ""), placeholder="The case's own",
            key=key("title"),
        ),
    }  # fmt: skip
    one, other = st.columns(2, gap="small")
    made["pack"] = one.text_input(
        _FIELDS["pack"], known.get("pack", f"{case[:40]}-{today}"), key=key("pack"),
        help="The same name keeps the made-up names of people; another name changes them.",
    )  # fmt: skip
    accessed = other.date_input(
        _FIELDS["accessed"], _date(known.get("accessed"), today), key=key("accessed")
    )
    made["accessed"] = str(accessed)
    made["licence"] = one.text_input(
        _FIELDS["licence"], known.get("licence", ""), placeholder="CC BY 4.0", key=key("licence")
    )
    made["embargo"] = other.text_input(
        _FIELDS["embargo"], known.get("embargo", ""), key=key("embargo"),
        placeholder="2021-02-10",
    )  # fmt: skip
    made["formats"] = st.multiselect(
        _FIELDS["formats"], list(formats()), known.get("formats", []), placeholder="All of them",
        format_func=lambda name: formats()[name].WORDS, key=key("formats"),
    )  # fmt: skip
    if steps:
        words = f"{_FIELDS['story']} ({counted(steps, 'step')})"
        made["story"] = st.checkbox(words, known.get("story", True), key=key("story"))
    with st.expander("Decisions for this pack"):
        made |= _decisions(known, key)
    return made, st.button("Look at what would leave", icon=":material/visibility:")


def _decisions(known: dict[str, Any], key: Callable[[str], str]) -> dict[str, Any]:
    hints = {
        "private": "an id or a type a line",
        "left_out": "an id, a type or Type.property a line",
        "kept": "claim = reason",
        "overrides": "source = reason",
        "allowed": "word = reason",
        "others": "word, word = reason",
    }
    made = {}
    for name, hint in hints.items():
        # Not as the field's default: a decision that is made elsewhere on the page is put in here.
        Field[str](key(name)).begin_with(known.get(name, ""))
        made[name] = st.text_area(_FIELDS[name], placeholder=hint, height=68, key=key(name))
    return made


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
    found: dict[str, Any] = {
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
        others=newsroom.each_word(_reasons(asked["others"])),
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


def _made(store: Store, case: str, looked: _Asked) -> pack.Pack | None:
    choices = _choices(looked.fields, looked.steps)

    def make(progress: Progress) -> pack.Pack:
        progress.step("Reading the graph", 0, 0)
        material = publication.read(store, case, looked.shown, looked.until)
        return pack.make(material, choices, looked.fields["formats"], progress=progress)

    return work.done(f"export-{case}", looked, make, "Making the pack …")


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
            f"{counted(counts['things'], 'entity')}, {counted(counts['ties'], 'connection')}, "
            f"{counted(counts['facts'], 'claim')}, {counted(counts['sources'], 'source')} in "
            f"{counted(len(made.files), 'file')}.",
            cls="quiet",
        )
    )


def _report(case: str, made: pack.Pack) -> None:
    report = made.report
    shared = report.shared()
    names, out, before, parties = st.tabs(
        [
            f"Not fully named ({len(report.decisions)})", f"Stayed behind ({len(report.left_out)})",
            f"Look at this ({len(report.warnings) + len(report.open_words)})",
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
        _list(report.warnings, "Nothing struck the program. Read it all the same.")
        if shared:
            _shared(case, shared, report.open_words)
    with parties:
        _table(
            [
                {"Party": a.caption, "Allegation": a.said, "Number": a.number,
                 "Reply": "; ".join(r.answer or "asked" for r in a.replies) or "not asked"}
                for a in report.allegations
            ],
            "Nobody stands under an allegation here.",
        )  # fmt: skip


def _shared(case: str, shared: list[Shared], open_words: list[str]) -> None:
    """The words of names that stand for something else, and one decision on all of them."""
    frame.show(
        tag(
            "p",
            "Each of these is a single word of the name of somebody who is not named. It stands "
            "in the pack in the name of another, or may be another word; none was changed. If one "
            "of them is the person, keep what is called so private, or leave it out.",
        )
    )
    _table(
        [
            {
                "Word": one.word,
                "Stands in": one.where(),
                "Also a name of": ", ".join(one.owners) or "—",
                "Decided": one.decided or "—",
            }
            for one in shared
        ],
        "",
    )
    if open_words:
        _decide_on(case, open_words, "report")


def _decide_on(case: str, words: list[str], where: str) -> None:
    """One decision on a list of words: that they are not the people who are not named."""
    why, others = Field[str](_key(case, f"why-{where}")), Field[str](_key(case, "others"))
    reason = st.text_input(
        f"Why these {len(words)} are not the people" if len(words) > 1
        else f"Why “{words[0]}” is not the person",
        key=why.key, placeholder="firms that are only called alike",
    )  # fmt: skip

    def decide() -> None:
        if reason := why.value.strip():
            line = f"{', '.join(words)} = {reason}"
            others.fill(f"{others.get('').strip()}\n{line}".strip())

    st.button("These are not the people", key=_key(case, f"decide-{where}"), on_click=decide,
              disabled=not reason.strip(), icon=":material/gavel:")  # fmt: skip


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


def _download(desk: _Desk, made: pack.Pack, looked: _Asked, now: _Asked) -> None:
    """What can be taken away: only what was looked at, as long as it is what would leave now."""
    changed = now.changes(looked)
    if changed:
        st.warning(_locked(changed), icon=":material/lock:")
    # Of another pack nothing has been read.
    seen = f"export_read_{made.files.sha256(pack.MANIFEST)}"
    read = st.checkbox(
        "I have read what stayed behind and what to look at", key=seen, disabled=bool(changed)
    )
    turn = desk.now.turn

    def data() -> bytes:
        # A field that is left by this press is known to the run that the press starts.
        then = desk.now.after(turn)
        if then is None or then.changes(looked):
            raise ExportError("What would leave has changed since it was looked at.")
        return made.zipped()

    with st.container(horizontal=True):
        st.download_button(
            "Download the pack", data, f"{made.publication.pack}.zip", "application/zip",
            type="primary", disabled=not read or bool(changed), icon=":material/download:",
            key=f"{seen}-take",
        )  # fmt: skip
        for name, told in made.newsroom().items():
            st.download_button(
                _NEWSROOM[name.rpartition(".")[2]], told, name, icon=":material/lock:",
                disabled=bool(changed),
            )  # fmt: skip
