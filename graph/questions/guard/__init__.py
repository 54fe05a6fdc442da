"""What an analyst's own Cypher may say: it reads, and calls only what is on a list.

>>> from graph.questions.guard.check import check
>>> check("MATCH (n:Person) RETURN n.caption AS name;")
'MATCH (n:Person) RETURN n.caption AS name'
"""
