"""One way to the graph, whichever engine holds it.

`store.Store` is what everybody uses. `engine` chooses the engine and is the only module that knows
how Neo4j and the embedded engine differ; `embedded` is the life of the embedded server.

>>> from graph.store.engine import without_credentials
>>> without_credentials("neo4j://reader:secret@graph.example:7687")
'neo4j://graph.example:7687'
"""
