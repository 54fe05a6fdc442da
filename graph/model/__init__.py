"""What a case is: types, records, dates, wording. It touches no file, no network and no engine.

`types` declares the types, `text` and `search_text` fold words for the search.

>>> from graph.model.dates import bounds
>>> bounds("2021-02")
Bounds(earliest='2021-02-01', latest='2021-02-28')
>>> from graph.model.types import SCHEMA
>>> SCHEMA.relationships["ATTENDED"].targets
('Meeting',)
"""
