"""What leaves: material read from the graph, redacted, written in formats, packed and verified.

One way through: `material` reads, `names` and `redaction` decide what may be printed,
`publication` is the value that is left, `formats` write it, `pack` puts the files together.

>>> from exports.formats.registry import formats
>>> "graphml" in formats()
True
"""
