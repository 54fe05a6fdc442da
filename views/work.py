"""Work that may take long, on a page: a spinner, then a way to call it off. What is done is kept.

The database ends what was called off at the time limit that the work was given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import streamlit as st

from graph.jobs import Job, Progress

T = TypeVar("T")

_UNSEEN: Final = 0.3
"""Seconds that pass without a word."""
_PATIENCE: Final = 2.0
"""Seconds after which work can be called off."""


@dataclass
class _Work:
    asked: Hashable
    job: Job[Any]
    began: float = field(default_factory=time.monotonic)
    called_off: bool = False


def done(key: str, asked: Hashable, work: Callable[[Progress], T], words: str) -> T | None:
    """What the work returns; None while it goes on, or once it was called off, which is shown.

    `asked` is what the work depends on: as long as it stays the same the result is kept, and
    nothing is done twice. Raises what the work raises; the next run tries again.
    """
    name = f"_work:{key}"
    now: _Work | None = st.session_state.get(name)
    if now is None or now.asked != asked:
        if now is not None:
            now.job.cancel()
        now = st.session_state[name] = _Work(asked, Job(work).start())
    if now.called_off:
        _called_off(name)
        return None
    if not now.job.wait(_UNSEEN):
        with st.spinner(words):
            now.job.wait(_PATIENCE - _UNSEEN)
    if now.job.running:
        _waiting(name, words)
        return None
    try:
        return now.job.result()
    except BaseException:
        del st.session_state[name]
        raise


@st.fragment(run_every=0.5)
def _waiting(name: str, words: str) -> None:
    now: _Work | None = st.session_state.get(name)
    if now is None or not now.job.running:
        st.rerun()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{words} {time.monotonic() - now.began:.0f} s", width="content")
        if st.button("Cancel", icon=":material/close:", key=f"{name}-cancel"):
            now.job.cancel()
            now.called_off = True
            st.rerun()


def _called_off(name: str) -> None:
    st.info("You called this off. The database ends what is left of it at its time limit.")
    if st.button("Ask again", icon=":material/refresh:", key=f"{name}-again"):
        del st.session_state[name]
        st.rerun()
