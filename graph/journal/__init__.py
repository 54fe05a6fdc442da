"""The journal of a case: what people add and judge, which no load touches.

`entries` says what an entry is and which of them are in force, `keeping` stores and reads them.
They are laid over the inputs by `graph.ingest.overlay`.

>>> from graph.journal.entries import KINDS
>>> "take-back" in KINDS
True
"""
