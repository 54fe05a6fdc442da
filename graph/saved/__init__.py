"""What users keep in the graph: boards, asked queries that an address leads to, naming decisions.

No load touches these records.

>>> from graph.explore.subgraph import Subgraph
>>> from graph.explore.view import View
>>> from graph.saved.board_file import as_json
>>> as_json(View.of("sandwick", Subgraph()))[:39]
'{"format": "sutra-board", "version": 1,'
"""
