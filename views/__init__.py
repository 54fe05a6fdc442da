"""The app's pages, and the only package beside `app.py` that imports Streamlit and pyvis.

`pages` has one file a page, `widgets` what pages share, `network` the drawn network. `session`
keeps what lasts between runs, `viewing` is the only place where a session's view changes, and
`address` reads and writes the address of a page.

>>> from views.widgets.markup import tag
>>> tag("b", "a < b")
'<b><bdi>a &lt; b</bdi></b>'
"""
