"""Sutra in a browser: navigation and the shared frame, nothing else. Start it with `sutra app`.

A server imports this file once, for `app`; Streamlit runs it whenever a reader does something.
"""

from __future__ import annotations

from importlib import import_module

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from graph.runtime import log
from views import memory, presses, service

# What the navigation shows of each module of `views.pages`, in order: its title and its icon. All
# but the first lie below the app's address, under their names.
PAGES = {
    "overview": ("Overview", "newspaper"),
    "explore": ("Explore", "hub"),
    "boards": ("Boards", "dashboard"),
    "paths": ("Paths", "route"),
    "questions": ("Questions", "help_center"),
    "export": ("Export", "ios_share"),
}
FIRST, *OTHERS = PAGES


def draw() -> None:
    """Draw the page that the reader is on."""
    # Imported once a page is asked for: the server answers before that.
    from views import frame
    from views.pages import questions
    from views.widgets import shortcuts

    st.set_page_config(page_title="Sutra", page_icon=frame.ICON, layout="wide")
    frame.style()
    pages = {
        name: st.Page(
            import_module(f"views.pages.{name}").page, title=title, icon=f":material/{icon}:",
            url_path="" if name == FIRST else name, default=name == FIRST,
        )
        for name, (title, icon) in PAGES.items()
    }  # fmt: skip
    st.logo(frame.LOGO, size="large")
    shortcuts.button(questions.place())
    try:
        frame.navigate(pages)
    finally:
        memory.leave_modules_alone()


if get_script_run_ctx(suppress_warning=True) is not None:
    draw()
else:
    log.configure_once()
    presses.keep_order()
    app = st.App(
        __file__, routes=service.pages(("", *OTHERS)), middleware=service.MIDDLEWARE,
        on_script_error=service.say_error,
    )  # fmt: skip
    if __name__ == "__main__":
        app.run()
