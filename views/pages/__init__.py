"""Pages, one file each, with a function `page`; `app.py` lists them.

>>> from views.pages import boards
>>> boards.page.__module__
'views.pages.boards'
"""
