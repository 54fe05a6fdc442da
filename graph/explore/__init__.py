"""View models: networks, neighbours, connections, timelines and what the inspector shows.

They know nothing of Streamlit: pages draw them, and exports can have them. `view` is what a reader
looks at, `search` finds entities, `layout` gives them places and `style` their looks.

>>> from graph.explore.measures import measure
>>> from graph.explore.subgraph import NodeView, RelationshipView, Subgraph
>>> nodes = (NodeView("a", "Person", "Odd"), NodeView("b", "Organization", "Lamp Board"))
>>> network = Subgraph(nodes, (RelationshipView("r", "HOLDS_ROLE", "a", "b"),))
>>> measure(network, "degree").values
{'a': 1.0, 'b': 1.0}
"""
