"""Work that may take long, on a page: a spinner, then a way to call it off.

The work runs on a thread of its own, so that the page can listen meanwhile. What is called off is
ended on the server too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import streamlit as st

from graph.errors import QueryCancelled
from graph.runtime.jobs import Job, Progress
from views import session

T = TypeVar("T")

_UNSEEN: Final = 0.3
"""Seconds that pass without a word."""
_PATIENCE: Final = 2.0
"""Seconds after which work can be called off."""
_STRIDE: Final = 0.1
"""Seconds that the next run of the page waits at most for one that waits for work."""


@dataclass
class _Work:
    asked: Hashable
    job: Job[Any]
    began: float = field(default_factory=time.monotonic)
    called_off: bool = False


@dataclass
class _Place:
    """The work under one key, while there is any."""

    now: _Work | None = None


def done(key: str, asked: Hashable, work: Callable[[Progress], T], words: str) -> T | None:
    """What the work returns; None while it goes on, or once it was called off, which is shown.

    `asked` is what the work depends on: as long as it stays the same the result is kept, and
    nothing is done twice. Raises what the work raises; the next run tries again. The work runs on
    another thread: it must not draw, nor touch the session.
    """
    now = _begun(key, asked, work)
    if now.called_off:
        _called_off(key)
        return None
    return _result(key, now) if _ended(key, now, words) else None


def needed(key: str, work: Callable[[], T], words: str, asked: Hashable = None) -> T:
    """What the work returns, for a page that shows nothing more without it: it ends here till then.

    The result is handed out once, and the next call does the work anew. Raises what it raises.
    `asked` is what the work depends on besides `key`: a newer run may end the one that waits here,
    and must not be given what that one asked for.
    """
    now = _begun(key, asked, lambda _: work())
    if now.called_off:
        _called_off(key)
        st.stop()
    if not _ended(key, now, words):
        st.stop()
    found: T = _taken(key, now)
    return found


def step(key: str, asked: Hashable, work: Callable[[], T], words: str) -> tuple[T] | None:
    """What the work returns, handed out once; None while it goes on, which is shown.

    Raises what the work raises, and QueryCancelled once it was called off.
    """
    now = _begun(key, asked, lambda _: work())
    if now.called_off:
        forget(key)
        raise QueryCancelled("You called this off.")
    return (_taken(key, now),) if _ended(key, now, words) else None


def forget(key: str) -> None:
    """Have the work under that key begun anew when it is asked for next."""
    session.forget(_Place, key)


def _begun(key: str, asked: Hashable, work: Callable[[Progress], Any]) -> _Work:
    """The work under that key, begun now if it is not, or if it is asked for something else."""
    place = session.of(_Place, key)
    if place.now is None or place.now.asked != asked:
        if place.now is not None:
            place.now.job.cancel()
        place.now = _Work(asked, Job(work).start())
    return place.now


def _ended(key: str, now: _Work, words: str) -> bool:
    """Whether the work has ended, after some patience; if not, that is shown."""
    # It has its place whether it is needed or not: what comes below would else be made anew in the
    # browser after each run that takes longer, and what is being typed there would be lost.
    place = st.empty()
    if not _waited(now, _UNSEEN):
        with place, st.spinner(words):
            _waited(now, _PATIENCE - _UNSEEN)
    if now.job.running:
        with place.container():
            _waiting(key, words)
        return False
    return True


def _waited(now: _Work, seconds: float) -> bool:
    """Wait for the work, at most so many seconds; returns whether it has ended.

    What the reader does meanwhile is not kept waiting.
    """
    for _ in range(round(seconds / _STRIDE)):
        if now.job.wait(_STRIDE):
            return True
        session.give_way()
    return False


def _result(key: str, now: _Work) -> Any:
    try:
        return now.job.result()
    except BaseException:
        forget(key)
        raise


def _taken(key: str, now: _Work) -> Any:
    forget(key)
    return now.job.result()


@st.fragment(run_every=0.5)
def _waiting(key: str, words: str) -> None:
    now = session.of(_Place, key).now
    if now is None or not now.job.running:
        st.rerun()
        return
    latest = now.job.latest
    far = f" {latest.words}: {latest.done:,} of {latest.total:,}." if latest.total else ""
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(
            f":material/hourglass_top: {words}{far} {time.monotonic() - now.began:.0f} s",
            width="content",
        )
        if st.button("Cancel", icon=":material/close:", key=f"work-{key}-cancel"):
            now.called_off = True
            now.job.cancel()
            st.rerun()


def _called_off(key: str) -> None:
    st.info("You called this off.")
    if st.button("Ask again", icon=":material/refresh:", key=f"work-{key}-again"):
        forget(key)
        st.rerun()
