"""What a session keeps between runs: typed parts, all under one key of Streamlit's.

    desk = session.of(Desk, case)   # a dataclass of whoever needs it, made at first
    hops = session.Field[int](f"hops-{case}")   # what stands in a widget; `hops.key` names it

Nothing else asks `st.session_state`, so that a mistyped name is found before it runs. It is read by
`to_dict` alone: any other read is a place where Streamlit may end the run for a newer one, and in a
callback it does so without a word, so that what was pressed would be lost. Our own parts are read
so once a run, since `to_dict` goes over all that is kept.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeVar, cast
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

T = TypeVar("T")

_KEY: Final = "sutra"
_Parts = dict[tuple[type, str], Any]
_OF_RUN: WeakKeyDictionary[Any, _Parts] = WeakKeyDictionary()
"""The parts, by what a run knows the session's state by."""

End = Literal["start", "end"]
ENDS: Final[Mapping[str, End]] = {"start": "start", "end": "end"}
"""The ends of a path, by what a menu calls them."""


def of(kind: type[T], name: str = "") -> T:
    """The session's part of that kind, of that name where there are several; made at first."""
    parts = _parts()
    if (kind, name) not in parts:
        parts[kind, name] = kind()
    return cast(T, parts[kind, name])


def forget(kind: type[object], name: str = "") -> None:
    """Have that part made anew when it is asked for next."""
    _parts().pop((kind, name), None)


def _parts() -> _Parts:
    context = get_script_run_ctx(suppress_warning=True)
    state = None if context is None else context.session_state
    if state in _OF_RUN:
        return _OF_RUN[state]
    parts: _Parts | None = st.session_state.to_dict().get(_KEY)
    if parts is None:
        parts = st.session_state.setdefault(_KEY, {})
    if state is not None:
        _OF_RUN[state] = parts
    return parts


@dataclass
class Notice:
    """What a step has to say, whether it is a fault, and since when it is shown.

    It is said once, but to a reader: a run that follows at once does not take it away.
    """

    words: str
    wrong: bool = False
    icon: str | None = None
    since: float | None = None

    def was_shown(self, seconds: float) -> bool:
        """Whether it was shown for so long; it begins to be when that is asked first."""
        if self.since is None:
            self.since = time.monotonic()
            return False
        return time.monotonic() - self.since > seconds


@dataclass
class Session:
    """What all pages share of a reader.

    `pages` are those of this run by name, `here` is the name of the one that is open. `astray` says
    that the address of that page leads to nothing. `notice` has its place on a page, `news` goes by
    above it. `case_mark` stands for the case in addresses.
    `selected` is the entity or the claim whose details are open, `focus` the entity that was last
    asked for by name; `ends` are those of the paths that are asked for.
    """

    pages: dict[str, Any] = field(default_factory=dict)
    here: str = ""
    astray: str = ""
    notice: Notice | None = None
    news: list[Notice] = field(default_factory=list)
    case: str | None = None
    case_mark: str | None = None
    selected: str | None = None
    focus: str | None = None
    ends: dict[End, str | None] = field(default_factory=dict)

    def select(self, id_: str | None) -> None:
        """Open the details of an entity or a claim."""
        self.selected = id_

    def set_end(self, which: End, id_: str | None) -> None:
        """Take an entity as an end of paths; None takes none."""
        self.ends[which] = id_


def give_way() -> None:
    """Let the next run begin here, where the reader did something meanwhile: this one ends."""
    _ = _KEY in st.session_state


def current() -> Session:
    """What all pages share of this reader."""
    return of(Session)


@dataclass(frozen=True)
class Field(Generic[T]):
    """What stands in a widget, by the key that Streamlit knows it by.

    Streamlit forgets it with the page that the widget is on.
    """

    key: str

    @property
    def value(self) -> T:
        """What stands in it; KeyError where it is not drawn."""
        return cast(T, st.session_state.to_dict()[self.key])

    def get(self, otherwise: T) -> T:
        """What stands in it, or something else where it is not drawn."""
        return cast(T, st.session_state.to_dict().get(self.key, otherwise))

    def fill(self, value: T) -> None:
        """Have this stand in it; called before it is drawn."""
        st.session_state[self.key] = value

    def begin_with(self, value: T) -> None:
        """Have this stand in it if nothing does."""
        st.session_state.setdefault(self.key, value)

    @property
    def is_there(self) -> bool:
        """Whether anything stands in it."""
        return self.key in st.session_state.to_dict()

    def forget(self) -> None:
        """Have it begin again with what it is drawn with."""
        st.session_state.pop(self.key, None)


def sent(key: str, trigger: str) -> dict[str, Any] | None:
    """What one of our components has sent by a trigger, in the run that it starts."""
    found = st.session_state.to_dict()[key].get(trigger)
    return found if isinstance(found, dict) else None
