"""Export formats, one file each; `registry` finds them and says what each must offer.

>>> from exports.formats.registry import get
>>> get("gexf").WORDS
'GEXF 1.3, as Gephi draws it'
"""
