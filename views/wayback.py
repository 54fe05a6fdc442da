"""The browser's way back: whether it was taken, so that a page can follow it."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def went_back() -> bool:
    """Whether this run was asked for by the browser's way back or forward.

    True of an older Streamlit, which does not say.
    """
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", True))
