"""A pack: its files, its manifest, the report for the newsroom, and whether it still stands.

>>> from exports.pack.newsroom import day
>>> day("2021-02-10")
'2021-02-10'
"""
