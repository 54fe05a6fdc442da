"""A pack: its files, its manifest, the report for the newsroom, and whether it still stands.

`pack.make` puts the files together and has `exports.names.scanner` read each of them.

>>> from exports.pack.newsroom import day
>>> day("2021-02-10")
'2021-02-10'
"""
