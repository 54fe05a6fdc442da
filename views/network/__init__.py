"""The network view: the canvas (`component`), the same as a table (`table`), and the legend.

>>> from graph.explore.subgraph import NodeView, RelationshipView, Subgraph
>>> from views.network.table import rows
>>> nodes = (NodeView("a", "Person", "Odd"), NodeView("b", "Organization", "Lamp Board"))
>>> network = Subgraph(nodes, (RelationshipView("r", "HOLDS_ROLE", "a", "b"),))
>>> [row["name"] for row in rows(network)["entities"]]
['Odd', 'Lamp Board']
"""
