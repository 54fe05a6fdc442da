"""What formats share: texts made safe for a file, sentences, references, pictures, XML streams.

>>> from exports.writing.words import listed
>>> listed(["A", "B", "C"])
'A, B and C'
"""
