"""Readers, one file a file format: bytes to rows that know their row and column.

>>> from loaders.readers.registry import formats
>>> sorted(formats())
['.csv']
"""
