"""Pages, one file each, with a function `page`; `app.py` lists them."""
