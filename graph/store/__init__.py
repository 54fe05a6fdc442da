"""One way to the graph, whichever engine holds it.

`store.Store` is what everybody uses. `engine` says what an engine does; `neo4j_engine` and
`arcadedb_engine` hold every difference between the two, and `engines` chooses one. `faults` reads
the errors of servers, `watchdog` ends queries, `answer_size` counts the bytes of an answer,
`tokens` reads Cypher; `embedded` is the life of the embedded server.

>>> from graph.store.neo4j_engine import without_credentials
>>> without_credentials("neo4j://reader:secret@graph.example:7687")
'neo4j://graph.example:7687'
"""
