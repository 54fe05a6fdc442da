"""A load, from records to nodes: staged, validated as a whole, judged, written, archived.

`loads.load` is the way in. Nothing is written before `validation` has seen all records.

>>> from graph.ingest.differences import span
>>> span("250", "=", "accounts")
(250.0, 250.0)
"""
