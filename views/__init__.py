"""The app's pages, and the only package beside `app.py` that imports Streamlit and pyvis.

`pages` has one file a page, `widgets` what pages share, `network` the drawn network; `session` is
the only place where a session's view changes.
"""
