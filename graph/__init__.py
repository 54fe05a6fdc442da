"""The knowledge graph: what a case is, how it gets into the store, and how it is read.

Layers, the lower never importing the higher: `runtime`, `model`, `store`, then `ingest`,
`questions` and `explore`, then `saved`. `graph.errors` is the tree of errors that all raise.

>>> from graph.errors import InputError, SutraError
>>> issubclass(InputError, SutraError)
True
"""
