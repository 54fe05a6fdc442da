"""The knowledge graph: schema, records, store, writer, query library, subgraph, analysis.

Nothing here imports `loaders`, `exports`, `views` or `sutra`.
"""
