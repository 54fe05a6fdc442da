"""The command `sutra`: `cli` is the way in, `commands` has one file a command.

>>> from sutra import cases
>>> cases.APP.name
'app.py'
"""
