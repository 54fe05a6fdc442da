"""From files to the records of a case: `readers` give rows, `case` makes records of them.

>>> from loaders.readers.registry import formats
>>> ".csv" in formats()
True
"""
