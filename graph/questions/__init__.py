"""Saved queries and an analyst's own: read, checked, bound to parameters, run, put into text.

>>> from graph.questions.library import Library
>>> Library.load().get("roles").title
'Who holds which role'
"""
