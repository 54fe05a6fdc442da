"""The program and not the domain: the workspace, jobs that can be cancelled, streams of items.

`log` is the log, and whatever file is read is read by `files`, `delimited` (CSV) or `yamltext`.

>>> from graph.runtime.streams import in_batches
>>> list(in_batches(range(5), 2))
[[0, 1], [2, 3], [4]]
"""
