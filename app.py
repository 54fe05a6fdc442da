"""Sutra in a browser: navigation and the shared frame, nothing else. Start it with `sutra app`.

A server imports this file once, for `app`; Streamlit runs it whenever a reader does something.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from graph.runtime import log
from views import service

# Below the app's address, as `draw` has them.
PAGES = ("", "explore", "boards", "paths", "questions", "export")


def draw() -> None:
    """Draw the page that the reader is on."""
    # Imported once a page is asked for: the server answers before that.
    from views import frame
    from views.pages import boards, explore, export, overview, paths, questions
    from views.widgets import shortcuts

    st.set_page_config(page_title="Sutra", page_icon=frame.ICON, layout="wide")
    frame.style()
    pages = {
        "overview": st.Page(
            overview.page, title="Overview", default=True,
            icon=":material/newspaper:",
        ),
        "explore": st.Page(
            explore.page, title="Explore", url_path="explore", icon=":material/hub:"
        ),
        "boards": st.Page(
            boards.page, title="Boards", url_path="boards", icon=":material/dashboard:"
        ),
        "paths": st.Page(
            paths.page, title="Paths", url_path="paths", icon=":material/route:"
        ),
        "questions": st.Page(
            questions.page, title="Questions", url_path="questions",
            icon=":material/help_center:",
        ),
        "export": st.Page(
            export.page, title="Export", url_path="export", icon=":material/ios_share:"
        ),
    }  # fmt: skip
    st.logo(frame.LOGO, size="large")
    shortcuts.button(questions.place())
    frame.navigate(pages)


if get_script_run_ctx(suppress_warning=True) is not None:
    draw()
else:
    log.configure_once()
    app = st.App(
        __file__, routes=service.pages(PAGES), middleware=service.MIDDLEWARE,
        on_script_error=service.say_error,
    )  # fmt: skip
    if __name__ == "__main__":
        app.run()
