"""From what the graph holds to what may be printed: decisions are checked, names taken out.

`editor.publish` is the way in.

>>> from exports.redaction.publish import publish
>>> publish.__annotations__["return"]
'Prepared'
"""
